import { folderNode, hostNode, mountNode, type Fragment, type NodeId } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';
import { hostByAddress } from '../../core/lookup.js';
import type { Now } from '../../core/probe.js';
import { serversOf } from './view.js';

/** A path that a host exports. */
export function exportNode(host: HostName, path: string): NodeId {
  return `nfs.export:${host}${path}`;
}

/** The server of a host. */
export function serverNode(host: HostName): NodeId {
  return `nfs.server:${host}`;
}

/**
 * An export stands on its folder, which the graph puts on the mount that it lies in, and on its
 * server; what our own hosts have mounted by NFS stands on the export.
 */
export function graph(now: Now): Fragment {
  const servers = serversOf(now);
  const exports = servers.flatMap((server) => server.exports);
  const mounts = servers.flatMap(({ host, facts }) =>
    facts.mounts
      .filter(({ type }) => /^nfs4?$/.test(type))
      .map(({ point, source, type }) => ({ host, point, source, type })),
  );
  const imported = mounts.flatMap(({ host, point, source, type }) => {
    const [, address = '', path = ''] = /^(\[[^\]]*\]|[^:]*):(\/.*)$/.exec(source) ?? [];
    const server = hostByAddress(now, address);
    const there = exports.find((one) => one.host === server && one.path === path);
    return there ? [{ host, point, type, source, lower: exportNode(there.host, path) }] : [];
  });
  return {
    nodes: [
      ...servers.map(({ host }) => ({
        ...{ id: serverNode(host), kind: 'NFS server', host, name: `NFS on ${host}` },
      })),
      ...exports.map(({ host, path }) => ({
        ...{ id: exportNode(host, path), kind: 'NFS export', host, name: path },
      })),
      ...exports.map(({ host, path }) => ({
        ...{ id: folderNode(host, path), kind: 'folder', host, name: path },
      })),
      ...imported.map(({ host, point, type, source }) => ({
        ...{
          id: mountNode(host, point),
          kind: 'mount',
          host,
          name: `${point} (${type} ${source})`,
        },
      })),
    ],
    edges: [
      ...servers.map(({ host }) => edge(serverNode(host), hostNode(host), 'host')),
      ...exports.flatMap(({ host, path }) => [
        edge(exportNode(host, path), folderNode(host, path), 'folder'),
        edge(exportNode(host, path), serverNode(host), 'server'),
      ]),
      ...imported.map(({ host, point, lower }) => edge(mountNode(host, point), lower, 'export')),
    ],
  };
}

function edge(upper: NodeId, lower: NodeId, group: string): Fragment['edges'][number] {
  return { upper, lower, group, needs: 1 };
}
