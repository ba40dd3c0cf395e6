import type { Choice, ManyOf, OneOf } from '../../../core/form.js';
import type { Json } from '../../../core/json.js';
import { fit } from '../../layout/fit.js';
import { widthOf } from '../../layout/width.js';
import type { Scene } from '../../scene.js';
import { listOf } from '../../state/ui-state.js';
import { chosenOf } from '../../state/wizard-work.js';
import { plainLine } from '../../theme/line.js';
import { still, type DocLine, type Frame } from '../parts/frame.js';
import { filterRows, sortRows } from '../parts/rows.js';
import { gridOf, under, type GridRow, type Said } from './grid.js';

/** The part of a page that is answered by choosing. */
export type Part = Pick<Frame, 'body' | 'start' | 'matches'> & {
  readonly heading: readonly DocLine[];
};

/** Any of some choices, as a table: closed ones are greyed and say why. */
export function manyPart(
  scene: Scene,
  { columns, choices }: ManyOf,
  answer: Json | undefined,
): Part {
  const list = listOf(scene.ui);
  const chosen = new Set(chosenOf(answer));
  const rows = choices.map((choice) => ({ id: choice.value, cells: choice.cells, choice }));
  const filtered = filterRows(rows, list.filter);
  const sorted = sortRows(filtered.rows, list.sort);
  const grid = gridOf(
    scene,
    columns,
    sorted.map(({ choice }) => choiceRow(scene, choice, chosen)),
    list.sort,
  );
  const start = sorted.find(({ choice }) => choice.gate.open)?.id;
  const none = choices.length > 0 ? `Nothing matches “${list.filter}”.` : 'Nothing was found.';
  return {
    heading: grid.lines.length > 0 ? [grid.heading] : [],
    body: grid.lines.length > 0 ? grid.lines : [still(plainLine(`   ${none}`, 'muted'))],
    ...(start !== undefined && { start }),
    matches: { shown: filtered.matches, of: choices.length },
  };
}

function choiceRow(
  scene: Scene,
  { value, cells, gate, accepts }: Choice,
  chosen: ReadonlySet<string>,
): GridRow {
  const { dash } = scene.theme.glyphs;
  const mark = chosen.has(value) ? '[x]' : '[ ]';
  return {
    id: value,
    mark: gate.open ? mark : ` ${dash}`,
    cells,
    faint: !gate.open,
    says: saidOf(gate, accepts),
  };
}

/** Why a choice is not offered, or what choosing it accepts. */
function saidOf(gate: Choice['gate'], accepts: string | undefined): readonly Said[] {
  if (!gate.open) return [{ text: `not offered: ${gate.because}`, as: 'muted' }];
  return accepts === undefined ? [] : [{ text: `choosing it accepts: ${accepts}`, as: 'warning' }];
}

/** A name is cut rather than leave no room for what is said of it. */
const MOST_NAME = 0.75;

/** One of some choices, as lines. */
export function onePart(scene: Scene, { choices }: OneOf, answer: Json | undefined): Part {
  const first = Math.max(0, ...choices.map(({ cells }) => widthOf(cells[0]?.text ?? '')));
  const alone = choices.every(({ cells, gate }) => cells.length < 2 && gate.open);
  const room = alone ? scene.size.columns - 9 : Math.floor(scene.size.columns * MOST_NAME);
  const width = Math.min(first, room);
  const lines = choices.map((choice) =>
    oneLine(scene, { ...choice, isChosen: choice.value === answer }, width),
  );
  const start =
    choices.find(({ value }) => value === answer) ?? choices.find(({ gate }) => gate.open);
  return {
    heading: [],
    body: lines.length > 0 ? lines : [still(plainLine('   Nothing was found.', 'muted'))],
    ...(start && { start: start.value }),
  };
}

/** Yes or no, as the same. */
export function yesNoPart(scene: Scene, answer: Json | undefined): Part {
  return onePart(scene, { kind: 'one', choices: YES_NO }, answer === true ? 'yes' : 'no');
}

const YES_NO: readonly Choice[] = [
  { value: 'no', cells: [{ text: 'No' }], gate: { open: true } },
  { value: 'yes', cells: [{ text: 'Yes' }], gate: { open: true } },
];

function oneLine(
  scene: Scene,
  { value, cells, gate, accepts, isChosen }: Choice & { readonly isChosen: boolean },
  width: number,
): DocLine {
  const { theme, size } = scene;
  const [name, ...more] = cells;
  const as = gate.open ? undefined : 'muted';
  const says = gate.open ? more.map(({ text }) => text).join('  ') : gate.because;
  const beside = size.columns - width - 8;
  const title = name?.text ?? value;
  const cut: readonly Said[] = [
    ...(widthOf(theme.text(title)) > width ? [{ text: title, as: 'muted' as const }] : []),
    ...(gate.open && widthOf(theme.text(says)) > beside
      ? [{ text: says, as: 'muted' as const }]
      : []),
  ];
  return {
    id: value,
    copy: cells.map(({ text }) => text).join('  '),
    draw: () => [
      { text: `  ${gate.open ? (isChosen ? '(x)' : '( )') : ` ${theme.glyphs.dash} `} `, as },
      { text: `${fit(theme, title, width)}  `, as: as ?? name?.tone },
      { text: fit(theme, says, beside), as: 'muted' },
    ],
    more: () => [...cut, ...saidOf(gate, accepts)].flatMap((one) => under(scene, one)),
  };
}
