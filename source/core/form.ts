import type { HostName } from './host.js';
import type { Json } from './json.js';
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

/** Answers given so far, by key. */
export type Answers = Readonly<Record<string, Json>>;

/** What every question has. */
interface Asking {
  /** The answer's key. */
  readonly key: string;
  readonly ask: string;
  /** What hangs on the answer. */
  readonly explains: string;
}

/** One of some choices: the answer is its value. */
export interface OneOf {
  readonly kind: 'one';
  readonly choices: readonly Choice[];
  readonly default?: string;
}

/** Any of some choices: the answer is a list of their values. */
export interface ManyOf {
  readonly kind: 'many';
  readonly columns: readonly Column[];
  readonly choices: readonly Choice[];
  readonly default: readonly string[];
  /** So many must be chosen; none need be where it is left out. */
  readonly least?: number;
}

/** A number, whole where `whole` says so. */
export interface NumberField {
  readonly kind: 'number';
  readonly default?: number;
  readonly least?: number;
  readonly most?: number;
  readonly whole?: boolean;
  /** What it counts, as people write it behind the number: `GiB`, `seconds`. */
  readonly unit?: string;
}

/**
 * A text that nobody is to see: never drawn, never kept with the answers, never written. It has no
 * default, because there is none to be known.
 */
export interface SecretField {
  readonly kind: 'secret';
  readonly default?: undefined;
}

/** A line of text. */
export interface TextField {
  readonly kind: 'text';
  readonly default: string;
  /** It must not stay empty. */
  readonly needed?: boolean;
}

/** What is asked in one place: it can be a question of its own, or a cell of a table's row. */
export type Field =
  | OneOf
  | NumberField
  | SecretField
  | TextField
  | { readonly kind: 'yes-no'; readonly default: boolean };

/** A column of a table: a small question that is asked of every row, and how wide it is drawn. */
export type TableColumn = Asking & Field & { readonly column: Column };

/** Rows that a person adds: the answer is a list of mappings by the columns' keys. */
export interface TableField {
  readonly kind: 'table';
  /** What one row is, for people: `export`. */
  readonly row: string;
  readonly columns: readonly TableColumn[];
  readonly default: readonly Answers[];
  /** So many rows must be there; none need be where it is left out. */
  readonly least?: number;
}

/** A question of a form, as data: the screen, the answers file and its schema are made from it. */
export type Question = Asking & (Field | ManyOf | TableField);

/** A command for a person to type on a host. */
export interface ByHand {
  readonly host: HostName;
  /** What it does. */
  readonly says: string;
  readonly line: string;
}

/** What is wrong with an answer. */
export interface Fault {
  /** The question's key, or a path that begins with it (`exports.0.path`); empty: all of them. */
  readonly key: string;
  readonly says: string;
  /** The commands by which a person takes it away, in their order. */
  readonly byHand?: readonly ByHand[];
}
