import { listed } from '../../../core/text.js';
import { hostOf } from '../names.js';
import { hasCopy } from '../split-brain/several/judge.js';
import type { Replica, Resource, View } from '../view.js';
import { missed, type Miss } from './miss.js';

/** Two sides of a resource of DRBD 9 that has more, and those that were left aside. */
export type Two =
  { readonly ok: true; readonly resource: Resource; readonly aside: readonly string[] } | Miss;

/**
 * Of three sides and more, the one in trouble and the one that it is mended from: each of them knows the
 * other by name, and what is done between the two leaves the rest as it is. Pure.
 *
 * @param named the host that the problem is about, where it is told
 */
export function twoOf(resource: Resource, named: string | undefined): Two {
  const copies = resource.replicas.filter(hasCopy);
  const good = copies.filter(({ up, volumes }) => {
    return up && volumes.every(({ disk }) => disk === 'UpToDate');
  });
  const known = copies.find(({ host }) => host === named);
  const troubled =
    known && !good.includes(known) ? known : copies.find((one) => !good.includes(one));
  const sources = good.toSorted((a, b) => rank(b, troubled) - rank(a, troubled));
  const [source] = sources;
  const miss = (verdict: string, happened: string, todo: string): Miss =>
    missed(verdict, happened, todo, resource);
  if (!source) {
    const hosts = listed(copies.map(({ host }) => host));
    return miss(
      'no good side',
      `No side of ${resource.name} that answered is UpToDate (${hosts}).`,
      'With three sides and more nothing is taken by force here: bring the others back first, and look at their data generations.',
    );
  }
  const apart = good.filter((one) => one !== source && !isInTouch(source, one));
  if (apart.length > 0) {
    const hosts = listed(apart.map(({ host }) => host));
    return miss(
      'good sides apart',
      `${source.host} and ${hosts} are UpToDate and do not talk to each other.`,
      'Mend that first (the network, or drbd.split-brain): whoever comes back would meet both.',
    );
  }
  const missing = lostPeer(resource, source, named);
  const other = troubled?.host ?? missing;
  if (other === undefined) {
    return miss(
      'nobody lost',
      `All sides of ${resource.name} are there: ${listed(copies.map(({ host }) => host))}.`,
      'There is nothing to bring back.',
    );
  }
  return {
    ok: true,
    resource: narrowed(resource, source, troubled, other),
    aside: resource.replicas.flatMap(({ host }) =>
      host === source.host || host === other ? [] : [host],
    ),
  };
}

/** The best source: in touch with the one in trouble, and in use. */
function rank(replica: Replica, troubled: Replica | undefined): number {
  const touches = troubled !== undefined && isInTouch(replica, troubled);
  return Number(touches) * 2 + Number(replica.role === 'Primary');
}

function isInTouch({ links }: Replica, { host }: Replica): boolean {
  return links.some(({ peerHost, state }) => peerHost === host && state === 'in touch');
}

/** A peer that the source waits for and that told nothing itself, by the name that the source has for it. */
function lostPeer(
  { replicas }: Resource,
  source: Replica,
  named: string | undefined,
): string | undefined {
  const away = source.links.filter(({ state, peerHost }) => {
    return state !== 'in touch' && !replicas.some(({ host }) => host === peerHost);
  });
  return (away.find(({ peer }) => peer === named) ?? away[0])?.peer;
}

function narrowed(
  resource: Resource,
  source: Replica,
  troubled: Replica | undefined,
  other: string,
): Resource {
  const only = (replica: Replica, peer: string): Replica => ({
    ...replica,
    links: replica.links.filter((link) => link.peer === peer),
    peerHosts: replica.peerHosts.filter((host) => host === peer),
  });
  const replicas = [only(source, other), ...(troubled ? [only(troubled, source.host)] : [])];
  const pairs = resource.pairs.flatMap(({ ends }) => {
    const kept = ends.flatMap((end) => {
      const replica = replicas.find(({ host }) => host === end.replica.host);
      return replica?.links.includes(end.link) ? [{ replica, link: end.link }] : [];
    });
    return kept.length > 0 ? [{ ends: kept }] : [];
  });
  return { ...resource, replicas, pairs };
}

/** How a host that is down names a peer of ours in its configuration; null: it has one peer. */
export function peerNameOf(
  view: View,
  { on, resource }: Replica,
  peer: string | undefined,
): string | null {
  const others = on.configured?.find(({ name }) => name === resource)?.others ?? [];
  if (others.length < 2 || peer === undefined) return null;
  return others.find((other) => hostOf(view.now, other) === peer)?.name ?? null;
}
