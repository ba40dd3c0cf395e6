import { closed, open, type Answers, type Choice, type Question } from '../../../../core/form.js';
import type { HostName } from '../../../../core/host.js';
import { bytes } from '../../../../core/units.js';
import { addressQuestion } from './address-question.js';
import { diskQuestion } from './disk-question.js';
import { joinable } from './join.js';
import type { Found, KnownHost } from './look.js';
import { GIB, pickDisk } from './nodes.js';
import { settingsQuestions } from './settings-questions.js';

const WAYS = {
  both: 'both nodes are here and the volumes hold nothing: no first sync',
  first: 'one node is here, the other comes later',
  joins: 'the second node joins a resource that the first one has',
  existing: 'a file system that is there becomes replicated; it is copied to the other node',
} as const;

type Way = keyof typeof WAYS;

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const known = found.hosts.filter((host) => host.ok);
  const way = wayOf(answers, known);
  const first = known.find(({ name }) => name === answers.first) ?? known[0];
  const others = known.filter((host) => host !== first);
  const second = others.find(({ name }) => name === answers.second) ?? others[0];
  const two = way === 'first' ? undefined : second;
  const head = [
    wayQuestion(found, known, way),
    hostQuestion(
      found,
      'first',
      way === 'joins' ? 'Which node has it?' : 'Which node is the first?',
      first?.name,
    ),
    ...(way === 'first'
      ? []
      : [hostQuestion(found, 'second', 'Which node is the second?', second?.name)]),
  ];
  if (way === 'joins') return [...head, resourceQuestion(first, second)];
  return [
    ...head,
    nameQuestion(known, answers),
    ...(first ? [diskQuestion('firstDisk', first, way === 'existing' ? 'data' : 'blank')] : []),
    ...(two ? [diskQuestion('secondDisk', two, 'blank')] : []),
    ...sizeQuestion(answers, way, first, two),
    ...(first ? [addressQuestion('firstAddress', first, two)] : []),
    ...(two && first ? [addressQuestion('secondAddress', two, first)] : []),
    ...(way === 'first' ? peerQuestions(answers) : []),
    metadataQuestion(way),
    ...settingsQuestions(answers, first),
  ];
}

function wayOf({ way }: Answers, known: readonly KnownHost[]): Way {
  const ways: readonly Way[] = ['both', 'first', 'joins', 'existing'];
  return ways.find((one) => one === way) ?? (known.length > 1 ? 'both' : 'first');
}

function wayQuestion(found: Found, known: readonly KnownHost[], way: Way): Question {
  const silent = found.hosts.flatMap((host) =>
    host.ok ? [] : [` ${host.name} cannot take part: ${host.because}.`],
  );
  const choice = (value: Way): Choice => ({
    value,
    cells: [{ text: value }, { text: WAYS[value] }],
    gate:
      value === 'first' || known.length > 1
        ? open
        : closed('it needs two hosts that were looked at and have DRBD'),
  });
  return {
    key: 'way',
    ask: 'What is there?',
    explains: `Data is never copied over data that counts.${silent.join('')}`,
    kind: 'one',
    choices: [choice('both'), choice('first'), choice('joins'), choice('existing')],
    default: way,
  };
}

function hostQuestion(
  found: Found,
  key: 'first' | 'second',
  ask: string,
  name: HostName | undefined,
): Question {
  return {
    key,
    ask,
    explains:
      key === 'first'
        ? 'It becomes Primary first; where data is there already, it is the one that has it.'
        : 'It gets the same volume, of the same size to the sector.',
    kind: 'one',
    choices: found.hosts.map((host) => ({
      value: host.name,
      cells: [
        { text: host.name },
        {
          text: host.ok
            ? `DRBD ${host.facts.kernel ?? ''}, drbd-utils ${host.facts.utils ?? ''}`
            : '',
        },
      ],
      gate: host.ok ? open : closed(host.because),
    })),
    ...(name !== undefined && { default: name }),
  };
}

function resourceQuestion(first: KnownHost | undefined, second: KnownHost | undefined): Question {
  const choices = (first?.resources ?? []).map((resource): Choice => {
    const ready =
      first && second ? joinable(first, second, resource) : 'it needs two hosts that have DRBD';
    const disk = resource.self?.volumes[0]?.disk ?? 'no disk';
    return {
      value: resource.name,
      cells: [{ text: resource.name }, { text: disk }],
      gate: typeof ready === 'string' ? closed(ready) : open,
    };
  });
  const one = choices.find(({ gate }) => gate.open);
  return {
    key: 'resource',
    ask: 'Which resource does it join?',
    explains: 'Its volume is made as the configuration of the first node names it.',
    kind: 'one',
    choices,
    ...(one && { default: one.value }),
  };
}

function nameQuestion(known: readonly KnownHost[], answers: Answers): Question {
  const names = [...new Set(known.flatMap(({ resources }) => resources.map(({ name }) => name)))];
  const free = (n: number): string => (names.includes(`r${n}`) ? free(n + 1) : `r${n}`);
  return {
    key: 'name',
    ask: 'What is the resource called?',
    explains: `New volumes have the same name.${names.length > 0 ? ` There are already: ${names.join(', ')}.` : ''}`,
    kind: 'text',
    default: typeof answers.name === 'string' ? answers.name : free(0),
  };
}

/** Only where a volume is made, and none that is there gives the size. */
function sizeQuestion(
  answers: Answers,
  way: Way,
  first: KnownHost | undefined,
  second: KnownHost | undefined,
): readonly Question[] {
  if (way === 'existing') return [];
  const picks = [
    { host: first, answer: answers.firstDisk },
    { host: second, answer: answers.secondDisk },
  ].flatMap(({ host, answer }) => {
    if (!host) return [];
    const [group] = host.groups.filter(({ gate }) => gate.open);
    const told = typeof answer === 'string' ? answer : `new:${group?.name ?? ''}`;
    const pick = pickDisk(host, told);
    return typeof pick === 'string' ? [] : [pick];
  });
  if (picks.some(({ kind }) => kind === 'there')) return [];
  const groups = picks.flatMap((pick) => (pick.kind === 'new' ? [pick.group] : []));
  const free = Math.min(...groups.map(({ freeBytes }) => freeBytes));
  const extent = Math.max(...groups.map(({ extentBytes }) => extentBytes));
  const limits = Number.isFinite(free)
    ? {
        least: Math.ceil((extent / GIB) * 1000) / 1000,
        most: Math.floor((free / GIB) * 1000) / 1000,
      }
    : {};
  return [
    {
      key: 'size',
      ask: 'How large is it?',
      explains: `${Number.isFinite(free) ? `${bytes(free)} are free on ${groups.length > 1 ? 'both nodes' : 'the node'}. ` : ''}It is rounded up to whole extents; it can be made larger later, not smaller.`,
      kind: 'number',
      unit: 'GiB',
      ...limits,
    },
  ];
}

function peerQuestions(answers: Answers): readonly Question[] {
  const name = typeof answers.name === 'string' ? answers.name : 'r0';
  const disk = typeof answers.firstDisk === 'string' ? answers.firstDisk : '';
  const group = /^new:(.+)$/.exec(disk)?.[1] ?? /^lv:([^/]+)/.exec(disk)?.[1] ?? 'vg0';
  const texts = [
    ['peerName', 'What is the peer called?', 'As `uname -n` says there.', ''],
    ['peerAddress', 'At which address will it be?', 'On the same network.', ''],
    [
      'peerDisk',
      'Which volume will it have?',
      'It is made when the peer joins.',
      `/dev/${group}/${name}`,
    ],
  ] as const;
  return texts.map(([key, ask, explains, text]) => ({
    ...{ key, ask, explains },
    ...{ kind: 'text', default: text },
  }));
}

function metadataQuestion(way: Way): Question {
  const inside =
    way === 'existing'
      ? 'at the end of the volume, which is extended by what they need'
      : 'at the end of the volume';
  return {
    key: 'metadata',
    ask: 'Where does DRBD keep its metadata?',
    explains: 'They say which blocks the other side lacks.',
    kind: 'one',
    choices: [
      { value: 'internal', cells: [{ text: 'internal' }, { text: inside }], gate: open },
      {
        value: 'external',
        cells: [{ text: 'external' }, { text: 'on a small volume of their own, NAME-md' }],
        gate: open,
      },
    ],
    default: 'internal',
  };
}
