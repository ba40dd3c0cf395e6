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
  const outcome = await host.run(reads(['findmnt', '-n', '-P', '-o', 'TARGET,UUID,SOURCE', path]));
  if (outcome.kind !== 'exited') return { kind: 'not known', because: outcome.reason };
  // It ends with 1 and no word where nothing is mounted.
  if (outcome.code !== 0 && outcome.stderr.trim() !== '') {
    return { kind: 'not known', because: outcome.stderr.trim() };
  }
  const here = linesOf(outcome.stdout)
    .map(lsblkPairs)
    .filter((pairs) => pairs.get('TARGET') === path)
    .at(-1);
  if (!here) return { kind: 'nothing' };
  const uuid = here.get('UUID') ?? '';
  const source = here.get('SOURCE') ?? '';
  if (uuid !== '' || !source.startsWith('/dev/')) return { kind: 'mounted', uuid };
  return { kind: 'mounted', uuid: await uuidOn(host, source) };
}

/**
 * The UUID as the device itself has it: udev, which findmnt asks, knows nothing of a file system that
 * came over DRBD from another host.
 */
async function uuidOn(host: Reader, source: string): Promise<string> {
  const device = source.replace(/\[.*\]$/, '');
  const outcome = await host.run(reads(['blkid', '-p', '-o', 'value', '-s', 'UUID', device]));
  return outcome.kind === 'exited' && outcome.code === 0 ? outcome.stdout.trim() : '';
}
