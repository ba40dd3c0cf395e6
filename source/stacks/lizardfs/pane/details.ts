import type { Finding } from '../../../core/finding.js';
import type { NodeId } from '../../../core/graph.js';
import type { Millis } from '../../../core/host.js';
import { toneOf, type Block, type Cell, type Details } from '../../../core/pane.js';
import { quoteAll } from '../../../core/quote.js';
import { clean, count, grouped } from '../../../core/text.js';
import { bytes, duration, percent } from '../../../core/units.js';
import type { GoalState } from '../findings/chunks.js';
import { chunkserverNode, chunksNode, diskNode } from '../nodes.js';
import type { MetadataNode } from '../picture.js';
import { adminCommand, queries, valueOf, type Query } from '../tools/admin.js';
import type { Chunkserver } from '../tools/chunkservers.js';
import type { Disk } from '../tools/disks.js';
import { isMaster } from '../tools/metadata-status.js';
import type { Mount } from '../tools/mounts.js';
import { diskState, findingsAbout, type Scene } from './scene.js';

type Fact = readonly [label: string, value: string | Cell];

function facts(rows: readonly (Fact | undefined)[]): Block {
  const known = rows.filter((row) => row !== undefined);
  return {
    kind: 'facts',
    rows: known.map(([label, value]) => ({
      label,
      value: typeof value === 'string' ? { text: clean(value) } : value,
    })),
  };
}

/** The findings of a thing in words, each with the lines that prove it. */
function findingBlocks(found: readonly Finding[]): readonly Block[] {
  return found.flatMap(({ title, says, means, todo, evidence }): readonly Block[] => [
    { kind: 'text', label: title, text: says },
    { kind: 'text', label: 'That means', text: means },
    { kind: 'text', label: 'To do', text: todo },
    ...evidence.map(({ host, command, lines }): Block => ({
      kind: 'lines',
      label: clean(`${host}: ${command}`),
      lines: lines.map(clean),
    })),
  ]);
}

function details(
  scene: Scene,
  node: NodeId,
  spec: {
    readonly title: string;
    readonly state: string;
    readonly blocks: readonly Block[];
    readonly commands: Details['commands'];
  },
): Details {
  const found = findingsAbout(scene, node);
  const worst = found[0]?.severity;
  const tone = worst === undefined && scene.stale ? 'unknown' : toneOf(worst);
  return {
    title: clean(spec.title),
    tone,
    state: clean(spec.state),
    blocks: [...spec.blocks, ...findingBlocks(found)],
    commands: spec.commands,
  };
}

/** A question as it is typed, with the tool that is installed and the master that was asked. */
function line({ seen }: Scene, says: string, query: Query<unknown>): Details['commands'] {
  const view = seen.cluster?.value;
  if (!view) return [];
  return [{ says, line: clean(quoteAll(adminCommand(view.admin, query, view.master).argv)) }];
}

/** A metadata server laid open. */
export function metadataDetails(scene: Scene, node: MetadataNode): Details {
  const { id, place, personality, status, metadataVersion, version, host, failure } = node;
  const info = scene.seen.cluster && valueOf(scene.seen.cluster.value.info);
  const [ip = '', port = ''] = place.split(':');
  const admin = scene.seen.cluster?.value.admin ?? 'lizardfs-admin';
  return details(scene, id, {
    title: `LizardFS › metadata server ${place}`,
    state: `${personality} ${status}`,
    blocks: [
      facts([
        ['host', host ?? 'none of the hosts watched'],
        ['personality', personality],
        ['status', status],
        metadataVersion === undefined
          ? undefined
          : ['metadata version', `${grouped(metadataVersion)} changes`],
        version === undefined ? undefined : ['program version', version],
        isMaster(node) && info ? ['memory used', bytes(info.memoryBytes)] : undefined,
        status === 'no answer' && failure ? ['why', failure.what] : undefined,
      ]),
    ],
    commands: [
      {
        says: 'its state',
        line: clean(quoteAll([admin, 'metadataserver-status', '--porcelain', ip, port])),
      },
      ...line(scene, 'all metadata servers', queries.metadataServers),
    ],
  });
}

/** A chunkserver laid open. */
export function serverDetails(scene: Scene, server: Chunkserver, disks: readonly Disk[]): Details {
  const { address, connected, version, label, chunks, usedBytes, totalBytes, errors } = server;
  return details(scene, chunkserverNode(address), {
    title: `LizardFS › chunkserver ${address}`,
    state: connected ? 'connected' : 'disconnected',
    blocks: [
      facts([
        ['host', scene.seen.hostAt(address) ?? 'none of the hosts watched'],
        ...(connected
          ? ([
              ['version', version],
              ['label', label],
              ['chunk parts', grouped(chunks)],
              ['space used', space(usedBytes, totalBytes)],
              [
                'marked for removal',
                server.toDeleteTotalBytes > 0
                  ? `${grouped(server.toDeleteChunks)} chunk parts, ${space(server.toDeleteUsedBytes, server.toDeleteTotalBytes)}`
                  : 'nothing',
              ],
              ['errors since start', grouped(errors)],
            ] as const)
          : []),
      ]),
      ...(disks.length > 0 ? [diskTable(disks)] : []),
    ],
    commands: [
      ...line(scene, 'all chunkservers', queries.chunkservers),
      ...line(scene, 'all disks', queries.disks),
    ],
  });
}

function space(used: number, total: number): string {
  return total > 0
    ? `${bytes(used)} of ${bytes(total)}, ${percent(used / total)}`
    : `${bytes(used)} of no space`;
}

function diskTable(disks: readonly Disk[]): Block {
  return {
    kind: 'table',
    label: 'Disks',
    columns: [
      { title: 'path', min: 16, grow: 1, cut: 'middle' },
      { title: 'state', min: 10 },
      { title: 'chunks', min: 7, align: 'right' },
      { title: 'used', min: 9, align: 'right' },
      { title: 'total', min: 9, align: 'right' },
    ],
    rows: disks.map((disk) => [
      { text: clean(disk.path) },
      { text: diskState(disk), tone: disk.damaged ? 'alert' : 'plain' },
      { text: grouped(disk.chunks) },
      { text: bytes(disk.usedBytes) },
      { text: bytes(disk.totalBytes) },
    ]),
  };
}

/** A disk laid open. */
export function diskDetails(scene: Scene, disk: Disk): Details {
  const { server, path, chunks, usedBytes, totalBytes, lastErrorAt, lastErrorChunk } = disk;
  return details(scene, diskNode(server, path), {
    title: `LizardFS › ${server} › ${path}`,
    state: diskState(disk),
    blocks: [
      facts([
        ['chunkserver', server],
        ['host', scene.seen.hostAt(server) ?? 'none of the hosts watched'],
        ['marked for removal', disk.toDelete ? 'yes' : 'no'],
        ['damaged', disk.damaged ? 'yes' : 'no'],
        ['being scanned', disk.scanning ? 'yes' : 'no'],
        ['chunk parts', grouped(chunks)],
        ['space used', space(usedBytes, totalBytes)],
        [
          'last error',
          lastErrorAt > 0
            ? `chunk ${lastErrorChunk}, ${ago(scene.seen.now.at, lastErrorAt)}`
            : 'none since it started',
        ],
      ]),
    ],
    commands: [
      ...line(scene, 'all disks', queries.disks),
      ...line(scene, 'with what they did', {
        ...queries.disks,
        words: [...queries.disks.words, '--verbose'],
      }),
    ],
  });
}

function ago(now: Millis, seconds: number): string {
  return `${new Date(seconds * 1000).toISOString()} (${duration(now / 1000 - seconds)} ago)`;
}

/** A goal's chunks laid open. */
export function goalDetails(scene: Scene, state: GoalState): Details {
  const { goal, definition, shape, safe, endangered, lost, total } = state;
  const health = scene.seen.cluster && valueOf(scene.seen.cluster.value.health);
  const replication = health?.replication.find((entry) => entry.goal === goal)?.counts ?? [];
  const deletion = health?.deletion.find((entry) => entry.goal === goal)?.counts ?? [];
  return details(scene, chunksNode(goal), {
    title: `LizardFS › goal ${goal}`,
    state: lost > 0 ? 'chunks cannot be read' : state.single ? 'one copy' : 'readable',
    blocks: [
      facts([
        definition === undefined ? undefined : ['definition', definition],
        shape ? ['outlives the loss of', count(shape.survives, 'server')] : undefined,
        shape ? ['needs', count(shape.servers, 'server')] : undefined,
        ['chunks', grouped(total)],
        ['safe', grouped(safe)],
        [
          'endangered',
          state.single ? `${grouped(endangered)} (always so with one copy)` : grouped(endangered),
        ],
        ['lost', { text: grouped(lost), tone: lost > 0 ? 'alert' : 'plain' }],
      ]),
      ...backlogTable(replication, deletion),
    ],
    commands: [
      ...line(scene, 'all goals', queries.health),
      ...line(scene, 'what the goals are', queries.goals),
      ...line(scene, 'the files concerned (may lag an hour)', {
        ...queries.health,
        words: ['list-defective-files'],
      }),
    ],
  });
}

function backlogTable(
  replication: readonly number[],
  deletion: readonly number[],
): readonly Block[] {
  const rows = replication
    .map((n, parts) => ({ parts, n, d: deletion[parts] ?? 0 }))
    .filter(({ parts, n, d }) => parts > 0 && n + d > 0);
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      label: 'Chunks by parts to make or to delete',
      columns: [
        { title: 'parts', min: 10, align: 'right' },
        { title: 'to make', min: 10, align: 'right' },
        { title: 'to delete', min: 10, align: 'right' },
      ],
      rows: rows.map(({ parts, n, d }) => [
        { text: parts === 10 ? '10 or more' : String(parts) },
        { text: grouped(n) },
        { text: grouped(d) },
      ]),
    },
  ];
}

/** A mount laid open. */
export function mountDetails(scene: Scene, mount: Mount): Details {
  const { session, ip, mountPoint, version, rootFolder, rootUid, rootGid } = mount;
  return details(scene, `lizardfs.session:${session}`, {
    title: `LizardFS › mount ${mountPoint} on ${scene.seen.hostAt(ip) ?? ip}`,
    state: mount.readOnly ? 'mounted read-only' : 'mounted',
    blocks: [
      facts([
        ['client', scene.seen.hostAt(ip) ?? ip],
        ['address', ip],
        ['mount point', mountPoint],
        ['folder that is its root', rootFolder],
        ['client version', version],
        ['session', String(session)],
        ['root maps to', `user ${rootUid}, group ${rootGid}`],
        mount.mapAll
          ? ['all others map to', `user ${mount.mapAllUid}, group ${mount.mapAllGid}`]
          : undefined,
        ['bound to its address', mount.restrictedIp ? 'yes' : 'no'],
        ['everyone may change quotas', mount.allCanChangeQuota ? 'yes' : 'no'],
      ]),
    ],
    commands: line(scene, 'all mounts', queries.mounts),
  });
}
