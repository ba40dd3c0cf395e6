import { closed, open, type Answers, type Choice, type Question } from '../../../../core/form.js';
import { notLookedAt } from '../../../../core/not-looked-at.js';
import { count } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { GroupOffer } from '../../../../tools/volume-groups.js';
import type { Found, KnownHost } from './look.js';

export const GIB = 1024 ** 3;

/** A group with the host that it is on. */
export interface Place {
  readonly host: KnownHost;
  readonly group: GroupOffer;
}

/** How answers name a group. */
export function groupKey({ host, group }: Place): string {
  return `${host.name}:${group.name}`;
}

/** The groups of all hosts. */
export function placesOf(found: Found): readonly Place[] {
  return found.hosts.flatMap((host) =>
    host.ok ? host.groups.map((group) => ({ host, group })) : [],
  );
}

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const places = placesOf(found);
  const chosen =
    places.find((place) => groupKey(place) === answers.group) ??
    places.find(({ group }) => group.gate.open);
  const name = typeof answers.name === 'string' && answers.name !== '' ? answers.name : 'local';
  return [
    groupQuestion(found, places),
    nameQuestion(chosen),
    sizeQuestion(chosen),
    fileSystemQuestion(chosen),
    {
      key: 'folder',
      ask: 'Where is it mounted?',
      explains: 'The folder is made if it is not there.',
      kind: 'text',
      default: `/vol/${name}`,
    },
    {
      key: 'bootsWithout',
      ask: 'May the host start without it?',
      explains:
        'Yes: a volume that is missing does not keep the host from starting (nofail), and what writes to the folder then fills the disk beneath.',
      kind: 'yes-no',
      default: true,
    },
  ];
}

function groupQuestion(found: Found, places: readonly Place[]): Question {
  const silent = notLookedAt(found.hosts);
  const without = found.hosts.flatMap((host) =>
    host.ok && host.groups.length === 0 ? [` ${host.name} has no volume group.`] : [],
  );
  const first = places.find(({ group }) => group.gate.open);
  return {
    key: 'group',
    ask: 'In which volume group?',
    explains: `One volume is made on one host.${silent}${without.join('')}`,
    kind: 'one',
    choices: places.map(groupChoice),
    ...(first && { default: groupKey(first) }),
  };
}

function groupChoice(place: Place): Choice {
  const { host, group } = place;
  return {
    value: groupKey(place),
    cells: [
      { text: host.name },
      { text: group.name },
      { text: `${bytes(group.freeBytes)} free of ${bytes(group.sizeBytes)}` },
      { text: count(group.volumes.length, 'volume') },
    ],
    gate: group.gate,
  };
}

function nameQuestion(chosen: Place | undefined): Question {
  const names = chosen?.group.volumes.map(({ name }) => name) ?? [];
  return {
    key: 'name',
    ask: 'What is the volume called?',
    explains:
      names.length > 0 ? `There are already: ${names.join(', ')}.` : 'There are no volumes yet.',
    kind: 'text',
    default: names.includes('local') ? '' : 'local',
  };
}

function sizeQuestion(chosen: Place | undefined): Question {
  const free = chosen?.group.freeBytes ?? 0;
  return {
    key: 'size',
    ask: 'How large is it?',
    explains: chosen
      ? `${bytes(free)} are free. It is rounded up to whole extents of ${bytes(chosen.group.extentBytes)}; it can be made larger later, not smaller.`
      : 'No volume group has room.',
    kind: 'number',
    unit: 'GiB',
    least: Math.ceil(((chosen?.group.extentBytes ?? 0) / GIB) * 1000) / 1000,
    most: Math.floor((free / GIB) * 1000) / 1000,
  };
}

function fileSystemQuestion(chosen: Place | undefined): Question {
  const choice = (value: string, says: string): Choice => {
    const has = chosen?.host.facts.makers.includes(`mkfs.${value}`) ?? true;
    return {
      value,
      cells: [{ text: value }, { text: says }],
      gate: has ? open : closed(`mkfs.${value} is not on ${chosen?.host.name ?? ''}`),
    };
  };
  const choices = [
    choice('xfs', 'grows while it is mounted; never shrinks; 300 MiB at the least'),
    choice('ext4', 'grows while it is mounted; shrinks unmounted'),
  ];
  return {
    key: 'fileSystem',
    ask: 'Which file system?',
    explains: 'The volume is new, so nothing is lost by making it.',
    kind: 'one',
    choices,
    default: choices.find(({ gate }) => gate.open)?.value ?? 'xfs',
  };
}
