import type { NodeId } from '../../../core/graph.js';
import { toneOf, type Cell, type Row, type Tone } from '../../../core/pane.js';
import { clean, grouped, listed } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import { goalStates } from '../findings/diagnose.js';
import type { GoalState } from '../findings/chunks.js';
import { chunkserverNode, chunksNode, diskNode } from '../nodes.js';
import type { MetadataNode } from '../picture.js';
import { placeName, valueOf } from '../tools/question.js';
import type { Chunkserver } from '../tools/chunkservers.js';
import type { Disk } from '../tools/disks.js';
import { isMaster } from '../tools/metadata-status.js';
import type { Mount } from '../tools/mounts.js';
import { goalDetails } from './chunk-details.js';
import { loggerDetails, metadataDetails } from './metadata-details.js';
import { mountDetails } from './mount-details.js';
import { backlogMetric, copyingWords } from './replication.js';
import { diskDetails, serverDetails } from './server-details.js';
import { diskState, findingsAbout, type Scene } from './scene.js';

/** All rows: metadata servers, chunkservers with their disks, goals in use, mounts. */
export function rowsOf(scene: Scene): readonly Row[] {
  const { seen } = scene;
  const view = seen.cluster?.value;
  const servers = (view && valueOf(view.chunkservers)?.servers) ?? [];
  const disks = (view && valueOf(view.disks)?.disks) ?? [];
  const loggers = (view && valueOf(view.metadataServers)?.loggers) ?? [];
  const mounts = (view && valueOf(view.mounts)?.mounts) ?? [];
  return [
    ...seen.metadataServers.map((node) => metadataRow(scene, node)),
    ...loggers.map(({ ip, version }) => loggerRow(scene, ip, version)),
    ...servers.flatMap((server) => [
      serverRow(
        scene,
        server,
        disks.filter((disk) => disk.server === server.address),
      ),
      ...disks.flatMap((disk) => (disk.server === server.address ? [diskRow(scene, disk)] : [])),
    ]),
    ...goalStates(seen).map((state) => goalRow(scene, state)),
    ...mounts.map((mount) => mountRow(scene, mount)),
  ];
}

function toneFor(scene: Scene, node: NodeId): Tone {
  const worst = findingsAbout(scene, node)[0]?.severity;
  return worst === undefined && scene.stale ? 'unknown' : toneOf(worst);
}

const none: Cell = { text: '' };

/** A row's cells in the order of the columns. */
function cells(spec: {
  readonly name: string;
  readonly state: Cell;
  readonly label?: string;
  readonly chunks?: number;
  readonly space?: { readonly used: number; readonly total: number };
  readonly note?: Cell;
}): readonly Cell[] {
  const { name, state, label = '', chunks, space, note = none } = spec;
  const share = space && space.total > 0 ? space.used / space.total : undefined;
  return [
    { text: clean(name) },
    { ...state, text: clean(state.text) },
    { text: clean(label) },
    chunks === undefined ? none : { text: grouped(chunks), sort: chunks },
    space ? { text: bytes(space.used), sort: space.used } : none,
    space ? { text: bytes(space.total), sort: space.total } : none,
    share === undefined ? none : { text: percent(share), sort: share, tone: fullTone(share) },
    { ...note, text: clean(note.text) },
  ];
}

function fullTone(share: number): Tone {
  if (share >= 0.99) return 'alert';
  return share >= 0.9 ? 'warning' : 'plain';
}

function metadataRow(scene: Scene, node: MetadataNode): Row {
  const { id, place, personality, status, metadataVersion, version = '', host } = node;
  const stale = scene.stale && !node.own;
  const worst = findingsAbout(scene, id)[0]?.severity;
  // Installed, and not needed here: nothing is wrong, and nothing is good.
  const idle = status === 'not running' && worst === undefined;
  const tone = stale ? 'unknown' : idle ? 'muted' : toneOf(worst);
  const told =
    metadataVersion === undefined
      ? 'metadata version not known'
      : `metadata version ${grouped(metadataVersion)}`;
  return {
    id,
    tone,
    cells: cells({
      name: place,
      state: { text: `${personality} ${status}`, tone },
      label: version,
      note: { text: host === undefined ? told : `${host}, ${told}`, tone: 'muted' },
    }),
    hosts: host === undefined ? [] : [host],
    ...(isMaster(node) && { metrics: CLUSTER_METRICS }),
    details: () => metadataDetails(scene, node),
  };
}

/** A metalogger that the master tells of: it keeps the changes, and serves nobody. */
function loggerRow(scene: Scene, ip: string, version: string): Row {
  const host = scene.seen.hostAt(ip);
  const tone = scene.stale ? 'unknown' : 'good';
  return {
    id: `lizardfs.logger:${ip}`,
    tone,
    cells: cells({
      name: ip,
      state: { text: 'metalogger', tone },
      label: version,
      note: { text: host ?? '', tone: 'muted' },
    }),
    hosts: host === undefined ? [] : [host],
    details: () => loggerDetails(scene, ip, version),
  };
}

/** Keys of the numbers that concern the whole installation. */
export const CLUSTER_METRICS = [
  'lizardfs.chunks.endangered',
  'lizardfs.chunks.lost',
  'lizardfs.chunks.toReplicate',
  'lizardfs.space.used',
];

/** The key of a chunkserver's used space. */
export function usedMetric(address: string): string {
  return `lizardfs.${address}.used`;
}

function serverRow(scene: Scene, server: Chunkserver, disks: readonly Disk[]): Row {
  const {
    address,
    connected,
    label,
    chunks,
    usedBytes,
    totalBytes,
    errors = 0,
    maintenance,
  } = server;
  const id = chunkserverNode(address);
  const tone = toneFor(scene, id);
  const host = scene.seen.hostAt(address);
  const note = [
    ...(maintenance === undefined ? [] : ['maintenance']),
    ...(errors > 0 ? [`${grouped(errors)} errors`] : []),
    ...(server.toDeleteChunks > 0 ? [`${grouped(server.toDeleteChunks)} to move away`] : []),
    ...(host === undefined ? [] : [host]),
  ].join(', ');
  const silent = findingsAbout(scene, id).some((f) => f.code === 'LIZARDFS_CHUNKSERVER_SILENT');
  return {
    id,
    tone,
    cells: cells({
      name: address,
      state: { text: !connected ? 'disconnected' : silent ? 'silent' : 'connected', tone },
      label: connected && label !== '_' ? label : '',
      ...(connected && { chunks, space: { used: usedBytes, total: totalBytes } }),
      note: { text: note, tone: errors > 0 ? 'warning' : 'muted' },
    }),
    hosts: host === undefined ? [] : [host],
    metrics: [usedMetric(address)],
    details: () => serverDetails(scene, server, disks),
  };
}

function diskRow(scene: Scene, disk: Disk): Row {
  const { server, path, chunks, usedBytes, totalBytes, lastErrorAt } = disk;
  const id = diskNode(server, path);
  const tone = toneFor(scene, id);
  const host = scene.seen.hostAt(server);
  return {
    id,
    tone,
    depth: 1,
    cells: cells({
      name: path,
      state: { text: diskState(disk), tone },
      chunks,
      space: { used: usedBytes, total: totalBytes },
      note: {
        text: diskNote(disk),
        tone: lastErrorAt > 0 ? 'warning' : 'muted',
      },
    }),
    hosts: host === undefined ? [] : [host],
    details: () => diskDetails(scene, disk),
  };
}

function diskNote({
  lastErrorAt,
  lastErrorChunk,
  removable,
  scannedPercent,
  unknown,
}: Disk): string {
  if (unknown !== undefined) return unknown;
  return [
    ...(lastErrorAt > 0
      ? [lastErrorChunk === undefined ? 'had an error' : `error at chunk ${lastErrorChunk}`]
      : []),
    ...(removable === true ? ['may be taken out'] : []),
    ...(scannedPercent === undefined ? [] : [`${scannedPercent} % scanned`]),
  ].join(', ');
}

function goalRow(scene: Scene, state: GoalState): Row {
  const { goal, total } = state;
  const id = chunksNode(goal);
  const tone = toneFor(scene, id);
  return {
    id,
    tone,
    cells: cells({
      name: `goal ${goal}`,
      state: { text: goalWord(state), tone },
      chunks: total,
      note: { text: goalNote(scene, state), tone: 'muted' },
    }),
    hosts: [],
    metrics: [backlogMetric(goal)],
    details: () => goalDetails(scene, state),
  };
}

function goalWord({ lost, endangered, single, toReplicate }: GoalState): string {
  if (lost > 0) return `${grouped(lost)} lost`;
  if (single) return 'one copy';
  if (endangered > 0) return `${grouped(endangered)} endangered`;
  return toReplicate > 0 ? `${grouped(toReplicate)} below goal` : 'safe';
}

function goalNote({ seen }: Scene, state: GoalState): string {
  const { safe, endangered, lost, toReplicate, toDelete, single } = state;
  const parts = [
    ...(safe > 0 ? [`${grouped(safe)} safe`] : []),
    ...(endangered > 0 ? [`${grouped(endangered)} ${single ? 'readable' : 'endangered'}`] : []),
    ...(lost > 0 ? [`${grouped(lost)} lost`] : []),
    ...(toReplicate > 0 ? [copyingWords(seen, state)] : []),
    ...(toDelete > 0 ? [`${grouped(toDelete)} to delete`] : []),
  ];
  return listed(parts, 5);
}

function mountRow(scene: Scene, mount: Mount): Row {
  const { session, ip, mountPoint, rootFolder, readOnly, version } = mount;
  const host = scene.seen.hostAt(ip);
  const asked = scene.seen.cluster?.value.master;
  return {
    id: `lizardfs.session:${asked ? placeName(asked) : ''}/${session}`,
    tone: scene.stale ? 'unknown' : 'plain',
    cells: cells({
      name: `${host ?? ip} ${mountPoint}`,
      state: { text: readOnly ? 'mounted, ro' : 'mounted' },
      label: version,
      note: { text: rootFolder === '/' ? '' : `folder ${rootFolder}`, tone: 'muted' },
    }),
    hosts: host === undefined ? [] : [host],
    details: () => mountDetails(scene, mount),
  };
}
