import type { Desk } from '../desk.js';
import { changeAgreement, changeList, notify, typePalette } from '../state/reducers.js';
import { isUnderWay } from '../state/work.js';
import { typeKey, typeText } from '../state/text-input.js';
import { listOf } from '../state/ui-state.js';
import { TRUST } from '../views/sheet.js';
import { ACTIONS } from './actions.js';
import { findCommand, isTyping } from './find.js';
import type { Situation } from './situation.js';

/** One key, from the terminal to what it does. */
export function press(desk: Desk, key: string): void {
  if (!desk.fits()) {
    pressTooSmall(desk, key);
    return;
  }
  const situation = desk.situation();
  // What was said stands until the next key.
  desk.change((ui) => notify(ui, undefined));
  const command = findCommand(situation, key);
  if (!command) {
    if (isTyping(situation)) type(desk, situation, (text) => typeKey(text, key));
    return;
  }
  const gate = command.gate(situation);
  switch (gate.kind) {
    case 'open':
      ACTIONS[command.id](desk, situation);
      return;
    case 'closed':
      desk.change((ui) => notify(ui, { text: gate.because, tone: 'muted' }));
      return;
    case 'absent':
      return;
  }
}

/** Text that was pasted goes where text is typed, and nowhere else: it is never taken for keys. */
export function paste(desk: Desk, text: string): void {
  const situation = desk.situation();
  if (situation.scene.ui.sheet?.kind === 'agree' && !situation.question) {
    // What accepts a loss goes through a person's fingers.
    desk.change((ui) => notify(ui, { text: 'this is typed, not pasted', tone: 'warning' }));
    return;
  }
  if (isTyping(situation)) type(desk, situation, (before) => typeText(before, text));
}

function pressTooSmall(desk: Desk, key: string): void {
  const running = isUnderWay(desk.ui.getState().work.run);
  if (running && key === 'ctrl-c') desk.changing.stop();
  else if ((key === 'q' && !running) || key === 'ctrl-c' || key === 'F10') desk.quit();
  if (key === 'ctrl-z') desk.terminal.suspend();
}

function type(
  desk: Desk,
  { scene, question }: Situation,
  edit: (text: string) => string | undefined,
): void {
  if (question) {
    const before = scene.ui.answer.question === question.id ? scene.ui.answer.text : '';
    const text = edit(before);
    // Only the one word can be typed there, so that keys meant for the screen behind do not count.
    if (text === undefined || (question.kind === 'hostKey' && !TRUST.startsWith(text))) return;
    desk.change((ui) => ({ ...ui, answer: { question: question.id, text } }));
    return;
  }
  if (scene.ui.sheet?.kind === 'palette') {
    const text = edit(scene.ui.sheet.text);
    if (text !== undefined) desk.change((ui) => typePalette(ui, text));
    return;
  }
  if (scene.ui.sheet?.kind === 'agree') {
    const text = edit(scene.ui.sheet.text);
    if (text !== undefined) desk.change((ui) => changeAgreement(ui, { text }));
    return;
  }
  const filter = edit(listOf(scene.ui).filter);
  if (filter !== undefined) desk.change((ui) => changeList(ui, { filter, top: 0 }));
}
