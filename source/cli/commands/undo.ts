import { clean } from '../../core/text.js';
import { runWords } from '../../engine/run/run-look.js';
import { touched } from '../../engine/run/run-state.js';
import { say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { carryOut } from '../plans/carry-out.js';
import { agree } from '../plans/confirm.js';
import { loadRegistry } from '../plans/registry.js';
import { undoLines } from '../plans/review.js';
import { runsFolder } from '../plans/state-folder.js';
import { clusterToChange } from '../plans/writable.js';
import type { GoOnOptions } from './resume.js';
import { findRun } from './runs.js';

/** `holdfast undo`: shows what of a run would be taken back, asks, and takes it back. */
export async function undo(context: Context, run: string, options: GoOnOptions): Promise<ExitCode> {
  const folder = runsFolder(context.io.env);
  const look = await findRun(folder, run);
  const { state } = look;
  const { plan } = state;
  if (state.direction === 'back' && state.finished) {
    say(context, `Run ${run} is taken back already.\n`);
    return EXIT.fine;
  }
  const { kinds } = await loadRegistry(context);
  const cluster = await clusterToChange(context, plan.cluster);
  const back = [...plan.steps].reverse().filter(({ id }) => touched(state, id));
  const json = options.json === true;
  if (!json) {
    say(context, `${clean(plan.title)}   run ${run}   ${runWords(look)}\n\n`);
    say(
      context,
      back.length === 0
        ? 'It changed nothing that could be taken back; its locks are given back.\n'
        : `To be taken back, in this order\n${back
            .flatMap((step) => undoLines(step, kinds))
            .map((line) => `  ${line}\n`)
            .join('')}`,
    );
  }
  await agree(context, 'Take this back?', [], options);
  return carryOut(context, { run, plan, cluster, kinds, folder, doing: 'undo', json });
}
