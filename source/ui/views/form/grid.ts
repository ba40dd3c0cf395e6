import type { Cell, Column } from '../../../core/pane.js';
import { clean } from '../../../core/text.js';
import { GAP, placeColumns, type Placed } from '../../layout/columns.js';
import { fit } from '../../layout/fit.js';
import { widthOf } from '../../layout/width.js';
import { wrap } from '../../layout/wrap.js';
import type { Scene } from '../../scene.js';
import type { Sort } from '../../state/list.js';
import { plainLine, type Line, type Span } from '../../theme/line.js';
import type { DocLine } from '../parts/frame.js';

/** The width of the mark before a row. */
const MARK = 3;

/** A row of a form's table. */
export interface GridRow {
  readonly id: string;
  /** `[x]` */
  readonly mark: string;
  readonly cells: readonly Cell[];
  /** It cannot be chosen. */
  readonly faint: boolean;
  /** What is said beneath it while it is selected, before what of its cells is cut off. */
  readonly says: readonly Said[];
}

/** Something that is said of a selected line. */
export interface Said {
  readonly text: string;
  readonly as: 'muted' | 'warning';
}

/** A form's table: its titles, and its rows as lines that can be selected. */
export interface Grid {
  readonly heading: DocLine;
  readonly lines: readonly DocLine[];
}

/** Cells of one width for each character; others the drawn table would put out of line. */
const PLAIN = /^[\x20-\x7e–…→·↑↓✓•]*$/;

/** Lays a table out over the whole width; what is wider than a character a cell is drawn as lines. */
export function gridOf(
  scene: Scene,
  columns: readonly Column[],
  rows: readonly GridRow[],
  sort?: Sort,
): Grid {
  const placed = overWidth(scene, columns);
  const drawn = rows.map((row) => ({ row, cells: rowCells(scene, placed, row) }));
  const titles = headCells(scene, placed, sort);
  const plain = [titles, ...drawn.map(({ cells }) => cells)].every((cells) =>
    cells.every(({ text }) => PLAIN.test(clean(text))),
  );
  const line = (cells: readonly Span[], isHeading: boolean): DocLine => ({
    draw: () => [{ text: ' ' }, ...joined(cells)],
    ...(plain && { grid: { cells, isHeading } }),
  });
  return {
    heading: line(titles, true),
    lines: drawn.map(({ row, cells }) => ({
      ...line(cells, false),
      id: row.id,
      copy: row.cells.map(({ text }) => text).join('  '),
      more: () =>
        [...row.says, { text: cutOff(columns, placed, row), as: 'muted' as const }].flatMap((one) =>
          under(scene, one),
        ),
    })),
  };
}

/** What of a row its table has no room for, as one text: what cannot be seen cannot be judged. */
function cutOff(
  columns: readonly Column[],
  placed: readonly Placed[],
  { cells, says }: GridRow,
): string {
  return columns
    .flatMap(({ title }, index) => {
      const text = cells[index]?.text ?? '';
      const width = placed.find((one) => one.index === index)?.width ?? 0;
      const told = says.some((one) => one.text.endsWith(text));
      return widthOf(text) <= width || told ? [] : [`${title.toLowerCase()} ${text}`];
    })
    .join('   ');
}

/** A text beneath the selected line, over as many lines as it takes. */
export function under({ theme, size }: Scene, { text, as }: Said): readonly Line[] {
  if (text === '') return [];
  return wrap(theme.text(text), size.columns - 8).map((part) => plainLine(`      ${part}`, as));
}

/** The columns in the width beside the mark; the last one ends where the screen does. */
function overWidth({ size }: Scene, columns: readonly Column[]): readonly Placed[] {
  const room = size.columns - 2 - MARK - GAP;
  const placed = placeColumns(columns, room);
  const used = placed.reduce((sum, { width }) => sum + width + GAP, -GAP);
  return placed.map((one, at) =>
    at === placed.length - 1 ? { ...one, width: one.width + Math.max(0, room - used) } : one,
  );
}

function headCells(
  { theme }: Scene,
  placed: readonly Placed[],
  sort: Sort | undefined,
): readonly Span[] {
  const { ascending, descending } = theme.glyphs;
  const titles = placed.map(({ index, column, width }): Span => {
    const sorted = sort?.column === index;
    const mark = sorted ? (sort.reverse ? descending : ascending) : '';
    const text = fit(theme, `${column.title}${mark}`, width, { align: column.align ?? 'left' });
    return { text, as: sorted ? 'accent' : 'muted' };
  });
  return [{ text: ' '.repeat(MARK) }, ...titles];
}

function rowCells(
  { theme }: Scene,
  placed: readonly Placed[],
  { mark, cells, faint }: GridRow,
): readonly Span[] {
  const as = faint ? 'muted' : undefined;
  const values = placed.map(({ index, column, width }): Span => {
    const cell = cells[index] ?? { text: '' };
    return { text: fit(theme, cell.text, width, column), as: as ?? cell.tone };
  });
  return [{ text: fit(theme, mark, MARK), as: as ?? 'accent' }, ...values];
}

function joined(spans: readonly Span[]): readonly Span[] {
  return spans.flatMap((span, at) => (at === 0 ? [span] : [{ text: ' '.repeat(GAP) }, span]));
}
