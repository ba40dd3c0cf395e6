import { machineNamed, type Fleet, type Mount } from './state.js';
import type { Resource } from './drbd/state.js';

/** Who holds a resource's device open on a machine: its mount, or a virtual machine on the device. */
export function openersOf(fleet: Fleet, resource: Resource, machine: string): readonly string[] {
  const found = machineNamed(fleet, machine);
  if (!found) return [];
  const device = deviceOf(resource);
  const mounts = found.mounts.filter(({ source }) => source === device);
  const vms = found.vms.filter(({ running, disk }) => running && disk === device);
  return [...mounts.map(({ target }) => target), ...vms.map(({ name }) => name)];
}

/** The device node of a resource: `/dev/drbd0`. */
export function deviceOf(resource: Resource): string {
  return `/dev/drbd${resource.minor}`;
}

/** The virtual machines whose disks lie in a mounted file system. */
export function usersOf(fleet: Fleet, machine: string, mount: Mount): readonly string[] {
  const vms = machineNamed(fleet, machine)?.vms ?? [];
  return vms
    .filter(({ running, disk }) => running && disk.startsWith(`${mount.target}/`))
    .map(({ name }) => name);
}
