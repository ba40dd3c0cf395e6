import { inContext, type Entry } from './command.js';

const digit = (n: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9): Entry => ({
  id: `pane-${n}`,
  keys: [String(n)],
  label: `pane ${n}`,
  says: `Go to pane ${n}.`,
  topic: 'Move',
});

/** Keys that go somewhere. */
export const moveCommands = inContext('screen', [
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
]);
