import { clean, listed } from '../../../../core/text.js';
import { chainOf } from '../../chain.js';
import { phaseOf, type Phase } from '../../phase.js';
import type { Image } from '../../view.js';

/** Phases out of which an image is unmapped in good order. */
const SETTLED: ReadonlySet<Phase> = new Set(['local', 'direct', 'copying back']);

/** Why an image cannot be mapped; undefined: it can. */
export function mapFault(image: Image): string | undefined {
  const phase = phaseOf(image);
  if (image.row?.remoteHost != null) return `it is mapped to ${image.row.remoteHost}`;
  if (image.lock) return 'it is locked by a call';
  if (image.leftovers.length > 0) {
    const where = listed(image.leftovers.map(({ container }) => container.name));
    return `${where} still has something of it, which mapping destroys: see its problem`;
  }
  if (image.target) return 'its target is still served: see its problem';
  return phase === 'unmapped' ? undefined : `it is ${phase}`;
}

/** Why an image cannot be unmapped in good order; undefined: it can. */
export function unmapFault(image: Image): string | undefined {
  const { far, lock } = image;
  const { phase, broken, unknown } = chainOf(image);
  if (image.row?.remoteHost == null) return 'it is not mapped';
  // A second call for a locked image gets no answer at all: the frontend waits for ever.
  if (phase === 'sending' || phase === 'merging') {
    return `it is ${phase}: wait until that is over`;
  }
  if (lock) return 'it is locked by a call: see its problem';
  if (broken) return `its chain is broken (${broken.part} ${broken.standing}): see its problem`;
  if (!SETTLED.has(phase)) return `it is ${phase}: see its problem`;
  if (unknown.length > 0) return `${unknown[0]?.says ?? 'its container'}: not looked at`;
  const open = far?.device?.open ?? 0;
  // The container's daemon would wait for it to be closed, and do nothing else meanwhile.
  if (open > 0) return `its device is open on ${far?.container.name ?? ''}: stop its guest first`;
  return undefined;
}

/** Why an image cannot be removed; undefined: it can. */
export function removeFault(image: Image): string | undefined {
  if (!image.row) return 'it has no row on its NAS: see its problem';
  if (image.row.remoteHost !== null) return `it is mapped to ${image.row.remoteHost}`;
  if (image.lock) return 'it is locked by a call';
  if (image.leftovers.length > 0) {
    return 'a container still has something of it, which may be newer: see its problem';
  }
  if (image.target) return 'its target is still served: see its problem';
  if (image.row.zpool === null) return 'its row does not say in which pool it is';
  if (!image.volume) return `${image.row.zpool} has no such volume`;
  if ((image.volume.beneath ?? 0) > 0) return 'it is receiving a copy';
  const clones = clonesOf(image);
  if (clones.length > 0) return `${listed(clones.map(clean))} stands on a snapshot of it`;
  return undefined;
}

/** Volumes that were cloned from a snapshot of an image. */
function clonesOf({ nas, volume }: Image): readonly string[] {
  if (!volume || !nas.volumes.ok) return [];
  return nas.volumes.value.datasets.flatMap(({ name, origin }) =>
    origin?.startsWith(`${volume.name}@`) === true ? [name] : [],
  );
}

/** All that goes with an image: itself, its snapshots, whatever lies beneath its name. */
export function goesWith({ nas, volume }: Image): readonly string[] {
  if (!volume || !nas.volumes.ok) return [];
  const beneath = ['@', '/'];
  return nas.volumes.value.datasets
    .map(({ name }) => name)
    .filter(
      (name) => name === volume.name || beneath.some((mark) => name.startsWith(volume.name + mark)),
    );
}
