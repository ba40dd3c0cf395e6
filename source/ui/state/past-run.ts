import type { RunLook } from '../../engine/run/run-look.js';
import type { RunState } from '../../engine/run/run-state.js';
import type { RunEnd } from '../../engine/run/runner.js';
import type { RunWork, StepMark } from './work.js';

/** A run of before as the screen shows runs: its steps by its journal, and how it ended. */
export function pastRun({ state, running }: RunLook): RunWork {
  const begunAt = Date.parse(state.begunAt);
  const lastAt = Date.parse(state.lastAt);
  const steps = [...state.steps].flatMap(([id, step]): [string, StepMark][] =>
    // When each of them ended is not asked of the journal: what is not known is not drawn.
    step.kind === 'waiting' ? [] : [[id, { state: step, since: begunAt, past: true }]],
  );
  return {
    run: state.run,
    plan: state.plan,
    // What was accepted when it was begun is not asked for again.
    words: [],
    doing: state.direction === 'back' ? 'undo' : 'apply',
    since: begunAt,
    endedAt: lastAt,
    steps: Object.fromEntries(steps),
    stopping: false,
    result: { end: endOf(state), state },
    ...(running && { elsewhere: true }),
  };
}

function endOf({ finished, stopped, steps, plan }: RunState): RunEnd {
  if (finished) return { kind: 'finished' };
  if (stopped !== undefined) return { kind: 'stopped' };
  const failed = plan.steps.find(({ id }) => steps.get(id)?.kind === 'failed');
  const how = failed && steps.get(failed.id);
  const failure =
    failed && how?.kind === 'failed'
      ? {
          what: how.because,
          where: failed.host,
          means: 'The steps before it are done, those after it are not.',
          todo: 'Try again, or undo what is done.',
        }
      : {
          what: 'it was broken off',
          where: 'this machine',
          means: 'Whether the step under way took effect, only the host can tell.',
          todo: 'Try again: it looks at the hosts first. Or undo what is done.',
        };
  return { kind: 'failed', failure };
}
