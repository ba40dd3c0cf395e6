import { failureLines, type Failure } from '../../core/failure.js';
import { clean, count } from '../../core/text.js';
import { hostsOf } from '../../engine/run/run-hosts.js';
import { touched, type RunState } from '../../engine/run/run-state.js';
import type { RunEnd, RunEvent } from '../../engine/run/runner.js';
import { note, say, type Context } from '../context.js';
import { EXIT, Stop, type ExitCode } from '../exit.js';
import { signOf } from '../signs.js';
import { stoppable } from './interrupts.js';
import { progressPrinter } from './progress.js';
import { entriesOf, reach, type Reached } from './reach.js';
import { runJob, type RunJob } from './run-job.js';

/** A run to be begun, gone on with, or taken back, as a command does it. */
export interface Job extends RunJob {
  readonly json: boolean;
}

/**
 * Connects to the hosts of a plan and carries it out, or takes it back: 0 finished, 2 failed, 130
 * stopped. Nothing is written down before all hosts are connected.
 */
export async function carryOut(context: Context, job: Job): Promise<ExitCode> {
  const stop = stoppable(context, job.run);
  let reached: Reached | undefined;
  try {
    return await stop.orLeave(
      (async () => {
        reached = await reach(context, entriesOf(job.cluster, hostsOf(job.plan)), stop.leaving);
        const [failure] = reached.failures.values();
        if (failure) throw unreachable(failure);
        return await journaled(context, job, reached, stop.signal);
      })(),
    );
  } finally {
    stop.release();
    reached?.close();
  }
}

function unreachable(failure: Failure): Stop {
  return new Stop(EXIT.alert, [...failureLines(failure).map(clean), 'Nothing was changed.']);
}

async function journaled(
  context: Context,
  job: Job,
  reached: Reached,
  signal: AbortSignal,
): Promise<ExitCode> {
  const print = progressPrinter(context, job.plan, job.kinds);
  const tell = (event: RunEvent): void => {
    if (job.json) context.io.out(`${JSON.stringify(event)}\n`);
    else print(event);
  };
  const { end, state } = await runJob(job, reached, tell, signal);
  return tellEnd(context, job, end, state);
}

function tellEnd(context: Context, job: Job, end: RunEnd, state: RunState): ExitCode {
  const exit = exitOf(end);
  if (job.json) {
    const failure = end.kind === 'failed' ? end.failure : undefined;
    const stillLocked = end.kind === 'finished' ? end.stillLocked : undefined;
    const last = { kind: 'end', run: job.run, end: end.kind, exit, failure, stillLocked };
    context.io.out(`${JSON.stringify(last)}\n`);
    return exit;
  }
  if (end.kind === 'finished') {
    const words = job.doing === 'undo' ? 'taken back' : 'finished';
    say(context, `\n${signOf('good')} ${clean(job.plan.title)}: ${words}. Run ${job.run}\n`);
    for (const host of end.stillLocked ?? []) {
      note(
        context,
        `${clean(host)}: its lock could not be given back; \`holdfast unlock\` does it.`,
      );
    }
    return exit;
  }
  if (end.kind === 'failed') {
    note(context, `\n${failureLines(end.failure).map(clean).join('\n')}`);
  } else {
    note(context, '\nStopped as asked.');
  }
  for (const line of standing(job, state)) note(context, line);
  return exit;
}

function exitOf({ kind }: RunEnd): ExitCode {
  if (kind === 'finished') return EXIT.fine;
  return kind === 'failed' ? EXIT.alert : EXIT.interrupted;
}

/** What is done and what is not, and the ways on. */
function standing({ run, plan }: Job, state: RunState): readonly string[] {
  const done = [...state.steps.values()].filter(({ kind }) => kind === 'done').length;
  const open = plan.steps.filter(({ id }) => touched(state, id)).length;
  if (state.direction === 'back') {
    return [
      `${count(open, 'step')} still to be taken back. The hosts stay locked for this run.`,
      `  holdfast undo ${run}     goes on`,
    ];
  }
  const locked = state.begun.size > 0;
  return [
    `${done} of ${count(plan.steps.length, 'step')} done${locked ? '; the hosts stay locked for this run' : ''}.`,
    `  holdfast resume ${run}   looks at the hosts and goes on`,
    ...(open > 0 ? [`  holdfast undo ${run}     takes back what was done`] : []),
    `  or make the plan again: it was made with ${clean(plan.origin.id)}`,
  ];
}
