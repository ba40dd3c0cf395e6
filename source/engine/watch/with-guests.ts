import type { StorageGraph } from '../../core/graph.js';
import { guestsSay, type Details, type Row } from '../../core/pane.js';
import type { StackView } from './world.js';

/**
 * A stack's view whose rows, laid open, tell which virtual machines they carry. A stack sees its own
 * part of the storage; which guests stand on a DRBD resource only the joined graph knows.
 */
export function withGuests(view: StackView, graph: StorageGraph): StackView {
  const { drawing } = view;
  return { ...view, drawing: { ...drawing, rows: drawing.rows.map((row) => opened(row, graph)) } };
}

function opened(row: Row, graph: StorageGraph): Row {
  const { about } = row;
  if (!about) return row;
  return { ...row, details: () => told(row.details(), graph.guestsOn(about)) };
}

function told(details: Details, guests: readonly string[]): Details {
  if (guests.length === 0) return details;
  const rows = [{ label: 'carries', value: { text: guestsSay(guests) } }];
  return { ...details, blocks: [...details.blocks, { kind: 'facts', rows }] };
}
