import { open, type Question } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import type { Answers } from '../../../../core/wizard.js';
import type { ClientHost } from '../../mounting/look.js';
import { keeperQuestion } from '../../mounting/keeper-question.js';
import type { Found } from './look.js';

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const known = found.hosts.flatMap((host) => (host.ok ? [host] : []));
  const withFolder = typeof answers.folder === 'string' && answers.folder !== '';
  const chosen = Array.isArray(answers.hosts) ? answers.hosts.length : known.length;
  return [
    hostsQuestion(found, known),
    {
      key: 'mountPoint',
      ask: 'Where is it mounted?',
      explains: 'The same place on all of them. What is mounted there already stays.',
      kind: 'text',
      default: known.flatMap(({ mounts }) => mounts)[0]?.mountPoint ?? '/mnt/lizardfs',
    },
    {
      key: 'master',
      ask: 'By which name or address is the master found?',
      explains: 'As in /etc/hosts; under uraft the name of the floating address.',
      kind: 'text',
      default: `${known.find(({ flavour }) => flavour.family)?.flavour.family?.prefix ?? 'mfs'}master`,
    },
    keeperQuestion,
    {
      key: 'folder',
      ask: 'Which folder is made in it?',
      explains: 'For a storage repository or for images: xen-sr. Empty: none.',
      kind: 'text',
      default: '',
    },
    ...(withFolder ? [goalQuestion(found)] : []),
    ...(chosen > 1
      ? [
          {
            key: 'test',
            ask: 'Write on one host and read on another?',
            explains:
              'A small file with a name that nobody has is written, read, and taken away again.',
            kind: 'yes-no',
            default: true,
          } as const,
        ]
      : []),
  ];
}

function hostsQuestion(found: Found, known: readonly ClientHost[]): Question {
  const silent = found.hosts.flatMap((host) =>
    host.ok ? [] : [` ${host.name} could not be looked at: ${host.because}.`],
  );
  const able = known.filter(({ client }) => client !== undefined);
  return {
    key: 'hosts',
    ask: 'Which hosts mount it?',
    explains: `It comes back after a restart.${silent.join('')}`,
    kind: 'many',
    columns: [
      { title: 'HOST', min: 8 },
      { title: 'CLIENT', min: 10 },
      { title: 'MOUNTED NOW', min: 14, grow: 1 },
    ],
    choices: known.map((host) => ({
      value: host.name,
      cells: [
        { text: host.name },
        { text: host.client ?? 'none' },
        { text: listed(host.mounts.map(({ mountPoint }) => mountPoint)) || 'not' },
      ],
      gate:
        host.client === undefined
          ? { open: false, because: 'it has no client: install it there first' }
          : open,
    })),
    default: able.map(({ name }) => name),
    least: 1,
  };
}

function goalQuestion({ goals }: Found): Question {
  const about = {
    key: 'goal',
    ask: 'Which goal does the folder have?',
    explains:
      'How many copies of its chunks are kept, and where. With one copy a lost disk is lost data.',
  };
  if (goals.length === 0) return { ...about, kind: 'text', default: '2' };
  return {
    ...about,
    kind: 'one',
    choices: goals.map(({ id, name, definition }) => ({
      value: name,
      cells: [{ text: name }, { text: `${id}` }, { text: definition }],
      gate: open,
    })),
    ...(goals.some(({ name }) => name === '2') && { default: '2' }),
  };
}
