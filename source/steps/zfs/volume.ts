import { reads, type Reader } from '../../core/host.js';
import { linesOf } from '../../core/text.js';
import { DATASET_FIELDS, parseDatasets, type Dataset } from '../../tools/zfs.js';

/** A volume with its snapshots and whatever lies beneath it, or why it cannot be told. */
export type VolumeLook =
  | {
      readonly ok: true;
      /** Undefined: there is none of this name. */
      readonly volume: Dataset | undefined;
      /** All else of it: snapshots, bookmarks, children. */
      readonly beneath: readonly Dataset[];
    }
  | { readonly ok: false; readonly because: string };

/** Looks at one volume and all beneath it, now. Never rejects. */
export async function lookAtVolume(host: Reader, volume: string): Promise<VolumeLook> {
  const fields = DATASET_FIELDS.join(',');
  const argv = ['zfs', 'list', '-H', '-p', '-t', 'all', '-r', '-o', fields, volume];
  const outcome = await host.run(reads(argv, 30_000));
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  if (outcome.code !== 0) {
    const said = linesOf(outcome.stderr)[0]?.trim() ?? `zfs ended with exit code ${outcome.code}`;
    // Its words since 2008; the exit code is 1 for everything.
    return said.endsWith('dataset does not exist')
      ? { ok: true, volume: undefined, beneath: [] }
      : { ok: false, because: said };
  }
  const read = parseDatasets(outcome.stdout);
  if (!read.ok || read.unread.length > 0) {
    return { ok: false, because: `what zfs lists of ${volume} could not be read` };
  }
  const own = read.value.find(({ name }) => name === volume);
  if (!own) return { ok: false, because: `zfs does not list ${volume} itself` };
  return { ok: true, volume: own, beneath: read.value.filter((one) => one !== own) };
}

/** The part of a snapshot's name behind the `@`; undefined: it is no snapshot of this very volume. */
export function snapshotOf(volume: string, { name, type }: Dataset): string | undefined {
  return type === 'snapshot' && name.startsWith(`${volume}@`)
    ? name.slice(volume.length + 1)
    : undefined;
}
