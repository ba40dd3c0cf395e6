import { randomUUID } from 'node:crypto';
import type { Failure } from '../../core/failure.js';
import type { Millis } from '../../core/host.js';
import type { Guard } from '../../core/step.js';
import { armCommand, confirmCommand, fireCommand, guardState } from './guard-commands.js';
import { isArmed, lookCommand } from './guard-commands.js';
import { asked, BY_ITSELF, firesOf, guardedCommands, reached } from './guarded-step.js';
import type { GuardedStep } from './guarded-step.js';
import { pause, plainReason, write } from './run-tell.js';
import { ended, GRACE, PAUSE, settled } from './settle-guard.js';

/** How long one new connection may take to come about, in ms. */
const TRY: Millis = 5000;

/**
 * Makes or takes back a change that could cut the console off: arms what the host does by itself,
 * runs the commands, and confirms over a connection that was made after them. The guard's name is in
 * the journal before it is on the host, so that whoever resumes after a crash can ask what became of
 * it.
 *
 * @returns why it is not so; undefined when it is, and confirmed
 */
export async function runGuarded(
  what: Omit<GuardedStep, 'name'>,
  guard: Guard,
): Promise<string | undefined> {
  const guarded: GuardedStep = { ...what, name: randomUUID() };
  const { step, name, deps, turn } = guarded;
  await write(deps, { kind: 'armed', step: step.id, guard: name });
  // The host's own time begins later, never earlier.
  const until = deps.clock.now() + guard.seconds * 1000;
  const armed = await asked(guarded, armCommand(name, firesOf(guarded, guard), guard.seconds));
  if (!isArmed(armed)) {
    const way = turn === 'change' ? 'put it back' : 'make it again';
    return `the host could not be made to ${way} by itself, so it was not changed: ${plainReason(armed)}`;
  }
  const broken = await runCommands(guarded, guard);
  return confirmAfresh(guarded, until, broken);
}

/** Why the commands failed, if so. That one never answers is no failure: it may have cut us off. */
async function runCommands(guarded: GuardedStep, guard: Guard): Promise<string | undefined> {
  // Half of the time is for coming back.
  const patience = guard.seconds * 500;
  for (const command of guardedCommands(guarded)) {
    const deadline = Math.min(command.deadline, patience);
    const outcome = await asked(guarded, { ...command, deadline });
    if (outcome.kind === 'lost') return undefined;
    if (outcome.kind === 'exited' && outcome.code === 0) continue;
    return guarded.kind.explain(outcome) ?? plainReason(outcome);
  }
  return undefined;
}

async function confirmAfresh(
  guarded: GuardedStep,
  until: Millis,
  broken: string | undefined,
): Promise<string | undefined> {
  const { step, kind, host, deps, turn } = guarded;
  let last: Failure | undefined;
  for (;;) {
    const left = until - deps.clock.now();
    if (left <= 0) break;
    const says = `to be confirmed over a new connection, else the host ${BY_ITSELF[turn].does}`;
    const progress = { says, secondsLeft: left / 1000 };
    deps.tell({ kind: 'progress', step: step.id, progress });
    last = await host.renew(Math.min(left, TRY));
    if (last === undefined) {
      const verdict = await kind.check(host);
      if (reached(guarded, verdict)) return confirm(guarded);
      // It may have come about only because the host has acted by then.
      if (guardState(await host.run(lookCommand(guarded.name))).kind !== 'armed') break;
      const because = 'because' in verdict ? verdict.because : undefined;
      const why = broken ?? because;
      if (why !== undefined) return fireNow(guarded, why);
      if (left < TRY) return fireNow(guarded, notShown(guarded));
    }
    await pause(deps.clock, PAUSE);
  }
  const what = last === undefined ? '' : `: ${last.what}`;
  return ended(guarded, `no new connection to ${host.name} came about in time${what}`);
}

function notShown({ turn }: GuardedStep): string {
  return turn === 'change' ? 'the host does not show it' : 'the host still shows it';
}

async function confirm(guarded: GuardedStep): Promise<string | undefined> {
  const said = guardState(await asked(guarded, confirmCommand(guarded.name)));
  // Its answer may have been cut off: the host knows whether it came in time.
  const state = said.kind === 'not known' ? await settled(guarded) : said;
  if (state.kind === 'confirmed') return undefined;
  return ended(guarded, 'it was confirmed too late');
}

async function fireNow(guarded: GuardedStep, why: string): Promise<string> {
  await asked(guarded, fireCommand(guarded.name, GRACE));
  return ended(guarded, why);
}
