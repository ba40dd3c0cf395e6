import { bytes } from '../../../core/units.js';
import type { OwnSnapshot, TakeSnapshot } from '../../../steps/logical-volume/snapshot.js';
import { lvmName } from '../../../steps/logical-volume/volume.js';
import type { Side, SideVolume } from '../split-brain/side.js';
import { snapshotName } from './place.js';

/** A snapshot that can be taken of a volume while it is read, or why it cannot. */
export type Snapshot =
  | { readonly ok: true; readonly take: TakeSnapshot; readonly own: OwnSnapshot }
  | { readonly ok: false; readonly because: string };

const MIB = 2 ** 20;
/** What the replay of a journal and the writers of some minutes change at the least. */
const LEAST = 64 * MIB;

/**
 * How much room a snapshot has while it is read: a tenth of the volume. One as large as its origin, and
 * its tables, can never overflow. How full it is is watched, and an overflow is told.
 */
export function snapshotSize(sizeBytes: number, extent: number): number {
  const whole = sizeBytes * 1.02 + 4 * MIB;
  return Math.ceil(Math.min(whole, Math.max(LEAST, sizeBytes / 10)) / extent) * extent;
}

/** The snapshots of a side's volumes. All of one volume group share its room. */
export function snapshotsOf({ host, volumes }: Side, id: string): readonly Snapshot[] {
  const taken = new Map<string, number>();
  return volumes.map(({ beneath, volume }: SideVolume): Snapshot => {
    const of = `volume ${volume} of ${host}`;
    if (beneath.kind === 'other') return { ok: false, because: `${of}: ${beneath.because}` };
    const { vg, lv } = beneath;
    const sizeBytes = snapshotSize(beneath.sizeBytes, beneath.extentBytes);
    const free = beneath.freeBytes - (taken.get(vg) ?? 0);
    if (sizeBytes > free) {
      const because = `${of}: ${vg} has ${bytes(free)} free, and a snapshot of ${vg}/${lv} needs ${bytes(sizeBytes)}`;
      return { ok: false, because };
    }
    taken.set(vg, (taken.get(vg) ?? 0) + sizeBytes);
    const own = { vg, lv, name: snapshotName(lv), id };
    const named = [vg, lv, own.name].every((name) => lvmName.safeParse(name).success);
    if (!named) {
      return { ok: false, because: `${of}: ${vg}/${lv} has a name that is not put into commands` };
    }
    return { ok: true, own, take: { ...own, sizeBytes } };
  });
}
