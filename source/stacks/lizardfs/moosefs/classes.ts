import { parsed, type Parsed } from '../../../core/parsed.js';
import type { Goal, Goals } from '../tools/goals.js';
import { readTables, wholeNumber, type Row } from './tables.js';

/** A genuine output, shortened: MooseFS 3.0.117. */
export const mooseClassesSample = `storage classes:|1|1|NO|STD|0|0|-|0|-|-|-|-|YES|1|*|YES|1|*|YES|1|*|-
storage classes:|2|2|NO|STD|0|1|-|0|-|-|-|-|YES|2|* , *|YES|2|* , *|YES|2|* , *|-
`;

/** How many fields a line of MooseFS 3 has, and where what is kept stands. */
const FIELDS = 22;
const KEEP = { copies: 16, labels: 17 } as const;

/**
 * `mfscli -SSC`: id, name, admin only, mode, files and folders that have it, eight figures of their
 * chunks, then whether it can be had, copies and labels for creating, keeping and archiving. There are
 * nine from the beginning, named after their copies. Of MooseFS 4 only id and name are read.
 */
export function parseMooseClasses(text: string): Parsed<Goals> {
  const result = readTables(
    text,
    ['classes'],
    'the storage classes of `mfscli -SSC`',
    readStorageClass,
  );
  return result.ok ? parsed({ goals: result.value }, result.unread) : result;
}

function readStorageClass({ fields }: Row): Goal | undefined {
  const [number, name = ''] = fields;
  const id = wholeNumber(number);
  if (Number.isNaN(id) || name === '' || fields.length < FIELDS) return undefined;
  const copies = fields.length === FIELDS ? wholeNumber(fields[KEEP.copies]) : Number.NaN;
  if (Number.isNaN(copies)) return { id, name, definition: '' };
  const definition = fields[KEEP.labels] ?? '';
  return { id, name, definition, shape: { servers: copies, survives: copies - 1 } };
}
