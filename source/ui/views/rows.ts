import type { Cell, Row } from '../../core/pane.js';
import type { Sort } from '../state/list.js';
import { matcher } from './filter.js';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** A row and those that stand beneath it. */
interface Branch {
  readonly row: Row;
  readonly children: Branch[];
}

/** The rows whose cells match, with the rows that they stand beneath; and how many match. */
export function filterRows(
  rows: readonly Row[],
  filter: string,
): { readonly rows: readonly Row[]; readonly matches: number } {
  if (filter.trim() === '') return { rows, matches: rows.length };
  const matches = matcher(filter);
  const kept = new Set<Row>();
  let count = 0;
  const above: Row[] = [];
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
export function sortRows(rows: readonly Row[], sort: Sort | undefined): readonly Row[] {
  if (!sort) return rows;
  const sign = sort.reverse ? -1 : 1;
  const compare = (a: Branch, b: Branch): number =>
    sign * compareCells(a.row.cells[sort.column], b.row.cells[sort.column]);
  const flatten = (branches: readonly Branch[]): readonly Row[] =>
    branches.toSorted(compare).flatMap(({ row, children }) => [row, ...flatten(children)]);
  return flatten(branchesOf(rows));
}

function branchesOf(rows: readonly Row[]): readonly Branch[] {
  const roots: Branch[] = [];
  const above: Branch[] = [];
  for (const row of rows) {
    const branch: Branch = { row, children: [] };
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
