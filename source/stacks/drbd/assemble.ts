import type { HostName } from '../../core/host.js';
import { isKnown, type Known, type Now, type Probe } from '../../core/probe.js';
import {
  configProbe,
  devicesProbe,
  identifiersProbe,
  logProbe,
  namesProbe,
  solvedProbe,
} from './probes.js';
import { ownersOf } from './names.js';
import { replicasOf } from './replicas.js';
import type { End, HostView, Link, Pair, Replica, Resource, View } from './view.js';

const views = new WeakMap<Now, View>();

/** The joined view of a moment; made once, however many ask for it. */
export function viewOf(now: Now): View {
  const made = views.get(now);
  if (made) return made;
  const view = assemble(now);
  views.set(now, view);
  return view;
}

function assemble(now: Now): View {
  const hosts = now.known(devicesProbe).map((devices) => hostView(now, devices.host, devices));
  const owners = ownersOf(hosts);
  const byName = new Map<string, Replica[]>();
  for (const replica of hosts.flatMap((host) => replicasOf(now, host, owners))) {
    const list = byName.get(replica.resource);
    if (list) list.push(replica);
    else byName.set(replica.resource, [replica]);
  }
  const resources = [...byName]
    .flatMap(([name, replicas]) => resourcesNamed(name, replicas))
    .sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
  return { now, hosts, resources };
}

/** Several pairs of hosts may each have an `r0` of their own: only who names whom belongs together. */
function resourcesNamed(name: string, replicas: readonly Replica[]): readonly Resource[] {
  const groups: Replica[][] = [];
  for (const replica of replicas) {
    const own = groups.filter((group) => group.some((other) => isPeer(replica, other)));
    const rest = groups.filter((group) => !own.includes(group));
    groups.splice(0, groups.length, ...rest, [...own.flat(), replica]);
  }
  return groups.map((group) => ({
    name,
    label: groups.length > 1 ? `${name} (${group.map(({ host }) => host).join(', ')})` : name,
    byMinor: group.every(({ named }) => !named),
    replicas: group,
    pairs: pairsOf(group),
  }));
}

function isPeer(a: Replica, b: Replica): boolean {
  return a.peerHosts.includes(b.host) || b.peerHosts.includes(a.host);
}

function hostView(now: Now, host: HostName, devices: HostView['devices']): HostView {
  const config = newest(now, configProbe, host);
  const read = config?.value.kind === 'read' ? config.value.resources : undefined;
  return {
    host,
    devices,
    names: newest(now, namesProbe, host),
    config,
    log: newest(now, logProbe, host),
    solved: newest(now, solvedProbe, host),
    identifiers: newest(now, identifiersProbe, host),
    configured: read?.filter(({ self }) => self !== null),
  };
}

function newest<T>(now: Now, probe: Probe<T>, host: HostName): Known<T> | undefined {
  return now.of(probe).find((reading): reading is Known<T> => {
    return reading.host === host && isKnown(reading);
  });
}

/** Lays the two ends of each connection together. */
function pairsOf(replicas: readonly Replica[]): readonly Pair[] {
  const pairs = new Map<string, End[]>();
  for (const replica of replicas) {
    for (const link of replica.links) {
      const key = pairKey(link);
      const ends = pairs.get(key);
      if (ends) ends.push({ replica, link });
      else pairs.set(key, [{ replica, link }]);
    }
  }
  return [...pairs.values()].map((ends) => ({ ends }));
}

function pairKey({ host, peer, peerHost }: Link): string {
  return JSON.stringify([host, peerHost ?? `?${peer}`].sort());
}
