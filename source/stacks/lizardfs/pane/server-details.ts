import type { Millis } from '../../../core/host.js';
import type { Block, Details } from '../../../core/pane.js';
import { clean, grouped } from '../../../core/text.js';
import { bytes, duration } from '../../../core/units.js';
import { chunkserverNode, diskNode } from '../nodes.js';
import { queries } from '../tools/admin.js';
import type { Chunkserver } from '../tools/chunkservers.js';
import type { Disk } from '../tools/disks.js';
import { details, facts, line, space, type Fact } from './facts.js';
import { diskState, type Scene } from './scene.js';

/** A chunkserver laid open. */
export function serverDetails(scene: Scene, server: Chunkserver, disks: readonly Disk[]): Details {
  const { address, connected } = server;
  return details(scene, chunkserverNode(address), {
    title: `${scene.seen.words.title} › chunkserver ${address}`,
    state: connected ? 'connected' : 'disconnected',
    blocks: [
      facts([
        ['host', scene.seen.hostAt(address) ?? 'none of the hosts watched'],
        ...(connected ? known(server) : []),
      ]),
      ...(disks.length > 0 ? [diskTable(disks)] : []),
    ],
    commands: [
      ...line(scene, 'all chunkservers', queries.chunkservers),
      ...line(scene, 'all disks', queries.disks),
    ],
  });
}

function known(server: Chunkserver): readonly (Fact | undefined)[] {
  const { version, label, chunks, usedBytes, totalBytes, errors, maintenance } = server;
  const { toDeleteChunks, toDeleteUsedBytes, toDeleteTotalBytes } = server;
  return [
    ['version', version],
    ['label', label],
    ['chunk parts', grouped(chunks)],
    ['space used', space(usedBytes, totalBytes)],
    [
      'marked for removal',
      toDeleteTotalBytes > 0
        ? `${grouped(toDeleteChunks)} chunk parts, ${space(toDeleteUsedBytes, toDeleteTotalBytes)}`
        : 'nothing',
    ],
    errors === undefined ? undefined : ['errors since start', grouped(errors)],
    maintenance === undefined ? undefined : ['maintenance', maintenance],
  ];
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
    title: `${scene.seen.words.title} › ${server} › ${path}`,
    state: diskState(disk),
    blocks: [
      facts([
        ['chunkserver', server],
        ['host', scene.seen.hostAt(server) ?? 'none of the hosts watched'],
        ['marked for removal', disk.toDelete ? 'yes' : 'no'],
        ['damaged', disk.damaged ? 'yes' : 'no'],
        ['being scanned', scanWord(disk)],
        ['chunk parts', grouped(chunks)],
        ['space used', space(usedBytes, totalBytes)],
        [
          'last error',
          lastErrorAt > 0
            ? `${lastErrorChunk === undefined ? '' : `chunk ${lastErrorChunk}, `}${ago(scene.seen.now.at, lastErrorAt)}`
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

function scanWord({ scanning, scannedPercent }: Disk): string {
  if (!scanning) return 'no';
  return scannedPercent === undefined ? 'yes' : `yes, ${scannedPercent} % done`;
}

function ago(now: Millis, seconds: number): string {
  return `${new Date(seconds * 1000).toISOString()} (${duration(now / 1000 - seconds)} ago)`;
}
