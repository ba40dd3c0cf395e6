import type { Cell, Column } from '../../core/pane.js';
import { clean } from '../../core/text.js';

/** A drawn table takes two lines for each row: more rows are better read without lines between them. */
const MOST_ROWS = 6;

/** Tables whose cells are all one character wide; others the drawn table would put out of line. */
const PLAIN = /^[\x20-\x7e–…→·]*$/;

/** Whether a table is fit to be drawn with lines around its cells. */
export function fitsSmallTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): boolean {
  const titles = columns.map(({ title }) => title);
  return (
    rows.length > 0 &&
    rows.length <= MOST_ROWS &&
    // The titles are the keys of the table's columns.
    new Set(titles).size === titles.length &&
    [...titles, ...rows.flatMap((cells) => cells.map(({ text }) => text))].every((text) =>
      PLAIN.test(clean(text)),
    )
  );
}

/** Its lines: one at the top, the titles, and two for each row with the one at the end. */
export function tableHeight(rows: number): number {
  return 3 + 2 * rows;
}

/** Its width: each column as wide as its widest cell with a blank on both sides, and lines between. */
export function tableWidth(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number {
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map((cells) => clean(cells[at]?.text ?? '').length)),
  );
  return widths.reduce((sum, width) => sum + width + 3, 1);
}
