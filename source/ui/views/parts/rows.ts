import type { Cell, Row } from '../../../core/pane.js';
import type { Sort } from '../../state/list.js';
import { matcher } from './filter.js';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** What of a row it is found and sorted by. */
export type Sortable = Pick<Row, 'id' | 'cells' | 'depth'>;

/** A row and those that stand beneath it. */
interface Branch<R> {
  readonly row: R;
  readonly children: Branch<R>[];
}

/** The rows whose cells match, with the rows that they stand beneath; and how many match. */
export function filterRows<R extends Sortable>(
  rows: readonly R[],
  filter: string,
): { readonly rows: readonly R[]; readonly matches: number } {
  if (filter.trim() === '') return { rows, matches: rows.length };
  const matches = matcher(filter);
  const kept = new Set<R>();
  let count = 0;
  const above: R[] = [];
  for (const row of rows) {
    above.length = Math.min(above.length, row.depth ?? 0);
    above.push(row);
    if (!matches([row.id, ...row.cells.map(({ text }) => text)].join(' '))) continue;
    count += 1;
    for (const upper of above) kept.add(upper);
  }
  return { rows: rows.filter((row) => kept.has(row)), matches: count };
}

/** The rows sorted by a column; what stands beneath a row stays beneath it. */
export function sortRows<R extends Sortable>(
  rows: readonly R[],
  sort: Sort | undefined,
): readonly R[] {
  if (!sort) return rows;
  const sign = sort.reverse ? -1 : 1;
  const compare = (a: Branch<R>, b: Branch<R>): number =>
    sign * compareCells(a.row.cells[sort.column], b.row.cells[sort.column]);
  const flatten = (branches: readonly Branch<R>[]): readonly R[] =>
    branches.toSorted(compare).flatMap(({ row, children }) => [row, ...flatten(children)]);
  return flatten(branchesOf(rows));
}

function branchesOf<R extends Sortable>(rows: readonly R[]): readonly Branch<R>[] {
  const roots: Branch<R>[] = [];
  const above: Branch<R>[] = [];
  for (const row of rows) {
    const branch: Branch<R> = { row, children: [] };
    above.length = Math.min(above.length, row.depth ?? 0);
    (above.at(-1)?.children ?? roots).push(branch);
    above.push(branch);
  }
  return roots;
}

/** Numbers by size, texts as people sort them (`disk9` before `disk10`); what is missing comes last. */
export function compareCells(a: Cell | undefined, b: Cell | undefined): number {
  const left = a?.sort ?? a?.text ?? '';
  const right = b?.sort ?? b?.text ?? '';
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'number') return -1;
  if (typeof right === 'number') return 1;
  return collator.compare(left, right);
}
