import type { Millis } from '../../../core/host.js';
import { bytes } from '../../../core/units.js';
import type { KeepCopy } from '../steps/keep-copy.js';
import { keepCopyParams } from '../steps/keep-copy.js';
import type { Side, SideVolume } from './side.js';

/** A copy of one volume that can be made, or why it cannot. */
export type Copy =
  | { readonly ok: true; readonly params: KeepCopy }
  | { readonly ok: false; readonly because: string };

const MIB = 1024 * 1024;

/**
 * How large a snapshot is: all that the resync overwrites (what both sides changed), and a margin
 * of a tenth of the volume for what the other side writes afterwards, since that reaches this disk
 * too. A snapshot as large as its origin, and its tables, can never overflow.
 */
export function copySize(sizeBytes: number, differBytes: number | null, extent: number): number {
  const whole = sizeBytes * 1.02 + 4 * MIB;
  const wanted =
    differBytes === null ? whole : Math.min(whole, differBytes * 1.1 + sizeBytes / 10 + 4 * MIB);
  return Math.ceil(wanted / extent) * extent;
}

/** The copies of a victim's volumes. All of one volume group share its room. */
export function copiesOf(
  victim: Side,
  survivor: Side,
  resource: string,
  at: Millis,
): readonly Copy[] {
  const taken = new Map<string, number>();
  return victim.volumes.map((volume): Copy => {
    const { beneath, generations } = volume;
    if (beneath.kind === 'other') return { ok: false, because: beneath.because };
    const differ = differBytes(volume, survivor);
    const sizeBytes = copySize(beneath.sizeBytes, differ, beneath.extentBytes);
    const free = beneath.freeBytes - (taken.get(beneath.vg) ?? 0);
    if (sizeBytes > free) {
      const because = `${beneath.vg} has ${bytes(free)} free, and a copy of ${beneath.vg}/${beneath.lv} needs ${bytes(sizeBytes)}`;
      return { ok: false, because };
    }
    taken.set(beneath.vg, (taken.get(beneath.vg) ?? 0) + sizeBytes);
    const params = keepCopyParams.safeParse({
      resource,
      identify: volume.identify,
      vg: beneath.vg,
      lv: beneath.lv,
      name: `${beneath.lv}-split-brain-${stamp(at)}`,
      sizeBytes,
      generation: generations?.current.slice(0, 15) ?? '',
    });
    return params.success
      ? { ok: true, params: params.data }
      : {
          ok: false,
          because: `${beneath.vg}/${beneath.lv} has a name that is not put into commands`,
        };
  });
}

function differBytes({ volume, outOfSyncKiB }: SideVolume, survivor: Side): number | null {
  const other = survivor.volumes.find((one) => one.volume === volume)?.outOfSyncKiB ?? null;
  return outOfSyncKiB === null || other === null ? null : (outOfSyncKiB + other) * 1024;
}

/** `20261120-140211`, in UTC. */
export function stamp(at: Millis): string {
  return new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}
