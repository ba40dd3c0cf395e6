import { hasAddress } from './nics.js';
import type { MetadataServer } from './metadata-state.js';
import { isAlive, machineNamed, type Fleet } from './state.js';

/** The metadata server of a machine, if it has one. */
export function metadataServerOn(fleet: Fleet, machine: string): MetadataServer | undefined {
  return fleet.lizardfs.metadataServers.find((server) => server.machine === machine);
}

/** The metadata servers that serve as master now. */
export function servingMasters(fleet: Fleet): readonly MetadataServer[] {
  return fleet.lizardfs.metadataServers.filter(
    ({ personality, running, machine }) =>
      personality === 'master' && running && isAlive(fleet, machine),
  );
}

/** The master that serves at an address. */
export function masterAt(fleet: Fleet, address: string): MetadataServer | undefined {
  return servingMasters(fleet).find(({ machine }) => {
    const found = machineNamed(fleet, machine);
    return found !== undefined && hasAddress(found, address);
  });
}

/** The metadata version that a server has in its memory. */
export function versionOf({ lizardfs }: Fleet, { behind, empty }: MetadataServer): number {
  return empty ? 0 : lizardfs.metadataVersion - behind;
}

/** Shadows that reach their master have what it has. */
export function metadataPasses(fleet: Fleet): void {
  for (const server of fleet.lizardfs.metadataServers) {
    if (server.personality !== 'shadow' || !server.running) continue;
    const master = masterAt(fleet, server.follows);
    if (!master || !isAlive(fleet, server.machine)) continue;
    server.behind = master.behind;
    server.empty = false;
  }
}

/** The process of a metadata server ends as when it is killed. */
export function killMetadataServer(fleet: Fleet, machine: string): void {
  const server = metadataServerOn(fleet, machine);
  if (!server?.running) return;
  setRunning(fleet, server, false);
  server.locked = server.personality === 'master';
}

/** It runs, or does not; systemd knows. */
export function setRunning(fleet: Fleet, server: MetadataServer, running: boolean): void {
  server.running = running;
  machineNamed(fleet, server.machine)?.services.set('lizardfs-master', running);
}

/** A master that was killed is started again from its change logs, as AUTO_RECOVERY does it. */
export function recoverMaster(fleet: Fleet, machine: string): void {
  const server = metadataServerOn(fleet, machine);
  if (server?.personality !== 'master' || server.running) return;
  server.locked = false;
  setRunning(fleet, server, true);
}
