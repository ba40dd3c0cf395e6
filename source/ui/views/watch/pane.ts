import type { Cell } from '../../../core/pane.js';
import type { Problem, StackView } from '../../../engine/watch/world.js';
import { atMost } from '../../layout/fit.js';
import { lineWidth, plainLine, type Line, type Span } from '../../theme/line.js';
import type { Scene } from '../../scene.js';
import { listOf, type Place } from '../../state/ui-state.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';
import { listProblems, problemLine } from './problem-list.js';
import { filterRows, sortRows } from '../parts/rows.js';
import { rowLine, tableColumns, tableHeading } from '../parts/table.js';

/** The pane of a stack, or of the hosts: totals, what is wrong with it, and its table. */
export function pane(scene: Scene, place: Place, view: StackView): Frame {
  const { theme, ui, size } = scene;
  const { drawing } = view;
  const list = listOf(ui);
  const filtered = filterRows(drawing.rows, list.filter);
  const rows = sortRows(filtered.rows, list.sort);
  const placed = tableColumns(drawing.columns, size.columns);
  const first = rows[0]?.id;
  return {
    head: [
      ...headLines(scene, drawing.head ?? []),
      ...problemLines(scene, view.id),
      ...(rows.length > 0 ? [still(tableHeading(theme, placed, list.sort))] : []),
    ],
    body:
      rows.length > 0
        ? rows.map((row) => rowLine(theme, placed, place, row))
        : [still(plainLine(`   ${emptyText(scene, view, list.filter)}`, 'muted'))],
    foot: [],
    start: first,
    matches: { shown: filtered.matches, of: drawing.rows.length },
  };
}

function emptyText(scene: Scene, { drawing }: StackView, filter: string): string {
  if (drawing.rows.length > 0) return `Nothing matches “${filter}”.`;
  if (!scene.world.complete) return `asking ${scene.world.hosts.length} hosts…`;
  return drawing.empty;
}

/** The totals, as many to a line as fit. */
function headLines(scene: Scene, cells: readonly Cell[]): readonly DocLine[] {
  const { theme, size } = scene;
  const lines: Line[] = [];
  let line: Span[] = [];
  for (const cell of cells) {
    const span: Span = { text: atMost(theme, cell.text, size.columns - 2), as: cell.tone };
    if (line.length > 0 && lineWidth([...line, span]) + 3 > size.columns - 1) {
      lines.push(line);
      line = [];
    }
    line.push({ text: line.length === 0 ? ' ' : '   ' }, span);
  }
  if (line.length > 0) lines.push(line);
  return lines.length > 0 ? [...lines.map(still), blank] : [];
}

/** The worst of what is wrong with this stack; the rest is told by its number. */
function problemLines(scene: Scene, stack: string): readonly DocLine[] {
  const { world, ui, size } = scene;
  const own = world.problems.filter((problem) => belongs(problem, stack));
  const all = listProblems(own, ui.showMuted);
  if (all.length === 0) return [];
  const most = size.rows >= 40 ? 6 : 3;
  const shown = all.length > most ? all.slice(0, most - 1) : all;
  const rest = all.length - shown.length;
  return [
    ...shown.map((listed) => problemLine(scene, listed)),
    ...(rest > 0 ? [still(plainLine(`   and ${rest} more on the overview`, 'muted'))] : []),
    blank,
  ];
}

function belongs(problem: Problem, stack: string): boolean {
  return problem.stack === stack;
}
