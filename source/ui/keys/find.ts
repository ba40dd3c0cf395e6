import { editsText } from '../state/text-input.js';
import { changeContext, openWord } from './change-gate.js';
import type { Context, KeyCommand } from './command.js';
import { KEY_COMMANDS } from './commands.js';
import type { Situation } from './situation.js';

/** Who gets a key first, and who after. */
export function contextsOf({ question, scene }: Situation): readonly Context[] {
  const { ui } = scene;
  const change = changeContext(scene);
  // Whatever is asked while a run goes on, Ctrl-C stops the run and does not leave it.
  const beneath: readonly Context[] = change === 'running' ? ['running'] : [];
  if (question) return ['question', ...beneath, 'everywhere'];
  if (ui.sheet?.kind === 'menu') return ['menu', 'everywhere'];
  if (ui.sheet?.kind === 'palette') return ['palette', 'everywhere'];
  if (ui.sheet?.kind === 'accept') return ['agree', 'everywhere'];
  if (ui.sheet?.kind === 'agree') {
    return [openWord(scene, ui.sheet) ? 'word' : 'agree', 'everywhere'];
  }
  if (change === 'running') return ['running', 'everywhere'];
  if (ui.filtering) return ['filter', 'everywhere'];
  if (change === 'field') return ['field', 'everywhere'];
  return change ? [change, 'screen', 'everywhere'] : ['screen', 'everywhere'];
}

/** Whether characters are text here, and not keys of their own. */
export function isTyping(situation: Situation): boolean {
  const [first] = contextsOf(situation);
  return first !== undefined && TYPED.has(first);
}

const TYPED: ReadonlySet<Context> = new Set(['question', 'palette', 'filter', 'word', 'field']);

/** What a key does here. A key that edits what is typed is never one of what lies beneath. */
export function findCommand(situation: Situation, key: string): KeyCommand | undefined {
  const contexts = contextsOf(situation);
  const isText = isTyping(situation) && editsText(key);
  for (const context of isText ? contexts.slice(0, 1) : contexts) {
    const found = KEY_COMMANDS.find((one) => one.context === context && one.keys.includes(key));
    if (found) return found;
  }
  return undefined;
}

/** The commands that work here, the most useful first. */
export function footerCommands(situation: Situation): readonly KeyCommand[] {
  const [context] = contextsOf(situation);
  const contexts: readonly (Context | undefined)[] =
    context && OVER_SCREEN.has(context) ? [context, 'screen'] : [context];
  return KEY_COMMANDS.filter(
    (one) =>
      contexts.includes(one.context) &&
      one.rank !== undefined &&
      one.gate(situation).kind === 'open' &&
      findCommand(situation, one.keys[0] ?? '') === one,
  ).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || place(a, contexts) - place(b, contexts));
}

/** Contexts that leave the screen's own keys as they are, but for those that they take. */
const OVER_SCREEN: ReadonlySet<Context> = new Set([
  'case',
  'review',
  'ended',
  'wizards',
  'runs',
  'looking',
  'many',
  'one',
  'rows',
]);

function place({ context }: KeyCommand, contexts: readonly (Context | undefined)[]): number {
  return contexts.indexOf(context);
}

/** The command's word for the footer. */
export function labelOf(command: KeyCommand, situation: Situation): string {
  return typeof command.label === 'string' ? command.label : command.label(situation);
}
