import type { Finding } from '../../../core/finding.js';
import type { Now } from '../../../core/probe.js';
import { clean } from '../../../core/text.js';
import { bytes, duration, percent } from '../../../core/units.js';
import { isGoingBack } from '../phase.js';
import { progressOf, type Progress } from '../progress.js';
import type { Image } from '../view.js';
import { aboutImage } from './make.js';

/** A snapshot this full is told of, and one that is as good as full more gravely. */
const NEARLY = 0.8;
const FULL = 0.95;

/** A copy that takes this many times as long as the middle of the others is told of. */
const LONGER = 3;
/** Nothing is said of a copy that has been under way for less, in seconds. */
const LONG = 1800;

/** What is wrong with the copies and merges. */
export function copyFindings(now: Now, images: readonly Image[]): readonly Finding[] {
  const ages = images
    .map((image) => progressOf(now, image)?.age)
    .filter((age) => age !== undefined);
  return images.flatMap((image) => {
    const progress = progressOf(now, image);
    return [
      ...filling(image),
      ...(progress ? stalled(image, progress) : []),
      ...(progress ? slow(image, progress, ages) : []),
    ];
  });
}

function stalled(image: Image, progress: Progress): readonly Finding[] {
  if (!progress.stalled) return [];
  const merges = progress.phase === 'merging';
  const where = clean(image.far?.container.name ?? '');
  const left = progress.left === undefined ? '' : ` with ${bytes(progress.left)} left`;
  return [
    aboutImage(image, {
      code: merges ? 'IMGSTORAGE_MERGE_STALLED' : 'IMGSTORAGE_COPY_STALLED',
      severity: 'alert',
      title: merges ? 'merge makes no progress' : 'copy makes no progress',
      says: `The ${merges ? 'merge' : 'copy'} of ${image.subject} on ${where} stands still${left}.`,
      means: meansOf(progress),
      todo: merges
        ? `Look into the kernel’s log on ${where} and at its pool; \`dmsetup status\` shows whether the snapshot is Invalid.`
        : 'Look at the network between NAS and container, and at both pools.',
      onlyAfter: 60_000,
    }),
  ];
}

function meansOf({ phase }: Progress): string {
  if (phase === 'merging') {
    return 'The container merges one image after the other, so the others wait too; the NAS keeps the image locked and its target open until it is over.';
  }
  return isGoingBack(phase)
    ? 'What was written since the last copy is on the container alone until the NAS has all of it.'
    : 'The guest reads over iSCSI and writes beside until the copy is there; what it writes fills its snapshot.';
}

function slow(
  image: Image,
  { age, phase, left, stalled: still }: Progress,
  ages: readonly number[],
): readonly Finding[] {
  const others = ages.toSorted((a, b) => a - b);
  const middle = others[Math.floor(others.length / 2)];
  if (still || age === undefined || age < LONG || others.length < 3 || middle === undefined) {
    return [];
  }
  if (age < middle * LONGER) return [];
  const rest = left === undefined ? '' : ` ${bytes(left)} are left.`;
  return [
    aboutImage(image, {
      code: 'IMGSTORAGE_COPY_SLOW',
      severity: 'warning',
      title: 'takes longer than its neighbours',
      says: `${image.subject} has been ${phase} for ${duration(age)}; half of the others take less than ${duration(middle)}.${rest}`,
      means: 'It may be larger or busier than the others, or its network or pool is slow.',
      todo: 'Compare its rate with that of the others.',
      remedies: [],
      heals: true,
    }),
  ];
}

/** A snapshot whose memory is full is Invalid, and what was written is lost. */
function filling(image: Image): readonly Finding[] {
  const device = image.far?.device;
  if (device?.target !== 'snapshot' || device.filling?.kind !== 'filled') return [];
  const { allocated, total } = device.filling;
  const share = total > 0 ? allocated / total : 0;
  if (share < NEARLY) return [];
  return [
    aboutImage(image, {
      code: 'IMGSTORAGE_SNAPSHOT_FILLING',
      severity: share >= FULL ? 'alert' : 'warning',
      title: 'snapshot nearly full',
      says: `The snapshot of ${image.subject} on ${clean(image.far?.container.name ?? '')} is ${percent(share)} full, and the image is not copied yet.`,
      means:
        'When it is full it becomes Invalid: the guest’s disk fails, and what was written since it was mapped is lost.',
      todo: 'Have the guest write less, or shut it down, until the copy is there and merged.',
      remedies: [],
      heals: true,
    }),
  ];
}
