import { closed, open, type Answers, type Choice, type Question } from '../../../../core/form.js';
import { policies } from './answers.js';
import { FENCE, NOTIFY } from './host-facts.js';
import type { KnownHost } from './look.js';

/** What each policy does, in words; and what choosing it accepts, where it throws something away. */
const SAYS: Readonly<Record<string, { readonly says: string; readonly accepts?: string }>> = {
  disconnect: { says: 'both stay apart until a person decides' },
  'discard-zero-changes': { says: 'a side that wrote nothing follows the other; else apart' },
  'discard-younger-primary': {
    says: 'the side that became Primary first is kept',
    accepts: 'what the other side wrote is thrown away without asking',
  },
  'discard-older-primary': {
    says: 'the side that became Primary last is kept',
    accepts: 'what the other side wrote is thrown away without asking',
  },
  'discard-least-changes': {
    says: 'the side with more changes is kept',
    accepts: 'what the other side wrote is thrown away without asking',
  },
  consensus: { says: 'the Secondary follows if the rule above says so; else apart' },
  'discard-secondary': {
    says: 'the side that is Primary is kept',
    accepts: 'what the Secondary wrote before is thrown away without asking',
  },
  'call-pri-lost-after-sb': {
    says: 'as the rule above; the loser is told by its handler',
    accepts: 'what the loser wrote is thrown away without asking',
  },
};

/** How the sides speak to each other and what they do on their own. */
export function settingsQuestions(
  answers: Answers,
  host: KnownHost | undefined,
): readonly Question[] {
  const dual = answers.dualPrimary === true;
  const has = (path: string): boolean => host?.facts.handlers.includes(path) ?? false;
  return [
    {
      key: 'dualPrimary',
      ask: 'May both nodes be Primary at once?',
      explains: 'For a cluster file system (OCFS2, GFS2) alone: any other is destroyed by it.',
      kind: 'yes-no',
      default: false,
    },
    protocolQuestion(dual),
    policy(
      'afterSplitBrain0',
      'After a split brain, when neither side is Primary?',
      policies.zero,
      'discard-zero-changes',
    ),
    policy('afterSplitBrain1', 'When one side is Primary?', policies.one, 'consensus'),
    policy('afterSplitBrain2', 'When both are?', policies.two, 'disconnect'),
    fencingQuestion(dual),
    ...(typeof answers.fencing === 'string' && answers.fencing !== 'none'
      ? [
          text(
            'fenceHandler',
            'Which program fences?',
            'It is called with the peer to be fenced; Pacemaker’s comes with DRBD.',
            FENCE.find(has) ?? '',
          ),
        ]
      : []),
    text(
      'notify',
      'Who is told of a split brain?',
      `By mail, through ${NOTIFY}. Empty: nobody.`,
      has(NOTIFY) ? 'root' : '',
    ),
    {
      key: 'secret',
      ask: 'A shared secret?',
      explains: 'Without one whoever reaches the port can be the peer.',
      kind: 'one',
      choices: [
        {
          value: 'make',
          cells: [{ text: 'one is made at random; it stands in the file alone' }],
          gate: open,
        },
        { value: 'ask', cells: [{ text: 'it is given when the plan is carried out' }], gate: open },
        { value: 'none', cells: [{ text: 'none' }], gate: open },
      ],
      default: 'make',
    },
  ];
}

function protocolQuestion(dual: boolean): Question {
  const choice = (value: string, says: string): Choice => ({
    value,
    cells: [{ text: value }, { text: says }],
    gate: dual && value !== 'C' ? closed('two Primaries need protocol C') : open,
  });
  return {
    key: 'protocol',
    ask: 'When is a write done?',
    explains: 'Protocol C loses nothing with one node; A and B may lose the last writes.',
    kind: 'one',
    choices: [
      choice('C', 'when both disks have it'),
      choice('B', 'when the peer has it in memory'),
      choice('A', 'when it is on its way to the peer'),
    ],
    default: 'C',
  };
}

function policy(key: string, ask: string, values: readonly string[], usual: string): Question {
  return {
    ...{ key, ask, explains: 'Nothing is thrown away by `disconnect`: a person decides.' },
    kind: 'one',
    choices: values.map((value): Choice => {
      const { says, accepts } = SAYS[value] ?? { says: '' };
      return {
        value,
        cells: [{ text: value }, { text: says }],
        gate: open,
        ...(accepts !== undefined && { accepts }),
      };
    }),
    default: usual,
  };
}

function fencingQuestion(dual: boolean): Question {
  const choice = (value: string, says: string, accepts?: string): Choice => ({
    value,
    cells: [{ text: value }, { text: says }],
    gate: open,
    ...(accepts !== undefined && { accepts }),
  });
  return {
    key: 'fencing',
    ask: 'Is a peer that cannot be reached fenced?',
    explains: 'It needs a program that does it: Pacemaker, or one of your own.',
    kind: 'one',
    choices: [
      choice(
        'none',
        'no',
        dual ? 'with two Primaries, a cut link makes the sides differ' : undefined,
      ),
      choice('resource-only', 'the peer is told that its data is outdated'),
      choice('resource-and-stonith', 'writes wait until the peer is fenced'),
    ],
    default: 'none',
  };
}

function text(key: string, ask: string, explains: string, value: string): Question {
  return { key, ask, explains, kind: 'text', default: value };
}
