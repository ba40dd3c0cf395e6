import { isAlive, type Fleet } from '../state.js';
import {
  generations,
  inTouch,
  JUST_CREATED,
  logDevice,
  peerOf,
  withPrimaryBit,
  ZERO,
} from './side.js';
import type { ConnectionState, Replica, Resource } from './state.js';

/** What the link between the machines carries, KiB/s. */
const LINK = 110_000;

/** Starts bringing the target to the source's data. */
export function resync(fleet: Fleet, resource: Resource, source: Replica, target: Replica): void {
  const overlap = Math.min(source.outOfSync, target.outOfSync);
  // Whole bits of the bitmap: 4 KiB each.
  const bits = Math.ceil((source.outOfSync + target.outOfSync - 0.9 * overlap) / 4);
  const total = Math.min(resource.size, bits * 4);
  source.connection = 'SyncSource';
  target.connection = 'SyncTarget';
  target.disk = 'Inconsistent';
  target.discards = false;
  source.outOfSync = total;
  target.outOfSync = total;
  const rate = speedOf(target);
  resource.resync = { source: source.machine, total, left: total, rate, began: fleet.clock.now };
  const began = (as: string) =>
    `Began resync as ${as} (will sync ${total} KB [${Math.ceil(total / 4)} bits set]).`;
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

/** The side that is written sets the pace: a fixed rate, or what DRBD finds by itself up to a highest. */
function speedOf({ settings: { disk } }: Replica): number {
  const isFixed = disk.get('c-plan-ahead') === '0';
  const set = isFixed ? (disk.get('resync-rate') ?? '250k') : (disk.get('c-max-rate') ?? '102400k');
  return Math.min(LINK, Math.floor(kib(set) * 0.93));
}

function kib(text: string): number {
  const [, digits = '0', unit = 'k'] = /^(\d+)([kmg])?$/i.exec(text) ?? [];
  return Number(digits) * 1024 ** ['k', 'm', 'g'].indexOf(unit.toLowerCase());
}

/** `drbdadm pause-sync` and `resume-sync` on one side; a resync goes on when neither pauses it. */
export function pause(resource: Resource, replica: Replica, paused: boolean): void {
  replica.paused = paused;
  if (!resource.resync) return;
  const isPaused = resource.replicas.some((one) => one.paused);
  const [source, target] = sides(resource, resource.resync.source);
  const state = (to: 'S' | 'T'): ConnectionState =>
    isPaused ? `PausedSync${to}` : to === 'S' ? 'SyncSource' : 'SyncTarget';
  source.connection = state('S');
  target.connection = state('T');
}

/** Time passes for the resyncs. */
export function resyncPasses(fleet: Fleet, ms: number): void {
  for (const resource of fleet.drbd.resources) {
    const sync = resource.resync;
    if (!sync || resource.replicas.some(({ paused }) => paused)) continue;
    const [source, target] = sides(resource, sync.source);
    if (fleet.drbd.linkCut || !isAlive(fleet, source.machine) || !isAlive(fleet, target.machine)) {
      continue;
    }
    sync.rate = speedOf(target);
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

/** A resync or a verify is broken off: the target keeps what is missing. */
export function dropResync(resource: Resource): void {
  delete resource.resync;
  delete resource.verify;
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
  resource.differs = 0;
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

/** `new-current-uuid --clear-bitmap`: both are declared alike; only right for what holds nothing. */
export function declareAlike(
  fleet: Fleet,
  resource: Resource,
  self: Replica,
  fresh: string,
): boolean {
  const peer = peerOf(resource, self);
  const blank = [self, peer].every(
    ({ current, role }) => current === JUST_CREATED && role === 'Secondary',
  );
  if (!blank || !inTouch(self)) return false;
  for (const side of [self, peer]) {
    side.current = withPrimaryBit(fresh, false);
    side.outOfSync = 0;
    side.disk = 'UpToDate';
    const says = 'disk( Inconsistent -> UpToDate ) pdsk( Inconsistent -> UpToDate ) ';
    logDevice(fleet, resource, side, says);
  }
  return true;
}
