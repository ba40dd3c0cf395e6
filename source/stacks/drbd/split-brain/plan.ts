import type { Fault } from '../../../core/form.js';
import type { Millis } from '../../../core/host.js';
import type { Json } from '../../../core/json.js';
import type { Step } from '../../../core/plan.js';
import { Steps } from '../../../core/plan-steps.js';
import { clean, count } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import type { Drafted } from '../../../core/wizard.js';
import { asideSteps, type Aside, type AsideInput } from '../compare/aside.js';
import { sideJson, type SideParams } from '../steps/side.js';
import type { KeepCopy } from '../steps/keep-copy.js';
import { copiesOf } from './copy.js';
import { releaseSteps, type Release } from './release.js';
import { losesAnything, losses } from './losses.js';
import type { Side } from './side.js';

/** What a plan is made of. */
export interface PlanInput {
  readonly resource: string;
  readonly victim: Side;
  readonly survivor: Side;
  readonly keepCopy: boolean;
  /** What is stopped on the victim first; left out: whoever uses it is a fault. */
  readonly release?: Release | undefined;
  /** The victim's own files are copied aside first. */
  readonly copyFiles?: CopyFiles | undefined;
  /** Volumes of which both hosts keep a comparison. */
  readonly compared?: readonly number[];
  readonly at: Millis;
}

/** The files that are copied, and what tells how they are read. */
export interface CopyFiles {
  readonly aside: Aside;
  readonly from: Pick<AsideInput, 'victim' | 'volumes' | 'index'>;
}

/** The plan that mends a split brain by giving up one side's changes, or what stands against it. */
export function planFor(input: PlanInput): Drafted {
  const { victim, survivor } = input;
  const faults = [...faultsOf(input), ...copyFaults(input), ...asideFaults(input)];
  if (!victim.target.ok || !survivor.target.ok || faults.length > 0) return { ok: false, faults };
  const loses = losses(victim, survivor);
  const steps = stepsOf(input, victim.target.params, survivor.target.params, loses);
  const both = victim.role === 'Primary' && survivor.role === 'Primary';
  return {
    ok: true,
    draft: {
      title: `Mend the split brain of ${clean(input.resource)}: ${survivor.host} is kept, ${victim.host} gives up its changes`,
      steps,
      basis: [...victim.basis, ...survivor.basis],
      confirmations: [{ word: victim.host, accepts: loses.join(' ') }],
      loses: losesAnything(victim) ? loses : [],
      putBack:
        'Until the victim connects, undo makes it Primary again and lets it connect as before. After that nothing brings its changes back but a copy made before.',
      warnings: [
        ...releaseWarnings(input),
        ...asideWarnings(input),
        ...copyWarnings(input),
        ...afterwards(both, input),
      ],
    },
  };
}

function faultsOf({ resource, victim, survivor, release }: PlanInput): readonly Fault[] {
  const says: string[] = [];
  const used = victim.use.users.map(({ minor, what, release = [] }): Fault => ({
    key: 'victim',
    says: `/dev/drbd${minor} is in use on ${victim.host}: ${what}. Stop it there first.`,
    byHand: release.map((one) => ({ host: victim.host, ...one })),
  }));
  for (const { target } of [victim, survivor]) if (!target.ok) says.push(target.because);
  if (!victim.use.complete) {
    says.push(`Who uses ${clean(resource)} on ${victim.host} could not be read; it takes root.`);
  }
  for (const { volume, disk } of survivor.volumes) {
    if (disk === 'UpToDate') continue;
    says.push(
      `Volume ${volume} of ${survivor.host} is ${disk}: it cannot be the side that is kept.`,
    );
  }
  for (const { volume, disk } of victim.volumes) {
    if (!['Diskless', 'Failed', 'Detaching', 'Attaching'].includes(disk)) continue;
    says.push(`Volume ${volume} of ${victim.host} is ${disk}: attach its disk first.`);
  }
  return [...says.map((one) => ({ key: 'victim', says: one })), ...(release ? [] : used)];
}

function copyFaults(input: PlanInput): readonly Fault[] {
  if (!input.keepCopy) return [];
  const { victim, survivor, resource, at } = input;
  return copiesOf(victim, survivor, resource, at).flatMap((copy) =>
    copy.ok ? [] : [{ key: 'keepCopy', says: `No copy can be kept: ${clean(copy.because)}.` }],
  );
}

function asideFaults({ copyFiles }: PlanInput): readonly Fault[] {
  if (!copyFiles || copyFiles.aside.ok) return [];
  return [
    { key: 'victim', says: `Its files cannot be copied aside: ${clean(copyFiles.aside.because)}.` },
  ];
}

/**
 * The copy is made when nothing can write any more and before anything is discarded: an earlier one
 * would miss what is written in between.
 */
function stepsOf(
  { resource, victim, survivor, keepCopy, release, copyFiles, compared = [], at }: PlanInput,
  loser: SideParams,
  keeper: SideParams,
  loses: readonly string[],
): readonly Step[] {
  const steps = new Steps('one by one');
  const add = (kind: string, { host }: Side, params: Json): void => steps.add(host, kind, params);
  if (release) releaseSteps(steps, victim.host, release);
  if (victim.connection !== 'StandAlone') add('drbd.disconnect', victim, sideJson(loser));
  if (victim.role !== 'Secondary') add('drbd.make-secondary', victim, sideJson(loser));
  if (keepCopy) {
    for (const copy of copiesOf(victim, survivor, resource, at)) {
      if (copy.ok) add('drbd.keep-copy', victim, copyJson(copy.params));
    }
  }
  if (copyFiles?.aside.ok) asideSteps(steps, copyFiles.from, copyFiles.aside);
  const discarding = { ...sideJson(loser), loses: loses.join(' ') };
  add('drbd.connect-discarding', victim, discarding);
  if (survivor.connection === 'StandAlone') add('drbd.connect', survivor, sideJson(keeper));
  add('drbd.wait-connected', victim, sideJson(loser));
  add('drbd.wait-in-sync', victim, sideJson(loser));
  add('drbd.wait-in-sync', survivor, sideJson(keeper));
  if (isBothPrimary(victim, survivor)) add('drbd.promote', victim, sideJson(loser));
  for (const volume of compared) {
    for (const side of [victim, survivor])
      add('drbd.forget-comparison', side, { resource, volume });
  }
  return steps.list;
}

function copyJson(params: KeepCopy): Json {
  return { ...params, identify: [...params.identify] };
}

/** Both had it open before, and the configuration of both lets them again. */
function isBothPrimary(victim: Side, survivor: Side): boolean {
  return [victim, survivor].every(
    ({ role, allowTwoPrimaries }) => role === 'Primary' && allowTwoPrimaries,
  );
}

/** Live migration is no way out: the guest would go on with the disk of the other side. */
function releaseWarnings({ release, victim, survivor }: PlanInput): readonly string[] {
  if (!release) return [];
  return [
    `What is stopped on ${victim.host} is not started again: afterwards its disks hold what ${survivor.host} had. Guests are shut down and never moved alive, since what they have in memory does not belong to the disk of the other side.`,
  ];
}

function asideWarnings({ copyFiles, victim }: PlanInput): readonly string[] {
  if (!copyFiles?.aside.ok) return [];
  const { files, bytes: size, target, freeBytes } = copyFiles.aside;
  return [
    `${count(files, 'file')} of ${victim.host} (${bytes(size)}), and what was changed there since they were compared, ${files === 1 ? 'lies' : 'lie'} in ${clean(target)} on ${victim.host} afterwards (${bytes(freeBytes)} free there), with owners, rights and times. Nothing is given up before every byte was compared.`,
  ];
}

function copyWarnings({ keepCopy, victim, survivor, resource, at }: PlanInput): readonly string[] {
  const copies = copiesOf(victim, survivor, resource, at);
  if (!keepCopy) {
    const able = copies.length > 0 && copies.every(({ ok }) => ok);
    const why = copies.flatMap((copy) => (copy.ok ? [] : [clean(copy.because)]));
    return able
      ? [`No copy of ${victim.host}'s data is kept; there is room for one.`]
      : [`No copy of ${victim.host}'s data can be kept by a snapshot: ${why.join('; ')}.`];
  }
  return copies.flatMap((copy) =>
    copy.ok
      ? [
          `The copy ${copy.params.vg}/${copy.params.name} fills as the volume changes, and is lost when it is full: mount it read-only, take from it what is needed, then \`lvremove ${copy.params.vg}/${copy.params.name}\`.`,
        ]
      : [],
  );
}

function afterwards(both: boolean, { victim, survivor }: PlanInput): readonly string[] {
  if (!both) return [];
  return isBothPrimary(victim, survivor)
    ? [`At the end ${victim.host} is Primary again; what was mounted there is mounted by hand.`]
    : [
        `${victim.host} stays Secondary: the configuration does not allow two Primaries on both hosts.`,
      ];
}
