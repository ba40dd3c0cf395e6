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

/** The fragments of all stacks and hosts, joined by node identity. Tolerates circles and loose ends. */
export class StorageGraph {
  readonly #nodes = new Map<NodeId, GraphNode>();
  readonly #beneath = new Map<NodeId, Set<NodeId>>();

  constructor(fragments: Iterable<Fragment>) {
    for (const { nodes, edges } of fragments) {
      for (const node of nodes) {
        this.#nodes.set(node.id, node);
        if (node.host !== undefined) this.#link(node.id, hostNode(node.host));
      }
      for (const edge of edges) this.#link(edge.upper, edge.lower);
    }
  }

  node(id: NodeId): GraphNode | undefined {
    return this.#nodes.get(id);
  }

  /** Everything that these nodes stand on, nearest first, without the nodes themselves. */
  beneath(ids: Iterable<NodeId>): ReadonlySet<NodeId> {
    const start = new Set(ids);
    const seen = new Set<NodeId>();
    const queue = [...start];
    for (const id of queue) {
      for (const lower of this.#beneath.get(id) ?? []) {
        if (seen.has(lower) || start.has(lower)) continue;
        seen.add(lower);
        queue.push(lower);
      }
    }
    return seen;
  }

  #link(upper: NodeId, lower: NodeId): void {
    if (upper === lower) return;
    const set = this.#beneath.get(upper);
    if (set) set.add(lower);
    else this.#beneath.set(upper, new Set([lower]));
  }
}
