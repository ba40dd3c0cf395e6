import type { Block, Cell } from '../../../core/pane.js';
import { clean, count, grouped } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import { entryOn, type Difference, type Unlike } from './differences.js';
import type { FileEntry } from './listing.js';
import { unfinished, type Comparison, type FileComparison, type VolumeCompared } from './look.js';
import { extentOf } from './place.js';

/** So many rows are shown, the newest. */
const MOST_SHOWN = 1000;

/** What a comparison of both sides found, volume by volume. */
export function comparisonBlocks(
  hosts: readonly [string, string],
  volumes: readonly VolumeCompared[],
): readonly Block[] {
  return volumes.flatMap((one) => {
    const of = volumes.length > 1 ? `volume ${one.volume}: ` : '';
    switch (one.comparison.kind) {
      case 'none':
        return [];
      case 'void': {
        const because = `${of}there is one that is of no use any more: ${one.comparison.because}. Compare again.`;
        return [{ kind: 'text', label: 'comparison', text: because }];
      }
      case 'blocks':
        return blocksBlocks(of, hosts, one, one.comparison);
      case 'files':
        return filesBlocks(of, hosts, one.comparison);
    }
  });
}

function filesBlocks(
  of: string,
  hosts: readonly [string, string],
  found: FileComparison,
): readonly Block[] {
  const { differences, names, newest, at } = found;
  const summary: Block = {
    kind: 'sides',
    sides: hosts.map(clean),
    rows: [
      row('compared at', [0, 1], (side) => dateTime(at[side])),
      row('names in all', [0, 1], (side) => grouped(names[side])),
      row('only there', [0, 1], (side) => grouped(only(differences, side).length)),
      row('newest change', [0, 1], (side) => dateTime(newest[side])),
    ],
  };
  const rest = unfinished(found);
  const note: readonly Block[] =
    rest === '' ? [] : [{ kind: 'text', label: 'left out', text: rest }];
  if (differences.length === 0) {
    const text = `${of}no file differs${rest === '' ? ': names, sizes, times, rights and owners are alike' : ' among those that were compared'}.`;
    return [summary, { kind: 'text', label: 'comparison', text }, ...note];
  }
  const more = differences.length > MOST_SHOWN ? `, the newest ${grouped(MOST_SHOWN)} of them` : '';
  return [
    summary,
    ...note,
    {
      kind: 'table',
      label: `${of}${count(differences.length, 'file')} that ${differences.length === 1 ? 'differs' : 'differ'}, newest first${more}`,
      columns: [
        { title: 'file', min: 18, grow: 1, cut: 'middle' },
        { title: `on ${clean(hosts[0])}`, min: 23 },
        { title: `on ${clean(hosts[1])}`, min: 23 },
        { title: 'differs in', min: 12, drop: 1 },
      ],
      rows: differences.slice(0, MOST_SHOWN).map(differenceRow),
    },
  ];
}

function row(label: string, sides: readonly (0 | 1)[], of: (side: 0 | 1) => string) {
  return { label, values: sides.map((side): Cell => ({ text: of(side) })) };
}

function only(differences: readonly Difference[], side: 0 | 1): readonly Difference[] {
  return differences.filter((one) => one.kind === 'only' && one.side === side);
}

function differenceRow(difference: Difference): readonly Cell[] {
  const [here, there] = [entryOn(difference, 0), entryOn(difference, 1)];
  const newer = Number(here?.changed ?? 0) > Number(there?.changed ?? 0) ? 0 : 1;
  const { path, type } = here ?? there ?? { path: '', type: 'f' };
  return [
    { text: clean(type === 'd' ? `${path}/` : path) },
    entryCell(here, newer === 0),
    entryCell(there, newer === 1),
    { text: differsIn(difference) },
  ];
}

function entryCell(entry: FileEntry | undefined, isNewer: boolean): Cell {
  if (!entry) return { text: '–', tone: 'muted' };
  // What only the change of rights tells has an old time of writing.
  const size = entry.type === 'f' ? bytes(entry.size) : (TYPES[entry.type] ?? entry.type);
  const text = `${size.padStart(8)} ${shortTime(Number(entry.changed))}`;
  return { text, sort: Number(entry.changed), ...(isNewer && { tone: 'notice' }) };
}

/** As find's `%y` tells them. */
const TYPES: Readonly<Record<string, string>> = {
  b: 'device',
  c: 'device',
  d: 'folder',
  l: 'link',
  p: 'pipe',
  s: 'socket',
};

const WORDS: Readonly<Record<Unlike, string>> = {
  type: 'type',
  size: 'size',
  time: 'time',
  rights: 'rights',
  change: 'rewritten',
};

function differsIn(difference: Difference): string {
  if (difference.kind === 'only') return 'only there';
  return difference.in.map((one) => WORDS[one]).join(', ');
}

function blocksBlocks(
  of: string,
  hosts: readonly [string, string],
  { contents }: VolumeCompared,
  { parts, differ, at }: Extract<Comparison, { readonly kind: 'blocks' }>,
): readonly Block[] {
  const long = extentOf(contents[0].sizeBytes ?? 0);
  const where = rangesOf(differ).map(([first, last]) => {
    return `${bytes(first * long)} – ${bytes((last + 1) * long)}`;
  });
  const shown = where.slice(0, 24).join(', ');
  const rest = where.length > 24 ? `, and ${where.length - 24} more` : '';
  const text = `${of}it carries no file system that can be looked into, so its blocks were summed: ${differ.length} of ${count(parts, 'part')} of ${bytes(long)} differ${differ.length === 0 ? '' : ` (${shown}${rest})`}. ${clean(hosts[0])} was read at ${dateTime(at[0])}, ${clean(hosts[1])} at ${dateTime(at[1])}. Whose blocks are worth more only what uses them can tell.`;
  return [{ kind: 'text', label: 'comparison', text }];
}

/** Neighbours as one range. */
function rangesOf(numbers: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const n of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === n - 1) last[1] = n;
    else ranges.push([n, n]);
  }
  return ranges;
}

/** `2026-11-21 14:02:11`, local. */
export function dateTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${date.getFullYear()}-${shortTime(date.getTime() / 1000)}`;
}

/** `11-21 14:02:11`, local. */
function shortTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}
