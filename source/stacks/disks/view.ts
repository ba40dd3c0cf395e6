import type { HostName } from '../../core/host.js';
import type { Known, Now } from '../../core/probe.js';
import type { BlockDevice, BlockDevices } from '../../tools/block-devices.js';
import type { MountEntry } from '../../tools/mountinfo.js';
import { arraysProbe, devicesProbe, lvmProbe, usageProbe, type Devices } from './probes.js';
import type { Lvm } from '../../tools/lvm.js';
import type { MdArray } from './read/mdstat.js';
import type { Ext4Errors, Usage, Use } from './read/usage.js';

/** A file system on a device, wherever it is mounted on its host. */
export interface FileSystem {
  readonly host: HostName;
  readonly device: BlockDevice;
  readonly type: string;
  /** Its own mount first, bind mounts of its folders after. */
  readonly mounts: readonly MountEntry[];
  /** Where people know it: the first mount point. */
  readonly point: string;
  readonly use?: Use;
  readonly errors?: Ext4Errors;
}

/** All that is known of the disks of one host. */
export interface HostDisks {
  readonly host: HostName;
  readonly devices?: Known<Devices>;
  readonly arrays?: Known<readonly MdArray[]>;
  readonly usage?: Known<Usage>;
  readonly lvm?: Known<Lvm>;
  readonly fileSystems: readonly FileSystem[];
}

const made = new WeakMap<Now, readonly HostDisks[]>();

/** Every host of which anything was read; made once for a moment. */
export function hostDisks(now: Now): readonly HostDisks[] {
  const before = made.get(now);
  if (before) return before;
  const views = now.hosts.flatMap(({ name }) => {
    const view = hostView(now, name);
    return view ? [view] : [];
  });
  made.set(now, views);
  return views;
}

function hostView(now: Now, host: HostName): HostDisks | undefined {
  const devices = now.known(devicesProbe).find((one) => one.host === host);
  const arrays = now.known(arraysProbe).find((one) => one.host === host);
  const usage = now.known(usageProbe).find((one) => one.host === host);
  const lvm = now.known(lvmProbe).find((one) => one.host === host);
  if (!devices && !arrays && !usage && !lvm) return undefined;
  return {
    host,
    fileSystems: devices ? fileSystems(host, devices.value, usage?.value) : [],
    ...(devices && { devices }),
    ...(arrays && { arrays }),
    ...(usage && { usage }),
    ...(lvm && { lvm }),
  };
}

/** Those that fill themselves once and never change: full by design. */
const SEALED = new Set(['squashfs', 'iso9660', 'udf', 'erofs', 'cramfs', 'romfs']);

function fileSystems(
  host: HostName,
  { devices, mountTable }: BlockDevices,
  usage: Usage | undefined,
): readonly FileSystem[] {
  return devices.flatMap((device) => {
    const points = new Set(device.mounts);
    const mounts = mountTable
      .filter((entry) => points.has(entry.point) && !SEALED.has(entry.type))
      .toSorted((a, b) => Number(b.root === '/') - Number(a.root === '/'));
    const [first] = mounts;
    if (!first) return [];
    const use = usage?.uses.get(first.number);
    const errors = usage?.errors.get(device.kernelName);
    const { type, point } = first;
    return [{ host, device, type, mounts, point, ...(use && { use }), ...(errors && { errors }) }];
  });
}

/** The kernel turned it read-only itself: the file system is, and no mount of it was asked to be. */
export function turnedReadOnly({ mounts }: FileSystem): boolean {
  return (
    mounts.some(({ superOptions }) => superOptions.includes('ro')) &&
    mounts.some(({ options }) => options.includes('rw'))
  );
}
