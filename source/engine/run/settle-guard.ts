import type { Millis } from '../../core/host.js';
import { duration } from '../../core/units.js';
import { confirmCommand, fireCommand, guardState, lookCommand } from './guard-commands.js';
import type { GuardState } from './guard-commands.js';
import { asked, BY_ITSELF, isBefore, reached, type GuardedStep } from './guarded-step.js';
import { pause, write } from './run-tell.js';

/** How long what a guard does may take, and its host to be reached again, in ms. */
export const GRACE: Millis = 120_000;
/** Between two looks, in ms. */
export const PAUSE: Millis = 1000;
/** How long one new connection may take to come about, in ms. */
const TRY: Millis = 5000;

/** Waits until a guard has fired and ended, and tells why it did and what came of it. */
export async function ended(guarded: GuardedStep, why: string): Promise<string> {
  const { kind, host, step, deps, turn } = guarded;
  const { did } = BY_ITSELF[turn];
  const state = await settled(guarded);
  if (state.kind === 'not known') {
    return `${why}; whether the host ${did} is not known: ${state.because}`;
  }
  if (state.kind !== 'fired') return `${why}; the host says that its guard is ${state.kind}`;
  await write(deps, { kind: 'put-back', step: step.id });
  if (state.exit !== 0) {
    return `${why}; ${BY_ITSELF[turn].doing} ended with exit code ${state.exit}: ${state.says}`;
  }
  if (isBefore(guarded, await kind.check(host))) return `${why}; the host ${did}`;
  return `${why}; the host ${did}, but ${turn === 'change' ? 'still shows it' : 'does not show it'}`;
}

/** How the guard stands once its time is over. */
export async function settled({ name, host, step, deps, turn }: GuardedStep): Promise<GuardState> {
  const end = deps.clock.now() + GRACE;
  for (;;) {
    const state = guardState(await host.run(lookCommand(name)));
    const runs = state.kind === 'armed' || state.kind === 'firing' || state.kind === 'not known';
    if (!runs || deps.clock.now() >= end) return state;
    const progress = { says: `waiting until the host ${BY_ITSELF[turn].did}` };
    deps.tell({ kind: 'progress', step: step.id, progress });
    await pause(deps.clock, PAUSE);
    if (state.kind === 'not known') await host.renew(TRY);
  }
}

/**
 * Finds out what became of a guard that an earlier try of the step left behind, and ends it. With
 * `keep` what took effect is confirmed, since this console has connected after it; otherwise what is
 * still armed fires now.
 *
 * @returns why that is not possible
 */
export async function settleGuard(
  guarded: GuardedStep,
  wanted: 'keep' | 'put back',
): Promise<string | undefined> {
  const { step, kind, name, host, deps, turn } = guarded;
  const state = guardState(await host.run(lookCommand(name)));
  if (state.kind === 'armed') {
    if (wanted === 'keep' && reached(guarded, await kind.check(host))) {
      const kept = guardState(await asked(guarded, confirmCommand(name)));
      if (kept.kind === 'confirmed') return undefined;
    }
    await asked(guarded, fireCommand(name, GRACE));
  }
  const end = await settled(guarded);
  switch (end.kind) {
    case 'gone':
    case 'confirmed':
      return undefined;
    case 'fired': {
      await write(deps, { kind: 'put-back', step: step.id });
      const progress = { says: `the host ${BY_ITSELF[turn].did} by itself` };
      deps.tell({ kind: 'progress', step: step.id, progress });
      return undefined;
    }
    case 'armed':
    case 'firing':
      return `the host has been ${BY_ITSELF[turn].doing} for ${duration(GRACE / 1000)}`;
    case 'not known':
      return `whether the host ${BY_ITSELF[turn].did} is not known: ${end.because}`;
  }
}
