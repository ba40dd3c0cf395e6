import type { Block, Cell } from '../../../core/pane.js';
import { fit } from '../../layout/fit.js';
import { widthOf } from '../../layout/width.js';
import { wrap } from '../../layout/wrap.js';
import type { Scene } from '../../scene.js';
import type { Line, Span } from '../../theme/line.js';
import { blank, still, type DocLine } from './frame.js';
import { tableBlock } from './table-block.js';

/** Where the values stand, after the labels. */
export function labelWidth(scene: Scene): number {
  return scene.size.columns >= 100 ? 22 : 18;
}

/** A label and a text beside it, over as many lines as it takes. */
export function labelled(
  scene: Scene,
  label: string,
  text: string,
  as?: Span['as'],
): readonly Line[] {
  const { theme, size } = scene;
  const left = labelWidth(scene);
  return wrap(theme.text(text), size.columns - left - 3).map((line, at): Line => [
    { text: ` ${fit(theme, at === 0 ? label : '', left)} `, as: 'muted' },
    { text: line, as },
  ]);
}

/** The heading of a part. */
export function heading(title: string): readonly DocLine[] {
  return [blank, still([{ text: ` ${title}`, as: 'heading' }])];
}

/** A part of the details as lines. */
export function blockLines(scene: Scene, block: Block): readonly DocLine[] {
  switch (block.kind) {
    case 'facts':
      return block.rows.flatMap(({ label, value }) => factLines(scene, label, value));
    case 'sides':
      return sidesLines(scene, block);
    case 'text':
      return [blank, ...labelled(scene, block.label, block.text).map(still)];
    case 'table':
      return [...heading(block.label), ...tableBlock(scene, block.columns, block.rows)];
    case 'lines':
      return [...heading(block.label), ...quoted(scene, block.lines)];
  }
}

/** Lines as a host printed them; long ones go on beneath, since what is cut off cannot be judged. */
export function quoted(scene: Scene, lines: readonly string[]): readonly DocLine[] {
  const { theme, size } = scene;
  return lines.flatMap((line) =>
    wrap(theme.text(line), size.columns - 5).map((part) => still([{ text: `   ${part}` }])),
  );
}

function factLines(scene: Scene, label: string, value: Cell): readonly DocLine[] {
  return labelled(scene, label, signed(scene, value), value.tone).map(still);
}

/** A value with the sign of its tone, where that says more than the text alone. */
function signed(scene: Scene, { text, tone }: Cell): string {
  return tone === 'alert' || tone === 'warning' || tone === 'unknown'
    ? `${text} ${scene.theme.sign(tone)}`
    : text;
}

/** The least and the most cells of one side. */
const SIDE_LEAST = 16;
const SIDE_MOST = 34;

function sidesLines(scene: Scene, block: Extract<Block, { kind: 'sides' }>): readonly DocLine[] {
  const { theme, size } = scene;
  const label = labelWidth(scene);
  const remarks = Math.max(
    0,
    ...block.rows.map(({ remark }) => widthOf(theme.text(remark?.text ?? ''))),
  );
  const room = size.columns - label - 3;
  const aside = Math.min(remarks, Math.floor(room * 0.3));
  const beside = room - (aside > 0 ? aside + 2 : 0);
  const together = Math.max(1, Math.min(block.sides.length, Math.floor(beside / (SIDE_LEAST + 2))));
  const width = Math.min(SIDE_MOST, Math.floor(beside / together) - 2);
  const lines: DocLine[] = [];
  for (let from = 0; from < block.sides.length; from += together) {
    const range = [from, from + together] as const;
    const last = from + together >= block.sides.length;
    lines.push(blank, still(sideHeads(scene, block.sides.slice(...range), label, width)));
    for (const row of block.rows) {
      lines.push(
        still([
          { text: ` ${fit(theme, row.label, label)} `, as: 'muted' },
          ...row.values.slice(...range).map((value): Span => ({
            text: `${fit(theme, signed(scene, value), width, { cut: 'middle' })}  `,
            as: value.tone,
          })),
          ...(last && row.remark
            ? [
                {
                  text: fit(theme, row.remark.text, aside),
                  as: row.remark.tone ?? ('muted' as const),
                },
              ]
            : []),
        ]),
      );
    }
  }
  return lines;
}

function sideHeads(scene: Scene, sides: readonly string[], label: number, width: number): Line {
  return [
    { text: ' '.repeat(label + 2) },
    ...sides.map((side): Span => ({
      text: `${fit(scene.theme, side, width, { cut: 'middle' })}  `,
      as: 'heading',
    })),
  ];
}
