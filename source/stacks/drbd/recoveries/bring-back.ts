import type { Fault } from '../../../core/form.js';
import { Steps } from '../../../core/plan-steps.js';
import { clean } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import type { Drafted } from '../../../core/wizard.js';
import { sideJson } from '../steps/side.js';
import { meetingOf, type DownVolume, type Meeting } from './down-side.js';
import type { DownPlace, UpPlace } from './look.js';

/** What a plan that brings sides back is made of. */
export interface BringBack {
  readonly resource: string;
  /** The side that is up; undefined: none is. */
  readonly living: UpPlace | undefined;
  readonly down: readonly DownPlace[];
  /** Make what comes back Primary beside the other, once it is UpToDate. */
  readonly promote: boolean;
  /** Its disk is a new one: metadata are made first. */
  readonly renew: boolean;
}

/**
 * The plan that brings a resource up again where it is down. Nothing is promoted before both sides are
 * connected and UpToDate: `up` followed at once by `primary` made a real split brain without a byte
 * written (seen with DRBD 8.4).
 */
export function planBack(input: BringBack): Drafted {
  const { resource, living, down } = input;
  const faults = down.flatMap((place) => faultsOf(place, input));
  if (living && !living.side.target.ok) faults.push(fault(living.side.target.because));
  if (faults.length > 0) return { ok: false, faults };
  const names = down.map(({ host }) => host).join(' and ');
  return {
    ok: true,
    draft: {
      title: `Bring ${clean(resource)} back on ${names}`,
      steps: stepsOf(input).list,
      basis: [...(living?.side.basis ?? []), ...down.flatMap((place) => place.down.basis)],
      confirmations: [],
      loses: [],
      putBack: `Undo takes it down again on ${names}, unless it is in use or has what the other side lacks. What was copied stays on the disk.`,
      warnings: warningsOf(input),
    },
  };
}

function fault(says: string): Fault {
  return { key: 'victim', says: clean(says) };
}

function faultsOf({ host, down }: DownPlace, { renew, living }: BringBack): Fault[] {
  const faults: Fault[] = [];
  if (!down.target.ok) faults.push(fault(down.target.because));
  if (down.module === 'missing') {
    faults.push(fault(`${host} has no module drbd for its running kernel: install it first.`));
  }
  for (const { volume, backing } of down.volumes) {
    if (backing.kind === 'not there') {
      faults.push(fault(`The disk of ${host}, ${backing.path}: ${backing.because}.`));
    } else if (backing.closed !== undefined) {
      faults.push(fault(`${backing.path} of ${host}: ${backing.closed}.`));
    } else if (renew && backing.holds.length > 0) {
      const what = backing.holds.join(', ');
      faults.push(fault(`${backing.path} of ${host} is not blank: it holds ${what}.`));
    }
    const good = living?.side.volumes.find((one) => one.volume === volume)?.disk;
    if (renew && good !== 'UpToDate') {
      const says = `Volume ${volume} of ${living?.host ?? 'the other side'} is ${good ?? 'not known'}: there is nothing good to copy from.`;
      faults.push(fault(says));
    }
  }
  return faults;
}

function stepsOf({ living, down, promote, renew }: BringBack): Steps {
  const steps = new Steps('one by one');
  for (const { host, down: side } of down) {
    if (!side.target.ok) continue;
    const params = sideJson(side.target.params);
    if (side.module !== 'loaded') steps.add(host, 'drbd.load-module', params);
    if (renew) {
      for (const volume of side.volumes) addMetadata(steps, host, params, volume);
    } else if (living) addComparison(steps, host, params, living);
    steps.add(host, 'drbd.up', { ...params, undoneWhile: 'the peer has it' });
  }
  for (const { host, down: side } of down) {
    if (!side.target.ok) continue;
    const params = sideJson(side.target.params);
    steps.add(host, 'drbd.wait-connected', params);
    steps.add(host, 'drbd.wait-in-sync', params);
  }
  if (living?.side.target.ok) {
    steps.add(living.host, 'drbd.wait-in-sync', sideJson(living.side.target.params));
  }
  for (const { host, down: side } of down) {
    if (promote && side.target.ok) steps.add(host, 'drbd.promote', sideJson(side.target.params));
  }
  return steps;
}

/** What they have in common is looked at once more, right before they meet. */
function addComparison(
  steps: Steps,
  host: string,
  params: ReturnType<typeof sideJson>,
  { side }: UpPlace,
): void {
  const living = side.volumes.flatMap(({ volume, generations }) => {
    if (!generations) return [];
    const { current, bitmap, history } = generations;
    return [{ volume, current, bitmap, history: [...history] }];
  });
  if (living.length === side.volumes.length) {
    steps.add(host, 'drbd.compare-data', { ...params, living });
  }
}

function addMetadata(
  steps: Steps,
  host: string,
  params: ReturnType<typeof sideJson>,
  { backing }: DownVolume,
): void {
  if (backing.kind !== 'there') return;
  const { path, sizeBytes } = backing;
  steps.add(host, 'drbd.create-metadata', {
    ...params,
    ...{ backing: path, sizeBytes, metadata: 'internal', accepted: [] },
  });
}

function warningsOf({ living, down, promote, renew }: BringBack): readonly string[] {
  const words = down.map((place) =>
    living ? meetingWords(place, living, meetingFor(place, living, renew)) : BOTH_DOWN,
  );
  const copying = 'Ctrl-C leaves the copying to go on by itself; `resume` waits on.';
  const role = promote
    ? []
    : [
        `${down.map(({ host }) => host).join(' and ')} stays Secondary. Make it Primary only when it is UpToDate.`,
      ];
  return [...new Set([...words, copying, ...role])];
}

/** New metadata know of nothing, whatever is on the disk now. */
function meetingFor({ down }: DownPlace, { end }: UpPlace, renew: boolean): Meeting {
  return renew ? 'fresh' : meetingOf(down, end.link);
}

const BOTH_DOWN =
  'Both sides compare their data when they meet: the older one is brought up to date, and where both have data of their own both stand alone, unless after-sb-* of the configuration lets DRBD discard one by itself.';

/** What will be copied, and where to, from the generations of both. */
function meetingWords(place: DownPlace, living: UpPlace, meeting: Meeting): string {
  const missing = living.side.changedKiB;
  const amount = missing === null ? '' : `: ${bytes(missing * 1024)}`;
  switch (meeting) {
    case 'same':
      return `Both have the same data generation: only what was under way when they parted is copied${amount}.`;
    case 'behind':
      return `What ${place.host} missed is copied from ${living.host}${amount}.`;
    case 'ahead':
      return `${place.host} has newer data than ${living.host}: what is missing is copied to ${living.host}.`;
    case 'fresh':
      return `Everything is copied from ${living.host} to ${place.host}.`;
    case 'split':
    case 'unrelated':
    case 'not known':
      return `The data generation of ${place.host} is read only when the module is loaded: a step looks at it before they meet, and stops where both have data of their own.`;
  }
}
