import { load, unload } from '../modules.js';
import { openersOf } from '../openers.js';
import { machineNamed, type Fleet } from '../state.js';
import { hasMetadata } from './disk.js';
import { connectWhenPossible } from './handshake.js';
import { disconnect } from './link.js';
import { dropResync } from './resync.js';
import { promote, type Refusal } from './roles.js';
import { inTouch, replicaOn, upOn, withPrimaryBit } from './side.js';
import type { Replica, Resource } from './state.js';

/** `drbdadm up`: its disk attached, waiting for its peer. The metadata must be there. */
export function bringUp(fleet: Fleet, resource: Resource, replica: Replica): void {
  const machine = machineNamed(fleet, replica.machine);
  if (machine) load(machine, 'drbd');
  dropResync(resource);
  Object.assign(replica, {
    ...{ up: true, role: 'Secondary', connection: 'WFConnection', discards: false, paused: false },
    ...{ sent: 0, received: 0, written: 0, read: 0 },
    current: withPrimaryBit(replica.current, false),
  });
  if (replica.disk === 'Diskless') replica.disk = 'Outdated';
  connectWhenPossible(fleet, resource);
}

/** `drbdadm down`: refused while somebody has the device open; on a side that is not up it does nothing. */
export function takeDown(fleet: Fleet, resource: Resource, replica: Replica): Refusal | undefined {
  if (!replica.up) return undefined;
  if (openersOf(fleet, resource, replica.machine).length > 0) {
    return { exit: 11, says: '(-12) Device is held open by someone' };
  }
  disconnect(fleet, resource, replica);
  Object.assign(replica, { up: false, role: 'Secondary', connection: 'StandAlone' });
  replica.current = withPrimaryBit(replica.current, false);
  return undefined;
}

/** A machine comes back: where its unit starts DRBD, its replicas are brought up and connect. */
export function bootReplicas(fleet: Fleet, name: string): void {
  const machine = machineNamed(fleet, name);
  if (!machine) return;
  for (const { resource, self } of upOn(fleet, name)) {
    dropResync(resource);
    Object.assign(self, { up: false, role: 'Secondary', connection: 'StandAlone' });
    self.current = withPrimaryBit(self.current, false);
  }
  unload(machine, 'drbd');
  if (machine.enabled.has('drbd')) startDrbd(fleet, name);
}

/** What the unit of DRBD does when it is started. */
export function startDrbd(fleet: Fleet, name: string): void {
  for (const resource of fleet.drbd.resources) {
    const replica = replicaOn(resource, name);
    if (!replica || replica.up || !hasMetadata(fleet, replica)) continue;
    bringUp(fleet, resource, replica);
    if (replica.bootRole !== 'Primary') continue;
    fleet.clock.after(4000, () => {
      if (inTouch(replica)) promote(fleet, resource, replica);
    });
  }
}
