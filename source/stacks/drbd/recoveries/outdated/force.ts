import type { Fault } from '../../../../core/form.js';
import { Steps } from '../../../../core/plan-steps.js';
import { clean } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { sideJson } from '../../steps/side.js';
import type { Judged } from './judge.js';

/** What the plan to take old data as good is made of. */
export interface Force {
  readonly resource: string;
  readonly judged: Extract<Judged, { readonly ok: true }>;
  /** A sentence each, as the way out says it. */
  readonly losses: readonly string[];
}

/** The plan that makes old data good by force; refused while the newer data can be had. */
export function planForce({ resource, judged, losses }: Force): Drafted {
  const { old, down, peer } = judged;
  const { side, host, path } = old;
  const faults: Fault[] = [];
  const add = (says: string): void => void faults.push({ key: 'victim', says: clean(says) });
  if (!side.target.ok) add(side.target.because);
  for (const place of down) {
    if (place.down.volumes.every(({ metadata }) => metadata.kind === 'none')) continue;
    add(`${place.host} answers and has its data: bring it back first.`);
  }
  if (down.length === 0 && path.kind === 'answers') {
    add(
      `${path.address} answers ${host}: ${peer} is running. Bring it back, or turn it off first.`,
    );
  }
  for (const { volume, disk } of side.volumes) {
    if (['Outdated', 'Inconsistent', 'Consistent', 'UpToDate'].includes(disk)) continue;
    add(`Volume ${volume} of ${host} is ${disk}: there is no data to take.`);
  }
  if (!side.target.ok || faults.length > 0) return { ok: false, faults };
  const steps = new Steps();
  const { params } = side.target;
  steps.add(host, 'drbd.force-primary', {
    ...sideJson(params),
    disks: side.volumes.map(({ disk }) => disk),
    loses: losses.join(' '),
  });
  return {
    ok: true,
    draft: {
      title: clean(`Take the data of ${host} for ${resource} as it is, by force`),
      steps: steps.list,
      basis: [...side.basis],
      confirmations: [{ word: host, accepts: losses.join(' ') }],
      loses: losses,
      putBack: 'Nothing: from then on the old data counts as good.',
      warnings: [
        clean(`${peer} must not be started again before it is decided whose data is kept.`),
        'Check the file systems before anything uses them; a copy of the disk beforehand is worth its time.',
      ],
    },
  };
}
