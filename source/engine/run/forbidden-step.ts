import type { HostName, Reader } from '../../core/host.js';
import type { Step } from '../../core/plan.js';
import type { RunDeps } from './run-tell.js';

/** A step that must not be done, and why. */
export interface ForbiddenStep {
  readonly step: Step;
  readonly because: string;
}

/**
 * The first of these steps that touches what must not be touched: asked before any of them is
 * begun, so that a plan is not carried out halfway to it. A host is asked once for all its steps.
 */
export async function firstForbidden(
  steps: readonly Step[],
  hosts: ReadonlyMap<HostName, Reader>,
  { protection, kinds }: Pick<RunDeps, 'protection' | 'kinds'>,
): Promise<ForbiddenStep | undefined> {
  const touching = steps.flatMap((step) => {
    const kind = kinds.bind(step);
    return kind.ok ? kind.step.touches.map((touch) => ({ step, touch })) : [];
  });
  for (const host of new Set(touching.map(({ step }) => step.host))) {
    const here = touching.filter(({ step }) => step.host === host);
    const touches = here.map(({ touch }) => touch);
    const forbidden = await protection(touches, host, hosts);
    const found = here.find(({ touch }) => touch === forbidden?.touch);
    if (forbidden && found) return { step: found.step, because: forbidden.because };
  }
  return undefined;
}
