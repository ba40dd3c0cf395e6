import { generations, logConnection, logDevice, withPrimaryBit, ZERO } from './drbd-side.js';
import { isAlive, type Fleet, type Replica, type Resource } from './state.js';

/** How long after both sides wait for each other they meet, in ms. */
const MEET_AFTER = 1500;

/** Lets the two sides meet a little later, if they both wait for it by then. */
export function connectWhenPossible(fleet: Fleet, resource: Resource): void {
  fleet.clock.after(MEET_AFTER, () => handshake(fleet, resource));
}

/**
 * The two sides compare their generations of data, as drbd's uuid_compare does: the same, one older
 * than the other, or both with changes of their own (split brain).
 */
export function handshake(fleet: Fleet, resource: Resource): void {
  const [a, b] = resource.replicas;
  if (a.connection !== 'WFConnection' || b.connection !== 'WFConnection') return;
  if (fleet.drbd.linkCut || !isAlive(fleet, a.machine) || !isAlive(fleet, b.machine)) return;
  for (const self of [a, b]) meet(fleet, resource, self, self === a ? b : a);
  if (a.disk === 'Inconsistent' && b.disk !== 'Inconsistent') resync(fleet, resource, b, a);
  else if (b.disk === 'Inconsistent' && a.disk !== 'Inconsistent') resync(fleet, resource, a, b);
  else if (same(a.current, b.current)) {
    for (const self of [a, b]) {
      self.connection = 'Connected';
      logDevice(
        fleet,
        resource,
        self,
        'conn( WFReportParams -> Connected ) pdsk( DUnknown -> UpToDate ) ',
      );
    }
  } else if (same(a.current, b.bitmap)) resync(fleet, resource, b, a);
  else if (same(b.current, a.bitmap)) resync(fleet, resource, a, b);
  else bothWrote(fleet, resource, a, b);
}

function bothWrote(fleet: Fleet, resource: Resource, a: Replica, b: Replica): void {
  const helper = `helper command: /sbin/drbdadm initial-split-brain minor-${resource.minor}`;
  for (const self of [a, b]) {
    logDevice(fleet, resource, self, 'uuid_compare()=100 by rule 90');
    logDevice(fleet, resource, self, helper);
    logDevice(fleet, resource, self, `${helper} exit code 0 (0x0)`);
  }
  const victim = [a, b].find((self) => self.discards && self.role === 'Secondary');
  if (victim) {
    const source = victim === a ? b : a;
    const solved = 'Split-Brain detected, manually solved. Sync from';
    logDevice(fleet, resource, victim, `${solved} peer node`);
    logDevice(fleet, resource, source, `${solved} this node`);
    resync(fleet, resource, source, victim);
    return;
  }
  for (const self of [a, b]) {
    self.connection = 'StandAlone';
    logDevice(fleet, resource, self, 'Split-Brain detected but unresolved, dropping connection!');
    const after = `helper command: /sbin/drbdadm split-brain minor-${resource.minor}`;
    logDevice(fleet, resource, self, after);
    logDevice(fleet, resource, self, `${after} exit code 0 (0x0)`);
    logConnection(fleet, resource, self, 'conn( WFReportParams -> Disconnecting ) ');
    logConnection(fleet, resource, self, 'error receiving ReportState, e: -5 l: 0!');
    logConnection(fleet, resource, self, 'ack_receiver terminated');
    logConnection(fleet, resource, self, `Terminating drbd_a_${resource.name}`);
    logConnection(fleet, resource, self, 'Connection closed');
    logConnection(fleet, resource, self, 'conn( Disconnecting -> StandAlone ) ');
    logConnection(fleet, resource, self, 'receiver terminated');
    logConnection(fleet, resource, self, `Terminating drbd_r_${resource.name}`);
  }
}

/** Starts bringing the target to the source's data. */
export function resync(
  fleet: Fleet,
  resource: Resource,
  source: Replica,
  target: Replica,
  rate = 38_000,
): void {
  const overlap = Math.min(source.outOfSync, target.outOfSync);
  // Whole bits of the bitmap: 4 KiB each.
  const total = Math.ceil((source.outOfSync + target.outOfSync - 0.9 * overlap) / 4) * 4;
  source.connection = 'SyncSource';
  target.connection = 'SyncTarget';
  target.disk = 'Inconsistent';
  target.discards = false;
  source.outOfSync = total;
  target.outOfSync = total;
  resource.resync = { source: source.machine, total, left: total, rate, began: fleet.clock.now };
  const began = (as: string) =>
    `Began resync as ${as} (will sync ${total} KB [${total / 4} bits set]).`;
  logDevice(
    fleet,
    resource,
    target,
    'conn( WFSyncUUID -> SyncTarget ) disk( Outdated -> Inconsistent ) ',
  );
  logDevice(fleet, resource, target, began('SyncTarget'));
  logDevice(
    fleet,
    resource,
    source,
    'conn( WFBitMapS -> SyncSource ) pdsk( Consistent -> Inconsistent ) ',
  );
  logDevice(fleet, resource, source, began('SyncSource'));
}

/** Time passes for the resyncs. */
export function resyncPasses(fleet: Fleet, ms: number): void {
  for (const resource of fleet.drbd.resources) {
    const sync = resource.resync;
    if (!sync) continue;
    const [source, target] = sides(resource, sync.source);
    if (fleet.drbd.linkCut || !isAlive(fleet, source.machine) || !isAlive(fleet, target.machine)) {
      continue;
    }
    const done = Math.min(sync.left, (sync.rate * ms) / 1000);
    sync.left -= done;
    source.sent += done;
    source.read += done;
    target.received += done;
    target.written += done;
    source.outOfSync = sync.left;
    target.outOfSync = sync.left;
    if (sync.left <= 0) finish(fleet, resource, source, target);
  }
}

/** A resync is broken off: the target keeps what is missing. */
export function dropResync(resource: Resource): void {
  delete resource.resync;
}

function finish(fleet: Fleet, resource: Resource, source: Replica, target: Replica): void {
  const sync = resource.resync;
  if (!sync) return;
  delete resource.resync;
  const older = source.bitmap === ZERO ? source.history[0] : source.bitmap;
  source.history = [older, source.history[0]];
  target.history = source.history;
  source.bitmap = ZERO;
  target.bitmap = ZERO;
  target.current = withPrimaryBit(source.current, target.role === 'Primary');
  target.disk = 'UpToDate';
  const seconds = Math.max(1, Math.round((fleet.clock.now - sync.began) / 1000));
  const done = `Resync done (total ${seconds} sec; paused 0 sec; ${Math.round(sync.total / seconds)} K/sec)`;
  for (const self of [source, target]) {
    self.outOfSync = 0;
    self.connection = 'Connected';
    logDevice(fleet, resource, self, done);
    logDevice(fleet, resource, self, `updated UUIDs ${generations(self)}`);
  }
  logDevice(
    fleet,
    resource,
    source,
    'conn( SyncSource -> Connected ) pdsk( Inconsistent -> UpToDate ) ',
  );
  logDevice(
    fleet,
    resource,
    target,
    'conn( SyncTarget -> Connected ) disk( Inconsistent -> UpToDate ) ',
  );
}

/** Both sides, the source first. */
export function sides(resource: Resource, source: string): readonly [Replica, Replica] {
  const [a, b] = resource.replicas;
  return a.machine === source ? [a, b] : [b, a];
}

function meet(fleet: Fleet, resource: Resource, self: Replica, peer: Replica): void {
  const ids = (side: Replica) =>
    `${generations(side)} bits:${Math.round(side.outOfSync / 4)} flags:${side.discards ? 1 : 0}`;
  logConnection(fleet, resource, self, 'Handshake successful: Agreed network protocol version 101');
  logConnection(
    fleet,
    resource,
    self,
    'Feature flags enabled on protocol level: 0xf TRIM THIN_RESYNC WRITE_SAME WRITE_ZEROES.',
  );
  logConnection(fleet, resource, self, 'conn( WFConnection -> WFReportParams ) ');
  logConnection(
    fleet,
    resource,
    self,
    `Starting ack_recv thread (from drbd_r_${resource.name} [935])`,
  );
  logDevice(fleet, resource, self, 'drbd_sync_handshake:');
  logDevice(fleet, resource, self, `self ${ids(self)}`);
  logDevice(fleet, resource, self, `peer ${ids(peer)}`);
}

/** Whether two identifiers name the same data; the lowest bit only says who is Primary. */
function same(a: string, b: string): boolean {
  return withPrimaryBit(a, false) === withPrimaryBit(b, false);
}
