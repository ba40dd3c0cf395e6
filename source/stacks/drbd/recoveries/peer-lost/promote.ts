import type { Fault } from '../../../../core/form.js';
import { Steps } from '../../../../core/plan-steps.js';
import { clean } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { sideJson } from '../../steps/side.js';
import type { AwayPlace, UpPlace } from '../look.js';

/** What the plan to go on alone is made of. */
export interface Promotion {
  readonly resource: string;
  readonly living: UpPlace;
  readonly away: AwayPlace;
}

/**
 * The plan that makes the side that lives Primary. Nobody can see from here that a host is off, so a
 * person says so by its name; a host whose address still answers is surely not.
 */
export function planPromotion({ resource, living, away }: Promotion): Drafted {
  const { side, host, path } = living;
  const faults: Fault[] = [];
  const add = (says: string): void => void faults.push({ key: 'victim', says: clean(says) });
  if (!side.target.ok) add(side.target.because);
  for (const { volume, disk } of side.volumes) {
    if (disk === 'UpToDate') continue;
    add(`Volume ${volume} of ${host} is ${disk}: its data is not the newest (drbd.outdated).`);
  }
  if (path.kind === 'answers') {
    add(
      `${path.address} answers ${host}: ${away.host} is running and may be Primary. Turn it off first, or mend the network.`,
    );
  }
  if (!side.target.ok || faults.length > 0) return { ok: false, faults };
  const steps = new Steps();
  const { params } = side.target;
  steps.add(host, 'drbd.promote-alone', sideJson(params));
  const accepts = `${away.host} is surely off, and is not started again before it is connected as Secondary. If it still writes, or has written what ${host} has not, both have data of their own from now on, and one of them will be lost.`;
  return {
    ok: true,
    draft: {
      title: clean(`Go on with ${resource} on ${host}, without ${away.host}`),
      steps: steps.list,
      basis: [...side.basis],
      confirmations: [{ word: away.host, accepts: clean(accepts) }],
      loses: [],
      putBack: `Undo makes ${host} Secondary again, unless it is in use. The data generation that it began stays: with what the other side wrote meanwhile it is a split brain.`,
      warnings: [
        clean(
          `Holdfast does not fence: that ${away.host} is off is yours to see to (its power, its management board).`,
        ),
        clean(
          `When ${away.host} comes back, what it missed is copied to it; recover drbd.peer-lost again then.`,
        ),
      ],
    },
  };
}
