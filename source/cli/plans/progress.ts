import type { Progress } from '../../core/step.js';
import type { Plan } from '../../core/plan.js';
import type { StepKinds } from '../../core/step.js';
import { clean, linesOf } from '../../core/text.js';
import { duration, percent } from '../../core/units.js';
import type { RunEvent } from '../../engine/run/runner.js';
import type { StepState } from '../../engine/run/run-state.js';
import { say, type Context } from '../context.js';
import { signOf } from '../signs.js';

/** Longer commands (scripts) are in the review and in the journal. */
const LONGEST_LINE = 100;
/** How often progress is told where a line cannot be drawn over, in ms. */
const QUIET = 10_000;

/**
 * Tells a run line by line as it goes on. How far a waiting step is stays on one line of a terminal;
 * elsewhere it is told now and then.
 */
export function progressPrinter(
  context: Context,
  plan: Plan,
  kinds: StepKinds,
): (event: RunEvent) => void {
  const { stdoutIsTTY, out } = context.io;
  let inPlace = false;
  let last = 0;
  const line = (text: string): void => {
    if (inPlace) out('\r\u001b[K');
    inPlace = false;
    say(context, `${text}\n`);
  };
  return (event) => {
    switch (event.kind) {
      case 'step':
        for (const text of stepText(event.step, event.state, plan, kinds)) line(text);
        return;
      case 'command':
        line(`    $ ${shortLine(event.line)}   ${clean(event.ended)}   ${seconds(event.took)}`);
        return;
      case 'progress': {
        const text = `    ${signOf('working')} ${progressText(event.progress)}`;
        if (stdoutIsTTY && context.io.env.TERM !== 'dumb') {
          out('\r\u001b[K');
          say(context, text);
          inPlace = true;
        } else if (Date.now() - last >= QUIET) {
          last = Date.now();
          line(text);
        }
      }
    }
  };
}

function stepText(id: string, state: StepState, plan: Plan, kinds: StepKinds): readonly string[] {
  const index = plan.steps.findIndex((step) => step.id === id);
  const step = plan.steps[index];
  if (!step) return [];
  const bound = kinds.bind(step);
  const { title, on } = bound.ok ? bound.step.telling : { title: step.kind, on: '' };
  const what = `${clean(step.host)}   ${clean(title)}   ${clean(on)}`.trimEnd();
  const head = `step ${index + 1} of ${plan.steps.length}   ${what}`;
  switch (state.kind) {
    case 'waiting':
      return [];
    case 'begun':
      return [head];
    case 'done':
      return [`    ${signOf('good')} ${state.how === 'did' ? 'done' : 'was done already'}`];
    case 'failed':
      return [`    ${signOf('alert')} failed: ${clean(state.because)}`];
    case 'undoing':
      return [`take back ${head}`];
    case 'undone': {
      const stays = bound.ok && bound.step.undo.kind === 'impossible';
      const words = stays
        ? `stays: ${state.says}`
        : state.says === ''
          ? 'nothing to do'
          : state.says;
      return [`    ${signOf(stays ? 'warning' : 'good')} ${clean(words)}`];
    }
  }
}

function progressText({ share, says, secondsLeft }: Progress): string {
  return [
    ...(share === undefined ? [] : [percent(share)]),
    clean(says),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
  ].join('   ');
}

/** A command on one line, cut where it is long. */
function shortLine(command: string): string {
  const [first = '', ...more] = linesOf(command);
  const cut = first.length > LONGEST_LINE ? first.slice(0, LONGEST_LINE) : first;
  return `${clean(cut)}${cut !== first || more.length > 0 ? ' …' : ''}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
