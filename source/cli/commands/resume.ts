import { clean, count } from '../../core/text.js';
import { doneSteps, runWords } from '../../engine/run/run-look.js';
import { RunSecrets, secretsToAsk } from '../../engine/run/run-secrets.js';
import { say, type Context } from '../context.js';
import { EXIT, usage, type ExitCode } from '../exit.js';
import { carryOut } from '../plans/carry-out.js';
import { agree } from '../plans/confirm.js';
import { loadRegistry } from '../plans/registry.js';
import { reviewText } from '../plans/review.js';
import { runsFolder } from '../plans/state-folder.js';
import { clusterToChange } from '../plans/writable.js';
import { askSecrets, readSecrets } from '../plans/secrets.js';
import { findRun } from './runs.js';
import { askerFor } from '../terminal-asker.js';

/** The options of `holdfast resume` and `holdfast undo`. */
export interface GoOnOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
  /** A file with the plan's secrets, where they are not known any more. */
  readonly secrets?: string;
}

/**
 * `holdfast resume`: goes on with a run. What the words of its confirmations accept was accepted when
 * it was begun, so they are not asked for again.
 */
export async function resume(
  context: Context,
  run: string,
  options: GoOnOptions,
): Promise<ExitCode> {
  const folder = runsFolder(context.io.env);
  const look = await findRun(folder, run);
  const { state } = look;
  const { plan } = state;
  if (state.direction === 'back') {
    throw usage(
      `Run ${run} is ${runWords(look)}, so it is not gone on with.`,
      `\`holdfast undo ${run}\` takes back the rest; to do it after all, make the plan again.`,
    );
  }
  if (state.finished) {
    say(context, `Run ${run} is finished: ${clean(plan.title)}.\n`);
    return EXIT.fine;
  }
  const { kinds } = await loadRegistry(context);
  const ready = options.secrets === undefined ? new Map() : await readSecrets(options.secrets);
  const cluster = await clusterToChange(context, plan.cluster);
  if (options.json !== true) {
    say(context, reviewText(plan, kinds));
    const done = `${doneSteps(state)} of ${count(plan.steps.length, 'step')} done`;
    say(context, `\nRun ${run}: ${runWords(look)}, ${done}.\n`);
  }
  await agree(context, 'Go on with it?', [], options);
  const json = options.json === true;
  const kept = await new RunSecrets(folder.folder, run).read();
  const wanted = secretsToAsk(plan, kept, 'resume');
  const given = await askSecrets(plan, wanted, ready, askerFor(context.io));
  return carryOut(context, { run, plan, cluster, kinds, folder, doing: 'resume', json, given });
}
