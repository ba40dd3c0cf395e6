import { parsed, type Parsed } from '../../../core/parsed.js';
import type { DefectiveFile, DefectiveFiles } from '../tools/defective-files.js';
import { readTables, SEPARATOR, type Row } from './tables.js';

/** In the form that the tool's source prints (3.0.117). */
export const mooseMissingSample = `missing files:|vms/mail server.vhd|12|0|0000000000000007
missing files:| * unknown path * (deleted file)|9|1|0000000000000003
`;

/**
 * `mfscli -SMF`: path, inode, index and id of a chunk that cannot be read, a line each; with a mode why.
 * The master notes them as its loop over the files comes to them.
 */
export function parseMooseMissing(text: string): Parsed<DefectiveFiles> {
  const result = readTables(text, ['missing'], 'the missing files of `mfscli -SMF`', readFile);
  if (!result.ok) return result;
  const files = new Map(result.value.map((file) => [file.path, file]));
  return parsed({ files: [...files.values()] }, result.unread);
}

function readFile({ fields }: Row): DefectiveFile | undefined {
  // A path may hold the separator; what comes after it does not.
  const id = fields.findLastIndex((field) => /^[0-9A-F]{16}$/.test(field));
  const path = fields.slice(0, Math.max(0, id - 2)).join(SEPARATOR);
  if (path === '') return undefined;
  return { path: path.trim(), unavailable: true, undergoal: false, structure: false };
}
