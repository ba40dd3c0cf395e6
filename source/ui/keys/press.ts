import type { Desk } from '../desk.js';
import { changeAgreement, changeList, notify, typePalette } from '../state/reducers.js';
import { changeWizard } from '../state/form-reducers.js';
import { editKey, insert, type LineEdit } from '../state/line-editor.js';
import { isUnderWay } from '../state/work.js';
import { typeKey, typeText } from '../state/text-input.js';
import { listOf, routeOf } from '../state/ui-state.js';
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
    if (isTyping(situation)) {
      type(desk, situation, {
        text: (before) => typeKey(before, key),
        line: (before) => editKey(before, key),
      });
    }
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
  if (!isTyping(situation)) return;
  type(desk, situation, {
    text: (before) => typeText(before, text),
    line: (before) => insert(before, text),
  });
}

function pressTooSmall(desk: Desk, key: string): void {
  const running = isUnderWay(desk.ui.getState().work.run);
  if (running && key === 'ctrl-c') desk.changing.stop();
  else if ((key === 'q' && !running) || key === 'ctrl-c' || key === 'F10') desk.quit();
  if (key === 'ctrl-z') desk.terminal.suspend();
}

/** What was typed: at the end of a text, or at the cursor of a line. */
interface Typed {
  readonly text: (before: string) => string | undefined;
  readonly line: (before: LineEdit) => LineEdit | undefined;
}

function type(
  desk: Desk,
  { scene, question }: Situation,
  { text: edit, line: editLine }: Typed,
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
  if (routeOf(scene.ui).kind === 'form' && !scene.ui.filtering) {
    desk.change((ui) =>
      changeWizard(ui, (work) => ({ ...work, field: editLine(work.field) ?? work.field })),
    );
    return;
  }
  const filter = edit(listOf(scene.ui).filter);
  if (filter !== undefined) desk.change((ui) => changeList(ui, { filter, top: 0 }));
}
