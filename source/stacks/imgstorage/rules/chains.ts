import type { Finding } from '../../../core/finding.js';
import { clean, listed } from '../../../core/text.js';
import { chainOf, strangersAt, type Chain, type Link } from '../chain.js';
import { newestOf } from '../newest.js';
import type { Image } from '../view.js';
import { aboutImage, type ImageFinding } from './make.js';

/** A daemon that is between two messages leaves a chain open for a moment. */
const SETTLED = 30_000;

/** What is wrong with the chain of an image: one finding, of the gravest kind that fits. */
export function chainFindings(image: Image): readonly Finding[] {
  const chain = chainOf(image);
  const found =
    brokenSnapshot(image) ??
    stranger(image) ??
    suspended(image) ??
    notReturned(image, chain) ??
    interrupted(image, chain) ??
    leftBehind(image, chain) ??
    broken(image, chain);
  return found ? [aboutImage(image, found)] : [];
}

function brokenSnapshot(image: Image): ImageFinding | undefined {
  const far = [image.far, ...image.leftovers].find(
    (one) => one?.device?.filling?.kind === 'broken',
  );
  const filling = far?.device?.filling;
  if (!far || filling?.kind !== 'broken') return undefined;
  const word = clean(filling.word);
  return {
    code: 'IMGSTORAGE_SNAPSHOT_LOST',
    severity: 'alert',
    title: `snapshot ${word}`,
    says: `The snapshot of ${image.subject} on ${clean(far.container.name)} is ${word}.`,
    means: `${newestOf(image).says} Every read and write of its guest fails, and the daemon there merges nothing more until it is restarted.`,
    todo: 'Stop its guest. The guide shows what can still be saved, and then unmaps it step by step.',
  };
}

function stranger(image: Image): ImageFinding | undefined {
  const strangers = strangersAt(image).map(clean);
  if (strangers.length === 0) return undefined;
  const row = image.row;
  const mapped = row?.remoteHost == null ? 'not mapped' : `mapped to ${clean(row.remoteHost)}`;
  return {
    code: 'IMGSTORAGE_TARGET_ELSEWHERE',
    severity: 'alert',
    title: 'target in use by another host',
    says: `${image.subject} is ${mapped}, but ${listed(strangers)} ${strangers.length === 1 ? 'is' : 'are'} logged in at its target.`,
    means:
      'Two hosts that write to one image destroy its file system; and while it is logged in, the target cannot be removed.',
    todo: `See what ${listed(strangers)} has on that disk before anything else, and log out there.`,
    onlyAfter: SETTLED,
  };
}

function suspended({ subject, far }: Image): ImageFinding | undefined {
  if (far?.device?.suspended !== true) return undefined;
  const where = clean(far.container.name);
  return {
    code: 'IMGSTORAGE_DEVICE_SUSPENDED',
    severity: 'alert',
    title: 'device suspended',
    says: `The device ${clean(far.device.name)} of ${subject} on ${where} is suspended.`,
    means:
      'Its guest waits with every read and write, and a merge does not go on. The daemon suspends a device only for a moment; it was ended in between, or somebody did it by hand.',
    todo: 'See what its table is to be before it is resumed; the guide shows it.',
    onlyAfter: SETTLED,
  };
}

function notReturned(image: Image, { phase }: Chain): ImageFinding | undefined {
  if (phase !== 'not returned') return undefined;
  return {
    code: 'IMGSTORAGE_NOT_RETURNED',
    severity: 'alert',
    title: 'last copy to the NAS failed',
    says: `${image.subject} was unmapped, but its last copy to the NAS did not come to an end; it stays locked and mapped.`,
    means: `${newestOf(image).says} A clean-up destroys that.`,
    todo: 'Copy it to the NAS first; the guide does that, and then unmaps it. Why it failed is in /var/log/messages of the NAS (snapshot_download.sh).',
    onlyAfter: SETTLED,
  };
}

function interrupted(image: Image, { phase }: Chain): ImageFinding | undefined {
  if (phase !== 'interrupted') return undefined;
  return {
    code: 'IMGSTORAGE_INTERRUPTED',
    severity: 'alert',
    title: 'image half mapped, and nobody goes on',
    says: `${image.subject} is mapped to ${clean(image.row?.remoteHost ?? '')} and not copied yet, but no copy is under way or waits.`,
    means: `img-storage-nas forgets its copies when it starts. ${newestOf(image).says} It stays so until somebody ends it.`,
    todo: 'Let the guide save what was written, unmap the image and map it again.',
    onlyAfter: SETTLED,
  };
}

/** Nothing is mapped, and yet there is something of it. */
function leftBehind(image: Image, { phase, links }: Chain): ImageFinding | undefined {
  const left = links.filter(({ standing }) => standing === 'left over');
  if (phase !== 'unmapped' && phase !== 'no row' && image.leftovers.length === 0) return undefined;
  if (left.length === 0 && image.leftovers.length === 0) return undefined;
  const where = listed(image.leftovers.map(({ container }) => clean(container.name)));
  const what = left.map(({ part, says }) => `${part} (${says})`);
  const state =
    phase === 'no row'
      ? 'has no row on its NAS'
      : phase === 'unmapped'
        ? 'is not mapped'
        : `is mapped to ${clean(image.row?.remoteHost ?? '')}`;
  return {
    code: 'IMGSTORAGE_LEFT_OVER',
    severity: 'warning',
    title: 'left over of an image',
    says: `${image.subject} ${state}, but there is still ${what.length > 0 ? listed(what) : `something of it on ${where}`}.`,
    means: `${newestOf(image).says} Mapping it again destroys what lies on the container without a question.`,
    todo: 'See whether it holds anything that the NAS does not have, and let the guide save it or take it away.',
    onlyAfter: SETTLED,
  };
}

function broken(image: Image, { broken: link, phase }: Chain): ImageFinding | undefined {
  if (!link || link.part === 'row') return undefined;
  return {
    code: 'IMGSTORAGE_CHAIN_BROKEN',
    severity: 'alert',
    title: `chain broken at the ${link.part}`,
    says: `${image.subject} (${phase}): the ${link.part} ${sentence(link)}.`,
    means: `${newestOf(image).says} The NAS and the container do not say the same of it, and the roll goes by what the NAS says.`,
    todo: 'Look at the chain in the details; the guide mends it from the container’s end, and saves data first.',
    onlyAfter: SETTLED,
  };
}

function sentence({ standing, says }: Link): string {
  const words = says === '' ? '' : ` (${says})`;
  switch (standing) {
    case 'missing':
      return `is missing${words}`;
    case 'unlike':
      return `is not as it should be${words}`;
    default:
      return `is ${standing}${words}`;
  }
}
