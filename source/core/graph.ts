import type { HostName } from './host.js';

/** `kind:identity`, or `kind:host/identity` for a thing of one host. */
export type NodeId = string;

/** A thing that stores or carries data. */
export interface GraphNode {
  readonly id: NodeId;
  /** The field's own word: `disk`, `path`, `resource`, `chunkserver`. */
  readonly kind: string;
  readonly host?: HostName;
  readonly name: string;
}

/**
 * `upper` stands on `lower`. The edges of one `group` of an upper node are alternatives of which
 * `needs` must live (1 of 2 paths, 1 of 2 replicas, min_size of the copies).
 */
export interface GraphEdge {
  readonly upper: NodeId;
  readonly lower: NodeId;
  readonly group: string;
  readonly needs: number;
}

/** What one stack knows of what stands on what. */
export interface Fragment {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** A fragment with nothing in it. */
export const emptyFragment: Fragment = { nodes: [], edges: [] };

/** The node of a host itself, on which everything of that host stands. */
export function hostNode(host: HostName): NodeId {
  return `host:${host}`;
}

/** What becomes of a thing when others go. */
export type Fate = 'untouched' | 'degraded' | 'dead';

/** Two stacks or hosts that say different things of one node or group. */
export interface Contradiction {
  readonly node: NodeId;
  readonly says: string;
}

/** The alternatives of one group beneath a node. */
interface Group {
  needs: number;
  readonly lowers: Set<NodeId>;
}

/**
 * The fragments of all stacks and hosts, joined by node identity. It survives circles, loose ends
 * and contradictions: of two claims the stricter is believed, and both are told.
 */
export class StorageGraph {
  readonly #nodes = new Map<NodeId, GraphNode>();
  readonly #groups = new Map<NodeId, Map<string, Group>>();
  readonly #uppers = new Map<NodeId, Set<NodeId>>();
  readonly #contradictions: Contradiction[] = [];

  constructor(fragments: Iterable<Fragment>) {
    for (const { nodes, edges } of fragments) {
      for (const node of nodes) this.#add(node);
      for (const { upper, lower, group, needs } of edges) this.#link(upper, lower, group, needs);
    }
  }

  node(id: NodeId): GraphNode | undefined {
    return this.#nodes.get(id);
  }

  get nodes(): Iterable<GraphNode> {
    return this.#nodes.values();
  }

  get contradictions(): readonly Contradiction[] {
    return this.#contradictions;
  }

  /** Everything that these nodes stand on, nearest first, without the nodes themselves. */
  beneath(ids: Iterable<NodeId>): ReadonlySet<NodeId> {
    return reach(ids, (id) => this.#lowers(id));
  }

  /** Everything that stands on these nodes, nearest first: the blast radius. */
  above(ids: Iterable<NodeId>): ReadonlySet<NodeId> {
    return reach(ids, (id) => this.#uppers.get(id) ?? []);
  }

  /** What stands directly on a node: who holds it. */
  holders(id: NodeId): readonly NodeId[] {
    return [...(this.#uppers.get(id) ?? [])];
  }

  /**
   * In which order what stands on a node is to be taken off: the topmost first, the node itself
   * not among them. Within a circle the order is that of the walk.
   */
  releaseOrder(id: NodeId): readonly NodeId[] {
    const order: NodeId[] = [];
    const seen = new Set([id]);
    const stack: { readonly id: NodeId; readonly rest: Iterator<NodeId> }[] = [];
    const enter = (node: NodeId): void => {
      stack.push({ id: node, rest: (this.#uppers.get(node) ?? new Set<NodeId>()).values() });
    };
    enter(id);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.rest.next();
      if (next.done === true) {
        stack.pop();
        if (top.id !== id) order.push(top.id);
      } else if (!seen.has(next.value)) {
        seen.add(next.value);
        enter(next.value);
      }
    }
    return order;
  }

  /**
   * What becomes of everything when these nodes go: dead where a group has fewer living members
   * than it needs, degraded where it has lost one or stands on something degraded. Nodes that are
   * untouched are left out.
   */
  whatIf(gone: Iterable<NodeId>): ReadonlyMap<NodeId, Exclude<Fate, 'untouched'>> {
    const fates = new Map<NodeId, Exclude<Fate, 'untouched'>>();
    const queue: NodeId[] = [];
    const settle = (id: NodeId, fate: Exclude<Fate, 'untouched'>): void => {
      if (fates.get(id) === fate || fates.get(id) === 'dead') return;
      fates.set(id, fate);
      queue.push(id);
    };
    for (const id of gone) settle(id, 'dead');
    for (const id of queue) {
      for (const upper of this.#uppers.get(id) ?? []) {
        const fate = this.#fate(upper, fates);
        if (fate !== 'untouched') settle(upper, fate);
      }
    }
    return fates;
  }

  #fate(id: NodeId, fates: ReadonlyMap<NodeId, Fate>): Fate {
    let worst: Fate = 'untouched';
    for (const { needs, lowers } of this.#groups.get(id)?.values() ?? []) {
      let alive = 0;
      for (const lower of lowers) {
        const fate = fates.get(lower);
        if (fate !== 'dead') alive += 1;
        if (fate !== undefined) worst = 'degraded';
      }
      if (alive < needs) return 'dead';
    }
    return worst;
  }

  *#lowers(id: NodeId): Iterable<NodeId> {
    for (const { lowers } of this.#groups.get(id)?.values() ?? []) yield* lowers;
  }

  #add(node: GraphNode): void {
    const known = this.#nodes.get(node.id);
    if (known && known.kind !== node.kind) {
      const says = `it is called a ${known.kind} and a ${node.kind}`;
      this.#contradictions.push({ node: node.id, says });
    }
    this.#nodes.set(node.id, known ?? node);
    if (node.host !== undefined) this.#link(node.id, hostNode(node.host), 'host', 1);
  }

  #link(upper: NodeId, lower: NodeId, name: string, needs: number): void {
    if (upper === lower) return;
    const groups = this.#groups.get(upper) ?? new Map<string, Group>();
    this.#groups.set(upper, groups);
    const group = groups.get(name);
    if (group) {
      if (group.needs !== needs) {
        const says = `its ${name} are said to need ${group.needs} and ${needs}`;
        this.#contradictions.push({ node: upper, says });
        group.needs = Math.max(group.needs, needs);
      }
      group.lowers.add(lower);
    } else {
      groups.set(name, { needs, lowers: new Set([lower]) });
    }
    const uppers = this.#uppers.get(lower);
    if (uppers) uppers.add(upper);
    else this.#uppers.set(lower, new Set([upper]));
  }
}

/** Everything reached by steps from these nodes, nearest first, without the nodes themselves. */
function reach(ids: Iterable<NodeId>, step: (id: NodeId) => Iterable<NodeId>): ReadonlySet<NodeId> {
  const start = new Set(ids);
  const seen = new Set<NodeId>();
  const queue = [...start];
  for (const id of queue) {
    for (const next of step(id)) {
      if (seen.has(next) || start.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return seen;
}
