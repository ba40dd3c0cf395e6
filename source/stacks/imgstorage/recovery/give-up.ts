import { Steps } from '../../../core/plan-steps.js';
import { clean, listed } from '../../../core/text.js';
import type { Draft, Drafted } from '../../../core/wizard.js';
import { shortName } from '../roll.js';
import { endIscsi } from './chain-steps.js';
import { wakeDaemons } from './daemons.js';
import type { Situation } from './look.js';
import { giveBackRoll, holdRoll, unmapRows } from './rows.js';

/** The NAS forgets a container that is gone for good; what only that one had is lost. */
export function planGiveUp(found: Situation): Drafted {
  const { image } = found;
  const where = goneHost(found);
  const alive = (image.target?.initiators ?? []).map(({ name, addresses }) =>
    listed(addresses.length > 0 ? addresses : [name]),
  );
  if (alive.length > 0) {
    const says = `${listed(alive)} is still logged in at the target: whoever that is lives.`;
    return { ok: false, faults: [{ key: 'victim', says: clean(says) }] };
  }
  const steps = new Steps('one by one');
  holdRoll(steps, found);
  endIscsi(steps, found, []);
  unmapRows(steps, found);
  giveBackRoll(steps, found);
  wakeDaemons(steps, found);
  const loses = lossOf(found);
  const draft: Draft = {
    title: `Give ${where} up for ${image.subject}`,
    steps: steps.list,
    basis: [],
    confirmations: [{ word: where, accepts: loses }],
    loses: [loses],
    putBack:
      'Undo puts the rows and the target back. Once the image is mapped again, what the old container had does not fit it any more.',
    warnings: [
      `If ${where} comes back, its guest must not be started there: it would go on with a disk that is no longer the image. The guide finds what it still has, and takes it away.`,
      'That the image can be mapped again is not proven: map it to another container.',
    ],
  };
  return { ok: true, draft };
}

/** The container that the NAS's row names. */
export function goneHost({ image }: Situation): string {
  return shortName(image.row?.remoteHost ?? '');
}

/** What is lost with a container that cannot be asked. */
export function lossOf(found: Situation): string {
  const { image } = found;
  return clean(
    `What ${goneHost(found)} wrote to ${image.subject} and did not give to the NAS is lost for good; how much that is, nobody can say.`,
  );
}
