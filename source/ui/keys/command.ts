import { always, type Gate } from './gate.js';
import type { Situation } from './situation.js';

/** Where keys go: a dialog has them before a field that is typed in, and that before the screen. */
export type Context =
  | 'everywhere'
  | 'question'
  | 'menu'
  | 'palette'
  | 'filter'
  | 'word'
  | 'agree'
  | 'case'
  | 'review'
  | 'running'
  | 'ended'
  | 'wizards'
  | 'looking'
  | 'many'
  | 'one'
  | 'rows'
  | 'field'
  | 'runs'
  | 'screen';

/** A thing that a key does. */
export interface KeyCommand {
  readonly id: CommandId;
  readonly keys: readonly string[];
  /** In the footer: a word or two. */
  readonly label: string | ((situation: Situation) => string);
  /** In the help: a sentence. */
  readonly says: string;
  readonly context: Context;
  /** Under which heading the help has it. */
  readonly topic: Topic;
  readonly gate: (situation: Situation) => Gate;
  /** Its rank in the footer, the most useful first; those without one are in the help alone. */
  readonly rank?: number;
  /** Offered in the palette. */
  readonly inPalette?: boolean;
}

export type Topic = 'Move' | 'Look' | 'Act' | 'Change' | 'Console' | 'Answer';

export const TOPICS: readonly Topic[] = ['Move', 'Look', 'Act', 'Change', 'Console', 'Answer'];

export type CommandId =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'half-up'
  | 'half-down'
  | 'top'
  | 'bottom'
  | 'next-pane'
  | 'previous-pane'
  | 'pane-1'
  | 'pane-2'
  | 'pane-3'
  | 'pane-4'
  | 'pane-5'
  | 'pane-6'
  | 'pane-7'
  | 'pane-8'
  | 'pane-9'
  | 'open'
  | 'back'
  | 'filter'
  | 'sort'
  | 'reverse'
  | 'muted'
  | 'evidence'
  | 'commands'
  | 'log'
  | 'acknowledge'
  | 'copy'
  | 'shell'
  | 'pause'
  | 'refresh'
  | 'incidents'
  | 'clusters'
  | 'help'
  | 'palette'
  | 'quit'
  | 'suspend'
  | 'repaint'
  | 'choice-up'
  | 'choice-down'
  | 'choose'
  | 'cancel'
  | 'match-up'
  | 'match-down'
  | 'run-match'
  | 'leave-palette'
  | 'keep-filter'
  | 'clear-filter'
  | 'filter-up'
  | 'filter-down'
  | 'answer'
  | 'refuse'
  | 'mend'
  | 'choose-way'
  | 'keep-copy'
  | 'look-again'
  | 'fold'
  | 'diffs'
  | 'step-commands'
  | 'save-plan'
  | 'apply'
  | 'stop-run'
  | 'stay'
  | 'retry'
  | 'undo'
  | 'accept-word'
  | 'other-answer'
  | 'agree'
  | 'wizards'
  | 'begin-wizard'
  | 'runs'
  | 'open-run'
  | 'reload-runs'
  | 'look-on'
  | 'mark'
  | 'mark-all'
  | 'go-on'
  | 'take'
  | 'add-row'
  | 'edit-row'
  | 'remove-row'
  | 'save-answers'
  | 'stay-in-form'
  | 'cursor-left'
  | 'cursor-right'
  | 'cursor-start'
  | 'cursor-end';

/** A command as the tables write it. */
export type Entry = Omit<KeyCommand, 'context' | 'gate'> & { readonly gate?: KeyCommand['gate'] };

/** The commands of one context; those without a gate work everywhere in it. */
export function inContext(context: Context, entries: readonly Entry[]): readonly KeyCommand[] {
  return entries.map((entry) => ({ gate: always, ...entry, context }));
}
