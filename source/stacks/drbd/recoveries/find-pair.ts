import type { HostName, Millis, Reader } from '../../../core/host.js';
import type { Case } from '../../../core/recovery.js';
import { clean, listed } from '../../../core/text.js';
import { viewOf } from '../assemble.js';
import { lookAtAll } from '../split-brain/gather.js';
import { lookCloser, type Side } from '../split-brain/side.js';
import { volumeName, type End, type Pair, type Resource, type View } from '../view.js';

/** Two sides of a resource, both looked at, with the readers of their hosts. */
export interface TwoSides {
  readonly resource: Resource;
  readonly pair: Pair;
  readonly ends: readonly [End, End];
  readonly sides: readonly [Side, Side];
  readonly hosts: readonly [Reader, Reader];
  readonly at: Millis;
}

/** Both sides of the connection that a problem is about, or why it cannot be judged. */
export type PairLook =
  { readonly ok: true; readonly two: TwoSides } | { readonly ok: false; readonly found: Case };

/**
 * Looks at all hosts and finds the connection that a subject means: a resource, a volume, or either with
 * its two hosts (`r0 fiori–torchio`). Never rejects.
 *
 * @param isMeant which one, where a resource has several connections
 */
export async function lookAtPair(
  subject: string,
  hosts: ReadonlyMap<HostName, Reader>,
  clock: () => Millis,
  isMeant: (pair: Pair) => boolean,
): Promise<PairLook> {
  const view = viewOf(await lookAtAll(hosts, clock));
  const named = view.resources.flatMap((resource) =>
    resource.pairs
      .filter((pair) => names(resource, pair, subject))
      .map((pair) => ({ resource, pair })),
  );
  const meant = named.filter(({ pair }) => isMeant(pair));
  const [found = named[0], ...more] = meant;
  if (!found) return told(nobody(view, subject));
  if (more.length > 0) {
    const those = meant.map(({ resource, pair }) => pairName(resource, pair));
    return told({
      verdict: 'several connections',
      happened: `Several connections are meant by ${subject}: ${listed(those, 12)}.`,
      todo: 'Name the one that is meant, with its hosts as written there.',
    });
  }
  const { resource, pair } = found;
  const [a, b] = pair.ends;
  const [hostA, hostB] = [a && hosts.get(a.replica.host), b && hosts.get(b.replica.host)];
  if (!a || !b || !hostA || !hostB) return told(oneSided(view, resource, pair));
  if ([a, b].some(({ replica }) => replica.stale)) {
    const happened = `What is known of ${resource.name} is old.`;
    return told({ verdict: 'not known', happened, todo: 'Ask again.' });
  }
  const sides = await Promise.all([lookCloser(a, hostA), lookCloser(b, hostB)]);
  return {
    ok: true,
    two: { resource, pair, ends: [a, b], sides, hosts: [hostA, hostB], at: clock() },
  };
}

/** `r0 fiori–torchio`. */
export function pairName(resource: Resource, { ends }: Pair): string {
  const [end] = ends;
  return end ? `${resource.label} ${end.link.host}–${end.link.peer}` : resource.label;
}

function names(resource: Resource, pair: Pair, subject: string): boolean {
  const things = new Set([
    resource.label,
    resource.name,
    ...pair.ends.flatMap(({ link }) =>
      link.volumes.map(({ volume }) => volumeName(resource, volume)),
    ),
  ]);
  const ways = pair.ends.flatMap(({ link: { host, peer } }) => [
    ` ${host}–${peer}`,
    ` ${peer}–${host}`,
  ]);
  return [...things].some(
    (thing) => subject === thing || ways.some((way) => subject === thing + way),
  );
}

type Told = Pick<Case, 'verdict' | 'happened' | 'todo'>;

/** A trouble that is told and left alone. */
export function leftAlone({ verdict, happened, todo }: Told, blocks: Case['blocks'] = []): Case {
  const words = { happened: clean(happened), todo: clean(todo) };
  return { verdict, mendable: false, ...words, blocks, ways: [] };
}

function told(words: Told): PairLook {
  return { ok: false, found: leftAlone(words) };
}

function nobody(view: View, subject: string): Told {
  const known = view.resources.map(({ label }) => label);
  const silent = view.now.hosts
    .map(({ name }) => name)
    .filter((name) => !view.hosts.some(({ host }) => host === name));
  const unheard = silent.length > 0 ? ` DRBD on ${listed(silent)} could not be read.` : '';
  return {
    verdict: 'resource unknown',
    happened: `No host that answered has a connection of a resource called ${subject}.${unheard}`,
    todo:
      known.length > 0
        ? `There are: ${listed(known, 12)}.`
        : 'Look whether the DRBD module is loaded and the resources are up: `drbdadm status`.',
  };
}

function oneSided(view: View, resource: Resource, { ends: [end] }: Pair): Told {
  const peer = end?.link.peerHost ?? end?.link.peer ?? 'the peer';
  const here = `${end?.link.host ?? ''} is ${end?.link.connection ?? ''}`;
  const down = resource.replicas.find(({ up }) => !up);
  if (down) {
    return {
      verdict: 'peer down',
      happened: `${here}; on ${down.host} ${resource.name} is not up.`,
      todo: `Bring it up on ${down.host}: \`drbdadm up ${resource.name}\`.`,
    };
  }
  const isOurs = view.now.hosts.some(({ name }) => name === peer);
  return {
    verdict: isOurs ? 'peer unreachable' : 'peer unknown',
    happened: `${here}; ${peer} did not tell its side.`,
    todo: isOurs
      ? `Make ${peer} reachable, or look at it on its own console: both sides are needed to judge.`
      : `Add ${peer} to the hosts of this cluster: both sides are needed to judge.`,
  };
}

/** The two sides next to each other: role, connection, disk, users, and what else belongs to it. */
export function sidesBlock(
  sides: readonly [Side, Side],
  more: readonly { readonly label: string; readonly values: readonly [string, string] }[] = [],
): Case['blocks'][number] {
  const row = (label: string, of: (side: Side) => string) => ({
    label,
    values: sides.map((side) => ({ text: clean(of(side)) || '–' })),
  });
  return {
    kind: 'sides',
    sides: sides.map(({ host }) => clean(host)),
    rows: [
      row('role', ({ role }) => role),
      row('connection', ({ connection }) => connection),
      row('disk', ({ volumes }) => volumes.map(({ disk }) => disk).join(', ')),
      row('open or mounted by', ({ use }) => {
        const who = listed([...new Set(use.users.map(({ what }) => what))]);
        return use.complete ? who : who === '' ? 'not known' : `${who}, perhaps others`;
      }),
      ...more.map(({ label, values }) => ({
        label,
        values: values.map((text) => ({ text: clean(text) || '–' })),
      })),
    ],
  };
}
