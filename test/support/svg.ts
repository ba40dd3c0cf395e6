import type { Terminal } from '@xterm/headless';

/** The look of a picture of a terminal. */
const BACKGROUND = '#16181d';
const FOREGROUND = '#d7dae0';
const CELL = { width: 8.4, height: 18, baseline: 13.5, margin: 14 } as const;
const FONTS =
  "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace";

/** The first 16 colours; the others follow from their numbers. */
const BASIC = [
  '#16181d',
  '#e5534b',
  '#3fa75f',
  '#c69026',
  '#539bf5',
  '#b083f0',
  '#39a5b5',
  '#c5cad3',
  '#636e7b',
  '#ff6b61',
  '#57c27a',
  '#e0b050',
  '#76b3ff',
  '#cda5ff',
  '#5cc7d6',
  '#ffffff',
] as const;

/** Cells side by side that look alike. */
interface Stretch {
  readonly from: number;
  cells: number;
  text: string;
  readonly look: Look;
}

interface Look {
  readonly colour: string;
  readonly fill: string | undefined;
  readonly bold: boolean;
  readonly faint: boolean;
}

/** A terminal's screen as an SVG picture: text in a monospace font, no script, no external file. */
export function svgOf(terminal: Terminal): string {
  const { cols, rows, buffer } = terminal;
  const width = cols * CELL.width + 2 * CELL.margin;
  const height = rows * CELL.height + 2 * CELL.margin;
  const parts: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const y = CELL.margin + row * CELL.height;
    for (const stretch of stretchesOf(buffer.active.getLine(buffer.active.baseY + row), cols)) {
      parts.push(...drawStretch(stretch, y));
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="${FONTS}" font-size="14" fill="${FOREGROUND}" xml:space="preserve">`,
    ...parts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

type BufferLine = NonNullable<ReturnType<Terminal['buffer']['active']['getLine']>>;
type BufferCell = NonNullable<ReturnType<BufferLine['getCell']>>;

function stretchesOf(line: BufferLine | undefined, columns: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let column = 0; column < columns; column += 1) {
    const cell = line?.getCell(column);
    if (!cell || cell.getWidth() === 0) continue;
    const look = lookOf(cell);
    const last = stretches.at(-1);
    const text = cell.getChars() || ' ';
    if (last && sameLook(last.look, look) && last.from + last.cells === column) {
      last.text += text;
      last.cells += cell.getWidth();
    } else {
      stretches.push({ from: column, cells: cell.getWidth(), text, look });
    }
  }
  return stretches.filter(({ text, look }) => text.trim() !== '' || look.fill !== undefined);
}

function lookOf(cell: BufferCell): Look {
  const ink = cell.isFgDefault() ? FOREGROUND : colourOf(cell.getFgColor(), cell.isFgRGB());
  const paper = cell.isBgDefault() ? undefined : colourOf(cell.getBgColor(), cell.isBgRGB());
  const inverse = cell.isInverse() !== 0;
  return {
    colour: inverse ? (paper ?? BACKGROUND) : ink,
    fill: inverse ? ink : paper,
    bold: cell.isBold() !== 0,
    faint: cell.isDim() !== 0,
  };
}

function sameLook(a: Look, b: Look): boolean {
  return a.colour === b.colour && a.fill === b.fill && a.bold === b.bold && a.faint === b.faint;
}

function colourOf(number: number, isRgb: boolean): string {
  if (isRgb) return `#${number.toString(16).padStart(6, '0')}`;
  const basic = BASIC[number];
  if (basic !== undefined) return basic;
  const level = (n: number): number => (n === 0 ? 0 : 55 + 40 * n);
  const [red, green, blue] =
    number >= 232
      ? [8 + 10 * (number - 232), 8 + 10 * (number - 232), 8 + 10 * (number - 232)]
      : [Math.floor((number - 16) / 36), Math.floor((number - 16) / 6) % 6, (number - 16) % 6].map(
          level,
        );
  return `rgb(${red ?? 0},${green ?? 0},${blue ?? 0})`;
}

function drawStretch({ from, cells, text, look }: Stretch, y: number): readonly string[] {
  const x = (CELL.margin + from * CELL.width).toFixed(1);
  const width = (cells * CELL.width).toFixed(1);
  const fill =
    look.fill === undefined
      ? []
      : [`<rect x="${x}" y="${y}" width="${width}" height="${CELL.height}" fill="${look.fill}"/>`];
  if (text.trim() === '') return fill;
  const style = [
    look.colour === FOREGROUND ? '' : ` fill="${look.colour}"`,
    look.bold ? ' font-weight="bold"' : '',
    look.faint ? ' opacity="0.6"' : '',
  ].join('');
  // The length holds the columns in line whatever the font's own width.
  return [
    ...fill,
    `<text x="${x}" y="${y + CELL.baseline}" textLength="${width}" lengthAdjust="spacingAndGlyphs"${style}>${escape(text)}</text>`,
  ];
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(' ', '\u00A0');
}
