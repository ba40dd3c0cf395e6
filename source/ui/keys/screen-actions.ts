import type { Desk } from '../desk.js';
import type { Scene } from '../scene.js';
import { nextSort, type Sort } from '../state/list.js';
import { goTo, notify, openUp, showSheet, sortList } from '../state/reducers.js';
import { listOf, type Menu } from '../state/ui-state.js';
import { columnsInFront } from './in-form.js';
import { hostOf, problemOf, subjectOf, type Situation } from './situation.js';

/** Opens what the selected line leads to. */
export function openSelected(desk: Desk, { layout }: Situation): void {
  const target = layout.selected?.opens;
  if (!target) return;
  desk.change((ui) => (target.kind === 'place' ? goTo(ui, target.place) : openUp(ui, target)));
}

/** Opens the evidence or the commands of what is selected. */
export function openList(desk: Desk, situation: Situation, kind: 'evidence' | 'commands'): void {
  const subject = subjectOf(situation);
  if (subject) desk.change((ui) => openUp(ui, { kind, of: subject }));
}

/** Sorts by the next column. */
export function sortByNext(desk: Desk, { scene }: Situation): void {
  const columns = columnsInFront(scene);
  setSort(desk, scene, nextSort(listOf(scene.ui).sort, [...columns.keys()]));
}

/** Turns the order round. */
export function sortReversed(desk: Desk, { scene }: Situation): void {
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

/** Acknowledges the selected problem; a second time takes that back. */
export function acknowledge(desk: Desk, situation: Situation): void {
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

/** Shows a menu at the foot. */
export function openMenu(desk: Desk, menu: Menu): void {
  desk.change((ui) => showSheet(ui, { kind: 'menu', menu, index: 0 }));
}

/** Copies what is selected, or all of the screen. */
export function copy(desk: Desk, { layout }: Situation): void {
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

/** Lends the terminal to a shell on the host in front. */
export function shell(desk: Desk, situation: Situation): void {
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
