import { Steps } from '../../../../core/plan-steps.js';
import { clean, listed } from '../../../../core/text.js';
import { rate } from '../../../../core/units.js';
import type { Drafted } from '../../../../core/wizard.js';
import type { RateOption } from '../../read/rates.js';
import type { Side } from '../../split-brain/side.js';
import { sideJson } from '../../steps/side.js';

/** A rate as it is to be until the resync ends. */
export interface NewRate {
  readonly option: RateOption;
  /** KiB/s. */
  readonly kib: number;
  readonly before: number;
}

function refused(says: string): Drafted {
  return { ok: false, faults: [{ key: 'victim', says: clean(says) }] };
}

/** Other rates until the resync ends; the last step puts the old ones back. */
export function planRates(resource: string, target: Side, rates: readonly NewRate[]): Drafted {
  if (!target.target.ok) return refused(`${target.target.because}.`);
  const { params } = target.target;
  if (params.driver === '8.3')
    return refused('DRBD 8.3 sets its rate otherwise: `drbdsetup DEVICE syncer -r`.');
  const base = { ...sideJson(params) };
  const steps = new Steps('one by one');
  const set = (list: readonly NewRate[], puttingBack: boolean): void => {
    steps.add(target.host, 'drbd.session-rates', {
      ...base,
      rates: list.map((one) => ({ ...one })),
      puttingBack,
    });
  };
  set(rates, false);
  steps.add(target.host, 'drbd.wait-in-sync', base);
  set(
    rates.map(({ option, kib, before }) => ({ option, kib: before, before: kib })),
    true,
  );
  const said = rates.map(({ option, kib }) => `${option} ${rate(kib * 1024)}`);
  return {
    ok: true,
    draft: {
      title: `${clean(resource)}: resync with ${listed(said)} until it ends`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack: 'The rates are put back when the resync has ended, and by undo at any time before.',
      warnings: [
        'Only the kernel is told, not the files: `drbdadm adjust`, a `down` or a reboot ends it as well.',
        'Ctrl-C leaves the resync to go on at the new rate; `resume` waits on and puts the rates back.',
      ],
    },
  };
}

/** Lets a paused resync go on, on each side that paused it, and waits for its end. */
export function planResume(resource: string, paused: readonly Side[], target: Side): Drafted {
  if (!target.target.ok) return refused(`${target.target.because}.`);
  const steps = new Steps('one by one');
  for (const side of paused) {
    if (!side.target.ok) return refused(`${side.target.because}.`);
    steps.add(side.host, 'drbd.resume-sync', sideJson(side.target.params));
  }
  steps.add(target.host, 'drbd.wait-in-sync', sideJson(target.target.params));
  return {
    ok: true,
    draft: {
      title: `${clean(resource)}: let the resync go on`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack: 'Undo pauses it again, while it runs.',
      warnings: ['Somebody paused it: it costs disk and network, which may have been the reason.'],
    },
  };
}
