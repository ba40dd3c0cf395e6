import { diskNode, type NodeId } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';
import type { Known, Now } from '../../core/probe.js';
import { clean } from '../../core/text.js';
import { standing, type IscsiSession } from '../../tools/iscsi-session.js';
import type { KernelDisks } from './kernel-disks.js';
import {
  conditionOf,
  pathName,
  type Condition,
  type MultipathMap,
  type MultipathPath,
  type PathGroup,
} from './map.js';
import { disksProbe, mapsProbe, sessionsProbe, type HostMaps } from './probes.js';

/** A path with all that is known of it from every side. */
export interface PathView {
  readonly id: NodeId;
  readonly path: MultipathPath;
  /** `sda`, drawable. */
  readonly name: string;
  /** `2:0:0:1`, drawable; empty where nobody knows. */
  readonly hctl: string;
  readonly condition: Condition;
  /** `failed faulty running`, drawable. */
  readonly states: string;
  readonly nameless: boolean;
  readonly session?: SessionView;
}

/** A session on its host. */
export interface SessionView {
  readonly id: NodeId;
  readonly host: HostName;
  readonly session: IscsiSession;
  /** `192.0.2.2:3260`, drawable. */
  readonly portal: string;
  readonly standing: 'up' | 'down' | 'unknown';
  /** `transport wait, free, reopening`, drawable. */
  readonly states: string;
}

/** A map on its host. */
export interface MapView {
  readonly id: NodeId;
  /** Empty for a captured output, which does not say where it was made. */
  readonly host: HostName;
  readonly map: MultipathMap;
  /** `dados`, drawable. */
  readonly name: string;
  /** `dados@fiori`: what findings about it are named by. */
  readonly subject: string;
  readonly sizeBytes: number | null;
  readonly groups: readonly { readonly group: PathGroup; readonly paths: readonly PathView[] }[];
  readonly paths: readonly PathView[];
  readonly usable: number;
  /** The most paths that were usable at once while it was watched: what it is used to. */
  readonly usedTo: number;
  readonly reading?: Known<HostMaps>;
}

/** The key under which the usable paths of a map are remembered. */
export function usableKey(host: HostName, { wwid }: MultipathMap): string {
  return `multipath.${host}/${wwid}.usable`;
}

/** What is known of a host besides its maps, by device. */
export interface Surroundings {
  readonly host: HostName;
  readonly sessionOf: ReadonlyMap<string, SessionView>;
  readonly hctlOf: ReadonlyMap<string, string>;
  readonly sizeOf: ReadonlyMap<string, number>;
  readonly reading?: Known<HostMaps>;
  /** The greatest value that each metric ever had. */
  readonly peaks?: ReadonlyMap<string, number>;
}

/** Of a captured output nothing else is known. */
export const nowhere: Surroundings = {
  host: '',
  sessionOf: new Map(),
  hctlOf: new Map(),
  sizeOf: new Map(),
};

/** Node ids; `disk` and `portal` have no host, since several hosts share them. */
export const nodeIds = {
  map: (host: HostName, wwid: string): NodeId => `multipath.map:${host}/${wwid}`,
  path: (host: HostName, path: string): NodeId => `multipath.path:${host}/${path}`,
  daemon: (host: HostName): NodeId => `multipath.daemon:${host}`,
  session: (host: HostName, sid: string): NodeId => `iscsi.session:${host}/${sid}`,
  portal: (portal: string): NodeId => `iscsi.portal:${portal}`,
  disk: diskNode,
};

/** All sessions of all hosts. */
export function sessionViews(now: Now): readonly SessionView[] {
  return now
    .known(sessionsProbe)
    .flatMap(({ host, value }) => value.map((session) => sessionView(host, session)));
}

function sessionView(host: HostName, session: IscsiSession): SessionView {
  const { connectionState, sessionState, internalState } = session;
  const states = [connectionState, sessionState, internalState].filter((state) => state !== null);
  return {
    id: nodeIds.session(host, session.sid),
    host,
    session,
    portal: clean(session.portal),
    standing: standing(session),
    states: clean(states.join(', ').toLowerCase().replaceAll('_', ' ')),
  };
}

const made = new WeakMap<Now, readonly MapView[]>();

/** All maps of all hosts, in the order of the hosts; made once for a moment. */
export function mapViews(now: Now): readonly MapView[] {
  const before = made.get(now);
  if (before) return before;
  const sessions = new Map<HostName, SessionView[]>();
  for (const view of sessionViews(now)) {
    const list = sessions.get(view.host);
    if (list) list.push(view);
    else sessions.set(view.host, [view]);
  }
  const kernels = new Map(now.known(disksProbe).map(({ host, value }) => [host, value]));
  const views = now.known(mapsProbe).flatMap((reading) => {
    const { host } = reading;
    const around = surroundings(host, sessions.get(host) ?? [], kernels.get(host));
    return reading.value.maps.map((map) => mapView(map, { ...around, reading, peaks: now.peaks }));
  });
  made.set(now, views);
  return views;
}

function surroundings(
  host: HostName,
  sessions: readonly SessionView[],
  kernel: KernelDisks | undefined,
): Surroundings {
  const sessionOf = new Map<string, SessionView>();
  const hctlOf = new Map<string, string>();
  for (const view of sessions) {
    for (const { device, hctl } of view.session.disks) {
      sessionOf.set(device, view);
      if (hctl !== null) hctlOf.set(device, hctl);
    }
  }
  for (const { device, hctl } of kernel?.disks ?? []) if (hctl !== null) hctlOf.set(device, hctl);
  const sizeOf = new Map<string, number>();
  for (const { wwid, sizeBytes } of kernel?.maps ?? []) {
    if (sizeBytes !== null) sizeOf.set(wwid, sizeBytes);
  }
  return { host, sessionOf, hctlOf, sizeOf };
}

/** A map seen together with what surrounds it. */
export function mapView(map: MultipathMap, around: Surroundings): MapView {
  const { host, reading } = around;
  const groups = map.groups.map((group) => ({ group, paths: group.paths.map(view) }));
  const paths = groups.flatMap((group) => group.paths);
  const name = clean(map.alias);

  function view(path: MultipathPath): PathView {
    const device = path.device ?? '';
    const session = around.sessionOf.get(device);
    const hctl = path.hctl ?? around.hctlOf.get(device) ?? '';
    const states = [path.dmState, path.checkerState, path.deviceState];
    return {
      id: nodeIds.path(host, pathName(path)),
      path,
      name: clean(pathName(path)),
      hctl: clean(hctl),
      condition: conditionOf(path),
      states: clean(states.filter((state) => state !== null).join(' ')),
      nameless: path.device === null || path.hctl?.startsWith('#') === true,
      ...(session && { session }),
    };
  }

  const usable = paths.filter((path) => path.condition === 'usable').length;
  return {
    id: nodeIds.map(host, map.wwid),
    usedTo: Math.max(usable, around.peaks?.get(usableKey(host, map)) ?? 0),
    host,
    map,
    name,
    subject: host === '' ? name : `${name}@${host}`,
    // The kernel's size is exact; multipath's is rounded, and missing in the JSON.
    sizeBytes: around.sizeOf.get(map.wwid) ?? map.sizeBytes,
    groups,
    paths,
    usable,
    ...(reading && { reading }),
  };
}

/** `sdb → 192.0.2.130:3260`: a path as sentences name it. */
export function pathPhrase(path: PathView): string {
  return path.session ? `${path.name} → ${path.session.portal}` : path.name;
}
