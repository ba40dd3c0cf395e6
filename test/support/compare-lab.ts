import assert from 'node:assert/strict';
import { LAB_NODES, onBoth, onLab } from './lab.js';

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

const ALL = [ext4, xfs, raw];

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

/** Makes the resources with their file systems and some files that both sides have. */
export async function setUp(all = ALL, disks = '/dev/vdb /dev/vdc /dev/vdd'): Promise<void> {
  const volumes = all.flatMap((one) => [
    `lvcreate -q -y -n ${one.name} -L ${one.mib}M hfvg`,
    `cat > /etc/drbd.d/${one.name}.res <<'X'\n${config(one)}\nX\ndrbdadm create-md --force ${one.name}; drbdadm up ${one.name}`,
  ]);
  await onBoth(
    `{ pvcreate -q -y ${disks}; vgcreate -q hfvg ${disks}; ${volumes.join('\n')}\n} >/dev/null 2>&1; lvs hfvg`,
  );
  for (const one of all) {
    await onLab(
      'fiori',
      `drbdadm wait-connect ${one.name}; drbdadm new-current-uuid --clear-bitmap ${one.name}; drbdadm primary ${one.name}`,
    );
    if (one.type !== 'none') await fill(one);
    await onLab('fiori', `drbdadm secondary ${one.name}`);
  }
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

/** Parts the sides; each is Primary by itself, changes what it will, and they meet and refuse. */
export async function split(
  volume: LabVolume,
  change: (node: string) => Promise<void>,
): Promise<void> {
  const { name } = volume;
  await onBoth(`drbdadm disconnect ${name} 2>/dev/null; ${alone(name)}; drbdadm primary ${name}`);
  for (const node of LAB_NODES) await change(node);
  await onBoth(`drbdadm connect ${name}`);
  await Promise.any(LAB_NODES.map((node) => onLab(node, alone(name))));
  await onBoth(`drbdadm disconnect ${name} 2>/dev/null; ${alone(name)}`);
}

function alone(name: string): string {
  return `for i in $(seq 60); do [ $(drbdadm cstate ${name}) = StandAlone ] && break; sleep 0.5; done; [ $(drbdadm cstate ${name}) = StandAlone ]`;
}

/** Snapshots, mounts and notes that a comparison could have left on a machine. */
export async function leftOn(node: string): Promise<string> {
  const said = await onLab(
    node,
    "lvs --noheadings -o lv_name -S 'lv_name=~compare' hfvg; grep holdfast /proc/mounts; ls -d /run/holdfast* 2>/dev/null; true",
  );
  return said.trim();
}

/** Sums, rights, owners and times of files beneath a folder. */
export async function factsOf(
  node: string,
  folder: string,
  files: readonly string[],
): Promise<string> {
  const words = files.map((file) => `'${file}'`).join(' ');
  const said = await onLab(
    node,
    `cd ${folder} && sha256sum -- ${words} && stat -c '%n %a %u:%g %Y %s' -- ${words}`,
  );
  assert.notEqual(said, '');
  return said;
}
