import type { Fleet } from '../state.js';

/** One node's end of a connection of DRBD 9. */
export interface End9 {
  connection: 'Connected' | 'Connecting' | 'StandAlone';
  /** The data generation that its bitmap for this peer counts from. */
  bitmap: string;
  /** KiB that it wrote and the peer has not. */
  outOfSync: number;
  /** It will give up what it wrote when it meets the peer. */
  discards: boolean;
}

/** A resource of DRBD 9 on one machine. */
export interface Node9 {
  readonly machine: string;
  readonly id: number;
  role: 'Primary' | 'Secondary';
  /** The kernel has it. */
  up: boolean;
  disk: 'UpToDate' | 'Inconsistent' | 'Outdated' | 'Diskless';
  /** It has no disk by intention, and counts for quorum alone. */
  readonly client: boolean;
  current: string;
  written: number;
  /** By the peer's machine. */
  readonly ends: Map<string, End9>;
}

/** What is being copied from one node to another. */
export interface Resync9 {
  readonly source: string;
  readonly target: string;
  readonly total: number;
  left: number;
}

/** A resource of DRBD 9. */
export interface Resource9 {
  readonly name: string;
  readonly minor: number;
  readonly port: number;
  /** KiB. */
  readonly size: number;
  readonly backing: string;
  readonly quorum: 'off' | 'majority';
  /** KiB/s while it is Primary and mounted. */
  readonly writes: number;
  readonly nodes: readonly Node9[];
  readonly resyncs: Resync9[];
}

/** DRBD 9 of a fleet. */
export interface Nine {
  readonly resources: Resource9[];
  /** Machines whose replication network is cut from all others. */
  readonly cut: Set<string>;
}

const known = new WeakMap<Fleet, Nine>();

/** Gives a fleet its DRBD 9. */
export function installNine(fleet: Fleet, resources: readonly Resource9[]): Nine {
  const nine: Nine = { resources: [...resources], cut: new Set() };
  known.set(fleet, nine);
  return nine;
}

/** DRBD 9 of a fleet; undefined: its hosts have another DRBD, or none. */
export function nineOf(fleet: Fleet): Nine | undefined {
  return known.get(fleet);
}

/** The resource's node on a machine. */
export function nodeOn(resource: Resource9, machine: string): Node9 | undefined {
  return resource.nodes.find((node) => node.machine === machine);
}

/** A node's end towards a peer. */
export function endTo(node: Node9, peer: Node9): End9 {
  const end = node.ends.get(peer.machine);
  if (!end) throw new Error(`${node.machine} has no connection to ${peer.machine}`);
  return end;
}

/** All nodes but one. */
export function peersOf(resource: Resource9, node: Node9): readonly Node9[] {
  return resource.nodes.filter((other) => other !== node);
}

/** Whether more than half of the nodes are in reach; always, where nobody asks for it. */
export function hasQuorum(resource: Resource9, node: Node9): boolean {
  if (resource.quorum === 'off') return true;
  const reached = [...node.ends.values()].filter(({ connection }) => connection === 'Connected');
  return (reached.length + 1) * 2 > resource.nodes.length;
}

/** Whether a Primary is held back until it has quorum again. */
export function isSuspended(resource: Resource9, node: Node9): boolean {
  return node.role === 'Primary' && !hasQuorum(resource, node);
}
