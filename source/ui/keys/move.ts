import type { Desk } from '../desk.js';
import { scrolled } from '../state/list.js';
import { changeList } from '../state/reducers.js';
import type { Situation } from './situation.js';

/** Moves the selection, or the text where nothing in it can be selected. */
export function moveBy(desk: Desk, situation: Situation, by: number): void {
  const { layout } = situation;
  const { reads, index, ids, top, frame } = layout;
  const within = index + by >= 0 && index + by < ids.length;
  // What is chosen among stands beneath the text: a line at a time, and past its ends the text moves.
  const selects = !reads || (frame.scrolls !== true && Math.abs(by) === 1 && within);
  if (selects) select(desk, situation, index + by);
  else scroll(desk, situation, top + by);
}

/** Selects the line at an index, or scrolls there; past the ends it stays at the end. */
export function moveTo(desk: Desk, situation: Situation, to: number): void {
  if (situation.layout.reads) scroll(desk, situation, to);
  else select(desk, situation, to);
}

function scroll(desk: Desk, { layout: { total, height } }: Situation, to: number): void {
  desk.change((ui) => changeList(ui, { top: scrolled(to, { total, height }) }));
}

function select(desk: Desk, { layout: { ids, top } }: Situation, to: number): void {
  const index = Math.min(Math.max(0, to), ids.length - 1);
  const selected = ids[index];
  // At the first line the whole body is shown from its beginning, headings included.
  if (selected !== undefined) {
    desk.change((ui) => changeList(ui, { selected, index, top: index === 0 ? 0 : top }));
  }
}
