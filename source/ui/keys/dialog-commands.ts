import { inContext } from './command.js';

/** Keys of the menu. */
export const menuCommands = inContext('menu', [
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

/** Keys of the palette. */
export const paletteCommands = inContext('palette', [
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

/** Keys of the filter. */
export const filterCommands = inContext('filter', [
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

/** Keys of the question. */
export const questionCommands = inContext('question', [
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

/** Keys that work whatever is in front. */
export const everywhereCommands = inContext('everywhere', [
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
