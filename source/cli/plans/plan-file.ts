import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { Fault } from '../../core/form.js';
import { planSchema, type Plan } from '../../core/plan.js';
import type { StepKinds } from '../../core/step.js';
import { clean, count } from '../../core/text.js';
import { planFaults } from '../../engine/run/check-plan.js';
import type { GivenSecrets } from '../../engine/run/given-secrets.js';
import { reasonOf } from '../errors.js';
import { EXIT, Stop } from '../exit.js';
import { decode, readInputFile } from '../inspect/input.js';

/** Reads a plan and holds it against its schema and the kinds of step. Rejects with a `Stop` (65). */
export async function readPlan(path: string, kinds: StepKinds): Promise<Plan> {
  const read = planSchema.safeParse(parseJson(path, decode(await readInputFile(path))));
  if (!read.success) {
    throw notAPlan(
      path,
      read.error.issues.map((issue) => ({ key: issue.path.join('.'), says: issue.message })),
    );
  }
  const faults = planFaults(read.data, kinds);
  if (faults.length > 0) throw notAPlan(path, faults);
  return read.data;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Stop(EXIT.unreadable, [`${path}: this is not JSON: ${clean(reasonOf(error))}`]);
  }
}

function notAPlan(path: string, faults: readonly Fault[]): Stop {
  return new Stop(EXIT.unreadable, [
    `${path}: this is not a plan that can be carried out: ${count(faults.length, 'fault')}.`,
    ...faults.map(({ key, says }) => `  ${clean(key || 'the whole')}: ${clean(says)}`),
    'Nothing was changed. Make the plan again with `holdfast plan`.',
  ]);
}

/** Writes a plan, mode 0600, whole or not at all. Rejects with a `Stop`. */
export async function writePlan(path: string, plan: Plan, secrets: GivenSecrets): Promise<void> {
  if (secrets.within(plan)) {
    throw new Stop(EXIT.alert, [
      'The plan is not written: it holds a password or passphrase that was given for a host.',
      'A plan can be read by others. Give an answer that does not contain it.',
    ]);
  }
  await writeWhole(path, `${JSON.stringify(plan, undefined, 2)}\n`);
}

/** Writes a file for its owner alone (0600), whole or not at all. Rejects with a `Stop`. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  try {
    const handle = await open(fresh, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw new Stop(EXIT.unreadable, [`${path}: cannot be written: ${reasonOf(error)}`]);
  }
}
