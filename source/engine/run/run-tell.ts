import type { Failure } from '../../core/failure.js';
import type { Command, Host, HostName, Millis, Outcome } from '../../core/host.js';
import type { JournalEntry } from '../../core/journal.js';
import type { Step } from '../../core/plan.js';
import { showCommand } from '../../core/quote.js';
import type { Progress, StepKinds } from '../../core/step.js';
import { linesOf } from '../../core/text.js';
import type { Protection } from '../../core/touch.js';
import type { Clock } from '../clock.js';
import type { Journal } from './journal-file.js';
import type { StepState } from './run-state.js';

/** A host that a run changes. */
export interface RunHost extends Host {
  /**
   * Makes a new connection and goes on with that one; the failure where it does not come about
   * within so many ms.
   */
  readonly renew: (atMost: Millis) => Promise<Failure | undefined>;
}

/** What a run needs. */
export interface RunDeps {
  readonly kinds: StepKinds;
  /** Keeps what must not be touched from being touched, whoever wrote the plan. */
  readonly protection: Protection;
  /** A host that can be changed; only the runner is ever given one. */
  readonly host: (name: HostName) => Promise<RunHost | Failure>;
  readonly journal: Journal;
  readonly clock: Clock;
  /** `user@machine`, for the locks. */
  readonly by: string;
  /** Stops after the step that is under way. */
  readonly signal: AbortSignal;
  readonly tell: (event: RunEvent) => void;
}

/** What can be shown of a run while it goes on. */
export type RunEvent =
  | { readonly kind: 'step'; readonly step: string; readonly state: StepState }
  | { readonly kind: 'progress'; readonly step: string; readonly progress: Progress }
  | {
      readonly kind: 'command';
      readonly step: string;
      readonly line: string;
      readonly ended: string;
      /** How long it took, in ms. */
      readonly took: Millis;
    };

/** How a run ended. */
export type RunEnd =
  /** `stillLocked`: hosts whose lock could not be given back. */
  | { readonly kind: 'finished'; readonly stillLocked?: readonly HostName[] }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly step?: string; readonly failure: Failure };

/** Writes a line into the journal, with the time. */
export function write(deps: RunDeps, entry: JournalEntry): Promise<void> {
  return deps.journal.write({ at: stamp(deps.clock), ...entry });
}

/** The time as the journal and the locks write it. */
export function stamp(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

/** Tells how a step stands. */
export function tell(deps: RunDeps, step: Step, state: StepState): void {
  deps.tell({ kind: 'step', step: step.id, state });
}

/** Writes down and tells how a command ended, and gives the words for it. */
export async function note(
  step: Step,
  command: Command,
  outcome: Outcome,
  took: Millis,
  deps: RunDeps,
): Promise<string> {
  const line = showCommand(command.argv);
  const ended = outcome.kind === 'exited' ? `exit ${outcome.code}` : outcome.reason;
  await write(deps, { kind: 'command', step: step.id, line, ended });
  deps.tell({ kind: 'command', step: step.id, line, ended, took });
  return outcome.kind === 'exited' ? `${ended}: ${lastWords(outcome)}` : ended;
}

/** Writes down and tells that a step failed. */
export async function fail(
  step: Step,
  because: string,
  deps: RunDeps,
  then: Pick<Failure, 'means' | 'todo'>,
): Promise<RunEnd> {
  await write(deps, { kind: 'failed', step: step.id, because });
  tell(deps, step, { kind: 'failed', because });
  return {
    kind: 'failed',
    step: step.id,
    failure: { what: because, where: step.host, ...then },
  };
}

/** Writes down how a run ended. */
export async function conclude(
  end: RunEnd,
  stillLocked: readonly HostName[],
  deps: RunDeps,
): Promise<RunEnd> {
  switch (end.kind) {
    case 'finished':
      await write(deps, { kind: 'finished' });
      return stillLocked.length > 0 ? { ...end, stillLocked } : end;
    case 'stopped':
      await write(deps, { kind: 'stopped', because: 'asked to stop' });
      return end;
    case 'failed':
      await write(deps, { kind: 'stopped', because: end.failure.what });
      return end;
  }
}

/** Why a command is taken for failed, where its kind knows no better. */
export function plainReason(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'exited':
      return `it ended with exit code ${outcome.code}: ${lastWords(outcome)}`;
    case 'unreachable':
      return `it was not started: ${outcome.reason}`;
    case 'lost':
      return `${outcome.reason}; it was started, and may still run there`;
  }
}

/** Waits; what is asked to stop ends it. */
export function pause(clock: Clock, ms: Millis, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(ms, wake);
    signal?.addEventListener('abort', wake);
  });
}

function lastWords({ stdout, stderr }: Extract<Outcome, { kind: 'exited' }>): string {
  return linesOf(stderr.trim() || stdout.trim()).at(-1) ?? 'it printed nothing';
}
