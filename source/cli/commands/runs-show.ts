import type { StepKinds } from '../../core/step.js';
import { clean } from '../../core/text.js';
import { runWords, type RunLook } from '../../engine/run/run-look.js';
import type { StepState } from '../../engine/run/run-state.js';
import { columns } from '../columns.js';
import { say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { loadRegistry } from '../plans/registry.js';
import { runsFolder } from '../plans/state-folder.js';
import { printJson } from '../report/plain.js';
import { findRun, runJson } from './runs.js';

/** `holdfast runs show`: one run with each of its steps. */
export async function runsShow(
  context: Context,
  run: string,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const look = await findRun(runsFolder(context.io.env), run);
  if (options.json === true) context.io.out(printJson({ ...runJson(look), plan: look.state.plan }));
  else say(context, runText(look, (await loadRegistry(context)).kinds));
  return EXIT.fine;
}

function runText(look: RunLook, kinds: StepKinds): string {
  const { run, plan, by, begunAt, lastAt, stopped, steps, direction, finished } = look.state;
  const rows = plan.steps.map((step, index) => {
    const bound = kinds.bind(step);
    const { title, on } = bound.ok ? bound.step.telling : { title: step.kind, on: '' };
    return [
      `  ${index + 1}`,
      clean(step.host),
      clean(title),
      clean(on),
      clean(stepWords(steps.get(step.id))),
    ];
  });
  const next = direction === 'back' ? `holdfast undo ${run}` : `holdfast resume ${run}`;
  const lines = [
    `${run}   ${clean(plan.title)}   cluster ${clean(plan.cluster)}   ${runWords(look)}`,
    `Begun by ${clean(by)} at ${begunAt}; last written at ${lastAt}.`,
    ...(stopped === undefined ? [] : [`It stopped: ${clean(stopped)}`]),
    ...columns(rows),
    ...(finished || look.running ? [] : [`To go on: ${next}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function stepWords(state: StepState | undefined): string {
  switch (state?.kind) {
    case undefined:
    case 'waiting':
      return 'not begun';
    case 'begun':
      return 'begun; whether it took effect only the host can tell';
    case 'done':
      return state.how === 'did' ? 'done' : 'was done already';
    case 'failed':
      return `failed: ${state.because}`;
    case 'undoing':
      return 'being taken back';
    case 'undone':
      return state.says === '' ? 'nothing to take back' : `taken back: ${state.says}`;
  }
}
