import { randomUUID } from 'node:crypto';
import type { Plan } from '../../core/plan.js';
import type { Draft } from '../../core/wizard.js';
import type { Clock } from '../clock.js';

/** A plan of a draft: with a name of its own, and who made it when. */
export function makePlan(
  draft: Draft,
  about: Pick<Plan, 'origin' | 'cluster' | 'madeBy'>,
  clock: Clock,
): Plan {
  const madeAt = new Date(clock.now()).toISOString();
  return { schema: 1, id: randomUUID(), madeAt, ...about, ...draft };
}
