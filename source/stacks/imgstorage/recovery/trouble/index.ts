import { listed } from '../../../../core/text.js';
import type { Situation } from '../look.js';
import { atWork, brokenSnapshot, byPhase, stalled } from './copies.js';
import { miss, name, type Trouble } from './kinds.js';
import { deadLock, halfDone } from './locks.js';
import { elsewhere, gone, notRead, twice } from './reach.js';
import { brokenChain, leftOver } from './remains.js';

export type { Trouble } from './kinds.js';

/** What is the matter, the gravest first; each is judged by facts of this moment. */
export function troubleOf(found: Situation): Trouble {
  return (
    notRead(found) ??
    elsewhere(found) ??
    twice(found) ??
    gone(found) ??
    brokenSnapshot(found) ??
    halfDone(found) ??
    atWork(found) ??
    stalled(found) ??
    byPhase(found) ??
    deadLock(found) ??
    leftOver(found) ??
    brokenChain(found) ??
    inOrder(found)
  );
}

function inOrder(found: Situation): Trouble {
  const unknown = found.chain.unknown.map(({ part }) => part);
  const but = unknown.length === 0 ? '' : ` The ${listed(unknown)} could not be looked at.`;
  return miss(
    'in order',
    found.chain.phase,
    `Nothing of ${name(found)} is out of order (${found.chain.phase}).${but}`,
    'There is nothing to mend.',
  );
}
