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
}

/** What was found out about a resource of two sides; or why it is left alone. */
export type Looked = { readonly ok: true; readonly standing: Standing } | Miss;

/** Looks at one resource on all hosts. Never rejects, and changes nothing. */
export async function lookAround(
  subject: string,
  hosts: ReadonlyMap<HostName, Reader>,
  clock: () => Millis,
): Promise<Looked> {
  const view = viewOf(await lookAtAll(hosts, clock));
  const found = resourcesCalled(view, subject);
  const [resource] = found;
  if (!resource) return unknown(view, subject);
  if (found.length > 1) {
    return missed(
      'several resources of that name',
      `There are several: ${listed(found.map(({ label }) => label))}.`,
      'Name the one that is meant, with its hosts as written there.',
    );
  }
  const links = resource.replicas.flatMap((replica) => replica.links);
  if (resource.replicas.length > 2 || links.length > resource.replicas.length) {
    return missed(
      'more than one peer',
      `${resource.name} has more than two sides: ${listed(resource.replicas.map(({ host }) => host))}.`,
      'Holdfast does this between two sides only. By hand: one side after the other, each watched until it is UpToDate.',
      resource,
    );
  }
  const places = await Promise.all(
    resource.replicas.map((replica) => lookAtPlace(replica, resource, hosts)),
  );
  const named = resource.replicas.find(({ host }) => subject.endsWith(` ${host}`))?.host;
  const standing = { at: clock(), resource, named, places: [...places, ...away(view, resource)] };
  return { ok: true, standing };
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

async function lookAtPlace(
  replica: Replica,
  resource: Resource,
  hosts: ReadonlyMap<HostName, Reader>,
): Promise<Place> {
  const { host } = replica;
  const reader = hosts.get(host);
  const [link] = replica.links;
  if (!reader) return { kind: 'away', host, why: 'silent' };
  if (replica.up && link) {
    const end = { replica, link };
    const [side, path] = await Promise.all([lookCloser(end, reader), lookAtPath(replica, reader)]);
    return { kind: 'up', host, reader, end, side, path };
  }
  // What is not loaded does not say how it is spoken to: as the other side is.
  const speaks = resource.replicas.find(({ up }) => up) ?? replica;
  const down = await lookAtDown(replica, reader, driverOf({ replica: speaks }));
  return { kind: 'down', host, reader, replica, down };
}

/** The peers that are named by those that answered, and did not tell their own side. */
function away(view: View, { name, replicas }: Resource): readonly AwayPlace[] {
  if (replicas.length > 1) return [];
  return replicas.flatMap(({ on, links, host }): readonly AwayPlace[] => {
    const configured = on.configured?.find((one) => one.name === name)?.others[0];
    const ours = links[0]?.peerHost ?? (configured && hostOf(view.now, configured));
    const peer = ours ?? links[0]?.peer ?? configured?.name ?? configured?.address ?? 'the peer';
    if (peer === host) return [];
    const known = view.now.hosts.find((one) => one.name === peer);
    if (!known) return [{ kind: 'away', host: peer, why: 'not ours' }];
    const answered = view.hosts.some((one) => one.host === peer);
    return [{ kind: 'away', host: peer, why: answered ? 'bare' : 'silent' }];
  });
}
