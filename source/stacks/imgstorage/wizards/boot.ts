import type { HostName } from '../../../core/host.js';
import type { Json } from '../../../core/json.js';
import type { Steps } from '../../../core/plan-steps.js';
import { quote } from '../../../core/quote.js';
import type { Container } from '../hosts.js';
import { STAGES, STAGE_FACTS, type Stage } from '../steps/boot/stages.js';

/** Which workflow is followed, and on which hosts of ours it shows. */
export interface Workflow {
  readonly nas: string;
  readonly nasHost: HostName;
  readonly zpool: string;
  readonly zvol: string;
  readonly container: string;
  readonly containerHost: HostName;
  readonly vm: string | null;
  readonly bytes: number | null;
  /** Copied to the container; else used over iSCSI. */
  readonly copies: boolean;
}

/** What goes on for long after the call has returned. */
const LONG: ReadonlySet<Stage> = new Set(['copied', 'merged', 'switched']);

/** A step for every stage that there is, on the host where it shows. */
export function addStages(steps: Steps, flow: Workflow): void {
  for (const stage of STAGES) {
    const { on, copies } = STAGE_FACTS[stage];
    if ((copies && !flow.copies) || (stage === 'booted' && flow.vm === null)) continue;
    const host = on === 'nas' ? flow.nasHost : flow.containerHost;
    const kind = LONG.has(stage) ? 'imgstorage.wait-stage' : 'imgstorage.see-stage';
    steps.add(host, kind, paramsOf(flow, stage));
  }
}

function paramsOf({ nas, zpool, zvol, container, vm, bytes }: Workflow, stage: Stage): Json {
  return { stage, nas, zpool, zvol, container, vm, bytes };
}

/**
 * The container's daemon destroys a volume of that name before it makes its own (imgstoragevm.py, map_zvol),
 * so there must be none: seen at the look, and again right before.
 */
export function volumeThere(
  { volumes }: Container,
  pool: string,
  zvol: string,
): string | undefined {
  if (!volumes.ok) return undefined;
  const found = volumes.value.datasets.find(({ name }) => name === `${pool}/${zvol}`);
  return found?.name;
}

/** Sees once more that mapping destroys nothing on the container. */
export function addSeeNone(steps: Steps, host: HostName, pool: string, zvol: string): void {
  const path = `${pool}/${zvol}`;
  const script = `zfs list -H -o name ${quote(path)} 2>/dev/null || echo none`;
  steps.add(host, 'host.see-that', {
    title: 'see that no volume of that name is there, which mapping would destroy',
    on: path,
    shows: { argv: ['sh', '-c', script], expect: 'none' },
  });
}
