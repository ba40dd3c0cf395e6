import { canBegin, canListRuns, canListWizards, canOpenRun } from './change-gate.js';
import { inContext, type Entry } from './command.js';
import { canChoose, canLookOn, canSaveAnswers, hasRow } from './form-gate.js';

/** Ways to what can be set up, and to what was done. */
export const setUpCommands = inContext('screen', [
  {
    id: 'wizards',
    keys: ['w'],
    label: 'wizards',
    says: 'Set up: what can be set up here, each with its wizard.',
    topic: 'Change',
    gate: canListWizards,
    rank: 7,
    inPalette: true,
  },
  {
    id: 'runs',
    keys: ['J'],
    label: 'runs',
    says: 'What was carried out from this machine: to be looked at, gone on with, taken back.',
    topic: 'Change',
    gate: canListRuns,
    rank: 16,
    inPalette: true,
  },
]);

/** Keys of the list of wizards. */
export const wizardCommands = inContext('wizards', [
  {
    id: 'begin-wizard',
    keys: ['enter'],
    label: 'begin',
    says: 'Set up: begin the marked wizard. It looks and asks; nothing is changed before a review.',
    topic: 'Change',
    gate: canBegin,
    rank: 1,
  },
]);

/** Keys of the list of runs. */
export const runsCommands = inContext('runs', [
  {
    id: 'open-run',
    keys: ['enter'],
    label: 'open',
    says: 'Runs: open the marked run, to go on with it or take it back.',
    topic: 'Change',
    gate: canOpenRun,
    rank: 1,
  },
  {
    id: 'reload-runs',
    keys: ['R'],
    label: 'read again',
    says: 'Runs: read the journals again.',
    topic: 'Change',
    rank: 4,
  },
]);

/** Keys while a wizard looks at the hosts, and after it could not. */
export const lookingCommands = inContext('looking', [
  {
    id: 'look-on',
    keys: ['enter', 'R'],
    label: 'look again',
    says: 'Wizard: look at the hosts again.',
    topic: 'Change',
    gate: canLookOn,
    rank: 1,
  },
  {
    id: 'back',
    keys: ['escape', 'backspace'],
    label: 'stop looking',
    says: 'Wizard: stop the look, back to the hosts.',
    topic: 'Change',
    rank: 2,
  },
]);

const goOn = (says: string): Entry => ({
  id: 'go-on',
  keys: ['enter'],
  label: 'go on',
  says,
  topic: 'Answer',
  rank: 1,
});

const save: Entry = {
  id: 'save-answers',
  keys: ['F2'],
  label: 'keep answers',
  says: 'Form: keep the answers in a file for holdfast plan --answers; secrets are left out.',
  topic: 'Change',
  gate: canSaveAnswers,
  rank: 5,
};

/** A form is not left by a slip: what changes the pane does nothing here. */
const stay: Entry = {
  id: 'stay-in-form',
  keys: [
    'tab',
    'shift-tab',
    'left',
    'right',
    'h',
    'l',
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
  ],
  label: 'stay',
  says: 'Form: nothing, so that it is not left by accident; Esc goes back.',
  topic: 'Answer',
};

/** Keys where any of some choices are marked. */
export const manyCommands = inContext('many', [
  goOn('Form, choices: go on with those that are marked.'),
  {
    id: 'mark',
    keys: ['space', 'x'],
    label: 'mark',
    says: 'Form, choices: mark the line, or no longer. What that accepts is asked by itself.',
    topic: 'Answer',
    gate: canChoose,
    rank: 1,
  },
  {
    id: 'mark-all',
    keys: ['a'],
    label: 'all or none',
    says: 'Form, choices: mark all lines shown that accept no loss, or none of them.',
    topic: 'Answer',
    rank: 4,
  },
  save,
  stay,
]);

/** Keys where one of some choices is taken. */
export const oneCommands = inContext('one', [
  {
    id: 'take',
    keys: ['enter', 'space'],
    label: 'take it and go on',
    says: 'Form, one choice: take the marked one and go on.',
    topic: 'Answer',
    gate: canChoose,
    rank: 1,
  },
  save,
  stay,
]);

/** Keys of a table whose rows a person makes. */
export const rowsCommands = inContext('rows', [
  goOn('Form, rows: go on with the rows as they stand.'),
  {
    id: 'add-row',
    keys: ['n', '+'],
    label: 'new',
    says: 'Form, rows: make a new row, cell by cell.',
    topic: 'Answer',
    rank: 1,
  },
  {
    id: 'edit-row',
    keys: ['e', 'space'],
    label: 'edit',
    says: 'Form, rows: change the marked row, cell by cell.',
    topic: 'Answer',
    gate: hasRow,
    rank: 2,
  },
  {
    id: 'remove-row',
    keys: ['d', 'delete'],
    label: 'take out',
    says: 'Form, rows: take the marked row out.',
    topic: 'Answer',
    gate: hasRow,
    rank: 3,
  },
  save,
  stay,
]);

/** Keys of a field in which a line is edited. */
export const fieldCommands = inContext('field', [
  goOn('Form, field: go on with what stands there.'),
  {
    id: 'back',
    keys: ['escape'],
    label: 'back',
    says: 'Form, field: back to the question before; nothing that was answered is lost.',
    topic: 'Answer',
    rank: 2,
  },
  save,
  {
    id: 'cursor-left',
    keys: ['left', 'ctrl-b'],
    label: 'left',
    says: 'Form, field: one character to the left.',
    topic: 'Answer',
  },
  {
    id: 'cursor-right',
    keys: ['right', 'ctrl-f'],
    label: 'right',
    says: 'Form, field: one character to the right.',
    topic: 'Answer',
  },
  {
    id: 'cursor-start',
    keys: ['home', 'ctrl-a'],
    label: 'start',
    says: 'Form, field: to the start. Ctrl-W takes the word before away, Ctrl-U and Ctrl-K the rest.',
    topic: 'Answer',
  },
  {
    id: 'cursor-end',
    keys: ['end', 'ctrl-e'],
    label: 'end',
    says: 'Form, field: to the end.',
    topic: 'Answer',
  },
  {
    id: 'help',
    keys: ['F1'],
    label: 'keys',
    says: 'Form, field: all keys.',
    topic: 'Answer',
    rank: 10,
  },
]);
