import type { Command, Outcome } from '../../core/host.js';
import type { Step } from '../../core/plan.js';
import type { BoundStep, Guard, Verdict } from '../../core/step.js';
import type { OpenGuard } from './run-state.js';
import { note, type RunDeps, type RunHost } from './run-tell.js';

/** A step under guard, with all that it is carried out by. */
export interface GuardedStep extends OpenGuard {
  readonly step: Step;
  readonly kind: BoundStep;
  readonly host: RunHost;
  readonly deps: RunDeps;
}

/** What the host does by itself, in words. */
export const BY_ITSELF = {
  change: { does: 'puts it back', did: 'has put it back', doing: 'putting it back' },
  undo: { does: 'makes it again', did: 'has made it again', doing: 'making it again' },
} as const;

/** What is run under the guard. */
export function guardedCommands({ kind, turn }: GuardedStep): readonly Command[] {
  if (turn === 'change') return kind.commands;
  return kind.undo.kind === 'commands' ? kind.undo.commands : [];
}

/** What the host runs by itself where nobody confirms. */
export function firesOf({ turn }: GuardedStep, { putBack, doAgain }: Guard): readonly string[] {
  return turn === 'change' ? putBack : doAgain;
}

/** Whether the host shows what was wanted. */
export function reached({ kind: { undo }, turn }: GuardedStep, verdict: Verdict): boolean {
  if (turn === 'change') return verdict.kind === 'done';
  return verdict.kind === 'notYet' || (undo.kind === 'commands' && undo.leavesTraces === true);
}

/** Whether the host shows that it has not, or no longer, come about. */
export function isBefore({ turn }: GuardedStep, verdict: Verdict): boolean {
  return turn === 'change' ? verdict.kind !== 'done' : verdict.kind === 'done';
}

/** Runs a command of the step, written down and told. */
export async function asked({ step, host, deps }: GuardedStep, command: Command): Promise<Outcome> {
  const started = deps.clock.now();
  const outcome = await host.run(command);
  await note(step, command, outcome, deps.clock.now() - started, deps);
  return outcome;
}
