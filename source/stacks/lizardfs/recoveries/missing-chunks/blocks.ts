import type { Block } from '../../../../core/pane.js';
import { clean, grouped } from '../../../../core/text.js';
import type { GoalState } from '../../findings/chunks.js';
import type { DefectiveFile } from '../../tools/defective-files.js';
import type { Disk } from '../../tools/disks.js';
import type { Away } from './away.js';

/** More files are not shown; the tool has the rest. */
const MOST_FILES = 40;

/** How the chunks of each goal stand. */
export function goalBlock(goals: readonly GoalState[]): Block {
  return {
    kind: 'table',
    label: 'chunks by goal',
    columns: [
      { title: 'GOAL', min: 4 },
      { title: 'COPIES', min: 8, grow: 1 },
      { title: 'SAFE', min: 6 },
      { title: 'ENDANGERED', min: 10 },
      { title: 'CANNOT BE READ', min: 14 },
    ],
    rows: goals.map(({ goal, definition = '', safe, endangered, lost, single }) => [
      { text: clean(goal) },
      { text: clean(definition) },
      { text: grouped(safe) },
      { text: grouped(endangered), ...(endangered > 0 && !single && { tone: 'alert' as const }) },
      { text: grouped(lost), ...(lost > 0 && { tone: 'alert' as const }) },
    ]),
  };
}

/** Which servers are away, and why. */
export function awayBlock(away: readonly Away[]): Block {
  return {
    kind: 'table',
    label: 'chunkservers that are away',
    columns: [
      { title: 'SERVER', min: 12 },
      { title: 'HOST', min: 6 },
      { title: 'WHY', min: 12, grow: 1 },
    ],
    rows: away.map(({ address, host = '', because }) => [
      { text: clean(address), tone: 'alert' },
      { text: clean(host) },
      { text: clean(because) },
    ]),
  };
}

/** Disks that are out of use, with what was on them. */
export function diskBlock(disks: readonly Disk[]): Block {
  return {
    kind: 'table',
    label: 'disks out of use',
    columns: [
      { title: 'SERVER', min: 12 },
      { title: 'DISK', min: 12, grow: 1 },
      { title: 'CHUNK PARTS ON IT', min: 17 },
    ],
    rows: disks.map(({ server, path, chunks }) => [
      { text: clean(server) },
      { text: clean(path), tone: 'alert' },
      { text: grouped(chunks) },
    ]),
  };
}

/** The files, as far as the master has looked; those that cannot be read first. */
export function fileBlock(files: readonly DefectiveFile[] | undefined): Block {
  const label = 'files (the master looks through them within about an hour)';
  if (!files) return { kind: 'text', label, text: 'The tool does not list them.' };
  const sorted = files.toSorted((a, b) => Number(b.unavailable) - Number(a.unavailable));
  const lines = sorted.slice(0, MOST_FILES).map((file) => clean(`${stateOf(file)}  ${file.path}`));
  const more = files.length - lines.length;
  if (lines.length === 0) return { kind: 'text', label, text: 'None is listed yet.' };
  const rest = `and ${more} more of those listed: \`lizardfs-admin list-defective-files\``;
  return { kind: 'lines', label, lines: more > 0 ? [...lines, rest] : lines };
}

function stateOf({ unavailable, undergoal, structure }: DefectiveFile): string {
  if (unavailable) return 'cannot be read ';
  if (structure) return 'tree is damaged';
  return undergoal ? 'below its goal ' : 'defective      ';
}
