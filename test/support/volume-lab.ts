import assert from 'node:assert/strict';
import type { Json } from '../../source/core/json.js';
import type { Plan } from '../../source/core/plan.js';
import type { Wizard } from '../../source/core/wizard.js';
import { LAB_NODES, labHost } from './lab.js';
import { labPlan } from './lab-run.js';
import { wholeCluster } from './surroundings.js';

/** The plan that a wizard makes of the machines as they are; the faults as what went wrong. */
export async function planOf(
  wizard: Wizard,
  answers: Json,
  nodes: readonly string[] = LAB_NODES,
): Promise<Plan> {
  const session = await wizard.begin(
    nodes.map((name) => labHost(name)),
    wholeCluster,
  );
  const drafted = session.plan(answers);
  assert.ok(drafted.ok, drafted.ok ? '' : JSON.stringify(drafted.faults));
  return labPlan(drafted.draft, wizard.id, answers);
}

/** What a wizard has against these answers. */
export async function faultsOf(wizard: Wizard, answers: Json): Promise<readonly string[]> {
  const session = await wizard.begin(
    LAB_NODES.map((name) => labHost(name)),
    wholeCluster,
  );
  const drafted = session.plan(answers);
  return drafted.ok ? [] : drafted.faults.map(({ key, says }) => `${key}: ${says}`);
}
