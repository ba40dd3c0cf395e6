import type { Context, KeyCommand } from './command.js';
import { KEY_COMMANDS } from './commands.js';
import type { Situation } from './situation.js';

/** Who gets a key first, and who after. */
export function contextsOf({ question, scene: { ui } }: Situation): readonly Context[] {
  if (question) return ['question', 'everywhere'];
  if (ui.sheet?.kind === 'menu') return ['menu', 'everywhere'];
  if (ui.sheet?.kind === 'palette') return ['palette', 'everywhere'];
  if (ui.filtering) return ['filter', 'everywhere'];
  return ['screen', 'everywhere'];
}

/** Whether characters are text here, and not keys of their own. */
export function isTyping(situation: Situation): boolean {
  const [first] = contextsOf(situation);
  return first === 'question' || first === 'palette' || first === 'filter';
}

/** What a key does here. */
export function findCommand(situation: Situation, key: string): KeyCommand | undefined {
  for (const context of contextsOf(situation)) {
    const found = KEY_COMMANDS.find((one) => one.context === context && one.keys.includes(key));
    if (found) return found;
  }
  return undefined;
}

/** The commands that work here, the most useful first. */
export function footerCommands(situation: Situation): readonly KeyCommand[] {
  const [context] = contextsOf(situation);
  return KEY_COMMANDS.filter(
    (one) =>
      one.context === context && one.rank !== undefined && one.gate(situation).kind === 'open',
  ).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
}

/** The command's word for the footer. */
export function labelOf(command: KeyCommand, situation: Situation): string {
  return typeof command.label === 'string' ? command.label : command.label(situation);
}
