import { clean } from '../../core/text.js';
import { bytes } from '../../core/units.js';
import type { MapperDevice } from '../../tools/mapper.js';
import type { MemoryLook } from '../../tools/snapshot-memory.js';
import type { Dataset } from '../../tools/zfs.js';
import { phaseOf } from './phase.js';
import type { Far } from './far.js';
import type { Image } from './view.js';

/** Sectors of device mapper. */
const SECTOR = 512;

/** Where what was written last lies, and how much of it nobody else has. */
export interface Newest {
  readonly where:
    | 'nas'
    | 'container'
    /** The NAS's image, and what was written since beside it on the container: only both are whole. */
    | 'both'
    /** The facts do not say: it is treated as if all of it could be lost. */
    | 'not known';
  /** In a sentence, drawable. */
  readonly says: string;
  /** What would be lost with the container's part, in bytes: 0 nothing; undefined: not known. */
  readonly unsaved?: number;
}

/**
 * Where the newest data of an image is, by facts alone: docs/decisions/0018-newest-data.md.
 *
 * @param memory what lies in the container's `-temp-write`; left out: it was not looked into
 */
export function newestOf(image: Image, memory?: MemoryLook): Newest {
  const { far, leftovers, nas } = image;
  const holders = [...(far ? [far] : []), ...leftovers].filter(hasData);
  const [on, other] = holders;
  if (on && other) {
    const where = `${clean(on.container.name)} and ${clean(other.container.name)}`;
    return { where: 'not known', says: `${where} both have data of it.` };
  }
  if (on) return byDevice(image, on, memory);
  const blind = far && unseen(far);
  if (blind !== undefined && phaseOf(image) !== 'direct') {
    return { where: 'not known', says: `${blind} could not be looked at.` };
  }
  return { where: 'nas', says: `All of it is on ${clean(nas.name)}.`, unsaved: 0 };
}

function hasData({ local, temp, device }: Far): boolean {
  return local !== undefined || temp !== undefined || device !== undefined;
}

function unseen({ container }: Far): string | undefined {
  const { devices, volumes } = container;
  return devices.ok && volumes.ok ? undefined : clean(container.name);
}

function byDevice(image: Image, far: Far, memory: MemoryLook | undefined): Newest {
  const { device, temp, container } = far;
  switch (device?.target) {
    case 'snapshot':
      return besideNas(image, far, device, memory);
    case 'snapshot-merge':
      return merging(image, far, device);
    case 'linear':
      // It is loaded only once all is merged: what is left of the memory is nobody's.
      return ownVolume(image, far);
    case undefined:
      if (!container.devices.ok) {
        const says = `${clean(container.name)} has volumes of it; which of them its device uses could not be looked at.`;
        return { where: 'not known', says };
      }
      return temp ? orphanMemory(image, far, temp, memory) : idleVolume(image, far);
    default: {
      const says = `The device on ${clean(container.name)} is of the kind ${clean(device?.target ?? '')}, which the roll never makes.`;
      return { where: 'not known', says };
    }
  }
}

/** The bytes that a snapshot's memory holds, without the tables of its own. */
export function writtenBeside({ filling }: MapperDevice): number | undefined {
  if (filling?.kind !== 'filled') return undefined;
  return Math.max(0, filling.allocated - filling.metadata) * SECTOR;
}

function besideNas(
  image: Image,
  far: Far,
  device: MapperDevice,
  memory: MemoryLook | undefined,
): Newest {
  const where = clean(far.container.name);
  const name = clean(image.nas.name);
  const beside = clean(far.temp?.name ?? 'the snapshot');
  const known = memory?.ok === true ? memory.memory.bytes : undefined;
  if (device.filling?.kind === 'broken' && device.filling.word !== 'Overflow') {
    return {
      where: 'not known',
      says: `The snapshot on ${where} is ${clean(device.filling.word)}: the kernel gives back nothing of what was written beside${known === undefined ? '' : ` (${bytes(known)})`}. ${name} has the image as it was when it was mapped.`,
    };
  }
  const unsaved = writtenBeside(device) ?? known;
  if (unsaved === 0) {
    const says = `Nothing was written on ${where} since it was mapped: all of it is on ${name}.`;
    return { where: 'nas', says, unsaved };
  }
  if (!isBaseUnchanged(image, far)) {
    const says = `The device on ${where} belongs to a mapping that ${name} no longer has: what it reads from may have changed since.`;
    return { where: 'not known', says };
  }
  const full =
    device.filling?.kind === 'broken' ? ' What was written after it was full is lost.' : '';
  return {
    where: 'both',
    says: `${name} has the image as it was when it was mapped; ${unsaved === undefined ? 'what was' : bytes(unsaved)} written since ${unsaved === undefined ? 'lies' : 'lie'} on ${where} in ${beside}.${full}`,
    ...(unsaved !== undefined && { unsaved }),
  };
}

function merging(image: Image, far: Far, device: MapperDevice): Newest {
  const where = clean(far.container.name);
  if (device.filling?.kind === 'broken' && device.filling.word !== 'Merge failed') {
    const says = `The merge on ${where} is ${clean(device.filling.word)}: what it had not merged yet cannot be read any more.`;
    return { where: 'not known', says };
  }
  const left = writtenBeside(device);
  const much = left === undefined ? '' : `, ${bytes(left)} of it still beside`;
  const since = sinceCommon(image, far)?.container;
  return {
    where: 'container',
    says: `${where} has all of it${much}; ${clean(image.nas.name)} has the image as it was when it was mapped.`,
    ...(since !== undefined && left !== undefined && { unsaved: since + left }),
  };
}

/** A memory that no device reads: it counts with what it was written beside, where that is certain. */
function orphanMemory(
  image: Image,
  far: Far,
  { name, referenced }: Dataset,
  look: MemoryLook | undefined,
): Newest {
  const where = clean(far.container.name);
  const size = referenced === null ? 'size not known' : bytes(referenced);
  const says = `${where} has ${clean(name)} (${size}) and no device that reads it`;
  if (!look?.ok || !look.memory.valid) {
    const why = look?.ok === false ? `: ${clean(look.because)}` : '';
    const gave = look?.ok === true ? ', and the kernel gave it up' : '';
    return {
      where: 'not known',
      says: `${says}${gave}: whether it holds writes that are nowhere else is not known${why}.`,
    };
  }
  const { bytes: beside, more } = look.memory;
  if (beside === 0) return idleVolume(image, far);
  const much = `${more ? 'more than ' : ''}${bytes(beside)}`;
  if (!isBaseUnchanged(image, far)) {
    return {
      where: 'not known',
      says: `${says}: ${much} lie in it that belong to a mapping that is no more, and what they were written beside may have changed since.`,
    };
  }
  const since = sinceCommon(image, far);
  if (since?.container !== undefined) {
    return {
      where: 'container',
      says: `${where} has all of it, ${much} of it still beside its own volume in ${clean(name)}; no device reads it.`,
      ...(!more && { unsaved: since.container + beside }),
    };
  }
  if (far.snapshots.length > 0) {
    return {
      where: 'not known',
      says: `${says}; what its ${much} were written beside is not known.`,
    };
  }
  return {
    where: 'both',
    says: `${clean(image.nas.name)} has the image as it was when it was mapped; ${much} written since lie on ${where} in ${clean(name)}, which no device reads.`,
    ...(!more && { unsaved: beside }),
  };
}

/**
 * Whether what was written beside still fits the NAS's image: as long as it is mapped there nobody else
 * writes on it, and else the NAS must have written nothing since the copy that both have.
 */
function isBaseUnchanged(image: Image, far: Far): boolean {
  return isMappedTo(image, far) || sinceCommon(image, far)?.nas === 0;
}

function isMappedTo({ row }: Image, { container }: Far): boolean {
  return row?.sync === true && row.remoteHost?.split('.')[0] === container.name;
}

/** A volume that no device uses: one that was never received whole has no snapshot, and holds nothing. */
function idleVolume(image: Image, far: Far): Newest {
  if (far.local && far.snapshots.length > 0) return ownVolume(image, far);
  const what = far.local ? `${clean(far.local.name)} was never filled` : 'no volume is there';
  return {
    where: 'nas',
    says: `All of it is on ${clean(image.nas.name)}: on ${clean(far.container.name)} ${what}.`,
    unsaved: 0,
  };
}

/** The container's own volume, held against what the NAS has of it. */
function ownVolume(image: Image, far: Far): Newest {
  const { nas } = image;
  const { local, device, container } = far;
  const [where, name] = [clean(container.name), clean(nas.name)];
  if (!local) {
    return { where: 'not known', says: `${where} has a device and no volume beneath it.` };
  }
  const volume = clean(local.name);
  const since = sinceCommon(image, far);
  if (!since) {
    const why = nas.volumes.ok
      ? 'they have no snapshot in common'
      : `what ${name} has could not be looked at`;
    if (!device) {
      const says = `${where} has ${volume}, which nobody uses: whether it is newer than ${name}'s is not known, ${why}.`;
      return { where: 'not known', says };
    }
    const holds = local.referenced === null ? '' : ` (it holds ${bytes(local.referenced)})`;
    const says = `${where} works on ${volume}; how much of it ${name} does not have is not known${holds}: ${why}.`;
    return { where: 'container', says };
  }
  const { container: here, nas: there } = since;
  if (there !== 0 && !(there === undefined && isMappedTo(image, far))) {
    const both = there === undefined ? 'whether it was cannot be told' : `${bytes(there)} there`;
    const says = `${volume} on ${where} and the image on ${name} were both written on since they were the same (${both}).`;
    if (here !== 0) return { where: 'not known', says };
  }
  if (here === 0) {
    return {
      where: 'nas',
      says: `${volume} on ${where} holds nothing that ${name} has not.`,
      unsaved: 0,
    };
  }
  return {
    where: 'container',
    says:
      here === undefined
        ? `${where} has ${volume}; how much of it ${name} does not have is not known: its ZFS is too old to tell.`
        : `${where} has ${bytes(here)} in ${volume} that were written since the last copy to ${name}.`,
    ...(here !== undefined && { unsaved: here }),
  };
}

/** What was written on each side since the newest snapshot that both have, in bytes. */
export interface SinceCommon {
  /** The snapshot's name on the container, behind its `@`. */
  readonly snapshot: string;
  /** Undefined: ZFS is too old to tell. */
  readonly container: number | undefined;
  readonly nas: number | undefined;
}

/** The newest snapshot that both have, by its number; undefined: there is none that is known. */
export function sinceCommon(image: Image, { snapshots, local }: Far): SinceCommon | undefined {
  const common = snapshots.findLast(
    ({ guid }) => guid !== '' && image.snapshots.some((one) => one.guid === guid),
  );
  if (!common) return undefined;
  const after = (all: readonly Dataset[], own: Dataset | undefined): number | undefined => {
    const at = all.findIndex(({ guid }) => guid === common.guid);
    const written = [...all.slice(at + 1), ...(own ? [own] : [])].map((one) => one.written);
    return written.reduce<number | undefined>(
      (sum, one) => (sum === undefined || one === null ? undefined : sum + one),
      0,
    );
  };
  return {
    snapshot: common.name.slice(common.name.indexOf('@') + 1),
    container: after(snapshots, local),
    nas: after(image.snapshots, image.volume),
  };
}
