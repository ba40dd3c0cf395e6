import type { HostName, Millis, Reader } from '../../../core/host.js';
import { listed } from '../../../core/text.js';
import { viewOf } from '../assemble.js';
import { hostOf } from '../names.js';
import { lookAtAll } from '../split-brain/gather.js';
import { resourcesCalled } from '../split-brain/judge.js';
import { driverOf, lookCloser, type Side } from '../split-brain/side.js';
import type { End, Replica, Resource, View } from '../view.js';
import { lookAtDown, type DownSide } from './down-side.js';
import { missed, type Miss } from './miss.js';
import { lookAtPath, type NetworkPath } from './network-path.js';
import { peerNameOf, twoOf } from './two-of.js';

/** A resource that the kernel of a host has. */
export interface UpPlace {
  readonly kind: 'up';
  readonly host: HostName;
  readonly reader: Reader;
  readonly end: End;
  readonly side: Side;
  /** Whether the peer's address on the cluster's network answers it. */
  readonly path: NetworkPath;
}

/** A resource that a host should have and that its kernel has not. */
export interface DownPlace {
  readonly kind: 'down';
  readonly host: HostName;
  readonly reader: Reader;
  readonly replica: Replica;
  readonly down: DownSide;
}

/** A side that could not be asked, or that knows nothing of the resource. */
export interface AwayPlace {
  readonly kind: 'away';
  /** As the living side knows it. */
  readonly host: string;
  /** `silent`: a host of ours that does not answer; `bare`: it answers and has no such resource. */
  readonly why: 'silent' | 'bare' | 'not ours';
}

export type Place = UpPlace | DownPlace | AwayPlace;

/** One resource, as all hosts tell it together. */
export interface Standing {
  readonly at: Millis;
  readonly resource: Resource;
  /** The host that the subject names: `r0 fiori`. */
  readonly named: HostName | undefined;
  readonly places: readonly Place[];
  /** DRBD 9: the sides besides these two, which are left as they are. */
  readonly aside: readonly HostName[];
}

/** What was found out about a resource of two sides; or why it is left alone. */
export type Looked = { readonly ok: true; readonly standing: Standing } | Miss;

/** What becomes of a resource that has three sides and more. */
export type Several =
  /** The side in trouble and the one that it is mended from are looked at. */
  | 'two of them'
  /** It is told and left alone. */
  | 'refused';

/** Looks at one resource on all hosts. Never rejects, and changes nothing. */
export async function lookAround(
  subject: string,
  hosts: ReadonlyMap<HostName, Reader>,
  clock: () => Millis,
  several: Several = 'refused',
): Promise<Looked> {
  const view = viewOf(await lookAtAll(hosts, clock));
  const found = resourcesCalled(view, subject);
  const [whole] = found;
  if (!whole) return unknown(view, subject);
  if (found.length > 1) {
    return missed(
      'several resources of that name',
      `There are several: ${listed(found.map(({ label }) => label))}.`,
      'Name the one that is meant, with its hosts as written there.',
    );
  }
  const names = [...whole.replicas, ...whole.replicas.flatMap(({ links }) => links)];
  const named = names.map(nameIn).find((host) => subject.endsWith(` ${host}`));
  const two = isOfTwo(whole)
    ? { ok: true as const, resource: whole, aside: [] }
    : several === 'two of them'
      ? twoOf(whole, named)
      : tooMany(whole);
  if (!two.ok) return two;
  const { resource, aside: left } = two;
  const places = await Promise.all(
    resource.replicas.map((replica) => lookAtPlace(replica, { view, resource, hosts })),
  );
  const standing = {
    at: clock(),
    resource,
    named: resource.replicas.find(({ host }) => host === named)?.host,
    places: [...places, ...away(view, resource)],
    aside: left,
  };
  return { ok: true, standing };
}

function nameIn(one: { readonly host: HostName; readonly peer?: string }): string {
  return one.peer ?? one.host;
}

function isOfTwo({ replicas }: Resource): boolean {
  const links = replicas.flatMap((replica) => replica.links);
  return replicas.length <= 2 && links.length <= replicas.length;
}

function tooMany(resource: Resource): Miss {
  return missed(
    'more than one peer',
    `${resource.name} has more than two sides: ${listed(resource.replicas.map(({ host }) => host))}.`,
    `Old data is taken as good here only where there is one other side: among several one that does not answer may have the newest. Bring the others back first (drbd.peer-lost). If they are gone for good, by hand on the side that is kept: \`drbdadm primary --force ${resource.name}\`.`,
    resource,
  );
}

function unknown({ resources, now, hosts }: View, subject: string): Miss {
  const names = resources.map(({ label }) => label);
  const silent = now.hosts.filter(({ name }) => !hosts.some(({ host }) => host === name));
  const unheard =
    silent.length > 0
      ? ` DRBD on ${listed(silent.map(({ name }) => name))} could not be read.`
      : '';
  return missed(
    'resource unknown',
    `No host that answered has a DRBD resource called ${subject}.${unheard}`,
    names.length > 0
      ? `There are: ${listed(names, 12)}.`
      : 'Look whether DRBD is configured on the hosts: `drbdadm dump`.',
  );
}

interface Around {
  readonly view: View;
  readonly resource: Resource;
  readonly hosts: ReadonlyMap<HostName, Reader>;
}

async function lookAtPlace(replica: Replica, { view, resource, hosts }: Around): Promise<Place> {
  const { host } = replica;
  const reader = hosts.get(host);
  const [link] = replica.links;
  if (!reader) return { kind: 'away', host, why: 'silent' };
  if (replica.up && link) {
    const end = { replica, link };
    const [side, path] = await Promise.all([lookCloser(end, reader), lookAtPath(end, reader)]);
    return { kind: 'up', host, reader, end, side, path };
  }
  // What is not loaded does not say how it is spoken to: as the other side is.
  const speaks = resource.replicas.find(({ up }) => up) ?? replica;
  const source = resource.replicas.find((one) => one !== replica);
  const peer = peerNameOf(view, replica, source?.host);
  const down = await lookAtDown(replica, reader, driverOf({ replica: speaks }), peer);
  return { kind: 'down', host, reader, replica, down };
}

/** The peers that are named by those that answered, and did not tell their own side. */
function away(view: View, { name, replicas }: Resource): readonly AwayPlace[] {
  if (replicas.length > 1) return [];
  return replicas.flatMap(({ on, links, host }): readonly AwayPlace[] => {
    const others = on.configured?.find((one) => one.name === name)?.others;
    const called = links[0]?.named ?? null;
    const configured =
      called === null ? others?.[0] : others?.find((other) => other.name === called);
    const ours = links[0]?.peerHost ?? (configured && hostOf(view.now, configured));
    const peer = ours ?? links[0]?.peer ?? configured?.name ?? configured?.address ?? 'the peer';
    if (peer === host) return [];
    const known = view.now.hosts.find((one) => one.name === peer);
    if (!known) return [{ kind: 'away', host: peer, why: 'not ours' }];
    const answered = view.hosts.some((one) => one.host === peer);
    return [{ kind: 'away', host: peer, why: answered ? 'bare' : 'silent' }];
  });
}
