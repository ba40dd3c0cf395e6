import { closed, open, type Answers, type Question } from '../../source/core/form.js';
import type { Drafted, WizardSession } from '../../source/core/wizard.js';
import { markPlan } from './mark-host.js';

/** A form with every kind of question; what is asked about loss hangs on the disks. */
export function mirrorQuestions(answers: Answers): readonly Question[] {
  const { disks } = answers;
  const lossy = Array.isArray(disks) && disks.includes('sdb');
  return [
    {
      key: 'disks',
      ask: 'Which disks?',
      explains: 'Two are joined.',
      kind: 'many',
      columns: [
        { title: 'DISK', min: 6 },
        { title: 'SIZE', min: 8, align: 'right' },
        { title: 'HOLDS', min: 10, grow: 1 },
        { title: 'SERIAL', min: 60, drop: 1 },
      ],
      choices: [
        disk(
          'sda',
          20,
          'it is mounted at / and everything stands on it, as long as the host lives',
        ),
        disk('sdb', 250, 'ext4'),
        disk('sdc', 250, 'blank'),
        disk('sdd', 100, 'blank'),
      ],
      default: [],
      least: 1,
    },
    ...(lossy ? [lossQuestion] : []),
    {
      key: 'kind',
      ask: 'Which kind?',
      explains: '',
      kind: 'one',
      choices: [
        { value: 'raid1', cells: [{ text: 'raid1' }, { text: 'two copies' }], gate: open },
        { value: 'raid0', cells: [{ text: 'raid0' }], gate: closed('it keeps no copy') },
        {
          value: 'raid5',
          cells: [{ text: 'raid5' }],
          gate: open,
          accepts: 'writing is slower',
        },
      ],
      default: 'raid1',
    },
    { key: 'name', ask: 'What is it called?', explains: '', kind: 'text', default: 'mirror' },
    { key: 'password', ask: 'Which password?', explains: '', kind: 'secret' },
    {
      key: 'size',
      ask: 'How large?',
      explains: '',
      kind: 'number',
      default: 10,
      least: 1,
      most: 99,
      whole: true,
      unit: 'GiB',
    },
    {
      key: 'shares',
      ask: 'Who may use it?',
      explains: '',
      kind: 'table',
      row: 'share',
      columns: [
        {
          key: 'range',
          ask: 'Which hosts?',
          explains: '',
          kind: 'text',
          default: '10.0.0.0/8',
          column: { title: 'RANGE', min: 16, grow: 1 },
        },
        {
          key: 'pin',
          ask: 'Which PIN?',
          explains: '',
          kind: 'secret',
          column: { title: 'PIN', min: 8 },
        },
        {
          key: 'write',
          ask: 'May they write?',
          explains: '',
          kind: 'yes-no',
          default: false,
          column: { title: 'WRITE', min: 6 },
        },
      ],
      default: [],
    },
    { key: 'start', ask: 'Start it now?', explains: '', kind: 'yes-no', default: true },
  ];
}

const lossQuestion: Question = {
  key: 'loss',
  ask: 'What may be lost?',
  explains: '',
  kind: 'many',
  columns: [{ title: 'LOST', min: 8 }],
  choices: [{ value: 'sdb ext4', cells: [{ text: 'ext4' }], gate: open }],
  default: [],
};

function disk(name: string, size: number, holds: string) {
  const busy = holds.startsWith('it is');
  return {
    value: name,
    cells: [
      { text: name },
      { text: `${size} GB`, sort: size },
      { text: holds },
      { text: `S-${name}` },
    ],
    gate: busy ? closed(holds) : open,
    ...(holds === 'ext4' && { accepts: 'its ext4 is lost' }),
  };
}

/** A session whose plan is what `plan` makes of the answers; without it all goes well. */
export function mirrorSession(
  plan: (answers: Answers) => Drafted = () => drafted(),
): WizardSession & { readonly planned: Answers[] } {
  const planned: Answers[] = [];
  return {
    planned,
    schema: {},
    check: () => [],
    questions: mirrorQuestions,
    plan: (answers) => {
      const given = answers as Answers;
      planned.push(given);
      return plan(given);
    },
  };
}

/** A draft of two marks. */
export function drafted(): Drafted {
  const { title, steps, basis, warnings } = markPlan(['left/a', 'left/x']);
  return {
    ok: true,
    draft: { title, steps, basis, warnings, confirmations: [], loses: [], putBack: 'nothing' },
  };
}
