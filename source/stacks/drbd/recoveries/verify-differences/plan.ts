import type { Fault } from '../../../../core/form.js';
import { Steps } from '../../../../core/plan-steps.js';
import { clean } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import type { Side } from '../../split-brain/side.js';
import { sideJson } from '../../steps/side.js';
import type { TwoSides } from '../find-pair.js';

/** What a plan is made of. */
export interface CopyInput {
  readonly two: TwoSides;
  /** Whose blocks are overwritten. */
  readonly victim: Side;
  readonly right: Side;
  readonly loses: string;
  /** DRBD no longer knows where they differ: these volumes are copied whole; left out: what is marked is. */
  readonly whole?: Whole;
}

/** Volumes that are copied whole. */
export interface Whole {
  readonly volumes: readonly { readonly volume: number; readonly minor: number }[];
  /** Seconds since the boot of the victim's host. */
  readonly since: number;
}

/** The plan by which one side takes what differs from the other. */
export function planCopy({ two, victim, right, loses, whole }: CopyInput): Drafted {
  const faults = faultsOf(two, victim, right);
  if (!victim.target.ok || !right.target.ok || faults.length > 0) return { ok: false, faults };
  const [target, source] = [sideJson(victim.target.params), sideJson(right.target.params)];
  const copying = { ...target, from: right.host, loses };
  const steps = new Steps('one by one');
  const wasPrimary = victim.role === 'Primary';
  if (wasPrimary) steps.add(victim.host, 'drbd.make-secondary', target);
  if (whole) {
    const { since, volumes } = whole;
    steps.add(victim.host, 'drbd.copy-whole', {
      ...copying,
      volumes: volumes.map((one) => ({ ...one })),
      since,
    });
  } else if (victim.target.params.driver === '9') {
    steps.add(victim.host, 'drbd.invalidate-differences', copying);
  } else {
    if (right.role !== 'Primary') steps.add(right.host, 'drbd.promote-source', source);
    steps.add(victim.host, 'drbd.part-for-copy', copying);
    steps.add(victim.host, 'drbd.meet-for-copy', copying);
    steps.add(victim.host, 'drbd.wait-connected', target);
  }
  steps.add(victim.host, 'drbd.wait-in-sync', target);
  steps.add(right.host, 'drbd.wait-in-sync', source);
  if (right.role !== 'Primary' && victim.target.params.driver !== '9') {
    steps.add(right.host, 'drbd.make-secondary', source);
  }
  if (wasPrimary) steps.add(victim.host, 'drbd.promote', target);
  return {
    ok: true,
    draft: {
      title: `${clean(two.resource.name)}: ${victim.host} takes from ${right.host} ${whole ? 'its whole copy' : 'what differs'}`,
      steps: steps.list,
      basis: [...victim.basis, ...right.basis],
      confirmations: [{ word: victim.host, accepts: loses }],
      loses: [loses],
      putBack:
        'Until the victim is connected again nothing is lost; after that its blocks are those of the other side, and nothing brings them back.',
      warnings: [
        'Find out why they differ, or they will again: what wrote to the backing device past DRBD, or a disk, controller or memory that changes data.',
        'A verify afterwards tells whether all is the same: ask this recovery again and choose `verify`.',
      ],
    },
  };
}

function faultsOf({ resource }: TwoSides, victim: Side, right: Side): readonly Fault[] {
  const says: string[] = [];
  for (const { target } of [victim, right]) if (!target.ok) says.push(`${target.because}.`);
  if (!victim.use.complete) {
    says.push(
      `Who uses ${clean(resource.name)} on ${victim.host} could not be read; it takes root.`,
    );
  }
  const used = victim.use.users.map(({ minor, what, release = [] }): Fault => ({
    key: 'victim',
    says: `/dev/drbd${minor} is in use on ${victim.host}: ${what}. Data must not change beneath it: stop it there first.`,
    byHand: release.map((one) => ({ host: victim.host, ...one })),
  }));
  return [...says.map((one) => ({ key: 'victim', says: one })), ...used];
}

/**
 * The plan that compares both copies.
 *
 * @param since seconds since the boot of the first side's host
 */
export function planVerify({ resource, sides: [side] }: TwoSides, since: number): Drafted {
  const { target, host } = side;
  const no = (says: string): Drafted => ({ ok: false, faults: [{ key: 'victim', says }] });
  if (!target.ok) return no(`${target.because}.`);
  const algorithm = side.end.replica.on.config?.value;
  if (algorithm?.kind === 'broken') return no(`The configuration on ${host} is broken.`);
  const params = { ...sideJson(target.params), since };
  const steps = new Steps('one by one');
  steps.add(host, 'drbd.verify', params);
  steps.add(host, 'drbd.wait-verified', params);
  return {
    ok: true,
    draft: {
      title: `${clean(resource.name)}: compare both copies`,
      steps: steps.list,
      basis: side.basis,
      confirmations: [],
      loses: [],
      putBack: 'There is nothing to put back: a verify changes nothing.',
      warnings: [
        'It reads both copies whole and sends sums over the network; it goes on by itself when the console leaves, and `resume` waits on.',
        'It needs `verify-alg` in the resource’s `net` section on both sides; without it DRBD refuses at once.',
      ],
    },
  };
}
