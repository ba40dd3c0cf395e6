import { randomUUID } from 'node:crypto';
import type { Failure } from '../core/failure.js';
import type { Command, Millis, Outcome } from '../core/host.js';
import type { Step } from '../core/plan.js';
import type { BoundStep, Guard } from '../core/step.js';
import { duration } from '../core/units.js';
import { armCommand, confirmCommand, fireCommand, guardState, isArmed } from './guard-commands.js';
import { lookCommand, type GuardState } from './guard-commands.js';
import { note, pause, plainReason, write, type RunDeps, type RunHost } from './run-tell.js';

/** How long one new connection may take to come about, in ms. */
const TRY: Millis = 5000;
/** How long a put-back may take, and its host to be reached again, in ms. */
const GRACE: Millis = 120_000;
const PAUSE: Millis = 1000;

/** A step under guard, with all that it is carried out by. */
interface Guarded {
  readonly step: Step;
  readonly kind: BoundStep;
  /** The guard's name on the host. */
  readonly name: string;
  readonly host: RunHost;
  readonly deps: RunDeps;
}

/**
 * Carries out a change that could cut the console off: arms the put-back on the host, changes, and
 * confirms over a connection that was made after the change. The guard's name is in the journal
 * before it is on the host, so that whoever resumes after a crash can ask what became of it.
 *
 * @returns why it is not done; undefined when it is done, and confirmed
 */
export async function runGuarded(
  step: Step,
  kind: BoundStep,
  guard: Guard,
  host: RunHost,
  deps: RunDeps,
): Promise<string | undefined> {
  const guarded: Guarded = { step, kind, name: randomUUID(), host, deps };
  await write(deps, { kind: 'armed', step: step.id, guard: guarded.name });
  // The host's own time begins later, never earlier.
  const until = deps.clock.now() + guard.seconds * 1000;
  const armed = await asked(guarded, armCommand(guarded.name, guard));
  if (!isArmed(armed)) {
    return `the host could not be made to put it back by itself, so it was not changed: ${plainReason(armed)}`;
  }
  const broken = await change(guarded, guard);
  return confirmAfresh(guarded, until, broken);
}

/** Runs the change; why it failed, if so. That it never answers is no failure: it may have cut us off. */
async function change(guarded: Guarded, guard: Guard): Promise<string | undefined> {
  const { kind } = guarded;
  // Half of the time is for coming back.
  const patience = guard.seconds * 500;
  for (const command of kind.commands) {
    const deadline = Math.min(command.deadline, patience);
    const outcome = await asked(guarded, { ...command, deadline });
    if (outcome.kind === 'lost') return undefined;
    if (outcome.kind === 'exited' && outcome.code === 0) continue;
    return kind.explain(outcome) ?? plainReason(outcome);
  }
  return undefined;
}

async function confirmAfresh(
  guarded: Guarded,
  until: Millis,
  broken: string | undefined,
): Promise<string | undefined> {
  const { step, kind, host, deps } = guarded;
  let last: Failure | undefined;
  for (;;) {
    const left = until - deps.clock.now();
    if (left <= 0) break;
    const says = 'to be confirmed over a new connection, else the host puts it back';
    const progress = { says, secondsLeft: left / 1000 };
    deps.tell({ kind: 'progress', step: step.id, progress });
    last = await host.renew(Math.min(left, TRY));
    if (last === undefined) {
      const verdict = await kind.check(host);
      if (verdict.kind === 'done') return confirm(guarded);
      // It may have come about only because the host has put it back by then.
      if (guardState(await host.run(lookCommand(guarded.name))).kind !== 'armed') break;
      const because = 'because' in verdict ? verdict.because : undefined;
      const why = broken ?? because;
      if (why !== undefined) return putBackNow(guarded, why);
      if (left < TRY) return putBackNow(guarded, 'the host does not show it');
    }
    await pause(deps.clock, PAUSE);
  }
  const what = last === undefined ? '' : `: ${last.what}`;
  return ended(guarded, `no new connection to ${host.name} came about in time${what}`);
}

async function confirm(guarded: Guarded): Promise<string | undefined> {
  const said = guardState(await asked(guarded, confirmCommand(guarded.name)));
  // Its answer may have been cut off: the host knows whether it came in time.
  const state = said.kind === 'not known' ? await settled(guarded) : said;
  if (state.kind === 'confirmed') return undefined;
  return ended(guarded, 'it was confirmed too late');
}

async function putBackNow(guarded: Guarded, why: string): Promise<string> {
  await asked(guarded, fireCommand(guarded.name, GRACE));
  return ended(guarded, why);
}

/** Waits until the put-back has ended, and tells why there was one and what came of it. */
async function ended(guarded: Guarded, why: string): Promise<string> {
  const state = await settled(guarded);
  if (state.kind === 'not known') {
    return `${why}; whether the host has put it back is not known: ${state.because}`;
  }
  const { kind, host, step, deps } = guarded;
  if (state.kind !== 'fired') return `${why}; the host says that its guard is ${state.kind}`;
  await write(deps, { kind: 'put-back', step: step.id });
  if (state.exit !== 0) {
    return `${why}; putting it back ended with exit code ${state.exit}: ${state.says}`;
  }
  const after = await kind.check(host);
  if (after.kind === 'done') return `${why}; it was put back, but the host still shows it`;
  return `${why}; the host has put it back`;
}

/** How the guard stands once its time is over. */
async function settled({ name, host, step, deps }: Guarded): Promise<GuardState> {
  const end = deps.clock.now() + GRACE;
  for (;;) {
    const state = guardState(await host.run(lookCommand(name)));
    const runs = state.kind === 'armed' || state.kind === 'firing' || state.kind === 'not known';
    if (!runs || deps.clock.now() >= end) return state;
    const progress = { says: 'waiting for the host to put it back' };
    deps.tell({ kind: 'progress', step: step.id, progress });
    await pause(deps.clock, PAUSE);
    if (state.kind === 'not known') await host.renew(TRY);
  }
}

/**
 * Finds out what became of a guard that an earlier try of the step left behind, and ends it. With
 * `keep` a change that took effect is confirmed, since this console has connected after it;
 * otherwise what is still armed fires now.
 *
 * @returns why that is not possible
 */
export async function settleGuard(
  guarded: Guarded,
  wanted: 'keep' | 'put back',
): Promise<string | undefined> {
  const { step, kind, name, host, deps } = guarded;
  const state = guardState(await host.run(lookCommand(name)));
  if (state.kind === 'armed') {
    if (wanted === 'keep' && (await kind.check(host)).kind === 'done') {
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
      const progress = { says: 'the host had put it back by itself' };
      deps.tell({ kind: 'progress', step: step.id, progress });
      return undefined;
    }
    case 'armed':
    case 'firing':
      return `the host has been putting it back for ${duration(GRACE / 1000)}`;
    case 'not known':
      return `whether the host has put it back is not known: ${end.because}`;
  }
}

async function asked({ step, host, deps }: Guarded, command: Command): Promise<Outcome> {
  const started = deps.clock.now();
  const outcome = await host.run(command);
  await note(step, command, outcome, deps.clock.now() - started, deps);
  return outcome;
}
