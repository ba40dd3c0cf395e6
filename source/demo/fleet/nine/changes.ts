import type { Refusal } from '../drbd/roles.js';
import { withPrimaryBit, ZERO } from '../drbd/side.js';
import { isAlive, logLine, machineNamed, madeUp, type Fleet } from '../state.js';
import {
  endTo,
  hasQuorum,
  isSuspended,
  nineOf,
  nodeOn,
  peersOf,
  type Node9,
  type Resource9,
} from './state.js';

/** KiB/s of a resync. */
export const PACE = 102_400;

/** `drbdadm connect RES:PEER [--discard-my-data]`. */
export function connect(
  fleet: Fleet,
  resource: Resource9,
  node: Node9,
  peer: Node9,
  discards: boolean,
): Refusal | undefined {
  const end = endTo(node, peer);
  if (discards && node.role === 'Primary') {
    return { exit: 10, says: '(123) --discard-my-data not allowed when primary.' };
  }
  if (end.connection !== 'StandAlone') return undefined;
  Object.assign(end, { discards, connection: 'Connecting' });
  log(fleet, resource, node, peer, 'conn( StandAlone -> Unconnected ) ');
  meet(fleet, resource);
  return undefined;
}

/** `drbdadm disconnect RES:PEER`. */
export function disconnect(fleet: Fleet, resource: Resource9, node: Node9, peer: Node9): void {
  const end = endTo(node, peer);
  if (end.connection === 'Connected') {
    loseEachOther(fleet, resource, node, peer);
    for (const one of [node, peer]) beginGeneration(fleet, resource, one);
  }
  Object.assign(end, { connection: 'StandAlone', discards: false });
  log(fleet, resource, node, peer, 'conn( Disconnecting -> StandAlone ) ');
}

/** `drbdadm primary RES`. */
export function promote(fleet: Fleet, resource: Resource9, node: Node9): Refusal | undefined {
  if (node.role === 'Primary') return undefined;
  if (!hasQuorum(resource, node)) return { exit: 17, says: '(-23) No quorum' };
  if (!node.client && node.disk !== 'UpToDate') {
    return { exit: 17, says: '(-2) Need access to UpToDate data' };
  }
  const other = peersOf(resource, node).find(
    (peer) => peer.role === 'Primary' && endTo(node, peer).connection === 'Connected',
  );
  if (other) return { exit: 11, says: '(-1) Multiple primaries not allowed by config' };
  node.role = 'Primary';
  node.current = withPrimaryBit(node.current, true);
  beginGeneration(fleet, resource, node);
  return undefined;
}

/** `drbdadm secondary RES`. */
export function demote(fleet: Fleet, resource: Resource9, node: Node9): Refusal | undefined {
  if (isOpen(fleet, resource, node)) {
    return { exit: 11, says: '(-12) Device is held open by someone' };
  }
  node.role = 'Secondary';
  node.current = withPrimaryBit(node.current, false);
  return undefined;
}

/** Whether a mount holds the device. */
export function isOpen(fleet: Fleet, { minor }: Resource9, { machine }: Node9): boolean {
  const mounts = machineNamed(fleet, machine)?.mounts ?? [];
  return mounts.some(({ source }) => source === `/dev/drbd${minor}`);
}

/** Cuts a machine off the replication network, or puts it back. */
export function setCut(fleet: Fleet, machine: string, isCut: boolean): void {
  const nine = nineOf(fleet);
  if (!nine) return;
  if (isCut) nine.cut.add(machine);
  else nine.cut.delete(machine);
  for (const resource of nine.resources) {
    for (const node of resource.nodes) {
      for (const peer of peersOf(resource, node)) {
        const isUp = endTo(node, peer).connection === 'Connected';
        if (isUp && !reach(fleet, node, peer)) loseEachOther(fleet, resource, node, peer);
      }
    }
    // One generation begins, however many were lost at once.
    for (const node of resource.nodes) beginGeneration(fleet, resource, node);
    meet(fleet, resource);
  }
}

function reach(fleet: Fleet, node: Node9, peer: Node9): boolean {
  const cut = nineOf(fleet)?.cut ?? new Set();
  const isCut = cut.has(node.machine) || cut.has(peer.machine);
  const areUp = node.up && peer.up && isAlive(fleet, node.machine) && isAlive(fleet, peer.machine);
  return !isCut && areUp;
}

/** Two nodes no longer hear each other. */
export function loseEachOther(fleet: Fleet, resource: Resource9, node: Node9, peer: Node9): void {
  for (const [one, other] of [
    [node, peer],
    [peer, node],
  ] as const) {
    endTo(one, other).connection = 'Connecting';
    log(fleet, resource, one, other, 'PingAck did not arrive in time.');
    log(fleet, resource, one, other, 'conn( Connected -> NetworkFailure ) ');
  }
  const between = resource.resyncs.findIndex(
    ({ source, target }) =>
      [node.machine, peer.machine].includes(source) &&
      [node.machine, peer.machine].includes(target),
  );
  if (between >= 0) resource.resyncs.splice(between, 1);
}

/** A Primary that has lost a copy begins data of its own; who is connected goes along with it. */
export function beginGeneration(fleet: Fleet, resource: Resource9, node: Node9): void {
  if (node.role !== 'Primary' || node.disk !== 'UpToDate' || isSuspended(resource, node)) return;
  const away = peersOf(resource, node).filter((peer) => {
    const { connection, bitmap } = endTo(node, peer);
    return !peer.client && connection !== 'Connected' && bitmap === ZERO;
  });
  if (away.length === 0) return;
  const before = withPrimaryBit(node.current, false);
  const next = madeUp(fleet);
  for (const one of [node, ...inTouch(resource, node)]) {
    if (one.client) continue;
    one.current = withPrimaryBit(next, one.role === 'Primary');
    for (const peer of away) if (peer !== one) endTo(one, peer).bitmap = before;
  }
  logLine(
    fleet,
    node.machine,
    `drbd ${resource.name}/0 drbd${resource.minor}: new current UUID: ${node.current} weak: 0000000000000000`,
  );
}

function inTouch(resource: Resource9, node: Node9): readonly Node9[] {
  return peersOf(resource, node).filter((peer) => endTo(node, peer).connection === 'Connected');
}

/** Whoever waits for each other, and reaches each other, meets. */
export function meet(fleet: Fleet, resource: Resource9): void {
  for (const [at, node] of resource.nodes.entries()) {
    for (const peer of resource.nodes.slice(at + 1)) {
      const [own, theirs] = [endTo(node, peer), endTo(peer, node)];
      const both = own.connection === 'Connecting' && theirs.connection === 'Connecting';
      if (both && reach(fleet, node, peer)) shakeHands(fleet, resource, node, peer);
    }
  }
}

function bare(id: string): string {
  return withPrimaryBit(id, false);
}

function shakeHands(fleet: Fleet, resource: Resource9, node: Node9, peer: Node9): void {
  const [own, theirs] = [endTo(node, peer), endTo(peer, node)];
  const connected = (): void => {
    for (const end of [own, theirs]) Object.assign(end, { connection: 'Connected' });
    for (const [one, other] of [
      [node, peer],
      [peer, node],
    ] as const) {
      log(fleet, resource, one, other, 'conn( Connecting -> Connected ) ');
    }
  };
  if (node.client || peer.client || bare(node.current) === bare(peer.current)) {
    connected();
    for (const end of [own, theirs]) {
      Object.assign(end, { bitmap: ZERO, outOfSync: 0, discards: false });
    }
    return;
  }
  if (own.bitmap !== ZERO && own.bitmap === bare(peer.current)) {
    connected();
    begin(resource, node, peer);
    return;
  }
  if (theirs.bitmap !== ZERO && theirs.bitmap === bare(node.current)) {
    connected();
    begin(resource, peer, node);
    return;
  }
  const victims = [
    ...(own.discards && node.role === 'Secondary' ? [node] : []),
    ...(theirs.discards && peer.role === 'Secondary' ? [peer] : []),
  ];
  const [victim] = victims;
  if (victim && victims.length === 1) {
    connected();
    begin(resource, victim === node ? peer : node, victim);
    return;
  }
  for (const [one, other] of [
    [node, peer],
    [peer, node],
  ] as const) {
    const device = `${resource.name}/0 drbd${resource.minor} ${other.machine}`;
    logLine(
      fleet,
      one.machine,
      `drbd ${device}: Split-Brain detected but unresolved, dropping connection!`,
    );
    Object.assign(endTo(one, other), { connection: 'StandAlone', discards: false });
    log(fleet, resource, one, other, 'conn( Disconnecting -> StandAlone ) ');
  }
}

/** Begins to copy what differs from one node to another. */
export function begin(resource: Resource9, source: Node9, target: Node9): void {
  const [from, to] = [endTo(source, target), endTo(target, source)];
  const total = Math.max(4, Math.ceil(from.outOfSync + to.outOfSync));
  target.disk = 'Inconsistent';
  from.outOfSync = total;
  to.outOfSync = total;
  resource.resyncs.push({ source: source.machine, target: target.machine, total, left: total });
}

/** Time passes: Primaries write, resyncs go on. */
export function ninePasses(fleet: Fleet, ms: number): void {
  for (const resource of nineOf(fleet)?.resources ?? []) {
    for (const node of resource.nodes) write(fleet, resource, node, (resource.writes * ms) / 1000);
    for (const resync of [...resource.resyncs]) {
      resync.left = Math.max(0, resync.left - (PACE * ms) / 1000);
      const [source, target] = [nodeOn(resource, resync.source), nodeOn(resource, resync.target)];
      if (!source || !target) continue;
      endTo(source, target).outOfSync = resync.left;
      endTo(target, source).outOfSync = resync.left;
      if (resync.left > 0) continue;
      resource.resyncs.splice(resource.resyncs.indexOf(resync), 1);
      finish(resource, source, target);
    }
  }
}

function write(fleet: Fleet, resource: Resource9, node: Node9, amount: number): void {
  if (node.role !== 'Primary' || !isAlive(fleet, node.machine)) return;
  if (!isOpen(fleet, resource, node) || isSuspended(resource, node)) return;
  const copies = [node, ...inTouch(resource, node)].filter(({ disk }) => disk !== 'Diskless');
  for (const one of copies) {
    one.written += amount;
    for (const peer of peersOf(resource, one)) {
      const end = endTo(one, peer);
      if (peer.client || copies.includes(peer)) continue;
      end.outOfSync = Math.min(resource.size, end.outOfSync + amount);
    }
  }
}

/** The target has all that the source has, and its bitmaps count from where the source's do. */
function finish(resource: Resource9, source: Node9, target: Node9): void {
  target.disk = 'UpToDate';
  target.current = withPrimaryBit(source.current, target.role === 'Primary');
  for (const end of [endTo(source, target), endTo(target, source)]) {
    Object.assign(end, { bitmap: ZERO, outOfSync: 0, discards: false });
  }
  for (const peer of peersOf(resource, target)) {
    if (peer === source) continue;
    const { bitmap, outOfSync } = endTo(source, peer);
    Object.assign(endTo(target, peer), { bitmap, outOfSync });
  }
}

function log(
  fleet: Fleet,
  { name }: Resource9,
  { machine }: Node9,
  peer: Node9,
  says: string,
): void {
  logLine(fleet, machine, `drbd ${name} ${peer.machine}: ${says}`);
}
