import type { Millis } from '../../../core/host.js';
import type { WayOut } from '../../../core/recovery.js';
import { clean, count, listed } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import { asideOf, hasOwnFiles, type Room } from '../compare/aside.js';
import type { VolumeCompared } from '../compare/look.js';
import { compareWay } from '../compare/plan.js';
import { stamp } from './copy.js';
import { losesAnything, losses } from './losses.js';
import { planFor, type PlanInput } from './plan.js';
import { releaseOf } from './release.js';
import type { Side } from './side.js';

/** All that the ways out of a split brain are made from. */
export interface Around {
  readonly resource: string;
  readonly sides: readonly [Side, Side];
  readonly volumes: readonly VolumeCompared[];
  /** Where each side's host has room of its own. */
  readonly rooms: readonly [readonly Room[], readonly Room[]];
  readonly at: Millis;
  /** For what a plan makes: a UUID. */
  readonly id: string;
}

/** The ways out of the split brain of one resource; the plain ones first. */
export function waysOf(around: Around): readonly WayOut[] {
  const each = (of: (around: Around, index: 0 | 1) => readonly WayOut[]): readonly WayOut[] => [
    ...of(around, 0),
    ...of(around, 1),
  ];
  const { resource, sides, volumes, id } = around;
  return [
    ...each((all, index) => [wayOut(all, index)]),
    compareWay({ resource, sides, volumes, id }),
    ...each(copyingFirst),
    ...each(stoppingFirst),
  ];
}

function inputOf({ resource, sides, volumes, at }: Around, index: 0 | 1) {
  const compared = volumes.flatMap(({ volume, comparison }) =>
    comparison.kind === 'none' ? [] : [volume],
  );
  const [victim, survivor] = index === 0 ? sides : [sides[1], sides[0]];
  return { resource, victim, survivor, compared, at };
}

function wayOut(around: Around, index: 0 | 1, more: Partial<PlanInput> = {}): WayOut {
  const input = inputOf(around, index);
  const { victim, survivor } = input;
  return {
    value: victim.host,
    says: clean(`Keep ${survivor.host}; ${victim.host} gives up its changes.`),
    loses: losesAnything(victim) ? losses(victim, survivor).map(clean) : [],
    plan: ({ keepCopy }) => planFor({ ...input, ...more, keepCopy }),
  };
}

/** The victim gives way after its own files were copied aside, where it is known which those are. */
function copyingFirst(around: Around, index: 0 | 1): readonly WayOut[] {
  const { resource, volumes, rooms, id, at } = around;
  if (!hasOwnFiles(volumes, index)) return [];
  const { victim, survivor } = inputOf(around, index);
  const from = { victim, volumes, index };
  const aside = asideOf({ ...from, resource, rooms: rooms[index], id, stamp: stamp(at) });
  const release = releaseOf(victim);
  const way = wayOut(around, index, { copyFiles: { aside, from }, release });
  const stops = release ? `${stopsOf(release)} stopped first; then ` : '';
  const what = aside.ok
    ? `${stops}${count(aside.files, 'file')} (${bytes(aside.bytes)}) copied to ${aside.target} there`
    : 'its files copied aside first';
  return [
    {
      ...way,
      value: `${victim.host}:copy-files`,
      says: clean(`Keep ${survivor.host}; on ${victim.host} ${what}, then it gives way.`),
    },
  ];
}

/** The victim gives way after what runs on it was stopped, where steps can do that. */
function stoppingFirst(around: Around, index: 0 | 1): readonly WayOut[] {
  const { victim, survivor } = inputOf(around, index);
  const release = releaseOf(victim);
  if (!release) return [];
  return [
    {
      ...wayOut(around, index, { release }),
      value: `${victim.host}:stop-first`,
      says: clean(
        `Keep ${survivor.host}; on ${victim.host} ${stopsOf(release)} stopped first: guests shut down, file systems unmounted.`,
      ),
    },
  ];
}

/** `guest web-1 and /srv are`. */
function stopsOf({ guests, mounts }: NonNullable<ReturnType<typeof releaseOf>>): string {
  const stops = [...guests.map((guest) => `guest ${guest}`), ...mounts.map(({ target }) => target)];
  return `${listed(stops, 8)} ${stops.length === 1 ? 'is' : 'are'}`;
}
