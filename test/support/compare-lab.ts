import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LAB_NODES, onBoth, onLab, type Made } from './lab.js';

/** A resource of the test, on a logical volume, with a file system. */
export interface LabVolume {
  readonly name: string;
  readonly minor: number;
  readonly type: 'ext4' | 'xfs' | 'ocfs2' | 'none';
  readonly mib: number;
}

export const ext4: LabVolume = { name: 'hfext', minor: 22, type: 'ext4', mib: 96 };
/** mkfs.xfs makes none smaller than 300 MiB. */
export const xfs: LabVolume = { name: 'hfxfs', minor: 23, type: 'xfs', mib: 330 };
/** As a guest's disk: nothing on it that could be mounted. */
export const raw: LabVolume = { name: 'hfraw', minor: 24, type: 'none', mib: 24 };

/** Of the state in which the cluster's stack is up; the disk of its own is all that is free there. */
export const ocfs2: LabVolume = { name: 'hfocfs', minor: 25, type: 'ocfs2', mib: 200 };

const MKFS: Readonly<Record<LabVolume['type'], string>> = {
  ext4: 'mkfs.ext4 -q',
  xfs: 'mkfs.xfs -q',
  ocfs2: 'mkfs.ocfs2 -x -q -b 4K -C 4K -N 2 -L hfoc -J size=4M',
  none: '',
};

function config({ name, minor }: LabVolume): string {
  const on = (host: string, address: string) =>
    `on ${host} { device /dev/drbd${minor}; disk /dev/hfvg/${name}; address ${address}:${7700 + minor}; meta-disk internal; }`;
  return `resource ${name} { net { protocol C; ping-int 1; connect-int 3; } disk { c-plan-ahead 0; resync-rate 16M; } ${on('fiori', '192.0.2.1')} ${on('torchio', '192.0.2.2')} }`;
}

/** Whose sides were parted, each with changes of its own, as a state of the machines. */
export function parted(volume: LabVolume): Made {
  return {
    from: volume.type === 'ocfs2' ? 'ocfs2' : 'clean',
    name: volume.name,
    by: readFileSync(fileURLToPath(import.meta.url), 'utf8'),
    make: async () => {
      await setUp(volume);
      await split(volume);
    },
  };
}

/** Makes a resource with its file system and some files that both sides have. */
async function setUp(volume: LabVolume): Promise<void> {
  const { name, mib, type } = volume;
  const disks = type === 'ocfs2' ? '/dev/vdd' : '/dev/vdb /dev/vdc /dev/vdd';
  await onBoth(
    [
      `{ pvcreate -q -y ${disks}; vgcreate -q hfvg ${disks}; lvcreate -q -y -n ${name} -L ${mib}M hfvg`,
      `cat > /etc/drbd.d/${name}.res <<'X'\n${config(volume)}\nX`,
      `drbdadm create-md --force ${name}; drbdadm up ${name}; } >/dev/null 2>&1; drbdadm cstate ${name}`,
    ].join('\n'),
  );
  await onLab(
    'fiori',
    `drbdadm wait-connect ${name}; drbdadm new-current-uuid --clear-bitmap ${name}; drbdadm primary ${name}`,
  );
  if (type !== 'none') await fill(volume);
  await onLab('fiori', `drbdadm secondary ${name}`);
}

/** What both sides have from before. */
async function fill(volume: LabVolume): Promise<void> {
  await mounted('fiori', volume, [
    'mkdir -p mail/box web deep/er; echo first > both; echo kept > same; echo old > web/gone',
    'for i in $(seq 300); do echo $i > deep/er/$i; done; dd if=/dev/urandom of=same.img bs=64k count=16 2>/dev/null',
    'chown -R 33:33 web; chmod 700 mail/box; ln -s ../both web/link',
  ]);
}

/** Mounts a volume on a machine, does something in its root, and unmounts it unless it is to stay. */
export async function mounted(
  node: string,
  { name, minor, type }: LabVolume,
  script: readonly string[],
  stays = false,
): Promise<string> {
  const at = `/mnt/${name}`;
  const make = `blkid -p -n ${type} /dev/drbd${minor} >/dev/null || ${MKFS[type]} /dev/drbd${minor}`;
  const leave = stays ? 'sync' : `cd /; sync; umount ${at}`;
  return onLab(
    node,
    `set -e; ${make}; mkdir -p ${at}; mount -t ${type} /dev/drbd${minor} ${at}; cd ${at}; ${script.join('; ')}; ${leave}`,
  );
}

/** What each side changes while they are parted. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  fiori: [
    'echo from fiori > both; rm web/gone; echo hello > mail/box/1',
    `printf x > "$(printf 'two\\nlines')"; chmod 600 same`,
    'printf "[%s]\\n" "a b" > " blank "',
  ],
  torchio: [
    'echo from torchio, longer > both; mkdir -p web/new; dd if=/dev/urandom of=web/new/up.jpg bs=1k count=100 2>/dev/null',
    'touch -d 2020-01-01 web/new/up.jpg; chown 33:33 web/new/up.jpg; chmod 640 web/new/up.jpg',
    // As large as before, and its time put back: only that of its change tells.
    't=$(stat -c %y same.img); dd if=/dev/urandom of=same.img bs=64k count=16 conv=notrunc 2>/dev/null; touch -d "$t" same.img',
  ],
};

/** Parts the sides; each is Primary by itself and is changed, and they meet and refuse. */
async function split(volume: LabVolume): Promise<void> {
  const { name } = volume;
  await onBoth(`drbdadm disconnect ${name} 2>/dev/null; ${alone(name)}; drbdadm primary ${name}`);
  // One after the other: with OCFS2 mounted on both while they are parted, each would fence itself.
  for (const node of LAB_NODES) await change(node, volume);
  await onBoth(`drbdadm connect ${name}`);
  await Promise.any(LAB_NODES.map((node) => onLab(node, alone(name))));
  await onBoth(`drbdadm disconnect ${name} 2>/dev/null; ${alone(name)}`);
}

async function change(node: string, volume: LabVolume): Promise<void> {
  if (volume.type === 'none') {
    const seek = node === 'fiori' ? 3 : 9;
    const to = `/dev/drbd${volume.minor} bs=1M count=2 seek=${seek} oflag=direct`;
    await onLab(node, `dd if=/dev/urandom of=${to}`);
    return;
  }
  // xfs stays mounted on both, as a split brain is found; OCFS2 on one.
  const stays = volume.type === 'xfs' || (volume.type === 'ocfs2' && node === 'torchio');
  await mounted(node, volume, CHANGES[node] ?? [], stays);
}

function alone(name: string): string {
  return `for i in $(seq 60); do [ $(drbdadm cstate ${name}) = StandAlone ] && break; sleep 0.5; done; [ $(drbdadm cstate ${name}) = StandAlone ]`;
}
