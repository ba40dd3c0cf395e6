import type { Fleet } from '../../fleet/state.js';
import {
  diskFigures,
  GOALS,
  goalHealth,
  serverFigures,
  type GoalHealth,
  scanning,
} from './figures.js';
import { infoFields, metadataServers, mounts } from './porcelain.js';

type Query = (fleet: Fleet, flags: ReadonlySet<string>) => string;

/** What each query prints for people. */
export const WORDS: Readonly<Record<string, Query>> = {
  info: (fleet) => {
    const fields = infoFields(fleet);
    const rows = INFO.map(([title, kind], index) => {
      const value = fields[index + 1] ?? 0;
      return `${title}:\t${kind === 'bytes' ? size(Number(value)) : value}`;
    });
    return `LizardFS v${fleet.lizardfs.version}\n${rows.join('\n')}\n`;
  },
  'list-chunkservers': (fleet) =>
    serverFigures(fleet)
      .map(({ place, server, chunks, used, total, removed, errors }) => {
        if (!server.connected) return `Server ${place}: disconnected\n`;
        return block(`Server ${place}:`, [
          `version: ${fleet.lizardfs.version}`,
          `label: ${server.label}`,
          `chunks: ${chunks}`,
          `used space: ${size(used)} / ${size(total)}`,
          `chunks marked for removal: ${removed.chunks}`,
          `used space marked for removal: ${size(removed.used)} / ${size(removed.total)}`,
          `errors: ${errors}`,
        ]);
      })
      .join(''),
  'list-disks': (fleet) =>
    diskFigures(fleet)
      .map(({ place, disk, chunks, used, errorTime }) => {
        const at = new Date(errorTime * 1000).toISOString().slice(0, 19).replace('T', ' ');
        return block(`${place}:${disk.path}`, [
          `to delete: ${disk.draining === true ? 'yes' : 'no'}`,
          `damaged: ${disk.damaged ? 'yes' : 'no'}`,
          `scanning: ${scanning(fleet, disk)}`,
          `last error: ${errorTime === 0 ? 'no errors' : at}`,
          `total space: ${size(disk.total)}`,
          `used space: ${size(used)}`,
          `chunks: ${chunks}`,
        ]);
      })
      .join(''),
  'chunks-health': chunksHealth,
  'list-metadataservers': (fleet) =>
    metadataServers(fleet)
      .map(({ fields }, index) => {
        const titles = [
          'IP',
          'Port',
          'Hostname',
          'Personality',
          'Status',
          'Metadata version',
          'Version',
        ];
        const rows = titles.map((title, field) => `${title}: ${fields[field] ?? ''}`);
        return block(`Server ${index + 1}:`, rows);
      })
      .join(''),
  'list-goals': () => {
    const rows = GOALS.map(
      ({ name, definition }, index) => `${index + 1}\t${name}\t${name}: ${definition}`,
    );
    return `Goal definitions:\nId\tName\tDefinition\n${rows.join('\n')}\n`;
  },
  'list-mounts': (fleet) =>
    mounts(fleet)
      .map(({ session, address, target }) =>
        block(`session ${session}: `, [
          `ip: ${address}`,
          `mount point: ${target}`,
          `version: ${fleet.lizardfs.version}`,
          'root dir: /',
          'root uid: 0',
          'root gid: 0',
          'users uid: 999',
          'users gid: 999',
          'read only: no',
          'restricted ip: yes',
          'ignore gid: no',
          'all can change quota: no',
          'map all users: no',
        ]),
      )
      .join(''),
  'list-defective-files': () =>
    'Files with error flag = unavailable | undergoal | structure-error\n  There are no files with given error flag\n',
  'list-tapeservers': () => '',
  'list-tasks': () => 'No tasks are being executed\n',
  'iolimits-status': () => 'Global I/O limiting disabled\n',
  'ready-chunkservers-count': (fleet) =>
    `${serverFigures(fleet).filter(({ server }) => server.connected).length}\n`,
};

/** `metadataserver-status` without `--porcelain`. */
export function statusWords(personality: string, status: string, version: number): string {
  return `     personality: ${personality}\n   server status: ${status}\nmetadata version: ${version}\n`;
}

const INFO: readonly (readonly [string, 'bytes' | 'count'])[] = [
  ['Memory usage', 'bytes'],
  ['Total space', 'bytes'],
  ['Available space', 'bytes'],
  ['Trash space', 'bytes'],
  ['Trash files', 'count'],
  ['Reserved space', 'bytes'],
  ['Reserved files', 'count'],
  ['FS objects', 'count'],
  ['Directories', 'count'],
  ['Files', 'count'],
  ['Chunks', 'count'],
  ['Chunk copies', 'count'],
  ['Regular copies (deprecated)', 'count'],
];

function chunksHealth(fleet: Fleet, flags: ReadonlySet<string>): string {
  const goals = goalHealth(fleet).filter((g) => g.safe + g.endangered + g.lost > 0);
  const all = !['--availability', '--replication', '--deletion'].some((flag) => flags.has(flag));
  const row = (goal: string, numbers: readonly number[]) =>
    `\t${[goal, ...numbers.map((n) => (n === 0 ? '-' : n))].join('\t')}\n`;
  const table = (title: string, head: string, of: (g: GoalHealth) => readonly number[]) =>
    `${title}:\n\tGoal\t${head}\n${goals.map((g) => row(g.goal, of(g))).join('')}\n`;
  const copies = '0\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10+';
  return [
    all || flags.has('--availability')
      ? table('Chunks availability state', 'Safe\tUnsafe\tLost', (g) => [
          g.safe,
          g.endangered,
          g.lost,
        ])
      : '',
    all || flags.has('--replication')
      ? table('Chunks replication state', copies, (g) => g.replicate)
      : '',
    all || flags.has('--deletion') ? table('Chunks deletion state', copies, (g) => g.remove) : '',
  ].join('');
}

function block(title: string, rows: readonly string[]): string {
  return `${title}\n${rows.map((row) => `\t${row}\n`).join('')}`;
}

/** `62MiB`, `2.1GiB`: the tool's own way. */
function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const shown = unit > 0 && value < 10 ? value.toFixed(1) : Math.round(value).toString();
  return `${shown}${units[unit] ?? ''}`;
}
