import { isInstalled, netMissing, netUp, type Net, type NetHost } from './net-hosts.js';

/** The hosts: a master, its metalogger with the client beside it, and three chunkservers. */
const HOSTS = ['m1', 'm2', 'c1', 'c2', 'c3'] as const;
const PROGRAMS = ['mfsmaster', 'mfsmetalogger', 'mfschunkserver', 'mfsmount', 'mfscli'];
const CHUNKSERVERS = ['c1', 'c2', 'c3'] as const;

/** A host of the lab. */
export type LabHost = (typeof HOSTS)[number];

/** Why there can be no MooseFS here; undefined where there can. */
export function mooseMissing(): string | undefined {
  const missing = PROGRAMS.filter((program) => !isInstalled(program));
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : netMissing();
}

/** A MooseFS of Debian's packages: real daemons on hosts made of namespaces. */
export interface MooseLab {
  readonly net: Net;
  readonly host: (name: LabHost) => NetHost;
  readonly names: readonly LabHost[];
  /** Whether m2 has the file system mounted at /mnt/moose: FUSE is not everywhere. */
  readonly mounted: boolean;
}

/**
 * Its hosts, on which every package is installed and nothing runs: each chunkserver has two small disks
 * of memory at /srv/hd1 and /srv/hd2, and m1 means the master to all.
 */
export async function mooseBare(): Promise<MooseLab> {
  const net = await netUp(HOSTS, { stacks: ['lizardfs'], prepare });
  const host = (name: LabHost): NetHost => net.host(name);
  try {
    await Promise.all(HOSTS.map((name) => nameMaster(host(name), host('m1').address)));
  } catch (error) {
    await net.down();
    throw error;
  }
  return { net, host, names: HOSTS, mounted: false };
}

/** Brings all of it up. */
export async function mooseUp(): Promise<MooseLab> {
  const lab = await mooseBare();
  const { net, host } = lab;
  try {
    await host('m1').sh('cp /var/lib/mfs/metadata.mfs.empty /var/lib/mfs/metadata.mfs');
    // It saves what it has when it stops: a metalogger takes nothing for a beginning.
    await host('m1').sh('mfsmaster start && mfsmaster stop && mfsmaster start');
    await Promise.all(CHUNKSERVERS.map((name) => host(name).sh('mfschunkserver start')));
    // What is written before all have come goes to those that have.
    await host('m1').sh(
      'until [ "$(mfscli -H mfsmaster -p -SCS | grep -c "^chunk servers:")" = 3 ]; do sleep 0.3; done',
    );
    await host('m2').sh('mfsmetalogger start');
    return { ...lab, mounted: await mount(host('m2')) };
  } catch (error) {
    await net.down();
    throw error;
  }
}

/** What a host takes `mfsmaster` for, which is where all daemons and tools look by default. */
export async function nameMaster(host: NetHost, address: string): Promise<void> {
  await host.sh(
    `sed '/ mfsmaster$/d' /etc/hosts > /etc/hosts.new; echo "${address} mfsmaster" >> /etc/hosts.new; cat /etc/hosts.new > /etc/hosts`,
  );
}

/**
 * Writes four small files of one chunk each into a folder of that goal. A server that joined a moment
 * ago may not be given chunks yet: what has fewer copies is written again.
 */
export async function writeFiles(host: NetHost, folder: string, goal: number): Promise<void> {
  const copies = `chunks with ${goal} copies`;
  await host.sh(
    [
      `mkdir ${folder} && mfssetgoal ${goal} ${folder} && cd ${folder}`,
      `for f in 1 2 3 4; do until mfscheckfile $f 2>/dev/null | grep -q "${copies}"; do rm -f $f; head -c 100000 /dev/urandom > $f; sync; sleep 0.2; done; done`,
    ].join('\n'),
  );
}

async function mount(host: NetHost): Promise<boolean> {
  try {
    await host.sh('mkdir -p /mnt/moose && mfsmount /mnt/moose');
    return true;
  } catch {
    return false;
  }
}

/** Folders of a host of its own: what the packages share through the machine's root would be shared. */
function prepare(name: string, folder: string): readonly string[] {
  const own = `${folder}/${name}`;
  const isChunkserver = CHUNKSERVERS.some((one) => one === name);
  return [
    `mkdir ${own}/srv ${own}/mnt`,
    // Locks of a host are its own, and the machine's systemd is none of its: what it were told to start
    // would start on the machine.
    'mount -t tmpfs none /run && mkdir /run/sshd /run/lock',
    `cp -a /var/lib/mfs ${own}/data`,
    `mount --bind ${own}/data /var/lib/mfs`,
    `mount --bind ${own}/srv /srv`,
    `mount --bind ${own}/mnt /mnt`,
    'rm -rf /etc/mfs',
    'mkdir /etc/mfs',
    ...(isChunkserver ? chunkserver : master),
  ];
}

const master = [
  'printf "* / rw,alldirs,admin,maproot=0:0\\n" > /etc/mfs/mfsexports.cfg',
  // It looks after each chunk once in five minutes, unless it is told to do so each minute.
  'printf "REPLICATIONS_DELAY_INIT = 0\\nCHUNKS_LOOP_MIN_TIME = 60\\n" > /etc/mfs/mfsmaster.cfg',
  ': > /etc/mfs/mfsmetalogger.cfg',
];

const chunkserver = [
  'for d in /srv/hd1 /srv/hd2; do mkdir $d; mount -t tmpfs -o size=64m none $d; chown mfs:mfs $d; echo $d >> /etc/mfs/mfshdd.cfg; done',
  // A disk of memory has no 256 MiB to be left free.
  'printf "HDD_LEAVE_SPACE_DEFAULT = 1MiB\\nMASTER_RECONNECTION_DELAY = 1\\n" > /etc/mfs/mfschunkserver.cfg',
];
