import { machineNamed, type Fleet } from './state.js';

/** Stops or starts the chunkserver of a machine. */
export function stopChunkserver(fleet: Fleet, machine: string, stop: boolean): void {
  const server = fleet.lizardfs.chunkservers.find((other) => other.machine === machine);
  if (server) server.running = !stop;
  machineNamed(fleet, machine)?.services.set('lizardfs-chunkserver', !stop);
}

/** Stops or starts an OSD. */
export function stopOsd(fleet: Fleet, id: number, stop: boolean): void {
  const osd = fleet.ceph.osds.find((other) => other.id === id);
  if (osd) osd.running = !stop;
}
