import type { Formattable } from './formattable.js';
import { machineNamed, type Fleet, type Machine, type Mount } from './state.js';

/** Takes up a share of a mounted file system; 1 is full. */
export function fillFileSystem(fleet: Fleet, name: string, target: string, share: number): void {
  const mount = machineNamed(fleet, name)?.mounts.find((one) => one.target === target);
  if (mount) mount.used = Math.floor(mount.size * share);
}

const lost = new WeakMap<Machine, Mount[]>();

/** A file system that fstab names is not mounted any more. */
export function loseMount(fleet: Fleet, name: string, target: string): void {
  const machine = machineNamed(fleet, name);
  const mount = machine?.mounts.find((one) => one.target === target);
  if (!machine || !mount) return;
  machine.mounts = machine.mounts.filter((one) => one !== mount);
  lost.set(machine, [...(lost.get(machine) ?? []), mount]);
}

/** It is mounted again, with what was in it. */
export function restoreMount(fleet: Fleet, name: string, target: string): void {
  const machine = machineNamed(fleet, name);
  const mount = machine && lost.get(machine)?.find((one) => one.target === target);
  if (!mount || machine.mounts.some((one) => one.target === target)) return;
  machine.mounts.push(mount);
}

/** A mounted file system takes all of its device; a chunkserver whose disk it is tells so. */
export function growMounted(fleet: Fleet, machine: Machine, mount: Mount, disk: Formattable): void {
  const { signature } = disk;
  if (!signature) return;
  mount.size = Math.floor(mount.size * (disk.size / (signature.bytes ?? disk.size)));
  delete signature.bytes;
  const disks = fleet.lizardfs.chunkservers.find((one) => one.machine === machine.name)?.disks;
  const listed = disks?.find(({ path }) => path === `${mount.target}/`);
  if (listed) listed.total = mount.size;
}

/** A disk is twice as large as before, as when a copy of it on a larger one took its place. */
export function enlargeDisk(fleet: Fleet, name: string, target: string): void {
  const machine = machineNamed(fleet, name);
  const source = machine?.mounts.find((one) => one.target === target)?.source;
  const disk = machine?.disks.find((one) => `/dev/${one.name}` === source);
  if (!disk?.signature) return;
  disk.signature.bytes ??= disk.size;
  disk.size *= 2;
}
