import type { Step } from '../../core/plan.js';
import { showCommand } from '../../core/quote.js';
import type { BoundStep } from '../../core/step.js';
import { giveBack, lockAll, reachAll } from './run-hosts.js';
import { runGuarded } from './run-guarded.js';
import { touched, type OpenGuard, type RunState } from './run-state.js';
import { conclude, fail, note, write } from './run-tell.js';
import type { RunDeps, RunEnd, RunHost } from './run-tell.js';
import { settleGuard } from './settle-guard.js';

/**
 * Takes back what a run did, the last step first. Steps that were done already before the run are
 * left as they were found; one that cannot be taken back is told and passed over. It stops at the
 * first error, keeps the hosts' locks then, and can be asked again.
 */
export async function undoRun(state: RunState, deps: RunDeps): Promise<RunEnd> {
  const hosts = await reachAll(state.plan, deps);
  if (!(hosts instanceof Map)) return { kind: 'failed', failure: hosts };
  const refused = await lockAll(state.plan, state.run, hosts, deps);
  if (refused) return { kind: 'failed', failure: refused };
  if (state.direction === 'forward') await write(deps, { kind: 'undo', by: deps.by });
  const end = await undoSteps(state, hosts, deps);
  return conclude(end, end.kind === 'finished' ? await giveBack(state.run, hosts) : [], deps);
}

async function undoSteps(
  state: RunState,
  hosts: ReadonlyMap<string, RunHost>,
  deps: RunDeps,
): Promise<RunEnd> {
  for (const step of [...state.plan.steps].reverse()) {
    if (deps.signal.aborted) return { kind: 'stopped' };
    const host = hosts.get(step.host);
    if (!host || !touched(state, step.id)) continue;
    const failed = await undoStep(step, { host, hosts }, state.guards.get(step.id), deps);
    if (failed) return failed;
  }
  return { kind: 'finished' };
}

/** Where a step is taken back. */
interface Place {
  readonly host: RunHost;
  readonly hosts: ReadonlyMap<string, RunHost>;
}

async function undoStep(
  step: Step,
  { host, hosts }: Place,
  left: OpenGuard | undefined,
  deps: RunDeps,
): Promise<RunEnd | undefined> {
  const kind = deps.kinds.bind(step);
  if (!kind.ok) return notBack(step, kind.because, deps);
  const { undo } = kind.step;
  await write(deps, { kind: 'undoing', step: step.id });
  deps.tell({ kind: 'step', step: step.id, state: { kind: 'undoing' } });
  if (left) {
    const guarded = { step, kind: kind.step, host, deps, ...left };
    // What was taken back in time stays so; a change that nobody confirmed is put back at once.
    const open = await settleGuard(guarded, left.turn === 'undo' ? 'keep' : 'put back');
    if (open !== undefined) return notBack(step, open, deps);
  }
  const because =
    undo.kind === 'commands' ? await takeBack(step, kind.step, { host, hosts }, deps) : undefined;
  if (because !== undefined) return notBack(step, because, deps);
  const says =
    undo.kind === 'commands' ? undo.says : undo.kind === 'impossible' ? undo.because : '';
  await write(deps, { kind: 'undone', step: step.id, says });
  deps.tell({ kind: 'step', step: step.id, state: { kind: 'undone', says } });
  return undefined;
}

/** Takes one step back; undefined when the host shows that it is, else why it is not. */
async function takeBack(
  step: Step,
  kind: BoundStep,
  { host, hosts }: Place,
  deps: RunDeps,
): Promise<string | undefined> {
  const { undo, check, touches, guard } = kind;
  if (undo.kind !== 'commands') return undefined;
  const before = await check(host);
  // A step that was begun and never took effect needs nothing.
  if (before.kind === 'notYet') return undefined;
  // What is there now is not what the step made: it is left alone.
  if (before.kind !== 'done') return before.because;
  const forbidden = await deps.protection(touches, step.host, hosts);
  if (forbidden) return forbidden.because;
  if (guard) return runGuarded({ step, kind, host, deps, turn: 'undo' }, guard);
  for (const command of undo.commands) {
    const started = deps.clock.now();
    const outcome = await host.run(command);
    const ended = await note(step, command, outcome, deps.clock.now() - started, deps);
    if (outcome.kind === 'exited' && outcome.code === 0) continue;
    // Whether it took effect all the same only the host can tell.
    if ((await check(host)).kind === 'notYet') return undefined;
    return `\`${showCommand(command.argv)}\`: ${ended}`;
  }
  if (undo.leavesTraces === true) return undefined;
  const after = await check(host);
  return after.kind === 'done' ? 'its commands ended well, but the host still shows it' : undefined;
}

function notBack(step: Step, because: string, deps: RunDeps): Promise<RunEnd> {
  return fail(step, `it could not be taken back: ${because}`, deps, {
    means: 'The steps after it are taken back, those before it are as the run left them.',
    todo: 'Mend the cause and undo again; what is taken back already is passed over.',
  });
}
