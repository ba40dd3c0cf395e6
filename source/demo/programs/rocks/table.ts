/** A cell: text that came out of JSON is Python's unicode, which its tables count three wider. */
export type Cell = string | number | boolean | null | { readonly unicode: string };

/** A line of a table of Rocks: whose it is, and the cells behind. */
export interface Line {
  readonly owner: string;
  readonly cells: readonly Cell[];
}

/**
 * A table as Rocks prints it (endOutput of its command class): one owner is left out, with the heading
 * of its column; what is nothing is filled up with dashes; the last column is padded as well.
 */
export function rocksTable(headings: readonly string[], lines: readonly Line[]): string {
  if (lines.length === 0) return '';
  const from = new Set(lines.map(({ owner }) => owner)).size > 1 ? 0 : 1;
  const rows: (readonly Cell[])[] = [
    headings.map((heading) => heading.toUpperCase()),
    ...lines.map(({ owner, cells }) => [`${owner}:`, ...cells]),
  ];
  const widths = headings.map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? null))));
  return rows
    .map((row) => {
      const padded = headings.map((_, at) => {
        const text = textOf(row[at] ?? null);
        const width = widths[at] ?? 0;
        return text === '' ? '-'.repeat(width) : text.padEnd(width);
      });
      return `${padded.slice(from).join(' ')}\n`;
    })
    .join('');
}

function textOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'object') return cell.unicode;
  if (typeof cell === 'boolean') return cell ? 'True' : 'False';
  return String(cell);
}

function widthOf(cell: Cell): number {
  const { length } = textOf(cell);
  return cell !== null && typeof cell === 'object' ? length + 3 : length;
}

/** Text as it came over the message queue. */
export function unicode(text: unknown): Cell {
  return typeof text === 'string' ? { unicode: text } : null;
}

/** `0:32:05`, as Python writes a time span; with days before it `1 day, 3:02:00`. */
export function spanOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86_400);
  const two = (part: number): string => String(part).padStart(2, '0');
  const time = `${Math.floor((whole % 86_400) / 3600)}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  if (days === 0) return time;
  return `${days} day${days === 1 ? '' : 's'}, ${time}`;
}
