import type { Command, Host } from '../core/host.js';
import type { Step } from '../core/plan.js';
import { showCommand } from '../core/quote.js';
import { fail, reachAll, write, type RunDeps, type RunEnd } from './runner.js';
import type { RunState } from './run-state.js';

/**
 * Takes back what a run did, the last step first. Steps that were done already before the run are
 * left as they were found; one that cannot be taken back is told and passed over.
 */
export async function undoRun(state: RunState, deps: RunDeps): Promise<RunEnd> {
  const hosts = await reachAll(state.plan, deps);
  if (!(hosts instanceof Map)) return { kind: 'failed', failure: hosts };
  for (const step of [...state.plan.steps].reverse()) {
    if (deps.signal.aborted) return { kind: 'stopped' };
    const host = hosts.get(step.host);
    if (!host || !touched(state, step)) continue;
    const failed = await undoStep(step, host, deps);
    if (failed) return failed;
  }
  await write(deps, { kind: 'finished' });
  return { kind: 'finished' };
}

/** Whether the run may have changed something by this step. */
function touched(state: RunState, step: Step): boolean {
  const how = state.steps.get(step.id);
  switch (how?.kind) {
    case 'begun':
    case 'failed':
    case 'undoing':
      return true;
    case 'done':
      return how.how === 'did';
    case 'waiting':
    case 'undone':
    case undefined:
      return false;
  }
}

async function undoStep(step: Step, host: Host, deps: RunDeps): Promise<RunEnd | undefined> {
  const kind = deps.kinds.bind(step);
  if (!kind.ok) return fail(step, kind.because, '', deps);
  const { undo, check } = kind.step;
  await write(deps, { kind: 'undoing', step: step.id });
  deps.tell({ kind: 'step', step: step.id, state: { kind: 'undoing' } });
  // A step that was begun and never took effect needs nothing.
  const says =
    undo.kind === 'commands' ? undo.says : undo.kind === 'impossible' ? undo.because : '';
  if (undo.kind === 'commands' && (await check(host)).kind !== 'notYet') {
    const failed = await runAll(step, undo.commands, host, deps);
    if (failed) return failed;
  }
  await write(deps, { kind: 'undone', step: step.id, says });
  deps.tell({ kind: 'step', step: step.id, state: { kind: 'undone', says } });
  return undefined;
}

async function runAll(
  step: Step,
  commands: readonly Command[],
  host: Host,
  deps: RunDeps,
): Promise<RunEnd | undefined> {
  for (const command of commands) {
    const outcome = await host.run(command);
    const line = showCommand(command.argv);
    const ended = outcome.kind === 'exited' ? `exit ${outcome.code}` : outcome.reason;
    await write(deps, { kind: 'command', step: step.id, line, ended });
    if (outcome.kind !== 'exited' || outcome.code !== 0) {
      return fail(step, `it could not be taken back: ${ended}`, line, deps);
    }
  }
  return undefined;
}
