import type { Failure } from '../../core/failure.js';
import type { Host, HostName, Outcome } from '../../core/host.js';
import type { Plan, Step } from '../../core/plan.js';
import { briefCommand } from '../../core/quote.js';
import type { BoundStep, Verdict } from '../../core/step.js';
import { duration } from '../../core/units.js';
import { giveBack, lockOne, lockAll, reachAll } from './run-hosts.js';
import type { RunState } from './run-state.js';
import { firstForbidden } from './forbidden-step.js';
import { runGuarded } from './run-guarded.js';
import { settleGuard } from './settle-guard.js';
import { conclude, fail, note, pause, plainReason, tell, write } from './run-tell.js';
import type { RunDeps, RunEnd, RunHost } from './run-tell.js';

export type { RunDeps, RunEnd, RunEvent, RunHost } from './run-tell.js';

/** Which steps a run has set about and which are done, as it goes on. */
interface Marks {
  /** The run's name. */
  readonly run: string;
  readonly begun: Set<string>;
  readonly done: Set<string>;
  /** Guards of which it is not known what became, by step. */
  readonly guards: RunState['guards'];
}

/**
 * Carries a plan out, or goes on with one: every step is checked before (done already: skipped) and
 * after (the state, not the exit code). It stops at the first error and never carries on. The locks
 * are given back at the end, and also after a failure or a stop before which nothing was begun;
 * otherwise the hosts stay locked for who resumes or undoes the run.
 */
export async function runPlan(state: RunState, deps: RunDeps): Promise<RunEnd> {
  if (state.direction === 'back') return { kind: 'failed', failure: beingUndone(state) };
  const hosts = await reachAll(state.plan, deps);
  const marks: Marks = {
    run: state.run,
    begun: new Set(state.begun),
    done: new Set([...state.steps].flatMap(([step, { kind }]) => (kind === 'done' ? [step] : []))),
    guards: state.guards,
  };
  const end: RunEnd =
    hosts instanceof Map
      ? await runOn(state, hosts, marks, deps)
      : { kind: 'failed', failure: hosts };
  const unlock = hosts instanceof Map && (end.kind === 'finished' || marks.begun.size === 0);
  return conclude(end, unlock ? await giveBack(state.run, hosts) : [], deps);
}

function beingUndone({ run }: RunState): Failure {
  return {
    what: `run ${run} is being taken back and is not carried on`,
    where: 'its journal',
    means: 'Some of its steps are taken back already.',
    todo: `\`holdfast undo ${run}\` goes on with that; to do it after all, make the plan again.`,
  };
}

async function runOn(
  state: RunState,
  hosts: ReadonlyMap<HostName, RunHost>,
  marks: Marks,
  deps: RunDeps,
): Promise<RunEnd> {
  const refused = await lockAll(state.plan, state.run, hosts, deps);
  if (refused) return { kind: 'failed', failure: refused };
  if (marks.begun.size === 0) {
    const stale = await firstStale(state.plan, hosts);
    if (stale) return { kind: 'failed', failure: stale };
  }
  const left = state.plan.steps.filter(({ id }) => !marks.done.has(id));
  const forbidden = await firstForbidden(left, hosts, deps);
  if (forbidden) return refuse(forbidden.step, forbidden.because, marks, deps);
  for (const step of state.plan.steps) {
    if (marks.done.has(step.id)) continue;
    if (deps.signal.aborted) return { kind: 'stopped' };
    const ended = await runNext(step, hosts, marks, deps);
    if (ended) return ended;
    marks.done.add(step.id);
  }
  return { kind: 'finished' };
}

async function runNext(
  step: Step,
  hosts: ReadonlyMap<HostName, RunHost>,
  marks: Marks,
  deps: RunDeps,
): Promise<RunEnd | undefined> {
  const host = hosts.get(step.host);
  const kind = deps.kinds.bind(step);
  const missing = step.needs.find((need) => !marks.done.has(need));
  if (missing !== undefined) return failStep(step, `step ${missing} must be done before it`, deps);
  if (!kind.ok) return failStep(step, kind.because, deps);
  if (!host) return failStep(step, 'its host is not connected', deps);
  return runStep(step, kind.step, { host, hosts, marks }, deps);
}

/** Where a step is done. */
interface Place {
  readonly host: RunHost;
  readonly hosts: ReadonlyMap<HostName, RunHost>;
  readonly marks: Marks;
}

/** One step; undefined when it is done. */
async function runStep(
  step: Step,
  kind: BoundStep,
  { host, hosts, marks }: Place,
  deps: RunDeps,
): Promise<RunEnd | undefined> {
  tell(deps, step, { kind: 'begun' });
  const left = marks.guards.get(step.id);
  if (left) {
    const open = await settleGuard({ step, kind, host, deps, ...left }, 'keep');
    if (open !== undefined) return failStep(step, open, deps);
  }
  const before = await kind.check(host);
  // What this run set about before a crash is its own work, and undo takes it back.
  const how = marks.begun.has(step.id) ? 'did' : 'was done already';
  if (before.kind === 'done') return done(step, how, before, deps);
  if (before.kind !== 'notYet') return failStep(step, before.because, deps);
  // Time has passed since all steps were judged, and steps before it may have changed names.
  const forbidden = await deps.protection(kind.touches, step.host, hosts);
  if (forbidden) return refuse(step, forbidden.because, marks, deps);
  await write(deps, { kind: 'starting', step: step.id });
  marks.begun.add(step.id);
  if (kind.guard) {
    const why = await runGuarded({ step, kind, host, deps, turn: 'change' }, kind.guard);
    return why === undefined
      ? done(step, 'did', { kind: 'done' }, deps)
      : failStep(step, why, deps);
  }
  let last: Outcome | undefined;
  for (const command of kind.commands) {
    const started = deps.clock.now();
    const outcome = await host.run(command);
    last = outcome;
    await note(step, command, outcome, deps.clock.now() - started, deps);
    if (outcome.kind === 'exited' && outcome.code === 0) continue;
    // A host that goes down may take the answer with it.
    if (outcome.kind === 'lost' && kind.restarts) break;
    // Whether it took effect all the same only the host can tell: a command may lie, or be cut off.
    const now = await kind.check(host);
    if (now.kind === 'done') return done(step, 'did', now, deps);
    const why = kind.explain(outcome) ?? plainReason(outcome);
    return failStep(step, why, deps, briefCommand(command.argv));
  }
  const after = await settle(step, kind, host, deps);
  if (after.kind === 'done') {
    const taken = kind.restarts && (await lockOne(host, marks.run, deps));
    return taken ? failStep(step, taken.what, deps) : done(step, 'did', after, deps);
  }
  if (deps.signal.aborted && kind.wait) return { kind: 'stopped' };
  if (after.kind !== 'notYet') return failStep(step, after.because, deps);
  // A tool that ends well without having done its work (yum, of an unknown package) has still said why.
  const said = last && kind.explain(last);
  return failStep(step, said ?? (await notShown(kind, after, host)), deps);
}

async function notShown(
  { wait }: BoundStep,
  { says: instead }: Extract<Verdict, { kind: 'notYet' }>,
  host: Host,
): Promise<string> {
  if (wait) {
    if (wait.tooLate) return wait.tooLate(await wait.progress(host));
    const says = `it has not come about within ${duration(wait.atMost / 1000)}`;
    // What it still waits for tells a person where to look.
    const last = await wait.progress(host);
    return last ? `${says}; last seen: ${last.says}` : says;
  }
  const why = 'its commands ended well, but the host does not show it';
  return instead === undefined ? why : `${why}: ${instead}`;
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

/** The first fact that is no longer as it was when the plan was made. */
async function firstStale(
  plan: Plan,
  hosts: ReadonlyMap<HostName, RunHost>,
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
  { says }: Extract<Verdict, { readonly kind: 'done' }>,
  deps: RunDeps,
): Promise<undefined> {
  await write(deps, { kind: 'done', step: step.id, how, ...(says !== undefined && { says }) });
  tell(deps, step, { kind: 'done', how });
  return undefined;
}

/** A step that touches what it must not is refused whoever asks, so a retry does not help. */
function refuse(step: Step, because: string, marks: Marks, deps: RunDeps): Promise<RunEnd> {
  const some = 'The steps before it are done, those after it are not.';
  return fail(step, because, deps, {
    means: marks.begun.size === 0 ? 'Nothing was changed.' : some,
    todo: 'Plan again without it, or see that it may be touched: `holdfast never-touch` shows the list.',
  });
}

function failStep(step: Step, because: string, deps: RunDeps, command = ''): Promise<RunEnd> {
  return fail(step, because, deps, {
    means: `${command === '' ? '' : `\`${command}\` was run. `}The steps before it are done, those after it are not.`,
    todo: 'Retry, undo what is done, or plan again.',
  });
}
