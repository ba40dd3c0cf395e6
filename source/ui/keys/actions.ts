import type { Desk } from '../desk.js';
import { tabsOf } from '../scene.js';
import {
  changeList,
  goBack,
  goTo,
  notify,
  openUp,
  showSheet,
  stepPlace,
} from '../state/reducers.js';
import { routeOf } from '../state/ui-state.js';
import {
  acceptWord,
  agree,
  ask,
  back,
  chooseWay,
  fold,
  keepCopy,
  lookAgain,
  mend,
  openAll,
  otherAnswer,
} from './change-actions.js';
import type { CommandId } from './command.js';
import {
  addRow,
  beginWizard,
  editRow,
  goOn,
  mark,
  markAll,
  moveInField,
  openRun,
  removeRow,
  saveAnswers,
  take,
} from './form-actions.js';
import { moveBy, moveTo } from './move.js';
import {
  acknowledge,
  copy,
  openList,
  openMenu,
  openSelected,
  shell,
  sortByNext,
  sortReversed,
} from './screen-actions.js';
import { answer, choose, moveChoice, moveMatch, runMatch } from './sheet-actions.js';
import type { Situation } from './situation.js';

/** What a command does. */
export type Action = (desk: Desk, situation: Situation) => void;

const pane =
  (n: number): Action =>
  (desk, { scene }) => {
    const tab = tabsOf(scene.world)[n - 1];
    if (tab) desk.change((ui) => goTo(ui, tab.place));
  };

const step =
  (by: number): Action =>
  (desk, { scene }) => {
    const places = tabsOf(scene.world).map(({ place }) => place);
    desk.change((ui) => stepPlace(ui, places, by));
  };

/** What each command does; the table of keys says when. */
export const ACTIONS: Readonly<Record<CommandId, Action>> = {
  up: (desk, situation) => moveBy(desk, situation, -1),
  down: (desk, situation) => moveBy(desk, situation, 1),
  'page-up': (desk, situation) => moveBy(desk, situation, 1 - situation.layout.height),
  'page-down': (desk, situation) => moveBy(desk, situation, situation.layout.height - 1),
  'half-up': (desk, situation) => moveBy(desk, situation, -Math.ceil(situation.layout.height / 2)),
  'half-down': (desk, situation) => moveBy(desk, situation, Math.ceil(situation.layout.height / 2)),
  top: (desk, situation) => moveTo(desk, situation, 0),
  bottom: (desk, situation) => moveTo(desk, situation, Number.MAX_SAFE_INTEGER),
  'next-pane': step(1),
  'previous-pane': step(-1),
  'pane-1': pane(1),
  'pane-2': pane(2),
  'pane-3': pane(3),
  'pane-4': pane(4),
  'pane-5': pane(5),
  'pane-6': pane(6),
  'pane-7': pane(7),
  'pane-8': pane(8),
  'pane-9': pane(9),
  open: openSelected,
  back,
  filter: (desk) => desk.change((ui) => ({ ...ui, filtering: true })),
  sort: sortByNext,
  reverse: sortReversed,
  muted: (desk) => desk.change((ui) => ({ ...ui, showMuted: !ui.showMuted })),
  evidence: (desk, situation) => openList(desk, situation, 'evidence'),
  commands: (desk, situation) => openList(desk, situation, 'commands'),
  log: (desk) =>
    desk.change((ui) =>
      ui.place === 'log' && ui.opened.length === 0 ? goTo(ui, 'overview') : goTo(ui, 'log'),
    ),
  acknowledge,
  copy,
  shell,
  pause: (desk, { scene }) => desk.watch.pause(!scene.world.paused),
  refresh: (desk) => {
    desk.watch.refresh();
    desk.change((ui) => notify(ui, { text: 'asking everything again', tone: 'working' }));
  },
  incidents: (desk) => openMenu(desk, { kind: 'incidents' }),
  clusters: (desk) => openMenu(desk, { kind: 'clusters' }),
  help: (desk) =>
    desk.change((ui) => (routeOf(ui).kind === 'help' ? goBack(ui) : openUp(ui, { kind: 'help' }))),
  palette: (desk) => desk.change((ui) => showSheet(ui, { kind: 'palette', text: '', index: 0 })),
  quit: (desk) => desk.quit(),
  suspend: (desk) => desk.terminal.suspend(),
  repaint: (desk) => desk.terminal.repaint(),
  'choice-up': (desk, situation) => moveChoice(desk, situation, -1),
  'choice-down': (desk, situation) => moveChoice(desk, situation, 1),
  choose,
  cancel: (desk) => desk.change((ui) => showSheet(ui, undefined)),
  'match-up': (desk, situation) => moveMatch(desk, situation, -1),
  'match-down': (desk, situation) => moveMatch(desk, situation, 1),
  'run-match': (desk, situation) =>
    runMatch(desk, situation, (id) => ACTIONS[id](desk, desk.situation())),
  'leave-palette': (desk) => desk.change((ui) => showSheet(ui, undefined)),
  'keep-filter': (desk) => desk.change((ui) => ({ ...ui, filtering: false })),
  'clear-filter': (desk) =>
    desk.change((ui) => ({ ...changeList(ui, { filter: '' }), filtering: false })),
  'filter-up': (desk, situation) => moveBy(desk, situation, -1),
  'filter-down': (desk, situation) => moveBy(desk, situation, 1),
  answer,
  refuse: (_desk, { question }) => {
    if (question?.kind === 'hostKey') question.answer('refuse');
    if (question?.kind === 'secret') question.answer(undefined);
  },
  mend,
  'choose-way': chooseWay,
  'keep-copy': keepCopy,
  'look-again': lookAgain,
  fold,
  diffs: (desk, situation) => openAll(desk, situation, 'diff'),
  'step-commands': (desk, situation) => openAll(desk, situation, 'commands'),
  'save-plan': (desk) => desk.changing.save(),
  apply: (desk) => ask(desk, 'apply'),
  'stop-run': (desk) => desk.changing.stop(),
  stay: (desk) => {
    const text = 'the run goes on: Ctrl-C stops it after this step, F10 leaves at once';
    desk.change((ui) => notify(ui, { text, tone: 'muted' }));
  },
  retry: (desk) => ask(desk, 'resume'),
  undo: (desk) => ask(desk, 'undo'),
  'accept-word': acceptWord,
  'other-answer': otherAnswer,
  agree,
  wizards: (desk) => desk.change((ui) => openUp(ui, { kind: 'wizards' })),
  'begin-wizard': beginWizard,
  runs: (desk) => {
    desk.pastRuns.load();
    desk.change((ui) => openUp(ui, { kind: 'runs' }));
  },
  'open-run': openRun,
  'reload-runs': (desk) => desk.pastRuns.load(),
  'look-on': (desk) => desk.wizarding.look(),
  mark,
  'mark-all': markAll,
  'go-on': goOn,
  take,
  'add-row': addRow,
  'edit-row': editRow,
  'remove-row': removeRow,
  'save-answers': saveAnswers,
  'stay-in-form': (desk) => {
    const text = 'the form stays in front: Esc goes back';
    desk.change((ui) => notify(ui, { text, tone: 'muted' }));
  },
  'cursor-left': (desk) => moveInField(desk, 'left'),
  'cursor-right': (desk) => moveInField(desk, 'right'),
  'cursor-start': (desk) => moveInField(desk, 'start'),
  'cursor-end': (desk) => moveInField(desk, 'end'),
};
