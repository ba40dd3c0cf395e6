import type { HostName } from '../../../core/host.js';
import type { Column, Cell } from '../../../core/pane.js';
import type { Opened, Place } from '../../state/ui-state.js';
import { scrolled, selectedIndex, type ListState } from '../../state/list.js';
import type { Line, Span } from '../../theme/line.js';

/** Where Enter leads. */
export type Target = Opened | { readonly kind: 'place'; readonly place: Place };

/** A table that a component draws as a whole. */
export interface TableWidget {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** How many lines it takes. */
  readonly height: number;
}

/** A line of a table of which only the visible rows are drawn: each cell is as wide as its column. */
export interface GridLine {
  readonly cells: readonly Span[];
  readonly isHeading?: boolean;
}

/** One line of a screen that may be longer than the terminal; drawn only when visible. */
export interface DocLine {
  /** What it can be selected by; lines without one are passed over. */
  readonly id?: string;
  readonly draw: () => Line;
  /** Lines that belong to it and are shown beneath while it is selected. */
  readonly more?: () => readonly Line[];
  readonly opens?: Target | undefined;
  /** What `y` copies. */
  readonly copy?: string;
  /** Where a shell would go. */
  readonly hosts?: readonly HostName[];
  /** The key of the problem it stands for. */
  readonly problem?: string;
  /** It is a row, or the titles, of a table whose lines are drawn together. */
  readonly grid?: GridLine;
  /** It is line `line` of this table. */
  readonly widget?: { readonly table: TableWidget; readonly line: number };
}

/** A screen's content: a head and a foot that stay, and between them a body that scrolls. */
export interface Frame {
  readonly head: readonly DocLine[];
  readonly body: readonly DocLine[];
  readonly foot: readonly DocLine[];
  /** What is selected as long as nobody has chosen. */
  readonly start?: string | undefined;
  /** Nothing can be selected: the keys scroll. */
  readonly scrolls?: boolean;
  /** What can be selected stands in the foot; the keys that go further scroll the body. */
  readonly reads?: boolean;
  /** How many lines the filter left of how many. */
  readonly matches?: { readonly shown: number; readonly of: number } | undefined;
  /** What `y` copies where no line has anything of its own. */
  readonly copy?: (() => string) | undefined;
}

/** A line in its place on the screen. */
export interface PlacedLine {
  readonly line: DocLine | undefined;
  /** One of the lines beneath the selected one. */
  readonly extra?: Line;
  readonly selected: boolean;
}

/** A frame cut to a height, with all that the keys need to know about it. */
export interface Layout {
  readonly lines: readonly PlacedLine[];
  readonly ids: readonly string[];
  /** Of the selected line, among the ids. */
  readonly index: number;
  readonly selected?: DocLine | undefined;
  /** The selected line's place among the selectable lines of the body, from 1; 0 if it is not there. */
  readonly place: { readonly at: number; readonly of: number };
  /** The first visible line of the body. */
  readonly top: number;
  /** The visible lines of the body, and all of them. */
  readonly height: number;
  readonly total: number;
  /** The body scrolls by itself: nothing in it is selected. */
  readonly reads: boolean;
  readonly frame: Frame;
}

/** The least lines that the body keeps; with fewer, the head and the foot scroll along. */
const LEAST_BODY = 5;

/** A line that only shows something. */
export function still(line: Line): DocLine {
  return { draw: () => line };
}

/** An empty line. */
export const blank: DocLine = still([]);

/** Cuts a frame to a height. */
export function layoutFrame(frame: Frame, list: ListState, height: number): Layout {
  const chosen = list.selected === undefined ? { ...list, ...started(frame) } : list;
  const allIds = [...frame.head, ...frame.body, ...frame.foot].flatMap(({ id }) => id ?? []);
  const mayBe = frame.scrolls === true ? undefined : allIds[selectedIndex(chosen, allIds)];
  const above = frame.head.flatMap((line) => placeLine(line, mayBe)).length;
  const most =
    height - above - (frame.reads === true ? leastRead(frame, height - above) : LEAST_BODY);
  const beneath = footOf(frame, mayBe, most);
  const around = above + beneath.length;
  const whole = around + LEAST_BODY > height;
  const head = whole ? [] : frame.head;
  const foot = whole ? [] : frame.foot;
  const shownFoot = whole ? [] : beneath;
  const body = whole ? [...frame.head, ...frame.body, ...frame.foot] : frame.body;
  const ids = [...head, ...body, ...foot].flatMap(({ id }) => id ?? []);
  const bodyIds = body.flatMap(({ id }) => id ?? []);
  const index = selectedIndex(chosen, ids);
  const selectedId = frame.scrolls === true ? undefined : ids[index];
  const placed = body.flatMap((line) => placeLine(line, selectedId));
  const room = Math.max(1, height - (whole ? 0 : around));
  const from = placed.findIndex(({ selected }) => selected);
  const to = from < 0 ? -1 : from + placed.filter(({ extra }) => extra !== undefined).length;
  const top = scrolled(
    list.top,
    { total: placed.length, height: room },
    from < 0 ? undefined : { from, to },
  );
  const visible = placed.slice(top, top + room);
  const filler = Array.from({ length: room - visible.length }, () => ({
    line: blank,
    selected: false,
  }));
  return {
    lines: [
      ...head.flatMap((line) => placeLine(line, selectedId)),
      ...visible,
      ...filler,
      ...shownFoot,
    ],
    ids,
    index,
    selected: [...head, ...body, ...foot].find(({ id }) => id !== undefined && id === selectedId),
    place: {
      at: selectedId === undefined ? 0 : bodyIds.indexOf(selectedId) + 1,
      of: bodyIds.length,
    },
    top,
    height: room,
    total: placed.length,
    reads: frame.scrolls === true || (frame.reads === true && !whole),
    frame,
  };
}

/** Of a frame that is read, what is to be read has half of the room, where there is as much of it. */
function leastRead({ body }: Frame, room: number): number {
  return Math.max(LEAST_BODY, Math.min(body.length, Math.floor(room / 2)));
}

/** A foot with less room than this scrolls with everything else. */
const LEAST_FOOT = 6;

/**
 * The foot's lines. Of a frame that is read, a foot that would leave no room to read shows what is
 * around the selected line, beneath its heading.
 */
function footOf(
  { foot, reads }: Frame,
  selectedId: string | undefined,
  most: number,
): readonly PlacedLine[] {
  const placed = foot.flatMap((line) => placeLine(line, selectedId));
  if (reads !== true || placed.length <= most || most < LEAST_FOOT) return placed;
  const first = placed.findIndex(({ line }) => line?.id !== undefined);
  const heading = placed.slice(0, Math.max(0, first));
  const rest = placed.slice(heading.length);
  const room = most - heading.length;
  const from = rest.findIndex(({ selected }) => selected);
  const to = from + rest.filter(({ extra }) => extra !== undefined).length;
  const top = scrolled(
    0,
    { total: rest.length, height: room },
    from < 0 ? undefined : { from, to },
  );
  return [...heading, ...rest.slice(top, top + room)];
}

function started(frame: Frame): { readonly selected?: string } {
  return frame.start === undefined ? {} : { selected: frame.start };
}

function placeLine(line: DocLine, selectedId: string | undefined): readonly PlacedLine[] {
  const selected = line.id !== undefined && line.id === selectedId;
  const extras = selected ? (line.more?.() ?? []) : [];
  return [
    { line, selected },
    ...extras.map((extra): PlacedLine => ({ line: undefined, extra, selected: false })),
  ];
}
