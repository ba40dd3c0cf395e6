import type { Block, Cell } from '../../core/pane.js';
import { clean } from '../../core/text.js';
import { columns } from '../columns.js';
import { signOf } from '../signs.js';

/** A block of evidence as plain text. */
export function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'facts':
      return columns(block.rows.map(({ label, value }) => [clean(label), cellText(value)]));
    case 'sides':
      return columns([
        ['', ...block.sides.map(clean)],
        ...block.rows.map(({ label, values, remark }) => [
          clean(label),
          ...values.map(cellText),
          remark ? cellText(remark) : '',
        ]),
      ]);
    case 'text':
      return [...labelled(block.label), `  ${clean(block.text)}`];
    case 'table':
      return [
        ...labelled(block.label),
        ...columns([
          block.columns.map(({ title }) => clean(title)),
          ...block.rows.map((row) => row.map(cellText)),
        ]).map((line) => `  ${line}`),
      ];
    case 'lines':
      return [...labelled(block.label), ...block.lines.map((line) => `  ${clean(line)}`)];
  }
}

function labelled(label: string): readonly string[] {
  return label === '' ? [] : [clean(label)];
}

/** What is amiss has its sign; the rest would only be noise. */
function cellText({ text, tone = 'plain' }: Cell): string {
  const loud = tone === 'warning' || tone === 'alert' || tone === 'unknown';
  return loud && text !== '' ? `${signOf(tone)} ${clean(text)}` : clean(text);
}
