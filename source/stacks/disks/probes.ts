import { outcomeFailure } from '../../core/failure.js';
import type { Reader } from '../../core/host.js';
import type { Answer, Probe } from '../../core/probe.js';
import { ask } from '../../core/tool.js';
import type { Fstab } from '../../files/fstab.js';
import { blockGlanceCommand } from '../../tools/block-commands.js';
import { parseBlockDevices, type BlockDevices } from '../../tools/block-devices.js';
import { lvmCommand, parseLvm, type Lvm } from '../../tools/lvm.js';
import { mdstatCommand, parseMdstat, type MdArray } from './read/mdstat.js';
import { localUseCommand, parseUsage, sharedUseCommand, type Usage } from './read/usage.js';
import { fstabTool } from './read/fstab.js';

/** What is there and what is to be there, of one moment: the one is judged by the other. */
export interface Devices extends BlockDevices {
  /** /etc/fstab; undefined: there is none. */
  readonly fstab?: Fstab;
}

/**
 * Names, sizes, what stands on what, and mounts, from the kernel's and udev's memory; and
 * /etc/fstab in the same look. Read at another time it would be laid beside mounts that a plan has
 * made since.
 */
export const devicesProbe: Probe<Devices> = {
  id: 'disks.devices',
  title: 'block devices, mounts and /etc/fstab',
  every: 10_000,
  scope: 'host',
  read: readDevices,
};

async function readDevices(host: Reader): Promise<Answer<Devices>> {
  const [devices, fstab] = await Promise.all([
    ask(host, { command: blockGlanceCommand, parse: parseBlockDevices }),
    ask(host, fstabTool),
  ]);
  if (devices.kind !== 'value') return devices;
  if (fstab.kind === 'failed') return { ...devices, partial: fstab.failure };
  if (fstab.kind === 'absent') return devices;
  return { ...devices, value: { ...devices.value, fstab: fstab.value } };
}

/** Every 5 s: a member that fails must show while somebody stands beside the machine. */
export const arraysProbe: Probe<readonly MdArray[]> = {
  id: 'disks.arrays',
  title: 'RAID arrays',
  every: 5000,
  scope: 'host',
  read: (host) =>
    ask(host, {
      command: mdstatCommand,
      parse: parseMdstat,
      explain: (outcome) =>
        outcome.kind === 'exited' && outcome.code === 1 && outcome.stderr.includes('No such file')
          ? { absent: 'the kernel has no md, so there are no arrays' }
          : undefined,
    }),
};

/** How full file systems are, and the errors that ext4 remembers. */
export const usageProbe: Probe<Usage> = {
  id: 'disks.usage',
  title: 'use of file systems',
  every: 15_000,
  scope: 'host',
  read: readUsage,
};

/** Both are asked in one go; what a cluster's lock holds up leaves the rest as it is. */
async function readUsage(host: Reader): Promise<Answer<Usage>> {
  const shared = sharedUseCommand();
  const [local, far] = await Promise.all([
    ask(host, { command: localUseCommand, parse: parseUsage }),
    host.run(shared),
  ]);
  if (local.kind !== 'value') return local;
  if (far.kind !== 'exited' || far.code !== 0) {
    return { ...local, partial: outcomeFailure(host.name, shared, far) };
  }
  const more = parseUsage(far.stdout);
  if (!more.ok) return local;
  return {
    kind: 'value',
    value: {
      uses: new Map([...local.value.uses, ...more.value.uses]),
      errors: local.value.errors,
    },
    unread: [...local.unread, ...more.unread],
  };
}

/** Each minute: LVM reads its disks for it, and they seldom change. */
export const lvmProbe: Probe<Lvm> = {
  id: 'disks.lvm',
  title: 'LVM volumes',
  every: 60_000,
  scope: 'host',
  read: (host) => ask(host, { command: lvmCommand, parse: parseLvm }),
};
