import { z } from 'zod';
import { reads, type Command } from '../../core/host.js';
import { notThis, parsed, type Parsed } from '../../core/parsed.js';
import { linesOf } from '../../core/text.js';
import { queuesIfNoPath, type MultipathMap } from './map.js';

/** Answered by the daemon from memory, so it does not wait on a dying path as `multipath -ll` does. */
export function showMapsCommand(): Command<'reads'> {
  return reads(['multipathd', 'show', 'maps', 'json'], 6000);
}

/** Words that multipath prints where it knows nothing. */
const NOTHING = new Set(['', '-', '[undef]', '##']);

const word = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => (value === undefined || value === null ? null : value.trim()));
const known = word.transform((value) => (value === null || NOTHING.has(value) ? null : value));
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? null);

const pathSchema = z
  .object({ dev: known, dev_t: known, dm_st: word, chk_st: word, dev_st: word })
  .transform((path) => ({
    hctl: null,
    device: path.dev,
    devt: path.dev_t,
    dmState: path.dm_st,
    checkerState: path.chk_st,
    deviceState: path.dev_st,
  }));

const groupSchema = z
  .object({ selector: known, pri: number, dm_st: known, paths: z.array(pathSchema).default([]) })
  .transform(({ selector, pri, dm_st, paths }) => {
    return { policy: selector, priority: pri, state: dm_st, paths };
  });

const mapSchema = z
  .object({
    name: z.string(),
    uuid: known,
    sysfs: known,
    vend: known,
    prod: known,
    action: known,
    features: known,
    hwhandler: known,
    queueing: word,
    write_prot: known,
    path_groups: z.array(groupSchema).default([]),
  })
  .transform((map): MultipathMap => ({
    alias: map.name,
    wwid: map.uuid ?? map.name,
    dm: map.sysfs,
    vendor: map.vend,
    product: map.prod,
    sizeBytes: null,
    action: map.action,
    features: map.features,
    hwhandler: map.hwhandler,
    queueing: queuesIfNoPath(map.features),
    retry: map.queueing,
    access: map.write_prot,
    groups: map.path_groups,
  }));

const documentSchema = z.union([
  z.object({ maps: z.array(z.unknown()) }).transform(({ maps }) => maps),
  z.object({ map: z.unknown() }).transform(({ map }) => [map]),
]);

/**
 * Reads `multipathd show maps json` and `show map NAME json` (multipath-tools 0.6.2 and later).
 * Lines before and after the document, and maps of another shape, are given back as unread.
 */
export function parseMapsJson(text: string): Parsed<readonly MultipathMap[]> {
  const lines = linesOf(text);
  const first = lines.findIndex((line) => line.startsWith('{'));
  // Not merely a line that ends so: `…line 3, invalid keyword: }` is a message.
  const last = lines.findLastIndex((line) => line.startsWith('}') || isWhole(line));
  const expected = 'the JSON of `multipathd show maps json`';
  if (first < 0 || last < first) return notThis(1, expected);
  const document = documentSchema.safeParse(parseJson(lines.slice(first, last + 1).join('\n')));
  if (!document.success) return notThis(first + 1, expected);

  const unread = [...lines.slice(0, first), ...lines.slice(last + 1)].filter(
    (line) => line.trim() !== '',
  );
  const maps: MultipathMap[] = [];
  for (const raw of document.data) {
    const map = mapSchema.safeParse(raw);
    if (map.success) maps.push(map.data);
    else unread.push(shortJson(raw));
  }
  return parsed(maps, unread);
}

function isWhole(line: string): boolean {
  return line.startsWith('{') && line.trimEnd().endsWith('}');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Enough of a value to recognise it by. Nesting past what the printer bears is said, not printed. */
function shortJson(value: unknown): string {
  try {
    return JSON.stringify(value).slice(0, 300);
  } catch {
    return 'a map that is nested too deeply';
  }
}
