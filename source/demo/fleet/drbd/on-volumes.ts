import { addVolume, groupsOf } from '../lvm.js';
import { load } from '../modules.js';
import { deviceOf } from '../openers.js';
import { machineNamed, type Fleet, type Machine } from '../state.js';
import { resource } from './first.js';
import type { Resource } from './state.js';

const GIB = 2 ** 30;
/** What DRBD keeps for itself at the end of a volume, in KiB. */
const METADATA = 1320;

/** A resource on logical volumes of kvm-1 and kvm-2. */
export interface OnVolumes {
  readonly name: string;
  readonly minor: number;
  readonly port: number;
  readonly gib: number;
  readonly current: string;
  /** Where kvm-1 has it mounted. */
  readonly target: string;
}

/** Adds a resource on new volumes of both hosts; kvm-1 serves its file system. */
export function addOnVolumes(
  fleet: Fleet,
  { name, minor, port, gib, current, target }: OnVolumes,
): void {
  for (const machine of ['kvm-1', 'kvm-2'].map((host) => machineNamed(fleet, host))) {
    const [group] = machine ? groupsOf(machine) : [];
    if (!machine || !group) continue;
    load(machine, 'drbd');
    const { device } = addVolume(machine, group, name, gib * GIB);
    device.signature = { type: 'drbd', uuid: current.toLowerCase() };
  }
  const made = resource({
    ...{ name, minor, port, current, size: gib * 2 ** 20 - METADATA, writes: 64 },
    ...{ backing: `/dev/mapper/vg0-${name}`, net: { protocol: 'C' }, fileSystem: 'ext4' },
    roles: ['Primary', 'Secondary'],
  });
  fleet.drbd.resources.push(made);
  mountOn(machineNamed(fleet, 'kvm-1'), made, target);
}

/** The file system of a resource, mounted on a machine. */
export function mountOn(machine: Machine | undefined, made: Resource, target: string): void {
  const source = deviceOf(made);
  const size = made.size * 1024;
  const facts = { source, target, type: 'ext4', options: 'rw,relatime', size, used: size / 8 };
  machine?.mounts.push(facts);
}
