import { formattableAt } from '../../fleet/formattable.js';
import { clusterOn, ocfs2On, regionOf } from '../../fleet/ocfs2.js';
import { growMounted } from '../../fleet/mounts.js';
import { blank } from '../system/file-systems.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

const BANNER = 'mkfs.ocfs2 1.8.7\n';

/** `mkfs.ocfs2 -x -U UUID -L LABEL -N SLOTS DEVICE`: what other nodes have mounted stays. */
export function mkfsOcfs2(call: Call): Ran {
  const { flags, values, words } = readArguments(call.args, new Set(['-U', '-L', '-N', '-T']));
  const path = words[0] ?? '';
  const device = blank(call, path, BANNER);
  if ('exit' in device) {
    return device.stderr.includes('Wrong medium type')
      ? failed(1, `${BANNER}${path}: Read-only file system while opening device\n`)
      : device;
  }
  const cluster = clusterOn(call.machine);
  if (!cluster && device.signature?.type === 'ocfs2' && !flags.has('-F')) {
    return failed(
      1,
      `${BANNER}mkfs.ocfs2: Unable to access cluster service while initializing the cluster\n`,
    );
  }
  const { signature } = device;
  const others = call.fleet.machines.filter((one) =>
    ocfs2On(call.fleet, one).some(({ uuid }) => uuid === regionOf(signature?.uuid ?? '')),
  );
  if (others.length > 0) {
    return failed(
      1,
      `${BANNER}${path} is mounted on another node; will not make a ocfs2 volume here!\n`,
    );
  }
  if (signature && !flags.has('-x')) {
    return failed(1, `${BANNER}Proceed (y/N): Aborting operation.\n`);
  }
  device.signature = {
    type: 'ocfs2',
    uuid: values.get('-U') ?? '',
    label: values.get('-L') ?? '',
  };
  return printed(
    `${BANNER}Cluster stack: classic o2cb\nLabel: ${values.get('-L') ?? ''}\nFeatures: sparse extended-slotmap backup-super unwritten inline-data strict-journal-super xattr indexed-dirs refcount discontig-bg append-dio unwritten-write\nVolume size: ${device.size}\nNode slots: ${values.get('-N') ?? '8'}\nmkfs.ocfs2 successful\n\n`,
  );
}

const CHECKED = 'Thu Nov 12 03:11:40 2026';
const checked = new WeakMap<object, number>();

/** `debugfs.ocfs2 -R 'stats' DEVICE` and `-R 'stat /lost+found' DEVICE`. */
export function debugfsOcfs2(call: Call): Ran {
  const { values, words } = readArguments(call.args, new Set(['-R']));
  const device = formattableAt(call.fleet, call.machine, words[0] ?? '');
  if (device?.signature?.type !== 'ocfs2' || device.taken === 'read-only') {
    return failed(
      1,
      `debugfs.ocfs2: Bad magic number in superblock while opening "${words[0] ?? ''}"\n`,
    );
  }
  if (values.get('-R') !== 'stats') {
    return printed(
      '\tInode: 17   Mode: 0755   Generation: 3236540321 (0xc0e9b7a1)\n\tType: Directory   Attr: 0x0   Flags: Valid\n',
    );
  }
  const at = checked.get(device.signature);
  const last = at === undefined ? CHECKED : new Date(at).toUTCString();
  return printed(
    `\tRevision: 0.90\n\tMount Count: 0   Max Mount Count: 20\n\tState: 0   Errors: 0\n\tCheck Interval: 0   Last Check: ${last}\n\tLabel: ${device.signature.label ?? ''}\n\tUUID: ${regionOf(device.signature.uuid)}\n`,
  );
}

/** `fsck.ocfs2 -fy DEVICE`: never on what a node has mounted. */
export function fsckOcfs2(call: Call): Ran {
  const path = call.args.at(-1) ?? '';
  const device = formattableAt(call.fleet, call.machine, path);
  const signature = device?.signature;
  if (signature?.type !== 'ocfs2') {
    return failed(8, `fsck.ocfs2: Bad magic number in superblock while opening "${path}"\n`);
  }
  checked.set(signature, call.fleet.clock.now);
  return printed(
    `fsck.ocfs2 1.8.7\nChecking OCFS2 filesystem in ${path}:\n  Label: ${signature.label ?? ''}\nAll passes succeeded.\n`,
  );
}

/** `tunefs.ocfs2 --yes -S DEVICE`: the file system takes all of its device, mounted or not. */
export function tunefsOcfs2({ args, fleet, machine }: Call): Ran {
  const path = args.at(-1) ?? '';
  const device = formattableAt(fleet, machine, path);
  if (device?.signature?.type !== 'ocfs2') {
    return failed(
      1,
      `tunefs.ocfs2: Bad magic number in superblock while opening device "${path}"\n`,
    );
  }
  for (const one of fleet.machines) {
    const mount = one.mounts.find(({ source }) => source === path);
    if (mount) mount.size = device.size;
  }
  const own = machine.mounts.find(({ source }) => source === path);
  if (own) growMounted(fleet, machine, { ...own }, device);
  else delete device.signature.bytes;
  return printed('');
}
