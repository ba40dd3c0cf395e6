import { quoteLines } from '../../../core/evidence.js';
import type { Evidence, Finding } from '../../../core/finding.js';
import { bytes, clockTime } from '../../../core/units.js';
import { listed } from '../../../core/text.js';
import { pairNodes, resourceNode } from '../nodes.js';
import type { End, Pair, Resource, View } from '../view.js';
import { verdictOf, type Verdict } from '../verdict.js';
import { finding, stateLines } from './make.js';

/** What is wrong with the connections: one finding for the two ends of each. */
export function linkFindings(view: View): readonly Finding[] {
  return view.resources.flatMap((resource) =>
    resource.pairs.flatMap((pair) => pairFinding(view, resource, pair)),
  );
}

function pairFinding(view: View, resource: Resource, pair: Pair): readonly Finding[] {
  const states = new Set(pair.ends.map(({ link }) => link.state));
  // For ten seconds and more a dead link looks sound from one side: the worse side is believed.
  if (states.size === 1 && states.has('in touch')) return [];
  const verdict = verdictOf(pair);
  if (verdict.split && !states.has('in touch')) return [splitBrain(resource, pair, verdict)];
  if (states.has('standalone')) return [standAlone(resource, pair, verdict)];
  if (states.has('broken')) return [networkFailure(resource, pair)];
  if (states.has('waiting') && !isPeerGone(view, pair)) return [waiting(resource, pair, verdict)];
  return [];
}

/** The peer's own finding (not up, no module) says why there is nobody to talk to. */
function isPeerGone(view: View, pair: Pair): boolean {
  return pair.ends.some(({ replica, link }) =>
    view.resources.some(
      (resource) =>
        resource.name === replica.resource &&
        resource.replicas.some(
          (other) => other.host === link.peerHost && !other.up && !other.stale,
        ),
    ),
  );
}

/** `r0`, or `r0 fiori–torchio` where a resource has several connections. */
function pairSubject(resource: Resource, pair: Pair): string {
  const [end] = pair.ends;
  return resource.pairs.length > 1 && end
    ? `${resource.label} ${end.link.host}–${end.link.peer}`
    : resource.label;
}

function common(resource: Resource, pair: Pair) {
  return {
    subject: pairSubject(resource, pair),
    hosts: pair.ends.map(({ link }) => link.host),
    about: pairNodes(resource, pair),
    evidence: pairEvidence(pair),
  };
}

function pairEvidence({ ends }: Pair): readonly Evidence[] {
  return [
    ...stateLines(ends.map(({ replica }) => replica)),
    ...ends.flatMap(({ replica }) => identifierLines(replica.on.identifiers)),
    ...ends.flatMap(({ replica }) => logLines(replica.on.log)),
  ];
}

function identifierLines(reading: End['replica']['on']['identifiers']): readonly Evidence[] {
  return reading ? quoteLines(reading, (line) => /^[0-9A-F]{16}:/i.test(line)) : [];
}

function logLines(reading: End['replica']['on']['log']): readonly Evidence[] {
  const telling = /Split-Brain|Different \S+ settings|uuid_compare|PingAck did not|uthentication/;
  return reading ? quoteLines(reading, (line) => telling.test(line)) : [];
}

/** `fiori StandAlone, torchio WFConnection`. */
function endStates({ ends }: Pair): string {
  return ends
    .map(({ replica, link }) => `${link.host} ${replica.stale ? 'before: ' : ''}${link.connection}`)
    .join(', ');
}

/**
 * Split brain is no state of DRBD: one side may be StandAlone while the other still waits. It is
 * raised on proof alone: identifiers of both sides, or the driver's own words.
 */
function splitBrain(resource: Resource, pair: Pair, verdict: Verdict): Finding {
  const noticed = pair.ends.some(({ link }) => link.state === 'standalone');
  const proof =
    verdict.by === 'identifiers'
      ? 'Their data generations differ and began from the same one.'
      : 'The kernel log says so; the other side’s data generation could not be read.';
  return finding({
    ...common(resource, pair),
    code: 'DRBD_SPLIT_BRAIN',
    severity: 'alert',
    title: 'DRBD split brain',
    says: `${whatHappened(pair, verdict)} ${proof}`,
    means: noticed
      ? `DRBD refused to choose a side and replicates nothing: ${endStates(pair)}. Every further write makes the sides differ more.`
      : `The sides are still apart (${endStates(pair)}); when they meet, DRBD must discard what one of them wrote, or refuse.`,
    todo: 'Decide which side’s changes may be lost, save them first if they matter, then connect that side with its data discarded.',
    about: [resourceNode(resource), ...pairNodes(resource, pair)],
    remedies: ['drbd.split-brain'],
    ownCause: true,
    explains: true,
  });
}

/** A generation begins with the first write, or with the loss of the peer while open: no byte needed. */
function whatHappened({ ends }: Pair, { lostAt, splitAt }: Verdict): string {
  const since = lostAt ?? splitAt;
  const after = since === undefined ? 'while they were apart' : `after ${clockTime(since)}`;
  const changed = ends.map(({ link }) => ({
    host: link.host,
    kib: link.volumes.reduce((sum, { outOfSyncKiB }) => sum + (outOfSyncKiB ?? 0), 0),
  }));
  const wrote = changed.filter(({ kib }) => kib > 0);
  const amounts = wrote.map(({ host, kib }) => `${host} ${bytes(kib * 1024)}`);
  if (wrote.length > 1) {
    return `Both sides wrote ${after}; neither has all of it (${listed(amounts)}).`;
  }
  const what =
    wrote.length === 1 ? `only ${listed(amounts)} was written` : 'nothing was written yet';
  return ends.length > 1
    ? `Both sides went on alone ${after}; ${what} since.`
    : `Both sides went on alone ${after}.`;
}

function standAlone(resource: Resource, pair: Pair, verdict: Verdict): Finding {
  return finding({
    ...common(resource, pair),
    code: 'DRBD_STANDALONE',
    severity: 'alert',
    title: 'DRBD stands alone',
    says: `${listed(standingAlone(pair))} gave up the connection and will not try again by ${standingAlone(pair).length > 1 ? 'themselves' : 'itself'} (${endStates(pair)}).`,
    means: standAloneMeans(pair, verdict),
    todo: verdict.refused
      ? 'Make the settings of both sides agree, then `drbdadm adjust` the resource on both.'
      : 'Look at the kernel log of both sides; if nothing speaks against it, `drbdadm connect` the resource on the side that stands alone.',
    remedies: ['drbd.standalone'],
    explains: true,
  });
}

function standingAlone({ ends }: Pair): readonly string[] {
  return ends.flatMap(({ link }) => (link.state === 'standalone' ? [link.host] : []));
}

function standAloneMeans(pair: Pair, { relation, refused }: Verdict): string {
  const [first, second] = pair.ends.map(({ link }) => link.host);
  if (refused !== undefined)
    return `It is no split brain by itself: DRBD refused the peer (${refused}).`;
  switch (relation) {
    case 'same':
      return 'It is no split brain: both sides have the same data generation. Somebody disconnected it, or the settings or secrets of the sides differ.';
    case 'ahead':
    case 'behind':
      return `It is no split brain: ${(relation === 'ahead' ? first : second) ?? 'one side'} has all the data, and the other would be brought up to date. Somebody disconnected it, or the settings or secrets of the sides differ.`;
    case 'unrelated':
      return 'The data of the two sides has nothing in common: DRBD refuses to connect them. One side may have been created anew, or the resource points at the wrong disk.';
    case 'split':
    case undefined:
      return 'It may be a split brain, a disconnect by hand, or settings and secrets that differ: the data generations of both sides could not be read.';
  }
}

function networkFailure(resource: Resource, pair: Pair): Finding {
  return finding({
    ...common(resource, pair),
    code: 'DRBD_NETWORK_FAILURE',
    severity: 'alert',
    title: 'DRBD connection failed',
    says: `The connection broke: ${endStates(pair)}.`,
    means: 'Writes reach one side only until DRBD has connected again, which it tries by itself.',
    todo: 'If it stays: look at the network between the two, at the port in a firewall, and at the peer’s kernel log.',
    heals: true,
    explains: true,
  });
}

function waiting(resource: Resource, pair: Pair, verdict: Verdict): Finding {
  const ends = pair.ends.filter(({ link }) => link.state === 'waiting');
  const peers = [...new Set(ends.map(({ link }) => link.peer))];
  const since = verdict.lostAt === undefined ? '' : ` since ${clockTime(verdict.lostAt)}`;
  const who = ends.map(({ link }) => link.host);
  return finding({
    ...common(resource, pair),
    code: 'DRBD_WAITING_FOR_PEER',
    remedies: ['drbd.peer-lost'],
    severity: 'warning',
    title: 'DRBD waits for its peer',
    says: `${listed(who)} ${who.length > 1 ? 'wait' : 'waits'} for ${who.length > 1 ? 'each other' : listed(peers)}${since} (${endStates(pair)}).`,
    means: `${waitingMeans(pair)} The peer is down, or the network between them is.`,
    todo: 'Bring up the resource on the peer, or mend the network between the two; DRBD connects by itself and copies what is missing.',
    heals: true,
    explains: true,
  });
}

function waitingMeans({ ends }: Pair): string {
  const legs = ends.flatMap(({ link }) => link.volumes);
  const isForQuorum =
    ends.some(({ replica }) => replica.volumes.some(({ client }) => client)) ||
    (legs.length > 0 && legs.every(({ peerClient }) => peerClient));
  if (isForQuorum) return 'One of the two keeps no copy: it counts for the quorum alone.';
  const primary = ends.find(({ replica }) => replica.role === 'Primary')?.replica;
  if (!primary) return 'The copies are not kept alike until they are connected.';
  if (primary.suspended) return 'Nothing is written meanwhile: I/O is held back.';
  const others = primary.links.filter(
    ({ state, volumes }) =>
      state === 'in touch' &&
      volumes.length > 0 &&
      volumes.every(({ peerDisk }) => peerDisk === 'UpToDate'),
  );
  return others.length > 0
    ? `What is written now is on ${listed([primary.host, ...others.map(({ peer }) => peer)])}, and missing on the other.`
    : 'There is one copy of what is written now.';
}
