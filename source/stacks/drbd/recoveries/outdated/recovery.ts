import type { Millis } from '../../../../core/host.js';
import type { Case, Recovery, WayOut } from '../../../../core/recovery.js';
import { clean } from '../../../../core/text.js';
import { standingBlocks } from '../blocks.js';
import { planBack } from '../bring-back.js';
import { gathering } from '../gather.js';
import type { Standing } from '../look.js';
import { planForce } from './force.js';
import { judge, type Judged } from './judge.js';
import { lossWords, stateWords } from './words.js';

/** The recovery, with the clock by which it tells times. */
export function outdatedRecovery(clock: () => Millis): Recovery {
  return {
    id: 'drbd.outdated',
    title: 'Go on with old DRBD data',
    says: 'Says since when a copy is old or torn and what it lacks, brings the newer side back where it can; else makes it Primary by force.',
    gather: gathering({ clock, several: 'refused', judge, caseOf: outdatedCase }),
  };
}

function outdatedCase(standing: Standing, judged: Extract<Judged, { readonly ok: true }>): Case {
  const { name } = standing.resource;
  const { old, down } = judged;
  const losses = lossWords(judged).map(clean);
  const back: readonly WayOut[] =
    down.length > 0
      ? [
          {
            value: 'bring-back',
            says: clean(
              `Bring ${down.map(({ host }) => host).join(' and ')} back: ${old.host} is brought up to date by it.`,
            ),
            loses: [],
            plan: () =>
              planBack({ resource: name, living: old, down, promote: false, renew: false }),
          },
        ]
      : [];
  const force: WayOut = {
    value: 'force',
    says: clean(`Take the data of ${old.host} as it is, by force.`),
    loses: losses,
    plan: () => planForce({ resource: name, judged, losses }),
  };
  return {
    verdict: judged.isTorn ? 'inconsistent, no peer' : 'outdated, no peer',
    mendable: true,
    happened: clean(stateWords(judged)),
    todo: clean(
      down.length > 0
        ? 'Bring the other side back; by force only if its data cannot be had any more.'
        : `Bring ${judged.peer} back if there is any way: it has the newer data. By force only if it is gone for good.`,
    ),
    blocks: standingBlocks(standing),
    ways: [...back, force],
    ...(down.length > 0 && {
      recommended: {
        value: 'bring-back',
        reasons: ['the host of the newer data answers', 'nothing is lost by it'],
      },
    }),
  };
}
