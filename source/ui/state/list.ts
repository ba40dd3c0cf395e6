/** Where somebody is in a list, and how it is narrowed and sorted. Kept for each place. */
export interface ListState {
  /** The selected line, by the id of its thing. */
  readonly selected?: string;
  /** Where that line stood, for the case that its thing goes away. */
  readonly index: number;
  /** The first visible line. */
  readonly top: number;
  readonly filter: string;
  readonly sort?: Sort | undefined;
}

/** By which column rows are sorted. */
export interface Sort {
  readonly column: number;
  readonly reverse: boolean;
}

/** A list that nobody has touched. */
export const untouched: ListState = { index: 0, top: 0, filter: '' };

/** The index of the selected thing, wherever it has moved to; its old place if it is gone. */
export function selectedIndex(list: ListState, ids: readonly string[]): number {
  const at = list.selected === undefined ? -1 : ids.indexOf(list.selected);
  if (at >= 0) return at;
  return Math.min(Math.max(0, list.index), Math.max(0, ids.length - 1));
}

/** The first visible line, such that the lines from `from` to `to` are visible and none is wasted. */
export function scrolled(
  top: number,
  lines: { readonly total: number; readonly height: number },
  show?: { readonly from: number; readonly to: number },
): number {
  const most = Math.max(0, lines.total - lines.height);
  let next = top;
  if (show) {
    if (show.to >= next + lines.height) next = show.to - lines.height + 1;
    if (show.from < next) next = show.from;
  }
  return Math.min(Math.max(0, next), most);
}

/** The next way of sorting: as the pane gives it, then by each column in turn. */
export function nextSort(sort: Sort | undefined, columns: readonly number[]): Sort | undefined {
  const at = sort === undefined ? -1 : columns.indexOf(sort.column);
  const column = columns[at + 1];
  return column === undefined ? undefined : { column, reverse: false };
}
