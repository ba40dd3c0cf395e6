import { failed, printed, type Ran } from '../program.js';

/** A table as virsh prints it: padded columns, a rule, an empty line at the end. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    ` ${cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('   ')}`;
  const rule = widths.reduce((sum, width) => sum + width + 3, 1);
  return `${[line(head), '-'.repeat(rule), ...rows.map(line)].join('\n')}\n\n`;
}

/** Labels and values, padded as `pool-info` and its like print them. */
export function labelled(rows: readonly (readonly [string, string])[]): Ran {
  const lines = rows.map(([label, value]) => `${`${label}:`.padEnd(15)} ${value}\n`);
  return printed(`${lines.join('')}\n`);
}

/** `error:` lines as virsh prints them: what failed, and why. */
export function refused(what: string, why: string): Ran {
  return failed(1, `error: ${what}\nerror: ${why}\n`, '\n');
}

/** The names or UUIDs alone, which a list gives with `--name` or `--uuid`. */
export function bare(
  things: readonly { readonly name: string; readonly uuid: string }[],
  flags: readonly string[],
): Ran | undefined {
  const key = flags.includes('--uuid') ? 'uuid' : flags.includes('--name') ? 'name' : undefined;
  return key && printed(`${things.map((thing) => `${thing[key]}\n`).join('')}\n`);
}
