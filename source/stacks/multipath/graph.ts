import {
  deviceNode,
  hostNode,
  type Fragment,
  type GraphEdge,
  type GraphNode,
  type NodeId,
} from '../../core/graph.js';
import { hostByAddress } from '../../core/lookup.js';
import type { Now } from '../../core/probe.js';
import { clean } from '../../core/text.js';
import { portalAddress } from '../../tools/iscsi-session.js';
import { mapsProbe } from './probes.js';
import { mapViews, nodeIds, sessionViews, type MapView, type SessionView } from './view.js';

/**
 * Map ← paths (one must live) ← session ← portal ← the host that has the portal's address, if it
 * is one of ours. All maps of a disk stand on its one node, on whichever host they are.
 */
export function multipathGraph(now: Now): Fragment {
  const sessions = sessionViews(now);
  const parts = [
    ...now.of(mapsProbe).flatMap(({ kind, host }) => (kind === 'absent' ? [] : [daemon(host)])),
    ...mapViews(now).map(mapPart),
    ...sessions.map(sessionPart),
    ...[...new Set(sessions.map((view) => view.session.portal))].map((p) => portalPart(now, p)),
  ];
  const nodes = new Map(parts.flatMap((part) => part.nodes.map((node) => [node.id, node])));
  return {
    nodes: [...nodes.values()],
    edges: parts.flatMap((part) => part.edges),
    aliases: parts.flatMap((part) => part.aliases ?? []),
  };
}

function daemon(host: string): Fragment {
  return {
    nodes: [{ id: nodeIds.daemon(host), kind: 'daemon', host, name: 'multipathd' }],
    edges: [],
  };
}

function mapPart({ id, host, map, name, paths }: MapView): Fragment {
  const disk = nodeIds.disk(map.wwid);
  const nodes: GraphNode[] = [
    { id, kind: 'multipath map', host, name },
    { id: disk, kind: 'disk', name: clean(map.wwid) },
  ];
  const edges: GraphEdge[] = [{ upper: id, lower: disk, group: 'disk', needs: 1 }];
  // Device mapper's folder has every map under its name (dm-ioctl, udev's 10-dm.rules).
  const aliases: NodeId[][] = [[id, deviceNode(host, `/dev/mapper/${map.alias}`)]];
  for (const path of paths) {
    if (path.path.device !== null) aliases.push([path.id, deviceNode(host, path.path.device)]);
    nodes.push({ id: path.id, kind: 'path', host, name: path.name });
    edges.push({ upper: id, lower: path.id, group: 'paths', needs: 1 });
    if (path.session) {
      edges.push({ upper: path.id, lower: path.session.id, group: 'session', needs: 1 });
    }
  }
  return { nodes, edges, aliases };
}

function sessionPart({ id, host, session, portal }: SessionView): Fragment {
  const lower = nodeIds.portal(session.portal);
  return {
    nodes: [{ id, kind: 'session', host, name: `${clean(session.target)} at ${portal}` }],
    edges: [{ upper: id, lower, group: 'portal', needs: 1 }],
  };
}

function portalPart(now: Now, portal: string): Fragment {
  const id = nodeIds.portal(portal);
  const owner = hostByAddress(now, portalAddress(portal));
  const nodes = [{ id, kind: 'portal', name: clean(portal) }];
  if (owner === undefined) return { nodes, edges: [] };
  return { nodes, edges: [{ upper: id, lower: hostNode(owner), group: 'host', needs: 1 }] };
}
