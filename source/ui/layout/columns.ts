import type { Column } from '../../core/pane.js';

/** The blanks between two columns. */
export const GAP = 2;

/** A column that is shown, and how wide. */
export interface Placed {
  /** Its place among all columns: where its cell stands in a row. */
  readonly index: number;
  readonly column: Column;
  readonly width: number;
}

/**
 * The columns that fit a width. Those with the highest `drop` go first; what is left over goes to
 * those that grow; if even the rest is too wide, all of them shrink alike.
 */
export function placeColumns(columns: readonly Column[], width: number): readonly Placed[] {
  let shown = columns.map((column, index) => ({ index, column, width: column.min }));
  while (needed(shown) > width) {
    const most = Math.max(...shown.map(({ column }) => column.drop ?? 0));
    if (!(most > 0)) break;
    const last = shown.findLastIndex(({ column }) => (column.drop ?? 0) === most);
    shown = shown.filter((_, at) => at !== last);
  }
  const left = width - needed(shown);
  return left < 0 ? shrink(shown, width) : grow(shown, left);
}

function needed(shown: readonly Placed[]): number {
  return shown.reduce((sum, { width }) => sum + width, 0) + GAP * Math.max(0, shown.length - 1);
}

function grow(shown: readonly Placed[], left: number): readonly Placed[] {
  const parts = shown.reduce((sum, { column }) => sum + (column.grow ?? 0), 0);
  if (parts === 0) return shown;
  let given = 0;
  let seen = 0;
  return shown.map((placed) => {
    seen += placed.column.grow ?? 0;
    // Rounding the running total, not each part, so that all of it is given away.
    const more = Math.floor((left * seen) / parts) - given;
    given += more;
    return { ...placed, width: placed.width + more };
  });
}

function shrink(shown: readonly Placed[], width: number): readonly Placed[] {
  const room = Math.max(0, width - GAP * (shown.length - 1));
  const wanted = shown.reduce((sum, placed) => sum + placed.width, 0);
  return shown.map((placed) => ({
    ...placed,
    width: Math.max(1, Math.floor((placed.width * room) / wanted)),
  }));
}
