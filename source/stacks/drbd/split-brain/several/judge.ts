import type { HostName } from '../../../../core/host.js';
import { listed } from '../../../../core/text.js';
import { verdictOf } from '../../verdict.js';
import type { End, Pair, Replica, Resource } from '../../view.js';
import { judgePair } from '../judge-pair.js';
import type { Choice, Judged, Miss } from '../judged.js';

/**
 * Judges a resource of DRBD 9 that has three sides or more. Sides that have the same data are one party;
 * where a side has data that another lacks, and the other way round, one of them has to give way.
 */
export function judgeSeveral(resource: Resource, miss: Miss): Judged {
  const { name } = resource;
  if (resource.replicas.some(({ stale }) => stale)) {
    return miss('not known', `What is known of ${name} is old.`, 'Ask again.');
  }
  const replicas = resource.replicas.filter(hasCopy);
  const down = replicas.filter(({ up }) => !up).map(({ host }) => host);
  const pairs = copyPairs(resource, replicas);
  const unheard = pairs.filter(({ ends }) => ends.length < 2).flatMap(({ ends }) => ends);
  const split = whole(pairs).filter(({ ends }) => verdictOf({ ends }).relation === 'split');
  if (split.length === 0) return noSplit(resource, pairs, unheard, miss);
  if (down.length > 0 || unheard.length > 0) {
    const away = [...new Set([...down, ...unheard.map(({ link }) => link.peer)])];
    return miss(
      'split brain, a side unknown',
      `Sides of ${name} have data of their own, and ${listed(away)} did not tell what it has.`,
      `Bring ${listed(away)} back first (drbd.peer-lost), or make it reachable: what it has may be newer, or a history of its own.`,
    );
  }
  for (const { ends } of split) {
    const judged = judgePair(resource, { ends }, ends, miss);
    if (judged.kind !== 'split') return judged;
  }
  const choices = choicesOf(replicas, whole(pairs));
  if (choices.length > 0) return { kind: 'split of several', resource, choices };
  return miss(
    'split brain, in a circle',
    `Sides of ${name} have data of their own, and none of them can be kept without copying over another that has more.`,
    'Look at the data generations of all sides (`drbdadm show-gi`), and mend one connection after the other by hand.',
  );
}

/** A node without a disk by intention has nothing to lose; it counts for quorum alone. */
export function hasCopy({ volumes, up }: Replica): boolean {
  return up
    ? volumes.some(({ client }) => !client)
    : volumes.some(({ backing }) => backing !== null);
}

type Whole = Pair & { readonly ends: readonly [End, End] };

/** The connections between sides that keep a copy. */
function copyPairs({ pairs }: Resource, replicas: readonly Replica[]): readonly Pair[] {
  const copies = new Set(replicas.map(({ host }) => host));
  return pairs.filter(({ ends }) =>
    ends.every(({ replica, link }) => {
      if (!copies.has(replica.host)) return false;
      if (link.peerHost !== undefined && copies.has(link.peerHost)) return true;
      return ends.length < 2 && !isClient(replica, link.peer) && !link.volumes.every(isDiskless);
    }),
  );
}

function isDiskless({ peerClient }: End['link']['volumes'][number]): boolean {
  return peerClient;
}

/** A peer that does not answer is one by the configuration. */
function isClient({ on, resource }: Replica, peer: string): boolean {
  const others = on.configured?.find(({ name }) => name === resource)?.others;
  const known = others?.find(({ name }) => name === peer);
  return known?.volumes.every(({ disk }) => disk === null) === true;
}

function whole(pairs: readonly Pair[]): readonly Whole[] {
  return pairs.flatMap(({ ends: [a, b] }) => (a && b ? [{ ends: [a, b] as const }] : []));
}

/** The connection that is worst off is told of. */
function noSplit(
  resource: Resource,
  pairs: readonly Pair[],
  unheard: readonly End[],
  miss: Miss,
): Judged {
  const known = whole(pairs);
  const apart = known.find(({ ends }) => ends.some(({ link }) => link.state !== 'in touch'));
  const moving = known.find(({ ends }) =>
    ends.some(({ link }) => link.volumes.some(({ activity }) => activity !== 'replicating')),
  );
  const bad = known.find(({ ends }) =>
    ends.some(({ link }) => link.volumes.some(({ localDisk }) => localDisk !== 'UpToDate')),
  );
  const [end] = unheard;
  const told = apart ?? moving ?? bad;
  if (told) return judgePair(resource, told, told.ends, miss);
  if (known.length > 0 && !end) {
    return miss(
      'healed',
      `${resource.name} is connected and UpToDate on all its sides.`,
      'There is nothing to mend.',
    );
  }
  const peer = end?.link.peer ?? 'a peer';
  return miss(
    end ? 'peer away' : 'not up',
    end
      ? `${end.link.host} is ${end.link.connection} towards ${peer}, which did not tell its side.`
      : `No side of ${resource.name} is up.`,
    end ? `Bring ${peer} back: drbd.peer-lost.` : 'Bring it up, and look at it first.',
  );
}

type Relation = 'alike' | 'behind' | 'victim' | 'not';

/** Each party once: the one that is in use stands for it, since everybody copies from it. */
function choicesOf(replicas: readonly Replica[], pairs: readonly Whole[]): readonly Choice[] {
  const found = new Map<string, Choice>();
  const best = replicas.toSorted((a, b) => Number(isUsed(b)) - Number(isUsed(a)));
  for (const { host, volumes } of best) {
    if (volumes.some(({ disk }) => disk !== 'UpToDate')) continue;
    const others = replicas.filter((other) => other.host !== host);
    const of = (kind: Relation) =>
      others.filter((other) => relation(pairs, other.host, host) === kind);
    const victims = of('victim').flatMap((victim) => endsOf(pairs, victim.host, host) ?? []);
    const key = victims
      .map(({ own }) => own.replica.host)
      .sort()
      .join();
    if (of('not').length > 0 || victims.length === 0 || found.has(key)) continue;
    const names = (kind: Relation) => of(kind).map((other) => other.host);
    found.set(key, { survivor: host, alike: names('alike'), behind: names('behind'), victims });
  }
  return [...found.values()];
}

function isUsed({ role }: Replica): boolean {
  return role === 'Primary';
}

function endsOf(
  pairs: readonly Whole[],
  own: HostName,
  survivor: HostName,
): Choice['victims'][number] | undefined {
  for (const { ends } of pairs) {
    const mine = ends.find(({ replica }) => replica.host === own);
    const theirs = ends.find(({ replica }) => replica.host === survivor);
    if (mine && theirs) return { own: mine, survivors: theirs };
  }
  return undefined;
}

/** What becomes of a side when another one's data is kept. */
function relation(pairs: readonly Whole[], host: HostName, survivor: HostName): Relation {
  const ends = endsOf(pairs, host, survivor);
  if (!ends) return 'not';
  if (ends.own.link.state === 'in touch') return 'alike';
  switch (verdictOf({ ends: [ends.own, ends.survivors] }).relation) {
    case 'same':
      return 'alike';
    case 'behind':
      return 'behind';
    case 'split':
      return 'victim';
    case 'ahead':
    case 'unrelated':
    case undefined:
      return 'not';
  }
}
