import { parsed, type Parsed } from '../../../core/parsed.js';
import { natural, readRecords } from './porcelain.js';

/** A file with chunks that are not as they should be. */
export interface DefectiveFile {
  /** As the master keeps it: not escaped, quotes included. */
  readonly path: string;
  /** Some of its chunks cannot be read. */
  readonly unavailable: boolean;
  /** Some of its chunks have fewer copies than its goal asks for. */
  readonly undergoal: boolean;
  /** The tree itself is damaged there. */
  readonly structure: boolean;
}

/** What `list-defective-files` says: as many as were asked for, and perhaps from an hour ago. */
export interface DefectiveFiles {
  readonly files: readonly DefectiveFile[];
}

/** In the form that the tool's source prints. */
export const defectiveFilesSample = `"/vms/mail server.vhd" 3
"/vms/web-1.vhd" 2
`;

/** `list-defective-files --porcelain`: `"path" flags`; 1 unavailable, 2 undergoal, 4 structure. */
export function parseDefectiveFiles(text: string): Parsed<DefectiveFiles> {
  const result = readRecords(text, 'a path in quotes and a number', readFile);
  return result.ok ? parsed({ files: result.value }, result.unread) : result;
}

function readFile(line: string): DefectiveFile | undefined {
  // A quote within a path is not escaped: the last one ends it.
  const end = line.lastIndexOf('" ');
  const flags = natural(line.slice(end + 2));
  if (!line.startsWith('"') || end < 1 || Number.isNaN(flags) || flags > 7) return undefined;
  return {
    path: line.slice(1, end),
    unavailable: (flags & 1) !== 0,
    undergoal: (flags & 2) !== 0,
    structure: (flags & 4) !== 0,
  };
}
