import type { Desk } from '../desk.js';
import { goTo, moveSheet, notify, openUp, showSheet } from '../state/reducers.js';
import { TRUST } from '../views/sheet.js';
import { takeRemedy } from './change-actions.js';
import type { CommandId } from './command.js';
import { menuOf } from './menus.js';
import { matchEntries, paletteEntries, type PaletteEntry } from './palette.js';
import type { Situation } from './situation.js';

/** Moves within the menu in front. */
export function moveChoice(desk: Desk, { scene }: Situation, by: number): void {
  const { sheet } = scene.ui;
  if (sheet?.kind !== 'menu') return;
  const { length } = menuOf(scene, sheet.menu).choices;
  desk.change((ui) => moveSheet(ui, by, length));
}

/** Does what is marked in the menu in front. */
export function choose(desk: Desk, { scene }: Situation): void {
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

/** Moves among the matches of the palette. */
export function moveMatch(desk: Desk, situation: Situation, by: number): void {
  const { length } = matchesOf(situation);
  desk.change((ui) => moveSheet(ui, by, length));
}

/**
 * Does what the marked match of the palette stands for.
 *
 * @param act does a command by its id
 */
export function runMatch(desk: Desk, situation: Situation, act: (id: CommandId) => void): void {
  const entry = matchesOf(situation)[situation.scene.ui.sheet?.index ?? 0];
  if (!entry) return;
  desk.change((ui) => showSheet(ui, undefined));
  const { does } = entry;
  switch (does.kind) {
    case 'command':
      act(does.id);
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
export function answer(desk: Desk, { question, scene }: Situation): void {
  if (!question) return;
  const typed = scene.ui.answer.question === question.id ? scene.ui.answer.text : '';
  // An Enter that was meant for the screen behind must not count as a wrong password.
  if (question.kind === 'secret' && typed === '') return;
  desk.change((ui) => ({ ...ui, answer: { question: 0, text: '' } }));
  if (question.kind === 'secret') question.answer(typed);
  else question.answer(typed === TRUST ? 'accept' : 'refuse');
}
