import { clean } from '../../core/text.js';
import { bytes } from '../../core/units.js';
import { phaseOf } from './phase.js';
import type { MapperDevice } from '../../tools/mapper.js';
import type { Dataset } from '../../tools/zfs.js';
import type { Far, Image } from './view.js';

/** Sectors of device mapper. */
const SECTOR = 512;

/** Where what was written last lies, and how much of it nobody else has. */
export interface Newest {
  readonly where:
    | 'nas'
    | 'container'
    /** The NAS's image, and what was written since beside it on the container: only both are whole. */
    | 'both'
    | 'not known';
  /** In a sentence, drawable. */
  readonly says: string;
  /** What would be lost with the container's part, in bytes: 0 nothing; undefined: not known. */
  readonly unsaved?: number;
}

/** Where the newest data of an image is. */
export function newestOf(image: Image): Newest {
  const { far, leftovers, nas } = image;
  const on = far && hasData(far) ? far : leftovers.find(hasData);
  const name = clean(nas.name);
  if (!on) {
    const blind = far && unseen(far);
    if (blind !== undefined && phaseOf(image) !== 'direct') {
      return { where: 'not known', says: `${blind} could not be looked at.` };
    }
    return { where: 'nas', says: `All of it is on ${name}.`, unsaved: 0 };
  }
  const device = on.device;
  if (device?.target === 'snapshot') return besideNas(image, on, device);
  if (device?.target === 'snapshot-merge' || on.merge) return merging(on);
  // Its memory without a device: what was written beside lies there, and nobody reads it.
  if (!device && on.temp) return orphanMemory(on, on.temp);
  return ownVolume(image, on, on.local);
}

function hasData({ local, temp, device }: Far): boolean {
  return local !== undefined || temp !== undefined || device !== undefined;
}

function unseen({ container }: Far): string | undefined {
  const { devices, volumes } = container;
  return devices.ok && volumes.ok ? undefined : clean(container.name);
}

/** The bytes that a snapshot's memory holds, without the tables of its own. */
export function writtenBeside({ filling }: MapperDevice): number | undefined {
  if (filling?.kind !== 'filled') return undefined;
  return Math.max(0, filling.allocated - filling.metadata) * SECTOR;
}

function besideNas({ nas }: Image, { container, temp }: Far, device: MapperDevice): Newest {
  const where = clean(container.name);
  if (device.filling?.kind === 'broken') {
    return {
      where: 'nas',
      says: `The snapshot on ${where} is ${clean(device.filling.word)}: the kernel gives back nothing of what was written beside. ${clean(nas.name)} has the image as it was when it was mapped.`,
    };
  }
  const unsaved = writtenBeside(device);
  const much = unsaved === undefined ? 'what' : bytes(unsaved);
  return {
    where: 'both',
    says: `${clean(nas.name)} has the image as it was when it was mapped; ${much} written since lie on ${where} in ${clean(temp?.name ?? 'the snapshot')}.`,
    ...(unsaved !== undefined && { unsaved }),
  };
}

function merging({ container, local, device }: Far): Newest {
  const left = device && writtenBeside(device);
  const much = left === undefined ? '' : `, ${bytes(left)} of it still beside`;
  const unsaved = local?.written ?? undefined;
  return {
    where: 'container',
    says: `${clean(container.name)} has all of it${much}; the NAS has the image as it was when it was mapped.`,
    ...(unsaved !== undefined && { unsaved: unsaved + (left ?? 0) }),
  };
}

function orphanMemory({ container }: Far, temp: Dataset): Newest {
  return {
    where: 'both',
    says: `${clean(container.name)} has ${clean(temp.name)} (${temp.referenced === null ? 'size not known' : bytes(temp.referenced)}) and no device that reads it: whether it holds writes that are nowhere else is not known.`,
  };
}

/** The container's own volume, held against the copies that the NAS has of it. */
function ownVolume({ nas, snapshots }: Image, far: Far, local: Dataset | undefined): Newest {
  const where = clean(far.container.name);
  if (!local)
    return { where: 'not known', says: `${where} has a device and no volume beneath it.` };
  const last = far.snapshots.at(-1);
  const saved = last && snapshots.some(({ guid }) => guid !== '' && guid === last.guid);
  const unsaved = saved === true ? (local.written ?? undefined) : undefined;
  if (!nas.volumes.ok) {
    return {
      where: 'container',
      says: `${where} works on ${clean(local.name)}; what ${clean(nas.name)} has could not be looked at.`,
    };
  }
  if (unsaved === 0) {
    return {
      where: 'nas',
      says: `${clean(local.name)} on ${where} and ${clean(nas.name)} have the same.`,
      unsaved,
    };
  }
  return {
    where: 'container',
    says:
      unsaved === undefined
        ? `${where} works on ${clean(local.name)}; how much of it ${clean(nas.name)} does not have is not known (${local.referenced === null ? 'its size is not known' : `it holds ${bytes(local.referenced)}`}).`
        : `${where} has ${bytes(unsaved)} in ${clean(local.name)} that were written since the last copy to ${clean(nas.name)}.`,
    ...(unsaved !== undefined && { unsaved }),
  };
}
