import type { Fault } from '../../core/form.js';
import type { Plan } from '../../core/plan.js';
import type { StepKinds } from '../../core/step.js';

/**
 * What keeps a plan of the right shape from being carried out: step ids that are not unique, a kind
 * of step that is not known, parameters that do not fit, needs that do not stand before the step,
 * a secret that the plan does not name.
 * The key of a fault is its path in the plan: `steps.2.params`.
 */
export function planFaults(plan: Plan, kinds: StepKinds): readonly Fault[] {
  const before = new Set<string>();
  const known = new Set((plan.secrets ?? []).map(({ name }) => name));
  return plan.steps.flatMap((step, index) => {
    const at = `steps.${index}`;
    const faults: Fault[] = [];
    if (before.has(step.id)) {
      faults.push({ key: `${at}.id`, says: `there is a step ${step.id} before it already` });
    }
    for (const need of step.needs) {
      if (before.has(need)) continue;
      faults.push({ key: `${at}.needs`, says: `no step ${need} stands before it` });
    }
    const bound = kinds.bind(step);
    if (!bound.ok) faults.push({ key: `${at} (${step.kind})`, says: bound.because });
    const wanted = bound.ok ? bound.step.commands.flatMap(({ secrets = [] }) => secrets) : [];
    for (const secret of new Set(wanted)) {
      if (known.has(secret)) continue;
      faults.push({ key: at, says: `it needs the secret ${secret}, which the plan does not name` });
    }
    before.add(step.id);
    return faults;
  });
}
