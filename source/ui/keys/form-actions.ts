import type { Choice } from '../../core/form.js';
import type { Desk } from '../desk.js';
import { changeWizard, giveAnswer, pageOf, showPage } from '../state/form-reducers.js';
import { moveCursor } from '../state/line-editor.js';
import { goBack, notify, showSheet } from '../state/reducers.js';
import type { UiState } from '../state/ui-state.js';
import {
  chosenOf,
  HOSTS,
  isField,
  rowsOf,
  typedAnswer,
  withRow,
  type Page,
} from '../state/wizard-work.js';
import { runId } from '../views/change/runs.js';
import { askedInFront, selectedChoice } from './in-form.js';
import type { Situation } from './situation.js';

export function beginWizard(desk: Desk, { scene, layout }: Situation): void {
  const wizard = scene.changes?.wizards.find(({ id }) => id === layout.selected?.id);
  if (wizard) desk.wizarding.begin(wizard);
}

export function openRun(desk: Desk, { scene, layout }: Situation): void {
  const look = scene.ui.work.runs?.find(({ state }) => runId(state.run) === layout.selected?.id);
  if (look) desk.pastRuns.open(look);
}

/** Marks the selected choice, or no longer; what it accepts is asked first. */
export function mark(desk: Desk, situation: Situation): void {
  const choice = selectedChoice(situation);
  const page = pageOf(situation.scene.ui);
  if (!choice || !page) return;
  const marked = chosenOf(askedInFront(situation.scene)?.answer);
  if (marked.includes(choice.value))
    setMarks(
      desk,
      marked.filter((one) => one !== choice.value),
    );
  else if (choice.accepts !== undefined) askAcceptance(desk, page, choice);
  else setMarks(desk, [...marked, choice.value]);
}

/** All that are shown and accept nothing; where they are marked already, none of them. */
export function markAll(desk: Desk, { scene, layout }: Situation): void {
  const asked = askedInFront(scene);
  if (asked?.question.kind !== 'many') return;
  const shown = new Set(layout.ids);
  const able = asked.question.choices
    .filter(({ value, gate, accepts }) => shown.has(value) && gate.open && accepts === undefined)
    .map(({ value }) => value);
  const marked = chosenOf(asked.answer);
  const others = marked.filter((value) => !able.includes(value));
  const all = able.every((value) => marked.includes(value));
  setMarks(desk, all ? others : [...others, ...able]);
}

function setMarks(desk: Desk, values: readonly string[]): void {
  desk.change((ui) =>
    pageOf(ui)?.question === HOSTS
      ? changeWizard(ui, (work) => ({ ...work, hosts: values }))
      : giveAnswer(ui, [...values]),
  );
}

function askAcceptance(desk: Desk, page: Page, { value, cells, accepts }: Choice): void {
  const what = cells
    .slice(0, 2)
    .map(({ text }) => text)
    .join(' ');
  desk.change((ui) =>
    showSheet(ui, { kind: 'accept', page, value, what, accepts: accepts ?? '', index: 0 }),
  );
}

/** The answer to what a choice accepts. */
export function acceptChoice(desk: Desk, { scene }: Situation): void {
  const { sheet } = scene.ui;
  if (sheet?.kind !== 'accept') return;
  desk.change((ui) => showSheet(ui, undefined));
  if (sheet.index !== 1) {
    desk.change((ui) => notify(ui, { text: 'it was not chosen', tone: 'muted' }));
    return;
  }
  const asked = askedInFront(scene);
  if (asked?.question.kind === 'many') {
    setMarks(desk, [...chosenOf(asked.answer), sheet.value]);
    return;
  }
  desk.change((ui) => giveAnswer(ui, sheet.value));
  desk.wizarding.goOn(sheet.page);
}

/** Takes the selected choice and goes on. */
export function take(desk: Desk, situation: Situation): void {
  const { scene, layout } = situation;
  const asked = askedInFront(scene);
  const page = pageOf(scene.ui);
  if (!asked || !page) return;
  if (asked.question.kind === 'yes-no') {
    desk.change((ui) => giveAnswer(ui, layout.selected?.id === 'yes'));
    desk.wizarding.goOn(page);
    return;
  }
  const choice = selectedChoice(situation);
  if (!choice) return;
  if (choice.accepts !== undefined && asked.answer !== choice.value) {
    askAcceptance(desk, page, choice);
    return;
  }
  desk.change((ui) => giveAnswer(ui, choice.value));
  desk.wizarding.goOn(page);
}

/** Goes on with what stands there. */
export function goOn(desk: Desk, { scene }: Situation): void {
  const page = pageOf(scene.ui);
  const asked = askedInFront(scene);
  if (!page || !asked) return;
  const unmarked = asked.question.kind === 'many' && chosenOf(asked.answer).length === 0;
  if (unmarked && (asked.question.least ?? 0) > 0) {
    const text = asked.question.choices.some(({ gate }) => gate.open)
      ? 'nothing is marked: Space marks a line'
      : 'nothing here can be chosen: each line says why';
    desk.change((ui) => notify(ui, { text, tone: 'warning' }));
    return;
  }
  if (!keepField(desk)) {
    desk.change((ui) => notify(ui, { text: 'that is not a number', tone: 'warning' }));
    return;
  }
  desk.wizarding.goOn(page);
}

/** Gives what was typed as the answer; false where it is none. */
function keepField(desk: Desk): boolean {
  const scene = desk.scene();
  const asked = askedInFront(scene);
  const { wizard } = scene.ui.work;
  if (!asked || !wizard || !isField(asked.question)) return true;
  const typed = typedAnswer(asked.question.kind, wizard.field);
  if (typed.ok) desk.change((ui) => giveAnswer(ui, typed.answer));
  return typed.ok;
}

/** One page back; what was answered stays. */
export function backInForm(desk: Desk): void {
  const ui = desk.ui.getState();
  const page = pageOf(ui);
  const { wizard } = ui.work;
  if (wizard?.look.kind === 'looking' || wizard?.look.kind === 'failed') {
    desk.wizarding.leaveLook();
    if (!wizard.asksHosts) desk.change(goBack);
    return;
  }
  keepField(desk);
  const leavesRow = page?.cell !== undefined;
  desk.change(goBack);
  const now = desk.ui.getState();
  const next = pageOf(now);
  if (next && next !== page) desk.change((state) => showAgain(state, next));
  if (leavesRow && next?.cell === undefined && next !== page) {
    const text = 'the row stays as it was';
    desk.change((state) =>
      notify(
        changeWizard(state, (work) => ({ ...work, row: undefined })),
        { text, tone: 'muted' },
      ),
    );
  }
}

/** A page that is come back to; before the form stands the question of the hosts. */
function showAgain(ui: UiState, page: Page): UiState {
  if (page.question !== HOSTS) return showPage(ui, page);
  return changeWizard(ui, (work) => ({ ...work, look: { kind: 'asking' } }));
}

export function addRow(desk: Desk, { scene }: Situation): void {
  editRowAt(desk, rowsOf(askedInFront(scene)?.answer).length);
}

export function editRow(desk: Desk, { layout }: Situation): void {
  editRowAt(desk, Number(layout.selected?.id));
}

function editRowAt(desk: Desk, row: number): void {
  const page = pageOf(desk.ui.getState());
  const question = askedInFront(desk.scene())?.question;
  const first = question?.kind === 'table' ? question.columns[0] : undefined;
  if (!page || !first) return;
  desk.change((ui) =>
    showPage(
      changeWizard(ui, (work) => withRow(work, page.question, row)),
      { question: page.question, cell: { row, column: first.key } },
    ),
  );
}

export function removeRow(desk: Desk, { scene, layout }: Situation): void {
  const rows = rowsOf(askedInFront(scene)?.answer);
  desk.change((ui) =>
    giveAnswer(
      ui,
      rows.filter((_, at) => String(at) !== layout.selected?.id),
    ),
  );
}

/** Moves within the field. */
export function moveInField(desk: Desk, to: Parameters<typeof moveCursor>[1]): void {
  desk.change((ui) => changeWizard(ui, (work) => ({ ...work, field: moveCursor(work.field, to) })));
}

export function saveAnswers(desk: Desk): void {
  keepField(desk);
  desk.wizarding.save();
}
