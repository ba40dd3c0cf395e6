/** A field of an object in the database, as `xe` shows it. */
export interface Field {
  readonly name: string;
  /** Who may write it: `RO`, `RW`; `S` a set, `M` a map. */
  readonly access: 'RO' | 'RW' | 'SRO' | 'SRW' | 'MRO' | 'MRW';
  readonly value: string | ReadonlyMap<string, string>;
}

/** The text of a value: maps as `k: v; k: v`. */
export function textOf({ value }: Field): string {
  if (typeof value === 'string') return value;
  return [...value].map(([key, one]) => `${key}: ${one}`).join('; ');
}

/** The first key to the left, the others to the right; two empty lines end a record. */
export function printRecord(fields: readonly Field[]): string {
  const keys = fields.map(({ name, access }) => `${name} (${access.padStart(3)})`);
  const width = 4 + Math.max(...keys.map((key) => key.length));
  const lines = fields.map((field, index) => {
    const key = keys[index] ?? '';
    return `${index === 0 ? key.padEnd(width) : key.padStart(width)}: ${textOf(field)}\n`;
  });
  return `${lines.join('')}\n\n`;
}

/** The first field of each record, with commas between; `,` and `\` are escaped. */
export function printMinimal(records: readonly (readonly Field[])[]): string {
  const values = records.map(([first]) => (first ? textOf(first) : ''));
  return `${values.map((value) => value.replace(/[\\,]/g, '\\$&')).join(',')}\n`;
}
