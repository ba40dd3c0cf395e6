import type { Cell, Column } from './pane.js';

/** Whether something may be chosen; what may not says why. */
export type Gate = { readonly open: true } | { readonly open: false; readonly because: string };

/** A gate that is open. */
export const open: Gate = { open: true };

/** A gate that is closed, with the reason. */
export function closed(because: string): Gate {
  return { open: false, because };
}

/** One thing that can be chosen. */
export interface Choice {
  /** What the answer holds. */
  readonly value: string;
  readonly cells: readonly Cell[];
  readonly gate: Gate;
  /** What choosing it accepts, to be said yes to by itself: `its ext4 file system is lost`. */
  readonly accepts?: string;
}

/** A question of a form, as data: the screen, the answers file and its schema are made from it. */
export type Question = {
  /** The answer's key. */
  readonly key: string;
  readonly ask: string;
  /** What hangs on the answer. */
  readonly explains: string;
} & (
  | {
      readonly kind: 'one';
      readonly choices: readonly Choice[];
      readonly default?: string;
    }
  | {
      readonly kind: 'many';
      readonly columns: readonly Column[];
      readonly choices: readonly Choice[];
      readonly default: readonly string[];
    }
  | { readonly kind: 'text'; readonly default: string }
  | { readonly kind: 'yes-no'; readonly default: boolean }
);

/** What is wrong with an answer. */
export interface Fault {
  /** The question's key; empty: it concerns all of them. */
  readonly key: string;
  readonly says: string;
}
