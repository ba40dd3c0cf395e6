import type { Desk } from '../desk.js';
import { scrolled } from '../state/list.js';
import { changeList } from '../state/reducers.js';
import type { Situation } from './situation.js';

/** Moves the selection, or the text where nothing can be selected. */
export function moveBy(desk: Desk, situation: Situation, by: number): void {
  const { layout } = situation;
  moveTo(desk, situation, (layout.frame.scrolls === true ? layout.top : layout.index) + by);
}

/** Selects the line at an index, or scrolls there; past the ends it stays at the end. */
export function moveTo(desk: Desk, { layout }: Situation, to: number): void {
  const { ids, total, height, frame, top } = layout;
  if (frame.scrolls === true) {
    desk.change((ui) => changeList(ui, { top: scrolled(to, { total, height }) }));
    return;
  }
  const index = Math.min(Math.max(0, to), ids.length - 1);
  const selected = ids[index];
  // At the first line the whole body is shown from its beginning, headings included.
  if (selected !== undefined) {
    desk.change((ui) => changeList(ui, { selected, index, top: index === 0 ? 0 : top }));
  }
}
