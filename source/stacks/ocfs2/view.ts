import type { HostName } from '../../core/host.js';
import type { Known, Now } from '../../core/probe.js';
import type { MountEntry } from '../../tools/mountinfo.js';
import { devicesProbe, logProbe, nodeProbe, type ClusterNodeState } from './probes.js';
import type { LogLine } from './read/kernel-log.js';
import { configured, shortName, type Beat } from './read/node-facts.js';

/** A host as a node. */
export interface NodeView {
  readonly host: HostName;
  readonly reading: Known<ClusterNodeState>;
  readonly facts: ClusterNodeState;
  readonly stale: boolean;
  /** Its number in the cluster, as its kernel or its file has it. */
  readonly number?: number;
  /** The cluster that it is configured for, or that its kernel has. */
  readonly cluster?: string;
  readonly log?: Known<readonly LogLine[]>;
}

/** A file system that is mounted on a host. */
export interface Mounted {
  readonly node: NodeView;
  readonly entry: MountEntry;
  readonly beat?: Beat;
  /** Whether its own heartbeat region is there; undefined: not known. */
  readonly region?: boolean;
}

/** An OCFS2 file system over all hosts. */
export interface Volume {
  readonly uuid: string;
  /** Its label; else the beginning of its UUID, or where it is mounted. */
  readonly name: string;
  readonly label: string;
  /** By which device each host has it: of several names the uppermost. */
  readonly seen: readonly { readonly host: HostName; readonly device: string }[];
  readonly mounts: readonly Mounted[];
  /** Names of the nodes that hold a slot on the disk; undefined: no host could read it. */
  readonly holders?: readonly string[];
  readonly slots?: number;
}

/** All that is known of OCFS2 at a moment. */
export interface View {
  readonly nodes: readonly NodeView[];
  readonly volumes: readonly Volume[];
}

const made = new WeakMap<Now, View>();

/** The joined view of a moment; made once, however many ask for it. */
export function viewOf(now: Now): View {
  const known = made.get(now);
  if (known) return known;
  const nodes = now.known(nodeProbe).map((reading) => nodeView(now, reading));
  const view = { nodes, volumes: volumesOf(now, nodes) };
  made.set(now, view);
  return view;
}

function nodeView(now: Now, reading: Known<ClusterNodeState>): NodeView {
  const { host, value: facts } = reading;
  const own = facts.clusters.flatMap(({ name, nodes }) =>
    nodes.filter(({ local }) => local).map(({ number }) => ({ name, number })),
  )[0];
  const short = shortName(facts);
  const inFile = configured(facts).flatMap(({ name, nodes }) =>
    nodes.filter((node) => node.name === short).map(({ number }) => ({ name, number })),
  )[0];
  const number = own?.number ?? inFile?.number;
  const cluster =
    own?.name ?? inFile?.name ?? configured(facts)[0]?.name ?? facts.clusters[0]?.name;
  const log = now.known(logProbe).find((one) => one.host === host);
  return {
    host,
    reading,
    facts,
    stale: reading.kind === 'stale',
    ...(number !== undefined && { number }),
    ...(cluster !== undefined && { cluster }),
    ...(log && { log }),
  };
}

interface Growing {
  label: string;
  readonly seen: Map<HostName, string>;
  readonly mounts: Mounted[];
  holders?: readonly string[];
  slots?: number;
}

function volumesOf(now: Now, nodes: readonly NodeView[]): readonly Volume[] {
  const volumes = new Map<string, Growing>();
  const volume = (uuid: string): Growing => {
    const known = volumes.get(uuid) ?? { label: '', seen: new Map(), mounts: [] };
    volumes.set(uuid, known);
    return known;
  };
  for (const { host, value } of now.known(devicesProbe)) {
    for (const { device, uuid, label } of value.devices) {
      const one = volume(uuid);
      if (one.label === '') one.label = label;
      const before = one.seen.get(host);
      if (before === undefined || rank(device) > rank(before)) one.seen.set(host, device);
      const nodesOf = value.mounted.find((row) => row.device === one.seen.get(host))?.nodes;
      if (nodesOf) one.holders = nodesOf;
    }
  }
  for (const node of nodes) {
    for (const entry of node.facts.mounts) addMount(now, node, entry, volume);
  }
  return [...volumes].map(([uuid, one]) => finish(uuid, one));
}

function addMount(
  now: Now,
  node: NodeView,
  entry: MountEntry,
  volume: (uuid: string) => Growing,
): void {
  const { facts, host } = node;
  const uuid = uuidOf(now, node, entry) ?? `${host}:${entry.source}`;
  const one = volume(uuid);
  const beat = facts.beats.get(uuid);
  const regions = facts.clusters.flatMap((cluster) => cluster.regions);
  const region =
    facts.clusters.length === 0 || entry.superOptions.includes('heartbeat=none')
      ? undefined
      : regions.some((known) => known.uuid === uuid) ||
        entry.superOptions.includes('heartbeat=global');
  one.seen.set(host, entry.source);
  // Bind mounts of its folders are no mounts of their own.
  if (one.mounts.some((mounted) => mounted.node.host === host)) return;
  one.mounts.push({
    node,
    entry,
    ...(beat && { beat }),
    ...(region !== undefined && { region }),
  });
  const known = facts.volumes.get(uuid);
  if (!known) return;
  one.slots = known.slots;
  if (one.label === '') one.label = known.label;
}

/** By the number of its device, by its heartbeat region, or by what the device was found to hold. */
function uuidOf(now: Now, { facts, host }: NodeView, entry: MountEntry): string | undefined {
  const byNumber = [...facts.volumes].find(([, { number }]) => number === entry.number)?.[0];
  const kernelName = entry.source.slice(entry.source.lastIndexOf('/') + 1);
  const byRegion = facts.clusters
    .flatMap(({ regions }) => regions)
    .find(({ device }) => device === kernelName)?.uuid;
  const devices = now.known(devicesProbe).find((one) => one.host === host)?.value.devices;
  return byNumber ?? byRegion ?? devices?.find(({ device }) => device === entry.source)?.uuid;
}

/** The disk beneath a DRBD device or a map shows the same file system: the upper one is meant. */
function rank(device: string): number {
  if (device.startsWith('/dev/drbd')) return 2;
  return /^\/dev\/(?:mapper\/|dm-)/.test(device) ? 1 : 0;
}

function finish(uuid: string, { label, seen, mounts, holders, slots }: Growing): Volume {
  const point = mounts[0]?.entry.point;
  // A Secondary shows the disk beneath alone: by that nobody mounts or checks it.
  const drbd = [...seen.values()].find((device) => rank(device) === 2);
  return {
    uuid,
    label,
    name: label === '' ? (point ?? uuid.slice(0, 8)) : label,
    seen: [...seen].map(([host, device]) => ({
      host,
      device: drbd !== undefined && rank(device) < 2 ? drbd : device,
    })),
    mounts,
    ...(holders && { holders }),
    ...(slots !== undefined && { slots }),
  };
}

/** The hosts that are known of the cluster that a node is in. */
export function clusterMates({ nodes }: View, { cluster, host }: NodeView): readonly NodeView[] {
  return nodes.filter((node) => node.host !== host && node.cluster === cluster);
}

/** The file systems that others of its cluster have mounted, and that a node sees and has not. */
export function missedBy(view: View, node: NodeView): readonly Volume[] {
  const mates = clusterMates(view, node).map(({ host }) => host);
  return view.volumes.filter(({ mounts, seen }) => {
    const on = mounts.map((one) => one.node.host);
    const isMounted = on.some((host) => mates.includes(host));
    return isMounted && !on.includes(node.host) && seen.some(({ host }) => host === node.host);
  });
}

/** Two hosts that have one file system mounted and do not see each other's heartbeat. */
export function apart({ mounts }: Volume): readonly (readonly [Mounted, Mounted])[] {
  return mounts.flatMap((one, index) =>
    mounts.slice(index + 1).flatMap((other): (readonly [Mounted, Mounted])[] => {
      return deaf(one, other) || deaf(other, one) ? [[one, other]] : [];
    }),
  );
}

/** It knows who is alive, and the other is not among them. */
function deaf({ node, beat }: Mounted, other: Mounted): boolean {
  const { number } = other.node;
  return (
    !node.stale &&
    !other.node.stale &&
    beat !== undefined &&
    beat.alive.length > 0 &&
    number !== undefined &&
    !beat.alive.includes(number)
  );
}

/** The newest lines of the log about a file system since this host came in. */
export function sinceEntered(lines: readonly LogLine[], uuid: string): readonly LogLine[] {
  const entered = lines.findLastIndex((line) => line.kind === 'entered' && line.uuid === uuid);
  return lines.slice(entered + 1);
}

/** The nodes that this host threw out of a file system's domain and that have not come back. */
export function evictedFrom(lines: readonly LogLine[], uuid: string): readonly LogLine[] {
  const own = sinceEntered(lines, uuid).filter((line) => line.uuid === uuid);
  return own.filter(
    (line, index) =>
      line.kind === 'evicted' &&
      !own.slice(index + 1).some(({ kind, node }) => kind !== 'other' && node === line.node),
  );
}
