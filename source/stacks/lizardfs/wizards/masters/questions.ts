import { closed, open, type Choice, type Question } from '../../../../core/form.js';
import { bytes } from '../../../../core/units.js';
import { listed } from '../../../../core/text.js';
import type { Answers } from '../../../../core/wizard.js';
import { exportsOf, parseExports } from '../../../../files/mfsexports.js';
import { parseKeyValue, valueOf } from '../../../../files/key-value.js';
import { exportRow } from './answers.js';
import type { Found, FoundHost, MasterHost } from './look.js';
import { mooseQuestions } from './moosefs.js';

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const known = found.hosts.filter((host) => host.ok);
  const master = known.find(({ name }) => name === answers.master) ?? firstMaster(found, known);
  const shadows = known.filter(({ name }) => name !== master?.name);
  if (found.moose) {
    return [
      masterQuestion(found, master),
      exportsQuestion(master),
      ...mooseQuestions(found.moose, master),
    ];
  }
  return [
    masterQuestion(found, master),
    shadowsQuestion(shadows),
    masterHost(known, master),
    password(known),
    exportsQuestion(master),
    goals,
  ];
}

/** Who is master already; else who has metadata; else the first. */
function firstMaster(found: Found, known: readonly MasterHost[]): MasterHost | undefined {
  const running = known.find(({ name }) => found.masters.some(({ host }) => host === name));
  return running ?? known.find(({ data }) => data.length > 0) ?? known[0];
}

function masterQuestion(found: Found, master: MasterHost | undefined): Question {
  const runs = found.masters[0]?.host;
  return {
    key: 'master',
    ask: 'Which host is the master?',
    explains:
      'There is exactly one at any time. An empty file system is made only where no host has metadata.',
    kind: 'one',
    choices: found.hosts.map((host): Choice => {
      const other = runs !== undefined && runs !== host.name;
      const because = host.ok ? (other ? `${runs} runs as master` : undefined) : host.because;
      return {
        value: host.name,
        cells: [{ text: host.name }, { text: host.ok ? standing(host) : '' }],
        gate: because === undefined ? open : closed(because),
      };
    }),
    ...(master && { default: master.name }),
  };
}

function standing({ status, data }: MasterHost): string {
  if (status) return `runs as ${status.personality}, ${status.status}`;
  return data.length > 0 ? `has metadata: ${dataText(data)}` : 'new';
}

/** Files of the metadata in words: name, size, date. */
export function dataText(data: MasterHost['data']): string {
  const words = data.map(({ name, size, at }) => {
    return `${name} ${bytes(size)} ${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')}`;
  });
  return listed(words, 4);
}

function shadowsQuestion(shadows: readonly FoundHost[]): Question {
  return {
    key: 'shadows',
    ask: 'Which hosts are shadows?',
    explains: 'A shadow has the metadata at any moment and can become master. It fetches its own.',
    kind: 'many',
    columns: [
      { title: 'HOST', min: 8 },
      { title: 'NOW', min: 16, grow: 1 },
    ],
    choices: shadows.map((host) => ({
      value: host.name,
      cells: [{ text: host.name }, { text: host.ok ? standing(host) : '' }],
      gate: host.ok ? open : closed(host.because),
    })),
    // Who has a metadata server installed is meant to be one.
    default: shadows.filter((host) => host.ok).map(({ name }) => name),
  };
}

function masterHost(known: readonly MasterHost[], master: MasterHost | undefined): Question {
  const addresses = master?.flavour.addresses ?? [];
  const name = `${master?.flavour.family?.prefix ?? 'mfs'}master`;
  const others = known.filter((host) => host !== master);
  const resolves = others.every(({ masterName }) =>
    masterName.some((one) => addresses.includes(one)),
  );
  return {
    key: 'masterHost',
    ask: 'Where do the shadows find the master?',
    explains: `The name ${name} where every host knows it as the master’s, so that it can move; else an address.`,
    kind: 'text',
    default: resolves && others.length > 0 ? name : (addresses[0] ?? name),
  };
}

/** Whether mfsmaster.cfg has a password already. */
export function hasPassword({ server }: MasterHost): boolean {
  const value = valueOf(parseKeyValue(server.text ?? ''), 'ADMIN_PASSWORD');
  return value !== undefined && value !== '';
}

function password(known: readonly MasterHost[]): Question {
  const having = known.filter(hasPassword).map(({ name }) => name);
  const some = having.length > 0;
  return {
    key: 'password',
    ask: 'Which password do administrators have?',
    explains: some
      ? `${listed(having)} has one, which stays and which nobody sees. The others should have the same.`
      : 'Without one nobody can promote a shadow or have the configuration read again.',
    kind: 'one',
    choices: [
      {
        value: 'make',
        cells: [{ text: 'one is made at random; it stands in mfsmaster.cfg and nowhere else' }],
        gate: some ? closed(`${listed(having)} has one already`) : open,
      },
      { value: 'ask', cells: [{ text: 'it is given when the plan is carried out' }], gate: open },
      { value: 'none', cells: [{ text: 'none is written' }], gate: open },
    ],
    default: some ? 'none' : 'make',
  };
}

function exportsQuestion(master: MasterHost | undefined): Question {
  const { text, example } = master?.exports ?? { text: null, example: '' };
  const there = exportsOf(parseExports(text ?? example)).map(exportRow);
  return {
    key: 'exports',
    ask: 'Who may mount what?',
    explains:
      'As mfsexports.cfg(5) has them. The path . is for metadata. What is not named is taken out.',
    kind: 'table',
    row: 'export',
    columns: [
      {
        key: 'range',
        ask: 'Which clients?',
        explains: '*, an address, A-B, or net/bits.',
        kind: 'text',
        default: '*',
        column: { title: 'RANGE', min: 14 },
      },
      {
        key: 'path',
        ask: 'Which folder?',
        explains: 'As the file system has it, or . alone.',
        kind: 'text',
        default: '/',
        column: { title: 'PATH', min: 8, grow: 1 },
      },
      {
        key: 'options',
        ask: 'With which options?',
        explains:
          'Divided by commas: rw or ro; alldirs, to mount folders beneath it too; maproot=0, so that root stays root. Empty: ro.',
        kind: 'text',
        default: 'rw',
        column: { title: 'OPTIONS', min: 16, grow: 2 },
      },
    ],
    default: there.length > 0 ? there : DEFAULT_EXPORTS,
    least: 1,
  };
}

/** What the package's own file allows. */
const DEFAULT_EXPORTS = [
  { range: '*', path: '/', options: 'rw,alldirs,maproot=0' },
  { range: '*', path: '.', options: 'rw' },
];

const goals: Question = {
  key: 'goals',
  ask: 'Which goals are changed?',
  explains: 'As mfsgoals.cfg(5) has them. None: they stay; without a file, id n is n copies.',
  kind: 'table',
  row: 'goal',
  columns: [
    {
      key: 'id',
      ask: 'Which number?',
      explains: '1 to 40.',
      kind: 'number',
      least: 1,
      most: 40,
      whole: true,
      column: { title: 'ID', min: 4 },
    },
    {
      key: 'name',
      ask: 'Which name?',
      explains: 'Letters, digits and _.',
      kind: 'text',
      default: '',
      column: { title: 'NAME', min: 10, grow: 1 },
    },
    {
      key: 'definition',
      ask: 'Where do its copies lie?',
      explains: 'Labels (_ is any), $xorN or $ec(K,M).',
      kind: 'text',
      default: '_ _',
      column: { title: 'DEFINITION', min: 14, grow: 2 },
    },
  ],
  default: [],
};
