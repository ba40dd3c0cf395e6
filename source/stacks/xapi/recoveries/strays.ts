import { reads, type Reader } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';
import { mountPointOf, type Beneath } from '../beneath.js';

/** What lies in the bare folder, and where that can be seen. */
export interface Strays {
  readonly seenAt: string;
  /** Names; empty: nothing, or nothing can be seen any more. */
  readonly names: readonly string[];
}

/** More are counted and not named. */
const MOST = 200;

/**
 * What was written into the empty folder. It is looked for only where the host's own disk is shown:
 * a folder of a mounted file system is full of what belongs there.
 */
export async function straysIn(reader: Reader, sr: string, beneath: Beneath): Promise<Strays> {
  if (beneath.kind !== 'folder') return { seenAt: '', names: [] };
  const { onRoot, location, boundElsewhere } = beneath;
  const seenAt = onRoot ? location : boundElsewhere ? mountPointOf(sr) : '';
  if (seenAt === '') return { seenAt, names: [] };
  const script = `ls -A -- "$1" 2>/dev/null | head -n ${MOST}; true`;
  const outcome = await reader.run(reads(['sh', '-c', script, 'sh', seenAt]));
  if (outcome.kind !== 'exited') return { seenAt, names: [] };
  return { seenAt, names: linesOf(outcome.stdout).filter((line) => line !== '') };
}
