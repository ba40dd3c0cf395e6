import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import type { Info } from '../tools/info.js';
import { readTables, wholeNumber, type Row } from './tables.js';

/** A genuine output: MooseFS 3.0.117. */
export const mooseSummarySample = `master info:|master version|3.0.117
master info:|RAM used|207220736
master info:|CPU used|not available
master info:|total space|2268745728
master info:|avail space|2040168448
master info:|free space|2040168448
master info:|trash space|0
master info:|trash files|0
master info:|sustained space|0
master info:|sustained files|0
master info:|all fs objects|28
master info:|directories|4
master info:|files|24
master info:|chunks|24
master info:|all chunk copies|48
master info:|regular chunk copies|48
master info:|last successful store|-
master info:|last save duration|-
master info:|last save status|-
`;

const EXPECTED = 'the totals of `mfscli -SIG`';

/** What is told and not kept; when the metadata was saved is told of each master as well. */
const PASSED_OVER =
  /^(?:CPU used|free space|last |regular chunk copies|chunks in |all chunk EC|hypothetical |storage bytes saved)/;

const KEPT: Readonly<Record<string, Exclude<keyof Info, 'version' | 'symlinks'>>> = {
  'RAM used': 'memoryBytes',
  'total space': 'totalBytes',
  'avail space': 'availableBytes',
  'trash space': 'trashBytes',
  'trash files': 'trashFiles',
  'sustained space': 'reservedBytes',
  'sustained files': 'reservedFiles',
  'all fs objects': 'objects',
  directories: 'directories',
  files: 'files',
  chunks: 'chunks',
  'all chunk copies': 'copies',
  // MooseFS 4, where chunks may be kept in parts.
  'all full chunk copies': 'copies',
};

/** `mfscli -SIG`: a name and a value a line. What is deleted and still open is called sustained. */
export function parseMooseSummary(text: string): Parsed<Info> {
  const result = readTables(text, ['summary'], EXPECTED, readEntry);
  if (!result.ok) return result;
  const told = new Map(result.value);
  const version = told.get('master version');
  if (version === undefined || !told.has('total space')) return notThis(1, EXPECTED);
  const info = { ...nothing, version };
  for (const [name, value] of told) {
    const key = Object.hasOwn(KEPT, name) ? KEPT[name] : undefined;
    if (key !== undefined) info[key] = wholeNumber(value) || 0;
  }
  return parsed(info, result.unread);
}

const nothing = {
  memoryBytes: 0,
  totalBytes: 0,
  availableBytes: 0,
  trashBytes: 0,
  trashFiles: 0,
  reservedBytes: 0,
  reservedFiles: 0,
  objects: 0,
  directories: 0,
  files: 0,
  chunks: 0,
  copies: 0,
};

function readEntry({ fields }: Row): readonly [string, string] | undefined {
  const [name = '', value] = fields;
  const known = name === 'master version' || Object.hasOwn(KEPT, name) || PASSED_OVER.test(name);
  return value !== undefined && known ? [name, value] : undefined;
}
