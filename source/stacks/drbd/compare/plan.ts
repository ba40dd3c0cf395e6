import type { Fault } from '../../../core/form.js';
import { Steps } from '../../../core/plan-steps.js';
import type { WayOut } from '../../../core/recovery.js';
import { clean, listed } from '../../../core/text.js';
import type { Drafted } from '../../../core/wizard.js';
import type { OwnSnapshot } from '../../../steps/logical-volume/snapshot.js';
import type { MountCopy } from '../../../steps/mount-copy.js';
import type { Side } from '../split-brain/side.js';
import { resourceName } from '../steps/side.js';
import { copyType, type CopyType } from './contents.js';
import type { VolumeCompared } from './look.js';
import { extentOf, snapshotMount } from './place.js';
import { snapshotsOf } from './room.js';
import type { SideWork } from './side-work.js';
import type { SumBlocks } from './sum-blocks.js';

/** What a comparison is made of. */
export interface CompareInput {
  readonly resource: string;
  readonly sides: readonly [Side, Side];
  readonly volumes: readonly VolumeCompared[];
  /** Tells this comparison from any other: a UUID. */
  readonly id: string;
}

/** The way out of the choice that looks first: it changes nothing, and loses nothing. */
export function compareWay(input: CompareInput): WayOut {
  const isThere = input.volumes.some(({ comparison }) => comparison.kind !== 'none');
  return {
    value: 'compare',
    says: clean(
      `Compare both sides ${isThere ? 'again' : 'first'}, from snapshots; nothing is decided.`,
    ),
    loses: [],
    plan: () => planCompare(input),
  };
}

/** How one volume of one side is read. */
interface Reading {
  readonly side: Side;
  readonly own: OwnSnapshot;
  readonly sizeBytes: number;
  readonly work: SideWork;
  /** The mount, where its files are listed; the parts, where its blocks are summed. */
  readonly by:
    | { readonly kind: 'files'; readonly mount: MountCopy }
    | { readonly kind: 'blocks'; readonly work: SumBlocks };
}

function planCompare(input: CompareInput): Drafted {
  const { resource, sides } = input;
  const read = sides.map((side, index) => readingsOf(input, side, index === 0 ? 0 : 1));
  const faults = read.flatMap(({ faults: some }) => some);
  if (faults.length > 0) return { ok: false, faults };
  const readings = read.flatMap(({ readings: some }) => some);
  return {
    ok: true,
    draft: {
      title: `Compare both sides of ${clean(resource)}`,
      steps: stepsOf(readings).list,
      basis: sides.flatMap(({ basis }) => basis),
      confirmations: [],
      loses: [],
      putBack:
        'Snapshots and mounts are taken away again by the plan itself; undo takes away what a run that was broken off left, and the lists.',
      warnings: warningsOf(readings),
      next: 'What differs is in the recovery now: Esc, then r.',
    },
  };
}

function readingsOf(
  { resource, volumes, id }: CompareInput,
  side: Side,
  index: 0 | 1,
): { readonly readings: readonly Reading[]; readonly faults: readonly Fault[] } {
  const readings: Reading[] = [];
  const because: string[] = [];
  if (!resourceName.safeParse(resource).success) {
    because.push('its name has characters that are not put into commands');
  }
  const snapshots = snapshotsOf(side, id);
  for (const [at, { volume, generations }] of side.volumes.entries()) {
    const snapshot = snapshots[at];
    const contents = volumes.find((one) => one.volume === volume)?.contents;
    const sizeBytes = contents?.[index].sizeBytes;
    if (!snapshot?.ok) because.push(snapshot?.because ?? `volume ${volume} was not looked at`);
    else if (!contents || !generations || sizeBytes === undefined) {
      because.push(`volume ${volume} of ${side.host} could not be looked at`);
    } else {
      const { own, take } = snapshot;
      const work = { resource, volume, ...own, generation: generations.current.slice(0, 15) };
      const types = contents.map(copyType);
      // Both sides are read alike, or nothing can be compared.
      const type = types[0] === types[1] ? types[0] : undefined;
      const reading = { side, own, sizeBytes: take.sizeBytes, work };
      readings.push({ ...reading, by: byOf(work, type, sizeBytes) });
    }
  }
  const faults = because.map((one) => ({ key: 'compare', says: clean(sentence(one)) }));
  return { readings, faults };
}

function sentence(text: string): string {
  return `It cannot be compared: ${text}.`;
}

function byOf(work: SideWork, type: CopyType | undefined, sizeBytes: number): Reading['by'] {
  if (type === undefined) {
    return { kind: 'blocks', work: { ...work, sizeBytes, extentBytes: extentOf(sizeBytes) } };
  }
  const { vg, name } = work;
  return { kind: 'files', mount: { vg, name, type, target: snapshotMount(work) } };
}

/**
 * All snapshots first, so that both sides are as they are at one moment; then all readings are begun,
 * which go on at once on both hosts; what was taken is given back as soon as it was read.
 */
function stepsOf(readings: readonly Reading[]): Steps {
  const steps = new Steps('one by one');
  for (const { side, own, sizeBytes } of readings) {
    steps.add(side.host, 'lvm.snapshot', { ...own, sizeBytes });
  }
  for (const { side, own, by, work } of readings) {
    if (by.kind === 'blocks') steps.add(side.host, 'drbd.sum-blocks', by.work);
    else {
      if (by.mount.type === 'ocfs2') steps.add(side.host, 'drbd.own-ocfs2-copy', own);
      steps.add(side.host, 'file-system.mount-copy', by.mount);
      steps.add(side.host, 'drbd.list-files', work);
    }
  }
  for (const { side, own, by, work } of readings) {
    steps.add(side.host, 'drbd.wait-read', work);
    if (by.kind === 'files') steps.add(side.host, 'file-system.unmount-copy', by.mount);
    steps.add(side.host, 'lvm.remove-snapshot', own);
  }
  return steps;
}

function warningsOf(readings: readonly Reading[]): readonly string[] {
  const whole = [
    ...new Set(readings.flatMap(({ by, work }) => (by.kind === 'blocks' ? [work.volume] : []))),
  ];
  return [
    'What is still in the memory of a guest or of a file system that is mounted is on no disk yet, and in no snapshot.',
    ...(whole.length > 0
      ? [
          `Volume ${listed(whole.map(String))} carries no file system whose snapshot can be mounted (a guest’s disk, LVM, encryption): it is read whole on both sides, and only where blocks differ is told.`,
        ]
      : []),
    'At its end the recovery shows what differs: look into it again.',
  ];
}
