import {
  routeKey,
  routeOf,
  listOf,
  type Agreement,
  type Notice,
  type Opened,
  type Place,
  type Sheet,
  type UiState,
} from './ui-state.js';
import type { Work } from './work.js';
import { untouched, type ListState, type Sort } from './list.js';

/** Changes something of the list in front. */
export function changeList(ui: UiState, change: Partial<ListState>): UiState {
  const key = routeKey(routeOf(ui));
  return { ...ui, lists: { ...ui.lists, [key]: { ...listOf(ui), ...change } } };
}

/** Sorts the list in front, or no longer. */
export function sortList(ui: UiState, sort: Sort | undefined): UiState {
  return changeList(ui, { sort });
}

/** Goes to a pane; whatever lay over the one before is closed. */
export function goTo(ui: UiState, place: Place): UiState {
  return { ...ui, place, opened: [], filtering: false, sheet: undefined };
}

/** The pane that is `step` further among these, in a circle. */
export function stepPlace(ui: UiState, places: readonly Place[], step: number): UiState {
  const at = places.indexOf(ui.place);
  const next = places[(at + step + places.length) % places.length];
  return next === undefined ? ui : goTo(ui, next);
}

/** Lays something over what is in front, from its beginning; never the same thing twice in a row. */
export function openUp(ui: UiState, opened: Opened): UiState {
  const key = routeKey(opened);
  if (routeKey(routeOf(ui)) === key) return ui;
  const lists = { ...ui.lists, [key]: untouched };
  return { ...ui, lists, opened: [...ui.opened, opened], filtering: false, sheet: undefined };
}

/** One step back: ends filtering, takes a filter away, closes what is open; at last the overview. */
export function goBack(ui: UiState): UiState {
  if (listOf(ui).filter !== '') return changeList({ ...ui, filtering: false }, { filter: '' });
  if (ui.filtering) return { ...ui, filtering: false };
  if (ui.opened.length > 0) return { ...ui, opened: ui.opened.slice(0, -1) };
  return ui.place === 'overview' ? ui : goTo(ui, 'overview');
}

/** Shows or hides a sheet at the foot. */
export function showSheet(ui: UiState, sheet: Sheet | undefined): UiState {
  return { ...ui, sheet };
}

/** Moves the choice in the sheet, in a circle. */
export function moveSheet(ui: UiState, step: number, length: number): UiState {
  if (!ui.sheet || length === 0) return ui;
  const index = (ui.sheet.index + step + length) % length;
  return { ...ui, sheet: { ...ui.sheet, index } };
}

/** Changes what was typed into the palette; the choice goes back to the best match. */
export function typePalette(ui: UiState, text: string): UiState {
  return ui.sheet?.kind === 'palette' ? { ...ui, sheet: { ...ui.sheet, text, index: 0 } } : ui;
}

/** Says something above the keys, or no longer. */
export function notify(ui: UiState, notice: Notice | undefined): UiState {
  return ui.notice === notice ? ui : { ...ui, notice };
}

/** Changes something of what the user is about to change. */
export function changeWork(ui: UiState, change: Partial<Work>): UiState {
  return { ...ui, work: { ...ui.work, ...change } };
}

/** Changes the agreement that is being given. */
export function changeAgreement(ui: UiState, change: Partial<Agreement>): UiState {
  return ui.sheet?.kind === 'agree' ? { ...ui, sheet: { ...ui.sheet, ...change } } : ui;
}

/** Marks the other of the two answers, where there are two. */
export function otherIndex(ui: UiState): UiState {
  const { sheet } = ui;
  if (sheet?.kind !== 'agree' && sheet?.kind !== 'accept') return ui;
  return { ...ui, sheet: { ...sheet, index: 1 - sheet.index } };
}
