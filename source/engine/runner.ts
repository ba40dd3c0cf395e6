import type { Failure } from '../core/failure.js';
import type { Command, Host, HostName, Outcome } from '../core/host.js';
import type { Plan, Step } from '../core/plan.js';
import type { JournalEntry } from '../core/journal.js';
import { showCommand } from '../core/quote.js';
import type { BoundStep, Progress, StepKinds, Verdict } from '../core/step.js';
import type { Clock } from './clock.js';
import type { Journal } from './journal-file.js';
import { releaseLock, takeLock } from './lock.js';
import type { RunState, StepState } from './run-state.js';

/** What a run needs. */
export interface RunDeps {
  readonly kinds: StepKinds;
  /** A host that can be changed; only the runner is ever given one. */
  readonly host: (name: HostName) => Promise<Host | Failure>;
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
    };

/** How a run ended. */
export type RunEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly step?: string; readonly failure: Failure };

/**
 * Carries a plan out, or goes on with one: every step is checked before (done already: skipped) and
 * after (the state, not the exit code). It stops at the first error and never carries on.
 */
export async function runPlan(state: RunState, deps: RunDeps): Promise<RunEnd> {
  const { plan, run } = state;
  const hosts = await reachAll(plan, deps);
  if (!(hosts instanceof Map)) return { kind: 'failed', failure: hosts };
  for (const host of hosts.values()) {
    const since = stamp(deps.clock);
    const locked = await takeLock(host, { run, by: deps.by, since });
    if (!locked.ok) return { kind: 'failed', failure: locked.failure };
    await write(deps, { kind: 'locked', host: host.name });
  }
  const end = await runSteps(state, hosts, deps);
  if (end.kind === 'finished') {
    for (const host of hosts.values()) await releaseLock(host, run);
    await write(deps, { kind: 'finished' });
  } else {
    const because = end.kind === 'stopped' ? 'asked to stop' : end.failure.what;
    await write(deps, { kind: 'stopped', because });
  }
  return end;
}

async function runSteps(
  state: RunState,
  hosts: ReadonlyMap<HostName, Host>,
  deps: RunDeps,
): Promise<RunEnd> {
  const fresh = [...state.steps.values()].every(({ kind }) => kind === 'waiting');
  if (fresh) {
    const stale = await firstStale(state.plan, hosts);
    if (stale) return { kind: 'failed', failure: stale };
  }
  for (const step of state.plan.steps) {
    if (state.steps.get(step.id)?.kind === 'done') continue;
    if (deps.signal.aborted) return { kind: 'stopped' };
    const host = hosts.get(step.host);
    const kind = deps.kinds.bind(step);
    if (!host || !kind.ok) {
      const what = kind.ok ? 'its host is not connected' : kind.because;
      return fail(step, what, '', deps);
    }
    const failed = await runStep(step, kind.step, host, deps);
    if (failed) return failed;
  }
  return { kind: 'finished' };
}

/** One step; undefined when it is done. */
async function runStep(
  step: Step,
  kind: BoundStep,
  host: Host,
  deps: RunDeps,
): Promise<RunEnd | undefined> {
  await write(deps, { kind: 'starting', step: step.id });
  tell(deps, step, { kind: 'begun' });
  const before = await kind.check(host);
  if (before.kind === 'done') return done(step, 'was done already', deps);
  if (before.kind !== 'notYet') return fail(step, before.because, '', deps);
  for (const command of kind.commands) {
    const outcome = await host.run(command);
    await note(step, command, outcome, deps);
    if (outcome.kind === 'exited' && outcome.code === 0) continue;
    // Whether it took effect all the same only the host can tell: a command may lie, or be cut off.
    if ((await kind.check(host)).kind === 'done') break;
    const why = kind.explain(outcome) ?? plainReason(outcome);
    return fail(step, why, showCommand(command.argv), deps);
  }
  const after = await settle(step, kind, host, deps);
  if (after.kind === 'done') return done(step, 'did', deps);
  if (deps.signal.aborted && kind.wait) return { kind: 'stopped' };
  const because =
    after.kind === 'notYet'
      ? 'its commands ended well, but the host does not show it'
      : after.because;
  return fail(step, because, '', deps);
}

/** Checks until the step is done, or for as long as its kind says that it may take. */
async function settle(step: Step, kind: BoundStep, host: Host, deps: RunDeps): Promise<Verdict> {
  const { wait } = kind;
  let verdict = await kind.check(host);
  if (!wait) return verdict;
  const end = deps.clock.now() + wait.atMost;
  while (verdict.kind === 'notYet' && deps.clock.now() < end && !deps.signal.aborted) {
    const progress = await wait.progress(host);
    if (progress) deps.tell({ kind: 'progress', step: step.id, progress });
    await pause(deps.clock, wait.every, deps.signal);
    verdict = await kind.check(host);
  }
  return verdict;
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(ms, wake);
    signal.addEventListener('abort', wake);
  });
}

/** The hosts of a plan, or why one of them cannot be reached. */
export async function reachAll(plan: Plan, deps: RunDeps): Promise<Map<HostName, Host> | Failure> {
  const hosts = new Map<HostName, Host>();
  for (const name of new Set(plan.steps.map((step) => step.host))) {
    const host = await deps.host(name);
    if ('what' in host) return host;
    hosts.set(name, host);
  }
  return hosts;
}

/** The first fact that is no longer as it was when the plan was made. */
async function firstStale(
  plan: Plan,
  hosts: ReadonlyMap<HostName, Host>,
): Promise<Failure | undefined> {
  for (const { host: name, says, argv, expect } of plan.basis) {
    const outcome = await hosts.get(name)?.run({ argv, effect: 'reads', deadline: 20_000 });
    const told = outcome?.kind === 'exited' ? outcome.stdout.trim() : undefined;
    if (told === expect) continue;
    return {
      what: `the plan is stale: ${says} is no longer as it was`,
      where: name,
      means: `It was "${expect}" when the plan was made and is "${told ?? 'not known'}" now. Nothing was changed.`,
      todo: 'Make the plan again and review it.',
    };
  }
  return undefined;
}

async function done(
  step: Step,
  how: 'did' | 'was done already',
  deps: RunDeps,
): Promise<undefined> {
  await write(deps, { kind: 'done', step: step.id, how });
  tell(deps, step, { kind: 'done', how });
  return undefined;
}

/** Writes down and tells that a step failed. */
export async function fail(
  step: Step,
  because: string,
  command: string,
  deps: RunDeps,
): Promise<RunEnd> {
  await write(deps, { kind: 'failed', step: step.id, because });
  tell(deps, step, { kind: 'failed', because });
  return {
    kind: 'failed',
    step: step.id,
    failure: {
      what: because,
      where: step.host,
      means: `${command === '' ? '' : `\`${command}\` was run. `}The steps before it are done, those after it are not.`,
      todo: 'Retry, undo what is done, or plan again.',
    },
  };
}

async function note(step: Step, command: Command, outcome: Outcome, deps: RunDeps): Promise<void> {
  const line = showCommand(command.argv);
  const ended = outcome.kind === 'exited' ? `exit ${outcome.code}` : outcome.reason;
  await write(deps, { kind: 'command', step: step.id, line, ended });
  deps.tell({ kind: 'command', step: step.id, line, ended });
}

function plainReason(outcome: Outcome): string {
  if (outcome.kind !== 'exited') return outcome.reason;
  const text = outcome.stderr.trim() || outcome.stdout.trim();
  return `it ended with exit code ${outcome.code}: ${text.split('\n').at(-1) ?? ''}`;
}

function tell(deps: RunDeps, step: Step, state: StepState): void {
  deps.tell({ kind: 'step', step: step.id, state });
}

function stamp(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

/** Writes a line into the journal, with the time. */
export function write(deps: RunDeps, entry: JournalEntry): Promise<void> {
  return deps.journal.write({ at: stamp(deps.clock), ...entry });
}
