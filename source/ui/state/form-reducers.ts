import type { Json } from '../../core/json.js';
import { changeWork } from './reducers.js';
import { routeOf, type Opened, type UiState } from './ui-state.js';
import { answered, fieldFor, wayTo, type Page, type WizardWork } from './wizard-work.js';

/** The page in front, if a form is. */
export function pageOf(ui: UiState): Page | undefined {
  const route = routeOf(ui);
  return route.kind === 'form' ? route.page : undefined;
}

/** Changes something of the wizard in the middle of which somebody is. */
export function changeWizard(ui: UiState, next: (work: WizardWork) => WizardWork): UiState {
  const { wizard } = ui.work;
  return wizard ? changeWork(ui, { wizard: next(wizard) }) : ui;
}

/** Shows a page, with all pages that come before it beneath it. */
export function showPage(ui: UiState, page: Page): UiState {
  const { wizard } = ui.work;
  if (!wizard) return ui;
  const beneath = ui.opened.filter(({ kind }) => kind !== 'form' && kind !== 'review');
  const pages = wayTo(wizard, page).map((one): Opened => ({ kind: 'form', page: one }));
  const opened = [...beneath, ...pages];
  const shown = { ...ui, opened, filtering: false, sheet: undefined };
  return changeWizard(shown, (work) => ({ ...work, field: fieldFor(work, page) }));
}

/** Gives the answer to what is in front. */
export function giveAnswer(ui: UiState, answer: Json | undefined): UiState {
  const page = pageOf(ui);
  return page ? changeWizard(ui, (work) => answered(work, page, answer)) : ui;
}

/** Forgets where somebody was on the pages of a form: questions of two wizards may be called alike. */
export function withoutPages(ui: UiState): UiState {
  const kept = Object.entries(ui.lists).filter(([key]) => !key.startsWith('form '));
  return { ...ui, lists: Object.fromEntries(kept) };
}
