import { note, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { carryOut } from '../plans/carry-out.js';
import { agree, type Consent } from '../plans/confirm.js';
import { readPlan } from '../plans/plan-file.js';
import { entriesOf } from '../plans/reach.js';
import { loadRegistry } from '../plans/registry.js';
import { reviewText } from '../plans/review.js';
import { askSecrets, readSecrets } from '../plans/secrets.js';
import { newRunId } from '../plans/run-id.js';
import { runsFolder } from '../plans/state-folder.js';
import { clusterToChange } from '../plans/writable.js';
import { hostsOf } from '../../engine/run/run-hosts.js';
import { secretsToAsk } from '../../engine/run/run-secrets.js';
import { askerFor } from '../terminal-asker.js';

/** The options of `holdfast apply`. */
export interface ApplyOptions extends Consent {
  readonly json?: boolean;
  /** A file with the plan's secrets. */
  readonly secrets?: string;
}

/** `holdfast apply`: shows a plan, asks, and carries it out. */
export async function apply(
  context: Context,
  file: string,
  options: ApplyOptions,
): Promise<ExitCode> {
  const { kinds } = await loadRegistry(context);
  const plan = await readPlan(file, kinds);
  const ready = options.secrets === undefined ? new Map() : await readSecrets(options.secrets);
  const cluster = await clusterToChange(context, plan.cluster);
  entriesOf(cluster, hostsOf(plan));
  const json = options.json === true;
  if (json) note(context, reviewText(plan, kinds));
  else say(context, reviewText(plan, kinds));
  if (plan.steps.length === 0) {
    note(context, 'There is nothing to do.');
    return EXIT.fine;
  }
  await agree(context, 'Carry this out?', plan.confirmations, options);
  const wanted = secretsToAsk(plan, new Map(), 'apply');
  const given = await askSecrets(plan, wanted, ready, askerFor(context.io));
  const run = newRunId(new Date());
  note(context, `\nRun ${run}`);
  const folder = runsFolder(context.io.env);
  return carryOut(context, { run, plan, cluster, kinds, folder, doing: 'apply', json, given });
}
