import type { Question, TableColumn } from '../../../core/form.js';
import { startOf, widthOf } from '../../layout/width.js';
import type { Scene } from '../../scene.js';
import type { LineEdit } from '../../state/line-editor.js';
import { plainLine, type Line } from '../../theme/line.js';
import { blank, still, type DocLine } from '../parts/frame.js';

/** A line being edited, and what is known of what it may hold. */
export function fieldLines(
  scene: Scene,
  question: Question | TableColumn,
  field: LineEdit,
): readonly DocLine[] {
  const unit = question.kind === 'number' ? (question.unit ?? '') : '';
  const hint = hintOf(question);
  return [
    { id: 'field', draw: () => drawField(scene, question.kind === 'secret', field, unit) },
    ...(hint === '' ? [] : [blank, still(plainLine(`   ${hint}`, 'muted'))]),
  ];
}

function hintOf(question: Question | TableColumn): string {
  if (question.kind === 'secret') {
    return 'It is not shown, and kept beside the run’s journal until that has ended well.';
  }
  if (question.kind !== 'number') return '';
  const { least, most, whole } = question;
  return [
    ...(whole === true ? ['a whole number'] : ['a number']),
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(most === undefined ? [] : [`at most ${most}`]),
  ].join(', ');
}

/** The part around the cursor, where the line is longer than the screen is wide. */
function drawField(scene: Scene, hidden: boolean, field: LineEdit, unit: string): Line {
  const { theme, size } = scene;
  const shown = (text: string): string =>
    hidden ? theme.glyphs.mask.repeat(Array.from(text).length) : theme.text(text);
  const room = size.columns - 8 - (unit === '' ? 0 : widthOf(unit) + 1);
  const before = shown(field.text.slice(0, field.cursor));
  const after = shown(field.text.slice(field.cursor));
  const left = endIn(before, Math.max(room - Math.min(widthOf(after), Math.floor(room / 3)), 1));
  const right = startOf(after, room - widthOf(left));
  return [
    { text: `   ${theme.glyphs.into} `, as: 'key' },
    { text: left },
    { text: theme.glyphs.cursor, as: 'accent' },
    { text: right },
    { text: unit === '' ? '' : ` ${theme.text(unit)}`, as: 'muted' },
  ];
}

/** The longest end of a text that fits. */
function endIn(text: string, width: number): string {
  let rest = text;
  while (widthOf(rest) > width) rest = rest.slice(Array.from(rest)[0]?.length ?? 1);
  return rest;
}
