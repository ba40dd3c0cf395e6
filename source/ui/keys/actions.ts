import type { Desk } from '../desk.js';
import { tabsOf, type Scene } from '../scene.js';
import { nextSort, type Sort } from '../state/list.js';
import {
  changeList,
  goBack,
  goTo,
  moveSheet,
  notify,
  openUp,
  showSheet,
  sortList,
  stepPlace,
} from '../state/reducers.js';
import { listOf, routeOf, type Menu } from '../state/ui-state.js';
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
  takeRemedy,
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
import { columnsInFront } from './in-form.js';
import { menuOf } from './menus.js';
import { moveBy, moveTo } from './move.js';
import { matchEntries, paletteEntries, type PaletteEntry } from './palette.js';
import { hostOf, problemOf, subjectOf, type Situation } from './situation.js';
import { TRUST } from '../views/sheet.js';

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
  'run-match': runMatch,
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

function openSelected(desk: Desk, { layout }: Situation): void {
  const target = layout.selected?.opens;
  if (!target) return;
  desk.change((ui) => (target.kind === 'place' ? goTo(ui, target.place) : openUp(ui, target)));
}

function openList(desk: Desk, situation: Situation, kind: 'evidence' | 'commands'): void {
  const subject = subjectOf(situation);
  if (subject) desk.change((ui) => openUp(ui, { kind, of: subject }));
}

function sortByNext(desk: Desk, { scene }: Situation): void {
  const columns = columnsInFront(scene);
  setSort(desk, scene, nextSort(listOf(scene.ui).sort, [...columns.keys()]));
}

function sortReversed(desk: Desk, { scene }: Situation): void {
  const { sort } = listOf(scene.ui);
  setSort(desk, scene, sort ? { ...sort, reverse: !sort.reverse } : { column: 0, reverse: true });
}

function setSort(desk: Desk, scene: Scene, sort: Sort | undefined): void {
  const title = sort && columnsInFront(scene)[sort.column]?.title;
  const by =
    title === undefined
      ? 'as they came'
      : `by ${title}${sort?.reverse === true ? ', reversed' : ''}`;
  desk.change((ui) => notify(sortList(ui, sort), { text: `sorted ${by}`, tone: 'muted' }));
}

function acknowledge(desk: Desk, situation: Situation): void {
  const key = problemOf(situation);
  const problem = situation.scene.world.problems.find((one) => one.key === key);
  if (!problem) return;
  if (!problem.acknowledged) {
    openMenu(desk, { kind: 'acknowledge', problem: problem.key });
    return;
  }
  // Acknowledging a second time takes it back.
  desk.watch.acknowledge(problem.key, 0);
  desk.change((ui) => notify(ui, { text: 'the acknowledgement was taken back', tone: 'muted' }));
}

function openMenu(desk: Desk, menu: Menu): void {
  desk.change((ui) => showSheet(ui, { kind: 'menu', menu, index: 0 }));
}

function copy(desk: Desk, { layout }: Situation): void {
  const text = layout.selected?.copy ?? layout.frame.copy?.();
  if (text === undefined) return;
  const copied = desk.terminal.copy(text);
  desk.change((ui) =>
    notify(
      ui,
      copied
        ? { text: 'sent to the terminal’s clipboard', tone: 'muted' }
        : { text: 'too long for the terminal’s clipboard', tone: 'warning' },
    ),
  );
}

function shell(desk: Desk, situation: Situation): void {
  const host = hostOf(situation);
  if (host === undefined) return;
  const choice = desk.shellOn(host);
  if ('refused' in choice) {
    desk.change((ui) => notify(ui, { text: choice.refused, tone: 'warning' }));
    return;
  }
  void desk.terminal.lend(choice.argv).then((end) => {
    const failed = end.kind === 'failed';
    const text = failed
      ? `no shell on ${host}: ${end.because}`
      : `the shell on ${host} ended with exit code ${end.code}`;
    desk.change((ui) => notify(ui, { text, tone: failed ? 'warning' : 'muted' }));
  });
}

function moveChoice(desk: Desk, { scene }: Situation, by: number): void {
  const { sheet } = scene.ui;
  if (sheet?.kind !== 'menu') return;
  const { length } = menuOf(scene, sheet.menu).choices;
  desk.change((ui) => moveSheet(ui, by, length));
}

function choose(desk: Desk, { scene }: Situation): void {
  const { sheet } = scene.ui;
  if (sheet?.kind !== 'menu') return;
  const choice = menuOf(scene, sheet.menu).choices[sheet.index];
  desk.change((ui) => showSheet(ui, undefined));
  if (!choice) return;
  const { does } = choice;
  switch (does.kind) {
    case 'acknowledge':
      desk.watch.acknowledge(does.problem, does.forMillis);
      desk.change((ui) => notify(ui, { text: `acknowledged for ${choice.label}`, tone: 'muted' }));
      return;
    case 'incident':
      scene.simulated?.incidents.find(({ id }) => id === does.id)?.run();
      desk.change((ui) => notify(ui, { text: `simulated: ${choice.label}`, tone: 'working' }));
      return;
    case 'cluster':
      desk.switchTo(does.cluster);
      return;
    case 'mend':
      takeRemedy(desk, does.remedy, does.subject);
      return;
  }
}

function matchesOf(situation: Situation): readonly PaletteEntry[] {
  const { sheet } = situation.scene.ui;
  return sheet?.kind === 'palette' ? matchEntries(paletteEntries(situation), sheet.text) : [];
}

function moveMatch(desk: Desk, situation: Situation, by: number): void {
  const { length } = matchesOf(situation);
  desk.change((ui) => moveSheet(ui, by, length));
}

function runMatch(desk: Desk, situation: Situation): void {
  const entry = matchesOf(situation)[situation.scene.ui.sheet?.index ?? 0];
  if (!entry) return;
  desk.change((ui) => showSheet(ui, undefined));
  const { does } = entry;
  switch (does.kind) {
    case 'command':
      ACTIONS[does.id](desk, desk.situation());
      return;
    case 'place':
      desk.change((ui) => goTo(ui, does.place));
      return;
    case 'host':
      desk.change((ui) =>
        openUp(goTo(ui, 'hosts'), { kind: 'row', place: 'hosts', row: does.row }),
      );
      return;
    case 'cluster':
      desk.switchTo(does.cluster);
      return;
    case 'wizard':
      desk.wizarding.begin(does.wizard);
      return;
  }
}

/** Enter alone never trusts a key: the word must have been typed for this very question. */
function answer(desk: Desk, { question, scene }: Situation): void {
  if (!question) return;
  const typed = scene.ui.answer.question === question.id ? scene.ui.answer.text : '';
  // An Enter that was meant for the screen behind must not count as a wrong password.
  if (question.kind === 'secret' && typed === '') return;
  desk.change((ui) => ({ ...ui, answer: { question: 0, text: '' } }));
  if (question.kind === 'secret') question.answer(typed);
  else question.answer(typed === TRUST ? 'accept' : 'refuse');
}
