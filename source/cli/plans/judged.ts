import type { HostName, Reader } from '../../core/host.js';
import type { Step } from '../../core/plan.js';
import type { Case, WayOut } from '../../core/recovery.js';
import type { StepKinds } from '../../core/step.js';
import type { Protection } from '../../core/touch.js';
import type { Drafted } from '../../core/wizard.js';
import { firstForbidden } from '../../engine/run/forbidden-step.js';

/** What plans are held against as they are made. */
export interface Judging {
  readonly kinds: StepKinds;
  readonly protection: Protection;
  readonly hosts: ReadonlyMap<HostName, Reader>;
}

/** Why none of these steps may be done, as the hosts say now; undefined: they may. */
export async function heldAgainst(
  steps: readonly Step[],
  { kinds, protection, hosts }: Judging,
): Promise<string | undefined> {
  const forbidden = await firstForbidden(steps, hosts, { kinds, protection });
  return forbidden && `${forbidden.step.host}: ${forbidden.because}`;
}

/**
 * A case whose ways out are judged while its hosts are connected: one whose plan touches what must
 * not be touched makes none, and says why, instead of being refused when it is carried out.
 */
export async function judgedCase(found: Case, judging: Judging): Promise<Case> {
  const ways: WayOut[] = [];
  for (const way of found.ways) ways.push(await judgedWay(way, judging));
  return { ...found, ways };
}

async function judgedWay(way: WayOut, judging: Judging): Promise<WayOut> {
  const judged = async (keepCopy: boolean): Promise<Drafted> => {
    const drafted = way.plan({ keepCopy });
    if (!drafted.ok) return drafted;
    const says = await heldAgainst(drafted.draft.steps, judging);
    return says === undefined ? drafted : { ok: false, faults: [{ key: '', says }] };
  };
  const [plain, copied] = [await judged(false), await judged(true)];
  return { ...way, plan: ({ keepCopy }) => (keepCopy ? copied : plain) };
}
