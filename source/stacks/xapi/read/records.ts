import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** One record of a list that `xe` printed. */
export interface XeRecord {
  /** What it says of a key; empty where the key was not printed. */
  readonly get: (key: string) => string;
  readonly has: (key: string) => boolean;
  /** As it was printed, for evidence. */
  readonly lines: readonly string[];
}

/** A genuine list: `xe sr-list params=uuid,physical-size,type` of a XenServer host. */
export const recordsSample = [
  'uuid ( RO)             : 9dd5d636-c90a-930d-c04f-897f9624731a',
  '    physical-size ( RO): 64768442368',
  '             type ( RO): lvm',
  '',
  '',
  'uuid ( RO)             : 02afb7d7-670a-2175-5926-9c3b6b0e7651',
  '    physical-size ( RO): -1',
  '             type ( RO): iso',
  '',
  '',
  '',
].join('\n');

/**
 * A field: the first of a record to the left, the others to the right, then who may write it (`RO`
 * read only, `RW`, `SRO` a set, `MRW` a map …) and the value (xen-api, cli_printer).
 */
const FIELD = /^( *)([A-Za-z][\w.-]*) \( ?[SM]?R[OW]\)(?: \[DEPRECATED\])? *: ?(.*)$/;

/**
 * Reads a list of records. Two empty lines stand between records, but a value may hold empty lines
 * itself (descriptions), so a record begins where a field stands to the left again. A line that is
 * no field goes on with the value above it; before the first record it is not understood.
 */
export function parseRecords(text: string): Parsed<readonly XeRecord[]> {
  const records: Draft[] = [];
  const unread: string[] = [];
  let apart = true;
  for (const line of linesOf(text)) {
    const [, indent = '', key, value = ''] = FIELD.exec(line) ?? [];
    let current = records.at(-1);
    if (key !== undefined && (!current || (indent === '' && (apart || current.fields.has(key))))) {
      current = { fields: new Map(), lines: [], last: key };
      records.push(current);
    }
    apart = line.trim() === '';
    if (key !== undefined && current && !current.fields.has(key)) {
      current.fields.set(key, value.trim());
      current.last = key;
      current.lines.push(line);
    } else if (!apart && current) {
      current.fields.set(current.last, `${current.fields.get(current.last) ?? ''}\n${line}`);
      current.lines.push(line);
    } else if (!apart) unread.push(line);
  }
  if (records.length === 0 && unread.length > 0) {
    const line = linesOf(text).findIndex((one) => one.trim() !== '') + 1;
    return notThis(line, 'a field such as `uuid ( RO): …`');
  }
  return parsed(records.map(finished), unread);
}

interface Draft {
  readonly fields: Map<string, string>;
  readonly lines: string[];
  last: string;
}

function finished({ fields, lines }: Draft): XeRecord {
  return { get: (key) => fields.get(key) ?? '', has: (key) => fields.has(key), lines };
}

/**
 * A map as it stands in a list: `location: /mnt/a; server: b`. Neither sign is escaped by the tool:
 * a piece without a colon belongs to the value before it.
 */
export function parseMap(text: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  let last: string | undefined;
  for (const piece of text === '' ? [] : text.split('; ')) {
    const colon = /^([\w.-]+):(?: |$)/.exec(piece);
    if (colon?.[1] !== undefined) {
      last = colon[1];
      map.set(last, piece.slice(last.length + 2));
    } else if (last !== undefined) map.set(last, `${map.get(last) ?? ''}; ${piece}`);
  }
  return map;
}

/** What `--minimal` prints: values with commas between, `,` and `\` in them behind a `\`. */
export function parseMinimal(text: string): readonly string[] {
  const line = text.replace(/\r?\n$/, '');
  if (line === '') return [];
  const values: string[] = [''];
  for (const [token] of line.matchAll(/\\[\s\S]|[^\\]|\\$/g)) {
    if (token === ',') values.push('');
    else
      values.push(
        (values.pop() ?? '') +
          (token.length === 2 && token.startsWith('\\') ? token.slice(1) : token),
      );
  }
  return values;
}

/** A number of bytes; undefined where the server does not know it (-1, or 0 for a size). */
export function sizeOf(record: XeRecord, key: string): number | undefined {
  const text = record.get(key);
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  return number > 0 ? number : undefined;
}

/** A reference; undefined where it points to nothing. */
export function refOf(record: XeRecord, key: string): string | undefined {
  const text = record.get(key);
  return text === '' || text.startsWith('<') || text.startsWith('OpaqueRef:') ? undefined : text;
}
