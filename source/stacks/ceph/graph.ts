import type { Fragment, GraphEdge, GraphNode } from '../../core/graph.js';
import { emptyFragment } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';
import { hostByAddress } from '../../core/lookup.js';
import type { Now } from '../../core/probe.js';
import { clean } from '../../core/text.js';
import { downMonitors, hostOfMonitor } from './monitors.js';
import {
  bucketNode,
  clusterNode,
  managerNode,
  monitorNode,
  osdNode,
  pgsNode,
  poolsNode,
  quorumNode,
  spaceNode,
} from './nodes.js';
import { hostOfOsd } from './rules/osds-down.js';
import { viewOf, type View } from './view.js';

/** The cluster on its data and its quorum; the data on the OSDs, the quorum on the monitors; both on hosts. */
export function graph(now: Now): Fragment {
  const view = viewOf(now);
  if (!view) return emptyFragment;
  const parts = [core(view), osds(view), monitors(view)];
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    edges: parts.flatMap(({ edges }) => edges),
  };
}

function core({ status }: View): Fragment {
  const cluster = clusterNode(status);
  return {
    nodes: [
      node(cluster, 'cluster', 'Ceph'),
      node(pgsNode(status), 'placement groups', 'Ceph placement groups'),
      node(poolsNode(status), 'pools', 'Ceph pools'),
      node(spaceNode(status), 'space', 'Ceph space'),
      node(quorumNode(status), 'quorum', 'Ceph quorum'),
      node(managerNode(status), 'manager', status.manager?.name ?? 'Ceph manager'),
    ],
    edges: [
      { upper: cluster, lower: pgsNode(status), group: 'data', needs: 1 },
      { upper: cluster, lower: poolsNode(status), group: 'pools', needs: 1 },
      { upper: poolsNode(status), lower: spaceNode(status), group: 'space', needs: 1 },
      { upper: cluster, lower: quorumNode(status), group: 'quorum', needs: 1 },
    ],
  };
}

/**
 * The data lives while all OSDs but one do: how many copies each pool keeps and needs (`size`,
 * `min_size`) is not read here, and one is what every pool with a second copy can spare.
 */
function osds(view: View): Fragment {
  const { status, tree } = view;
  if (!tree) return emptyFragment;
  const carrying = tree.osds.filter((osd) => osd.in);
  const needs = Math.max(1, carrying.length - 1);
  return {
    nodes: [
      ...tree.osds.map((osd) =>
        node(osdNode(status, osd.id), 'osd', osd.name, hostOfOsd(view, osd)),
      ),
      ...tree.hosts.map(({ name, type }) => node(bucketNode(status, name), `CRUSH ${type}`, name)),
    ],
    edges: [
      ...carrying.map(({ id }): GraphEdge => ({
        upper: pgsNode(status),
        lower: osdNode(status, id),
        group: 'copies',
        needs,
      })),
      ...tree.hosts.flatMap(({ name, osds: ids }) =>
        ids.map((id): GraphEdge => ({
          upper: bucketNode(status, name),
          lower: osdNode(status, id),
          group: 'osds',
          needs: 1,
        })),
      ),
    ],
  };
}

function monitors(view: View): Fragment {
  const { status, now } = view;
  const up = status.quorumNames
    .filter((name) => name !== '')
    .map((name) => ({ name, host: hostByAddress(now, name) }));
  const down = downMonitors(view).map((one) => ({
    name: one.name,
    host: hostOfMonitor(view, one),
  }));
  const needs = Math.floor((status.monitors?.total ?? 1) / 2) + 1;
  const all = [...up, ...down];
  return {
    nodes: all.map(({ name, host }) => node(monitorNode(status, name), 'monitor', name, host)),
    edges: all.map(({ name }) => ({
      upper: quorumNode(status),
      lower: monitorNode(status, name),
      group: 'monitors',
      needs,
    })),
  };
}

function node(id: string, kind: string, name: string, host?: HostName): GraphNode {
  return { id, kind, name: clean(name), ...(host !== undefined && { host }) };
}
