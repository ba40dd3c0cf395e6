import type { Cell, Column, Row } from '../../../core/pane.js';
import { fit } from '../../layout/fit.js';
import { GAP, placeColumns, type Placed } from '../../layout/columns.js';
import type { Place } from '../../state/ui-state.js';
import type { Sort } from '../../state/list.js';
import type { Line, Span } from '../../theme/line.js';
import type { Theme } from '../../theme/theme.js';
import type { DocLine } from './frame.js';

/** The margin and the sign before a row. */
const LEAD = 3;
const SPACE: Span = { text: ' '.repeat(GAP) };

/** The columns of a table in a width, after the sign of each row. */
export function tableColumns(columns: readonly Column[], width: number): readonly Placed[] {
  return placeColumns(columns, width - LEAD - 1);
}

/** The titles of the columns, with a mark at the one it is sorted by. */
export function tableHeading(theme: Theme, placed: readonly Placed[], sort?: Sort): Line {
  const { ascending, descending } = theme.glyphs;
  return [
    { text: ' '.repeat(LEAD) },
    ...joined(
      placed.map(({ index, column, width }) => {
        const sorted = sort?.column === index;
        const mark = sorted ? (sort.reverse ? descending : ascending) : '';
        const text = fit(theme, `${column.title}${mark}`, width, { align: column.align ?? 'left' });
        return { text, as: sorted ? 'accent' : 'muted' };
      }),
    ),
  ];
}

/** A row of a pane as a line that can be selected. */
export function rowLine(theme: Theme, placed: readonly Placed[], place: Place, row: Row): DocLine {
  return {
    id: row.id,
    opens: { kind: 'row', place, row: row.id },
    hosts: row.hosts,
    copy: row.cells.map(({ text }) => text).join('  '),
    draw: () => [
      { text: ` ${theme.sign(row.tone)} `, as: row.tone },
      ...drawCells(theme, placed, row.cells, { depth: row.depth ?? 0, faint: isFaint(row) }),
    ],
  };
}

/** Rows that are stale, or of lesser interest, are drawn so as a whole. */
function isFaint({ tone }: Row): boolean {
  return tone === 'unknown' || tone === 'muted';
}

/** Cells at the places of their columns. */
export function drawCells(
  theme: Theme,
  placed: readonly Placed[],
  cells: readonly Cell[],
  how: { readonly depth: number; readonly faint: boolean },
): Line {
  return joined(
    placed.map(({ index, column, width }, at) => {
      const cell = cells[index] ?? { text: '' };
      const indent = at === 0 ? Math.min(how.depth * 2, Math.max(0, width - 4)) : 0;
      const text = fit(theme, cell.text, width - indent, column);
      return {
        text: `${' '.repeat(indent)}${text}`,
        as: cell.tone ?? (how.faint ? 'muted' : undefined),
      };
    }),
  );
}

function joined(spans: readonly Span[]): Line {
  return spans.flatMap((span, at) => (at === 0 ? [span] : [SPACE, span]));
}
