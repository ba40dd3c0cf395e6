import type { Block, Cell } from '../../../../core/pane.js';
import { clean, linesOf } from '../../../../core/text.js';
import { optionsOf } from '../../read/refusal.js';
import { linesAbout } from '../../verdict.js';
import type { TwoSides } from '../find-pair.js';
import { sidesBlock } from '../find-pair.js';
import type { Comparison } from './compare.js';
import type { SetSide } from './plan.js';

/** The newest lines of each kernel log that are shown. */
const MOST_LINES = 8;

/** The sides, what differs between them option by option, and what each kernel said. */
export function blocksOf(
  two: TwoSides,
  sides: readonly [SetSide, SetSide],
  found: Comparison,
): readonly Block[] {
  const [a, b] = sides;
  const paths = [a.conf.path, b.conf.path] as const;
  const known = { label: 'its file', values: paths };
  return [
    sidesBlock(two.sides, [known]),
    optionsTable(sides, found),
    ...two.ends.flatMap((end): readonly Block[] => {
      const lines = linesAbout(end).filter(({ kind }) => kind !== 'other');
      const shown = lines.slice(-MOST_LINES).flatMap(({ text }) => linesOf(clean(text)));
      if (shown.length === 0) return [];
      return [{ kind: 'lines', label: `kernel log of ${clean(end.link.host)}`, lines: shown }];
    }),
  ];
}

/** One row for each option that is not alike, in the files or between a file and its kernel. */
function optionsTable([a, b]: readonly [SetSide, SetSide], found: Comparison): Block {
  const blamed = new Set(found.refusal ? optionsOf(found.refusal) : []);
  const keys = [
    ...new Set([...found.files, ...found.kernels[0], ...found.kernels[1]].map(({ key }) => key)),
  ].sort((x, y) => Number(blamed.has(y)) - Number(blamed.has(x)) || x.localeCompare(y, 'en'));
  const value = (side: SetSide, key: string, of: 'file' | 'kernel'): Cell => {
    const { settings, kernel } = side.conf;
    const own = settings.own.get(key);
    const text = of === 'kernel' ? kernel.get(key) : (own ?? settings.common.get(key));
    if (text === undefined) return { text: '–', tone: 'muted' };
    const from = of === 'file' && own === undefined ? ' (common)' : '';
    return { text: clean((text === '' ? '""' : text) + from) };
  };
  const rows = keys.map((key): readonly Cell[] => [
    { text: clean(key), ...(blamed.has(key) && { tone: 'alert' as const }) },
    value(a, key, 'file'),
    value(b, key, 'file'),
    value(a, key, 'kernel'),
    value(b, key, 'kernel'),
  ]);
  const secret: readonly Cell[] = [
    { text: 'net/shared-secret', ...(found.secrets === 'differ' && { tone: 'alert' as const }) },
    ...[a, b].map(({ conf }): Cell => ({ text: conf.mark === null ? '–' : 'hidden' })),
    { text: found.secrets === 'differ' ? 'they differ' : found.secrets },
    { text: '' },
  ];
  return {
    kind: 'table',
    label: 'options that are not alike; all others are',
    columns: [
      { title: 'option', min: 18, grow: 1 },
      { title: `${clean(a.side.host)}: file`, min: 12, grow: 1 },
      { title: `${clean(b.side.host)}: file`, min: 12, grow: 1 },
      { title: `${clean(a.side.host)}: kernel`, min: 14, grow: 1, drop: 1 },
      { title: `${clean(b.side.host)}: kernel`, min: 14, grow: 1, drop: 1 },
    ],
    rows: [...rows, secret],
  };
}
