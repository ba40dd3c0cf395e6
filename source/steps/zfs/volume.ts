import { reads, type Reader } from '../../core/host.js';
import { linesOf } from '../../core/text.js';
import type { Verdict } from '../../core/step.js';
import { lookAtDevices } from '../../tools/device.js';
import { inUse } from '../../tools/disk-gate.js';
import { DATASET_FIELDS, parseDatasets, type Dataset } from '../../tools/zfs.js';
import { zvolPath } from './names.js';

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

/**
 * What stands against touching a volume: whoever has its device open, or a stream that it is receiving;
 * undefined: nothing. ZFS itself is no guard here: OpenZFS 2.1 renames a volume that is open, and receives
 * into it beneath whoever reads it (both seen).
 */
export async function whoUses(
  host: Reader,
  volume: Pick<Dataset, 'name' | 'beneath'>,
): Promise<Verdict | undefined> {
  const { name, beneath } = volume;
  if ((beneath ?? 0) > 0) return { kind: 'refused', because: `${name} is receiving a copy` };
  const look = await lookAtDevices(host, [zvolPath(name)]);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  // Without a device (`volmode=none`, or half received) nobody can have it open.
  const [device] = look.tree.asked(zvolPath(name));
  const by = device && inUse(look.tree, device);
  return by === undefined ? undefined : { kind: 'refused', because: `${name}: ${by}` };
}

/**
 * The same within the command itself, right before it, as a function of the shell: ends it where `$1`, a
 * volume, has its device open or something stands on it. Whenever a device is closed udev looks into it,
 * which is no use of it, so that is waited for.
 */
export const UNUSED = [
  'unused() { p=/dev/zvol/$1; [ -b "$p" ] || return 0; udevadm settle --timeout=10 2>/dev/null',
  'if command -v fuser >/dev/null && fuser -s "$p" 2>/dev/null; then echo "$1 is in use" >&2; exit 1; fi',
  'd=$(readlink -f "$p"); for h in "/sys/class/block/${d##*/}/holders"/*; do [ -e "$h" ] || continue; echo "${h##*/} stands on $1" >&2; exit 1; done; }',
].join('\n');

/** The part of a snapshot's name behind the `@`; undefined: it is no snapshot of this very volume. */
export function snapshotOf(volume: string, { name, type }: Dataset): string | undefined {
  return type === 'snapshot' && name.startsWith(`${volume}@`)
    ? name.slice(volume.length + 1)
    : undefined;
}
