import {
  always,
  canAcknowledge,
  canCopy,
  canFilter,
  canGoBack,
  canOpen,
  canShell,
  canShowCommands,
  canShowEvidence,
  canShowMuted,
  canSort,
  canSwitch,
  hasIncidents,
  type Gate,
} from './gate.js';
import type { Situation } from './situation.js';

/** Where keys go: a dialog has them before a field that is typed in, and that before the screen. */
export type Context = 'everywhere' | 'question' | 'menu' | 'palette' | 'filter' | 'screen';

/** A thing that a key does. */
export interface KeyCommand {
  readonly id: CommandId;
  readonly keys: readonly string[];
  /** In the footer: a word or two. */
  readonly label: string | ((situation: Situation) => string);
  /** In the help: a sentence. */
  readonly says: string;
  readonly context: Context;
  /** Under which heading the help has it. */
  readonly topic: Topic;
  readonly gate: (situation: Situation) => Gate;
  /** Its rank in the footer, the most useful first; those without one are in the help alone. */
  readonly rank?: number;
  /** Offered in the palette. */
  readonly inPalette?: boolean;
}

export type Topic = 'Move' | 'Look' | 'Act' | 'Console' | 'Answer';

export const TOPICS: readonly Topic[] = ['Move', 'Look', 'Act', 'Console', 'Answer'];

export type CommandId =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'half-up'
  | 'half-down'
  | 'top'
  | 'bottom'
  | 'next-pane'
  | 'previous-pane'
  | 'pane-1'
  | 'pane-2'
  | 'pane-3'
  | 'pane-4'
  | 'pane-5'
  | 'pane-6'
  | 'pane-7'
  | 'pane-8'
  | 'pane-9'
  | 'open'
  | 'back'
  | 'filter'
  | 'sort'
  | 'reverse'
  | 'muted'
  | 'evidence'
  | 'commands'
  | 'log'
  | 'acknowledge'
  | 'copy'
  | 'shell'
  | 'pause'
  | 'refresh'
  | 'incidents'
  | 'clusters'
  | 'help'
  | 'palette'
  | 'quit'
  | 'suspend'
  | 'repaint'
  | 'choice-up'
  | 'choice-down'
  | 'choose'
  | 'cancel'
  | 'match-up'
  | 'match-down'
  | 'run-match'
  | 'leave-palette'
  | 'keep-filter'
  | 'clear-filter'
  | 'filter-up'
  | 'filter-down'
  | 'answer'
  | 'refuse';

type Entry = Omit<KeyCommand, 'context' | 'gate'> & { readonly gate?: KeyCommand['gate'] };

function inContext(context: Context, entries: readonly Entry[]): readonly KeyCommand[] {
  return entries.map((entry) => ({ gate: always, ...entry, context }));
}

const digit = (n: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9): Entry => ({
  id: `pane-${n}`,
  keys: [String(n)],
  label: `pane ${n}`,
  says: `Go to pane ${n}.`,
  topic: 'Move',
});

const everywhere = inContext('everywhere', [
  {
    id: 'quit',
    keys: ['ctrl-c', 'F10'],
    label: 'quit',
    says: 'Quit at once. Nothing on the hosts is left half done.',
    topic: 'Console',
  },
  {
    id: 'suspend',
    keys: ['ctrl-z'],
    label: 'suspend',
    says: 'Go back to the shell; fg returns.',
    topic: 'Console',
  },
  {
    id: 'repaint',
    keys: ['ctrl-l'],
    label: 'repaint',
    says: 'Draw the screen anew.',
    topic: 'Console',
  },
]);

const screen = inContext('screen', [
  { id: 'up', keys: ['up', 'k'], label: 'up', says: 'One line up.', topic: 'Move' },
  { id: 'down', keys: ['down', 'j'], label: 'down', says: 'One line down.', topic: 'Move' },
  {
    id: 'page-up',
    keys: ['page-up', 'ctrl-b'],
    label: 'page up',
    says: 'One page up.',
    topic: 'Move',
  },
  {
    id: 'page-down',
    keys: ['page-down', 'ctrl-f', 'space'],
    label: 'page down',
    says: 'One page down.',
    topic: 'Move',
  },
  { id: 'half-up', keys: ['ctrl-u'], label: 'half up', says: 'Half a page up.', topic: 'Move' },
  {
    id: 'half-down',
    keys: ['ctrl-d'],
    label: 'half down',
    says: 'Half a page down.',
    topic: 'Move',
  },
  { id: 'top', keys: ['g', 'home'], label: 'top', says: 'To the first line.', topic: 'Move' },
  { id: 'bottom', keys: ['G', 'end'], label: 'bottom', says: 'To the last line.', topic: 'Move' },
  {
    id: 'next-pane',
    keys: ['tab', 'right', 'l'],
    label: 'next',
    says: 'The next pane.',
    topic: 'Move',
  },
  {
    id: 'previous-pane',
    keys: ['shift-tab', 'left', 'h'],
    label: 'previous',
    says: 'The pane before.',
    topic: 'Move',
  },
  digit(1),
  digit(2),
  digit(3),
  digit(4),
  digit(5),
  digit(6),
  digit(7),
  digit(8),
  digit(9),
  {
    id: 'open',
    keys: ['enter'],
    label: 'open',
    says: 'Open the selected thing: details, history, commands.',
    topic: 'Look',
    gate: canOpen,
    rank: 1,
  },
  {
    id: 'back',
    keys: ['escape', 'backspace'],
    label: 'back',
    says: 'Back: close what is open, take a filter away.',
    topic: 'Look',
    gate: canGoBack,
    rank: 2,
  },
  {
    id: 'acknowledge',
    keys: ['a'],
    label: (s) => acknowledgeLabel(s),
    says: 'Acknowledge the problem for a while, or take that back. It returns when it worsens.',
    topic: 'Act',
    gate: canAcknowledge,
    rank: 3,
    inPalette: true,
  },
  {
    id: 'evidence',
    keys: ['e'],
    label: 'evidence',
    says: 'The hosts’ own output that proves it.',
    topic: 'Look',
    gate: canShowEvidence,
    rank: 6,
    inPalette: true,
  },
  {
    id: 'commands',
    keys: ['x'],
    label: 'commands',
    says: 'The commands to see the same by hand.',
    topic: 'Look',
    gate: canShowCommands,
    rank: 7,
    inPalette: true,
  },
  {
    id: 'filter',
    keys: ['/'],
    label: 'filter',
    says: 'Show only lines with these words.',
    topic: 'Look',
    gate: canFilter,
    rank: 4,
    inPalette: true,
  },
  {
    id: 'sort',
    keys: ['s'],
    label: 'sort',
    says: 'Sort by the next column, then as it came.',
    topic: 'Look',
    gate: canSort,
    rank: 8,
    inPalette: true,
  },
  {
    id: 'reverse',
    keys: ['S'],
    label: 'reverse',
    says: 'Sort the other way round.',
    topic: 'Look',
    gate: canSort,
  },
  {
    id: 'copy',
    keys: ['y'],
    label: 'copy',
    says: 'Copy the selected line, or the open thing, to the clipboard of the terminal (OSC 52).',
    topic: 'Act',
    gate: canCopy,
    rank: 10,
    inPalette: true,
  },
  {
    id: 'shell',
    keys: ['!'],
    label: 'shell',
    says: 'A shell on the host of the selected thing; leaving it returns here.',
    topic: 'Act',
    gate: canShell,
    rank: 9,
    inPalette: true,
  },
  {
    id: 'muted',
    keys: ['m'],
    label: (s) => (s.scene.ui.showMuted ? 'hide muted' : 'show muted'),
    says: 'Show or hide problems that are only consequences of another.',
    topic: 'Look',
    gate: canShowMuted,
    rank: 12,
    inPalette: true,
  },
  {
    id: 'log',
    keys: ['c'],
    label: 'command log',
    says: 'Everything that was asked of the hosts, with the exact commands.',
    topic: 'Look',
    rank: 14,
    inPalette: true,
  },
  {
    id: 'incidents',
    keys: ['i'],
    label: 'incidents',
    says: 'Make something happen in the simulated fleet.',
    topic: 'Act',
    gate: hasIncidents,
    rank: 5,
    inPalette: true,
  },
  {
    id: 'pause',
    keys: ['p'],
    label: (s) => (s.scene.world.paused ? 'go on' : 'pause'),
    says: 'Ask the hosts nothing until pressed again; ages go on.',
    topic: 'Act',
    rank: 13,
    inPalette: true,
  },
  {
    id: 'refresh',
    keys: ['R'],
    label: 'refresh',
    says: 'Ask everything again now, and try hosts that are down.',
    topic: 'Act',
    rank: 15,
    inPalette: true,
  },
  {
    id: 'clusters',
    keys: ['C'],
    label: 'cluster',
    says: 'Watch another cluster.',
    topic: 'Console',
    gate: canSwitch,
    inPalette: true,
  },
  {
    id: 'palette',
    keys: [':'],
    label: 'command',
    says: 'Find a command, a pane, a host or a cluster by its name.',
    topic: 'Console',
    rank: 11,
  },
  {
    id: 'help',
    keys: ['?', 'F1'],
    label: 'keys',
    says: 'All keys, and which of them work here.',
    topic: 'Console',
    rank: 0,
    inPalette: true,
  },
  {
    id: 'quit',
    keys: ['q'],
    label: 'quit',
    says: 'Quit the console. Nothing on the hosts is left half done.',
    topic: 'Console',
    rank: 0,
    inPalette: true,
  },
]);

const menu = inContext('menu', [
  {
    id: 'choose',
    keys: ['enter'],
    label: 'choose',
    says: 'Take the marked answer.',
    topic: 'Answer',
    rank: 1,
  },
  {
    id: 'cancel',
    keys: ['escape', 'q'],
    label: 'never mind',
    says: 'Close without an answer.',
    topic: 'Answer',
    rank: 2,
  },
  {
    id: 'choice-up',
    keys: ['up', 'k', 'shift-tab'],
    label: 'up',
    says: 'The answer above.',
    topic: 'Answer',
    rank: 3,
  },
  {
    id: 'choice-down',
    keys: ['down', 'j', 'tab'],
    label: 'down',
    says: 'The answer below.',
    topic: 'Answer',
    rank: 4,
  },
]);

const palette = inContext('palette', [
  {
    id: 'run-match',
    keys: ['enter'],
    label: 'go',
    says: 'Do or go to the marked match.',
    topic: 'Answer',
    rank: 1,
  },
  {
    id: 'leave-palette',
    keys: ['escape'],
    label: 'never mind',
    says: 'Close the palette.',
    topic: 'Answer',
    rank: 2,
  },
  {
    id: 'match-up',
    keys: ['up', 'shift-tab'],
    label: 'up',
    says: 'The match above.',
    topic: 'Answer',
    rank: 3,
  },
  {
    id: 'match-down',
    keys: ['down', 'tab'],
    label: 'down',
    says: 'The match below.',
    topic: 'Answer',
    rank: 4,
  },
]);

const filter = inContext('filter', [
  {
    id: 'keep-filter',
    keys: ['enter', 'tab'],
    label: 'keep',
    says: 'Keep the filter and go on among what it left.',
    topic: 'Answer',
    rank: 1,
  },
  {
    id: 'clear-filter',
    keys: ['escape'],
    label: 'clear',
    says: 'Take the filter away.',
    topic: 'Answer',
    rank: 2,
  },
  { id: 'filter-up', keys: ['up'], label: 'up', says: 'One match up.', topic: 'Answer', rank: 3 },
  {
    id: 'filter-down',
    keys: ['down'],
    label: 'down',
    says: 'One match down.',
    topic: 'Answer',
    rank: 4,
  },
]);

const question = inContext('question', [
  {
    id: 'answer',
    keys: ['enter'],
    label: 'answer',
    says: 'Give the answer that is shown.',
    topic: 'Answer',
    rank: 1,
  },
  {
    id: 'refuse',
    keys: ['escape'],
    label: (s) => (s.question?.kind === 'hostKey' ? 'refuse' : 'give up'),
    says: 'Do not connect to this host now.',
    topic: 'Answer',
    rank: 2,
  },
]);

/** Every key of the console: the footer, the help and the keyboard itself are made from this table. */
export const KEY_COMMANDS: readonly KeyCommand[] = [
  ...question,
  ...menu,
  ...palette,
  ...filter,
  ...screen,
  ...everywhere,
];

function acknowledgeLabel({ scene, layout }: Situation): string {
  const key = layout.selected?.problem;
  const problem = scene.world.problems.find((one) => one.key === key);
  return problem?.acknowledged ? 'take back' : 'acknowledge';
}
