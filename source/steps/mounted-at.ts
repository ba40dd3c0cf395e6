import { reads, type Reader } from '../core/host.js';
import { linesOf } from '../core/text.js';
import { lsblkPairs } from '../tools/block-lines.js';

/** What is mounted at a path itself. */
export type MountedAt =
  | { readonly kind: 'nothing' }
  /** The UUID is empty for what has none (tmpfs, NFS). */
  | { readonly kind: 'mounted'; readonly uuid: string }
  | { readonly kind: 'not known'; readonly because: string };

/**
 * Asks what is mounted at a path; of several on top of each other the uppermost counts. findmnt has
 * `--mountpoint` only from 2.27 on, so it is given the path alone, which it also looks for among the
 * sources (findmnt(8)).
 */
export async function mountedAt(host: Reader, path: string): Promise<MountedAt> {
  const outcome = await host.run(reads(['findmnt', '-n', '-P', '-o', 'TARGET,UUID', path]));
  if (outcome.kind !== 'exited') return { kind: 'not known', because: outcome.reason };
  // It ends with 1 and no word where nothing is mounted.
  if (outcome.code !== 0 && outcome.stderr.trim() !== '') {
    return { kind: 'not known', because: outcome.stderr.trim() };
  }
  const here = linesOf(outcome.stdout)
    .map(lsblkPairs)
    .filter((pairs) => pairs.get('TARGET') === path)
    .at(-1);
  return here ? { kind: 'mounted', uuid: here.get('UUID') ?? '' } : { kind: 'nothing' };
}
