import type { HostName } from './host.js';
import { hostNode, mountsOf, type NodeId } from './node-ids.js';
import { Same } from './same.js';

export * from './node-ids.js';

/** A thing that stores or carries data. */
export interface GraphNode {
  readonly id: NodeId;
  /**
   * The field's own word: `disk`, `path`, `resource`, `chunkserver`. `device` is the word of those
   * who know a block device only by its path; any other word is better.
   */
  readonly kind: string;
  readonly host?: HostName;
  readonly name: string;
}

/**
 * `upper` stands on `lower`. The edges of one `group` of an upper node are alternatives of which
 * `needs` must live (1 of 2 paths, 1 of 2 replicas, min_size of the copies). None: their loss
 * degrades it and never kills it.
 */
export interface GraphEdge {
  readonly upper: NodeId;
  readonly lower: NodeId;
  readonly group: string;
  readonly needs: number;
}

/** The kind of a virtual machine's node, whichever hypervisor runs it: what storage is there for. */
export const GUEST = 'virtual machine';

/** What one stack knows of what stands on what. */
export interface Fragment {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Names that mean one thing: all paths of a device. Each list is joined whole. */
  readonly aliases?: readonly (readonly NodeId[])[];
}

/** A fragment with nothing in it. */
export const emptyFragment: Fragment = { nodes: [], edges: [] };

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
 * The fragments of all stacks and hosts, joined by node identity. It may be asked by any name of a
 * thing, and answers by the one of `nameOf`. It survives circles, loose ends and contradictions: of
 * two claims the stricter is believed, and both are told.
 */
export class StorageGraph {
  readonly #nodes = new Map<NodeId, GraphNode>();
  readonly #groups = new Map<NodeId, Map<string, Group>>();
  readonly #uppers = new Map<NodeId, Set<NodeId>>();
  readonly #contradictions: Contradiction[] = [];
  readonly #same = new Same();

  constructor(fragments: Iterable<Fragment>) {
    const all = [...fragments];
    for (const { aliases = [] } of all) for (const names of aliases) this.#same.join(names);
    for (const { nodes, edges } of all) {
      for (const node of nodes) this.#add(node);
      for (const { upper, lower, group, needs } of edges) this.#link(upper, lower, group, needs);
    }
    for (const { edges } of all) for (const { lower } of edges) this.#settle(lower);
  }

  /** The one name by which the graph tells of a thing that may have several. */
  nameOf(id: NodeId): NodeId {
    return this.#same.of(id);
  }

  node(id: NodeId): GraphNode | undefined {
    return this.#nodes.get(this.#same.of(id));
  }

  get nodes(): Iterable<GraphNode> {
    return this.#nodes.values();
  }

  get contradictions(): readonly Contradiction[] {
    return this.#contradictions;
  }

  /** Everything that these nodes stand on, nearest first, without the nodes themselves. */
  beneath(ids: Iterable<NodeId>): ReadonlySet<NodeId> {
    return reach(this.#named(ids), (id) => this.#lowers(id));
  }

  /** Everything that stands on these nodes, nearest first: the blast radius. */
  above(ids: Iterable<NodeId>): ReadonlySet<NodeId> {
    return reach(this.#named(ids), (id) => this.#uppers.get(id) ?? []);
  }

  /** The names of the virtual machines on these nodes, themselves left out; each once, in order. */
  guestsOn(ids: Iterable<NodeId>): readonly string[] {
    const above = [...this.above(ids)].flatMap((id) => this.#nodes.get(id) ?? []);
    const names = above.filter(({ kind }) => kind === GUEST).map(({ name }) => name);
    return [...new Set(names)].sort((a, b) => a.localeCompare(b));
  }

  /** What stands directly on a node: who holds it. */
  holders(id: NodeId): readonly NodeId[] {
    return [...(this.#uppers.get(this.#same.of(id)) ?? [])];
  }

  /**
   * In which order what stands on a node is to be taken off: the topmost first, the node itself
   * not among them. Within a circle the order is that of the walk.
   */
  releaseOrder(id: NodeId): readonly NodeId[] {
    const order: NodeId[] = [];
    const start = this.#same.of(id);
    const seen = new Set([start]);
    const stack: { readonly id: NodeId; readonly rest: Iterator<NodeId> }[] = [];
    const enter = (node: NodeId): void => {
      stack.push({ id: node, rest: (this.#uppers.get(node) ?? new Set<NodeId>()).values() });
    };
    enter(start);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.rest.next();
      if (next.done === true) {
        stack.pop();
        if (top.id !== start) order.push(top.id);
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
    for (const id of this.#named(gone)) settle(id, 'dead');
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

  *#named(ids: Iterable<NodeId>): Iterable<NodeId> {
    for (const id of ids) yield this.#same.of(id);
  }

  #add(node: GraphNode): void {
    const id = this.#same.of(node.id);
    const known = this.#nodes.get(id);
    if (node.host !== undefined) this.#link(id, hostNode(node.host), 'host', 1);
    if (known === undefined || (known.kind === 'device' && node.kind !== 'device')) {
      this.#nodes.set(id, { ...node, id });
    }
    if (known === undefined || known.kind === 'device' || node.kind === 'device') return;
    if (known.kind !== node.kind) {
      this.#contradictions.push({
        node: id,
        says: `it is called a ${known.kind} and a ${node.kind}`,
      });
    }
  }

  /** A folder stands on the innermost mount that it lies in. */
  #settle(id: NodeId): void {
    const mount = mountsOf(id).find((one) => this.#nodes.has(this.#same.of(one)));
    if (mount !== undefined) this.#link(id, mount, 'mount', 1);
  }

  #link(over: NodeId, under: NodeId, name: string, needs: number): void {
    const [upper, lower] = [this.#same.of(over), this.#same.of(under)];
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
