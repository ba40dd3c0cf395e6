import type { Host, HostName } from '../../core/host.js';
import type { Plan } from '../../core/plan.js';
import type { StepKinds } from '../../core/step.js';
import { clean } from '../../core/text.js';
import type { Protection } from '../../core/touch.js';
import type { Draft } from '../../core/wizard.js';
import { planFaults } from '../../engine/run/check-plan.js';
import { systemClock } from '../../engine/clock.js';
import { makePlan } from '../../engine/run/make-plan.js';
import type { GivenSecrets } from '../../engine/run/given-secrets.js';
import { note, say, type Context } from '../context.js';
import { EXIT, Stop, type ExitCode } from '../exit.js';
import { printJson } from '../report/plain.js';
import { heldAgainst } from './judged.js';
import { writePlan } from './plan-file.js';
import { reviewText } from './review.js';
import { whoIsThis } from './state-folder.js';

/** A draft and what is needed to make a plan of it. */
export interface Making {
  readonly draft: Draft;
  readonly about: Pick<Plan, 'origin' | 'cluster'>;
  readonly kinds: StepKinds;
  readonly hosts: ReadonlyMap<HostName, Host>;
  readonly secrets: GivenSecrets;
  readonly protection: Protection;
}

/** A plan of a draft, made here and now. Throws where its maker made one that does not fit. */
export function planFrom(
  draft: Draft,
  about: Pick<Plan, 'origin' | 'cluster'>,
  kinds: StepKinds,
): Plan {
  const plan = makePlan(draft, { ...about, madeBy: whoIsThis() }, systemClock);
  const faults = planFaults(plan, kinds);
  if (faults.length === 0) return plan;
  throw new Error(
    `${about.origin.id} made a plan that does not fit: ${faults.map(({ key, says }) => `${key}: ${says}`).join('; ')}`,
  );
}

/**
 * Makes a plan of a draft, shows it and writes it where it is wanted: 1 when it would change
 * something, 0 when there is nothing to do. One that touches what must not be touched is not made.
 */
export async function deliver(
  context: Context,
  { draft, about, kinds, hosts, secrets, protection }: Making,
  options: { readonly output?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const plan = planFrom(draft, about, kinds);
  if (await isDone(plan, kinds, hosts)) {
    if (options.json === true) context.io.out(printJson({ ...plan, steps: [] }));
    else say(context, `${clean(plan.title)}: there is nothing to do.\n`);
    return EXIT.fine;
  }
  const held = await heldAgainst(plan.steps, { kinds, protection, hosts });
  if (held !== undefined) throw notToBe(plan, held);
  if (options.output !== undefined) await writePlan(options.output, plan, secrets);
  if (options.json === true) context.io.out(printJson(plan));
  else say(context, reviewText(plan, kinds));
  note(context, nextLine(options.output));
  return EXIT.warning;
}

function notToBe({ title }: Plan, held: string): Stop {
  return new Stop(EXIT.alert, [
    `No plan is made for ${clean(title)}:`,
    `  ${clean(held)}`,
    'Plan again without it, or see that it may be touched: `holdfast never-touch` shows the list.',
  ]);
}

function nextLine(output: string | undefined): string {
  if (output === undefined) return '\nNothing was changed. Keep the plan with -o FILE.';
  return `\nNothing was changed. The plan is in ${output}; carry it out with: holdfast apply ${output}`;
}

/** Whether every step is done already, as the hosts show it now. */
async function isDone(
  { steps }: Plan,
  kinds: StepKinds,
  hosts: ReadonlyMap<HostName, Host>,
): Promise<boolean> {
  for (const step of steps) {
    const host = hosts.get(step.host);
    const kind = kinds.bind(step);
    if (!host || !kind.ok || (await kind.step.check(host)).kind !== 'done') return false;
  }
  return true;
}
