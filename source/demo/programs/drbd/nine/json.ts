import {
  endTo,
  hasQuorum,
  isSuspended,
  peersOf,
  type Node9,
  type Resource9,
} from '../../../fleet/nine/state.js';
import { PACE } from '../../../fleet/nine/changes.js';

/**
 * `drbdsetup status --json` of DRBD 9: the keys and their order are those that drbd-utils 9.22 printed with
 * DRBD 9.2.9 (`fixtures/drbd/drbd9-…`).
 */
export function statusJson(resources: readonly (readonly [Resource9, Node9])[]): string {
  const list = resources.map(([resource, node]) => resourceOf(resource, node));
  return `${JSON.stringify(list, null, 2)}\n`;
}

function resourceOf(resource: Resource9, node: Node9) {
  const suspended = isSuspended(resource, node);
  return {
    name: resource.name,
    'node-id': node.id,
    role: node.role,
    suspended,
    'suspended-user': false,
    'suspended-no-data': false,
    'suspended-fencing': false,
    'suspended-quorum': suspended,
    'force-io-failures': false,
    'write-ordering': 'flush',
    devices: [
      {
        volume: 0,
        minor: resource.minor,
        'disk-state': node.disk,
        client: node.client,
        quorum: hasQuorum(resource, node),
        size: resource.size,
        read: 1024,
        written: Math.round(node.written),
        'al-writes': 14,
        'bm-writes': 0,
        'upper-pending': suspended ? 3 : 0,
        'lower-pending': 0,
      },
    ],
    connections: peersOf(resource, node).map((peer) => connectionOf(resource, node, peer)),
  };
}

function connectionOf(resource: Resource9, node: Node9, peer: Node9) {
  const { connection } = endTo(node, peer);
  return {
    'peer-node-id': peer.id,
    name: peer.machine,
    'connection-state': connection,
    congested: false,
    'peer-role': connection === 'Connected' ? peer.role : 'Unknown',
    'ap-in-flight': 0,
    'rs-in-flight': 0,
    peer_devices: [peerDevice(resource, node, peer)],
  };
}

/** What one node does with another: the replication's word, and how far it is. */
export function replication(resource: Resource9, node: Node9, peer: Node9) {
  const isUp = endTo(node, peer).connection === 'Connected';
  const resync = resource.resyncs.find(
    ({ source, target }) =>
      (source === node.machine && target === peer.machine) ||
      (source === peer.machine && target === node.machine),
  );
  const moving = resync?.source === node.machine ? 'SyncSource' : 'SyncTarget';
  // It is copied from one of them; towards the other good ones the target waits.
  const queued = resource.resyncs.some(({ source, target }) => {
    return target === node.machine && source !== peer.machine && peer.disk === 'UpToDate';
  });
  const word = resync ? moving : queued ? 'PausedSyncT' : 'Established';
  return {
    word: isUp ? word : 'Off',
    peerDisk: isUp ? peer.disk : 'DUnknown',
    suspended: isUp && !resync && queued ? 'dependency' : 'no',
    resync: isUp ? resync : undefined,
    done: resync ? ((resync.total - resync.left) / resync.total) * 100 : undefined,
  };
}

function peerDevice(resource: Resource9, node: Node9, peer: Node9) {
  const { word, peerDisk, suspended, resync, done } = replication(resource, node, peer);
  const outOfSync = Math.ceil(endTo(node, peer).outOfSync);
  return {
    volume: 0,
    'replication-state': word,
    'peer-disk-state': peerDisk,
    'peer-client': peer.client && peerDisk === 'Diskless',
    'resync-suspended': suspended,
    received: 0,
    sent: Math.round(node.written),
    'out-of-sync': outOfSync,
    pending: 0,
    unacked: 0,
    'has-sync-details': resync !== undefined,
    'has-online-verify-details': false,
    'percent-in-sync': round(100 - (outOfSync / resource.size) * 100),
    ...(resync && {
      'rs-total': resync.total * 2,
      'rs-dt-start-ms': Math.round(((resync.total - resync.left) / PACE) * 1000),
      'rs-paused-ms': 0,
      'rs-failed': 0,
      'rs-same-csum': 0,
      'db0/dt0 [MiB/s]': PACE / 1024,
      'db1/dt1 [MiB/s]': PACE / 1024,
      'estimated-seconds-to-finish': Math.ceil(resync.left / PACE),
      'db/dt [MiB/s]': PACE / 1024,
      'percent-resync-done': round(done ?? 0),
    }),
  };
}

function round(share: number): number {
  return Math.round(share * 100) / 100;
}
