import type { Fleet } from '../state.js';
import type { Refusal } from './roles.js';
import { logDevice } from './side.js';
import { sides } from './resync.js';
import type { Replica, Resource } from './state.js';

/** What both disks can be read at, KiB/s. */
const RATE = 180_000;

/** `drbdadm verify`: both copies are compared, block by block. */
export function verify(fleet: Fleet, resource: Resource, self: Replica): Refusal | undefined {
  if ((self.settings.net.get('verify-alg') ?? '') === '') {
    return { exit: 10, says: '(149) No verify-alg configured' };
  }
  if (self.connection !== 'Connected') {
    return { exit: 11, says: '(-15) Need a connection to start verify or resync' };
  }
  const [by, other] = sides(resource, self.machine);
  by.connection = 'VerifyS';
  other.connection = 'VerifyT';
  const { size: total } = resource;
  resource.verify = { by: by.machine, total, left: total, rate: RATE, began: fleet.clock.now };
  for (const side of [by, other]) side.outOfSync = 0;
  logDevice(fleet, resource, by, 'Starting Online Verify from sector 0');
  return undefined;
}

/** Time passes for the verifies. */
export function verifyPasses(fleet: Fleet, ms: number): void {
  for (const resource of fleet.drbd.resources) {
    const { verify: running } = resource;
    if (!running) continue;
    running.left -= Math.min(running.left, (running.rate * ms) / 1000);
    if (running.left > 0) continue;
    delete resource.verify;
    const [by, other] = sides(resource, running.by);
    for (const side of [by, other]) {
      side.connection = 'Connected';
      side.outOfSync = resource.differs;
    }
    tell(fleet, resource, by, Math.max(1, Math.round((fleet.clock.now - running.began) / 1000)));
  }
}

/** The kernel names what differs in stretches, and counts it at the end. */
function tell(fleet: Fleet, resource: Resource, by: Replica, seconds: number): void {
  const log = (says: string): void => logDevice(fleet, resource, by, says);
  if (resource.differs > 0) {
    log(`Out of sync: start=2048, size=${resource.differs * 2} (sectors)`);
  }
  const rate = Math.round(resource.size / seconds);
  log(`Online verify done (total ${seconds} sec; paused 0 sec; ${rate} K/sec)`);
  if (resource.differs > 0) {
    log(`Online verify found ${resource.differs / 4} 4k block out of sync!`);
  }
  log('conn( VerifyS -> Connected ) ');
}
