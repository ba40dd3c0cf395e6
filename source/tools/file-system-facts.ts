import { linesOf } from '../core/text.js';

/** What a host has for making file systems and for writing them into fstab. */
export interface FileSystemFacts {
  /** `mkfs.ext4`, `mkfs.xfs`, as far as they are there. */
  readonly makers: readonly string[];
  /** `findmnt --verify` is there (util-linux 2.29 and later), and finds fstab in order as it stands. */
  readonly verifies: boolean;
  /** What it finds wrong with fstab as it stands. */
  readonly fstabFaults: readonly string[];
}

/** A script that tells them. */
export const FILE_SYSTEM_FACTS = [
  'for m in mkfs.ext4 mkfs.xfs; do command -v "$m" >/dev/null 2>&1 && echo "maker $m"; done',
  'if findmnt --help 2>/dev/null | grep -q -- --verify; then if o=$(findmnt --verify -F /etc/fstab 2>&1); then echo verifies; else echo "$o" | grep -F "[E]" | sed "s/^ */fault /"; fi; fi',
].join('\n');

/** Reads what the script printed; lines of other kinds are left to others. */
export function parseFileSystemFacts(stdout: string): FileSystemFacts {
  const lines = linesOf(stdout);
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  return {
    makers: of('maker'),
    verifies: lines.includes('verifies'),
    fstabFaults: of('fault').map((line) => line.replace('[E]', '').trim()),
  };
}
