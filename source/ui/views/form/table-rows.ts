import type { Answers, Choice, Fault, TableColumn, TableField } from '../../../core/form.js';
import { answerTo } from '../../../core/check-answers.js';
import type { Json } from '../../../core/json.js';
import type { Cell } from '../../../core/pane.js';
import type { Scene } from '../../scene.js';
import { listOf } from '../../state/ui-state.js';
import { rowsOf } from '../../state/wizard-work.js';
import { plainLine } from '../../theme/line.js';
import { still } from '../parts/frame.js';
import { filterRows, sortRows } from '../parts/rows.js';
import type { Part } from './choices.js';
import { gridOf } from './grid.js';

/** The rows that a person made, as a table; what stands against one is said with it. */
export function tablePart(
  scene: Scene,
  table: TableField & { readonly key: string },
  answer: Json | undefined,
  faults: readonly Fault[],
): Part {
  const list = listOf(scene.ui);
  const all = rowsOf(answer).map((row, at) => ({
    id: String(at),
    cells: table.columns.map((column) => valueCell(scene, column, row)),
    wrong: faults.filter(({ key }) => key.startsWith(`${table.key}.${at}`)),
  }));
  const filtered = filterRows(all, list.filter);
  const columns = table.columns.map(({ column }) => column);
  const grid = gridOf(
    scene,
    columns,
    sortRows(filtered.rows, list.sort).map(({ id, cells, wrong }) => ({
      id,
      mark: wrong.length > 0 ? ` ${scene.theme.sign('warning')}` : String(Number(id) + 1),
      cells,
      faint: false,
      says: wrong.map(({ says }) => ({ text: says, as: 'warning' as const })),
    })),
    list.sort,
  );
  const none =
    all.length > 0 ? `Nothing matches “${list.filter}”.` : `No ${table.row} yet: n adds one.`;
  return {
    heading: grid.lines.length > 0 ? [grid.heading] : [],
    body: grid.lines.length > 0 ? grid.lines : [still(plainLine(`   ${none}`, 'muted'))],
    matches: { shown: filtered.matches, of: all.length },
  };
}

/** A cell's value in words; a secret is only said to be there. */
export function valueCell({ theme }: Scene, column: TableColumn, row: Answers): Cell {
  const value = answerTo(row, column.key);
  if (value === undefined || value === '') return { text: theme.glyphs.dash, tone: 'muted' };
  switch (column.kind) {
    case 'one':
      return { text: choiceWords(column.choices, value) };
    case 'secret':
      return { text: theme.glyphs.mask.repeat(6) };
    case 'yes-no':
      return { text: value === true ? 'yes' : 'no' };
    case 'number':
      return typeof value === 'number'
        ? {
            text: column.unit === undefined ? String(value) : `${value} ${column.unit}`,
            sort: value,
          }
        : { text: '' };
    case 'text':
      return { text: typeof value === 'string' ? value : '' };
  }
}

function choiceWords(choices: readonly Choice[], value: Json): string {
  const choice = choices.find((one) => one.value === value);
  return choice?.cells[0]?.text ?? (typeof value === 'string' ? value : '');
}
