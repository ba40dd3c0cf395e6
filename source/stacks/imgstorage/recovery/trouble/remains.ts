import { clean, listed } from '../../../../core/text.js';
import type { Situation } from '../look.js';
import { mend, name, where, type Trouble } from './kinds.js';

/** Parts of a mapping that is no more. */
export function leftOver(found: Situation): Trouble | undefined {
  const { image, far, chain } = found;
  if (image.row && image.row.remoteHost !== null) {
    if (!far?.temp || far.device?.target !== 'linear') return undefined;
    return mend(
      'left over',
      'temp-write volume left behind',
      `${name(found)} was merged on ${where(found)}, but ${clean(far.temp.name)} is still there. Its mapping is in order.`,
    );
  }
  const left = chain.links.filter(({ standing }) => standing === 'left over');
  if (left.length === 0) return undefined;
  const state = image.row ? 'is not mapped' : 'has no row on its NAS';
  return mend(
    'left over',
    'left over of a mapping',
    `${name(found)} ${state}, but there is still ${listed(
      left.map(({ part, says }) => `${part} (${says})`),
      6,
    )}. Mapping it again destroys what lies on the container without a question.`,
  );
}

/** A part that is missing or unlike, for no reason known here. */
export function brokenChain(found: Situation): Trouble | undefined {
  const { broken } = found.chain;
  if (!broken) return undefined;
  const says = broken.says === '' ? '' : ` (${broken.says})`;
  return mend(
    'broken chain',
    `${broken.part} ${broken.standing}`,
    `${name(found)} (${found.chain.phase}): the ${broken.part} is ${broken.standing}${says}.`,
  );
}
