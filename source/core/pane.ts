import type { Severity } from './finding.js';
import type { NodeId } from './graph.js';
import type { HostName } from './host.js';
import type { Now } from './probe.js';
import { clean, count, listed } from './text.js';

/** What a thing's appearance means; the theme turns it into a sign and a colour. */
export type Tone =
  | 'plain'
  | 'good'
  | 'notice'
  | 'warning'
  | 'alert'
  /** Not known, or known only from before. */
  | 'unknown'
  /** Under way. */
  | 'working'
  /** Of lesser interest. */
  | 'muted';

/** The tone of a severity, or of the lack of one. */
export function toneOf(severity: Severity | undefined): Tone {
  return severity ?? 'good';
}

/** One value as drawn. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
  /** What it sorts by, where that is not its text. */
  readonly sort?: number | string;
}

/** A column of a pane. The widths are cells of the terminal. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly min: number;
  /** Its part of the width that is left over; 0 (the default) stays at `min`. */
  readonly grow?: number;
  /** Names are cut in the middle, sentences at the end (the default). */
  readonly cut?: 'middle' | 'end';
  /** On a narrow screen the columns with the highest number go first; 0 (the default) never goes. */
  readonly drop?: number;
}

/** One line of a pane. */
export interface Row {
  /** Stays the same from round to round, so that the selection stays on its thing. */
  readonly id: string;
  readonly tone: Tone;
  readonly cells: readonly Cell[];
  /** How deep it stands beneath the rows before it. */
  readonly depth?: number;
  /** The hosts it concerns: where a shell or a recovery would go. */
  readonly hosts: readonly HostName[];
  /** Its nodes of the storage graph: the engine adds to its details which guests they carry. */
  readonly about?: readonly NodeId[];
  /** Keys of metrics whose history belongs to it. */
  readonly metrics?: readonly string[];
  /** What Enter opens; made only when asked for. */
  readonly details: () => Details;
}

/** A thing laid open. */
export interface Details {
  readonly title: string;
  readonly tone: Tone;
  /** The state in words: `split brain`. */
  readonly state: string;
  readonly blocks: readonly Block[];
  /** The commands an administrator would type to see the same, or to go on by hand. */
  readonly commands: readonly { readonly says: string; readonly line: string }[];
}

/** A part of the details. */
export type Block =
  | {
      readonly kind: 'facts';
      readonly rows: readonly { readonly label: string; readonly value: Cell }[];
    }
  /** Two or more sides laid next to each other. */
  | {
      readonly kind: 'sides';
      readonly sides: readonly string[];
      readonly rows: readonly {
        readonly label: string;
        readonly values: readonly Cell[];
        readonly remark?: Cell;
      }[];
    }
  | { readonly kind: 'text'; readonly label: string; readonly text: string }
  /** A small table. */
  | {
      readonly kind: 'table';
      readonly label: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
    }
  /** Lines as the host printed them. */
  | { readonly kind: 'lines'; readonly label: string; readonly lines: readonly string[] };

/** A stack's whole pane. */
export interface Drawing {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** What to say when there are no rows. */
  readonly empty: string;
  /** Lines above the table: totals that concern all rows. */
  readonly head?: readonly Cell[];
}

/** A stack's line on the overview. */
export interface Summary {
  readonly tone: Tone;
  /** How much of it is there: `3/3 servers`. */
  readonly first: Cell;
  readonly second: Cell;
  readonly third: Cell;
}

/** Of a stack of which nothing could be read: a count of nothing would be taken for one. */
export const UNREAD_SUMMARY: Summary = {
  tone: 'unknown',
  first: { text: 'not read', tone: 'unknown' },
  second: { text: '' },
  third: { text: '' },
};

/** Something that runs on its own and ends: a resync, a recovery, a replication. */
export interface Running {
  readonly id: string;
  /** `resync r1  torchio → fiori`. */
  readonly title: string;
  /** 0 to 1, where known. */
  readonly share?: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  /** It makes no progress. */
  readonly stalled?: boolean;
}

/** A number whose history is kept and drawn as a sparkline. */
export interface Metric {
  /** `<stack>.<subject>.<what>`; unique. */
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly unit: 'bytes' | 'bytesPerSecond' | 'count' | 'share' | 'seconds';
}

/** What a stack shows. All functions are pure and see only `Now`. */
export interface Pane {
  readonly summary: (now: Now) => Summary;
  readonly draw: (now: Now) => Drawing;
  readonly running: (now: Now) => readonly Running[];
  readonly metrics: (now: Now) => readonly Metric[];
}

/** Which virtual machines a thing carries: `3 guests: mail, web-1 and web-2`; empty: none. */
export function guestsSay(guests: readonly string[]): string {
  if (guests.length === 0) return '';
  return `${count(guests.length, 'guest')}: ${clean(listed(guests, 12))}`;
}
