import { clean, count, listed } from '../../core/text.js';
import { duration } from '../../core/units.js';
import type { JournalFolder } from '../../engine/run/journal-file.js';
import {
  doneSteps,
  hostsOfRun,
  lookAtRuns,
  runWords,
  type RunLook,
} from '../../engine/run/run-look.js';
import { touched } from '../../engine/run/run-state.js';
import { columns } from '../columns.js';
import { note, say, type Context } from '../context.js';
import { EXIT, usage, type ExitCode } from '../exit.js';
import { didYouMean } from '../near.js';
import { runsFolder } from '../plans/state-folder.js';
import { printJson } from '../report/plain.js';

/** `holdfast runs`: what was carried out from this machine, the newest first. */
export async function runs(
  context: Context,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const folder = runsFolder(context.io.env);
  const looks = await lookAtRuns(folder);
  if (options.json === true) {
    context.io.out(printJson(looks.map(runJson)));
    return EXIT.fine;
  }
  if (looks.length === 0)
    say(context, `Nothing was carried out yet. Runs are kept in ${folder.folder}\n`);
  const now = Date.now();
  const rows = looks.map(({ state, running }) => [
    state.run,
    clean(state.plan.title),
    runWords({ state, running }),
    `${doneSteps(state)} of ${count(state.plan.steps.length, 'step')}`,
    clean(listed(hostsOfRun(state))),
    `${duration((now - Date.parse(state.begunAt)) / 1000)} ago`,
  ]);
  const lines = columns(rows).map((line) => `${line}\n`);
  say(context, lines.join(''));
  for (const file of await folder.unreadable()) {
    note(context, `${file} is no journal that can be read; if a crash left it, nothing was begun.`);
  }
  return EXIT.fine;
}

/** A run by its name. Throws a `Stop` (64) where there is none. */
export async function findRun(folder: JournalFolder, run: string): Promise<RunLook> {
  const state = await folder.read(run);
  if (state?.run === run) return { state, running: await folder.isRunning(run) };
  const known = (await folder.all()).map((one) => one.run);
  throw usage(
    `There is no run ${JSON.stringify(run)}.`,
    ...didYouMean(run, known),
    '`holdfast runs` shows them all.',
  );
}

/** A run for programs. */
export function runJson({ state, running }: RunLook): object {
  const { run, plan, by, begunAt, lastAt, direction, finished, stopped, steps } = state;
  return {
    run,
    title: plan.title,
    cluster: plan.cluster,
    state: runWords({ state, running }),
    running,
    finished,
    direction,
    stopped: stopped ?? null,
    by,
    begunAt,
    lastAt,
    hosts: hostsOfRun(state),
    stepsDone: doneSteps(state),
    stepsAll: plan.steps.length,
    steps: plan.steps.map(({ id, host, kind }) => ({
      id,
      host,
      kind,
      state: steps.get(id) ?? null,
      mayHaveChanged: touched(state, id),
    })),
  };
}
