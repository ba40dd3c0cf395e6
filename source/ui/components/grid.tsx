import { Text } from 'ink';
import { createContext, memo, useContext, type PropsWithChildren, type ReactElement } from 'react';
import { useDesk } from '../hooks/use-desk.js';
import { Table } from '../ink-table.js';
import type { Span } from '../theme/line.js';
import type { Theme } from '../theme/theme.js';

/** A visible row of a table. */
export interface GridRowCells {
  readonly cells: readonly Span[];
  readonly selected: boolean;
}

/**
 * ink-table draws a line between rows and knows no selection. Its lines are left out here, and each
 * value begins with a character that says which cell it is, so that the cell can be drawn as its
 * span is meant to look. That character is never drawn: the gap before a value is as wide.
 */
const FIRST = 0xe000;

/** The visible rows of a table, all cells as wide as their columns; its titles above them. */
export const Grid = memo(function Grid({
  heading,
  rows,
}: {
  readonly heading: readonly Span[] | undefined;
  readonly rows: readonly GridRowCells[];
}): ReactElement {
  const titles =
    heading ?? rows[0]?.cells.map(({ text }) => ({ text: ' '.repeat(text.length) })) ?? [];
  const all = [{ cells: titles, selected: false }, ...rows];
  const looks = all.flatMap(({ cells, selected }) =>
    cells.map((span, column) => ({ span, selected, first: column === 0 })),
  );
  const marked = (row: number): readonly string[] =>
    (all[row]?.cells ?? []).map(
      ({ text }, column) => String.fromCharCode(FIRST + row * titles.length + column) + text,
    );
  const columns = marked(0);
  const data = rows.map((_, at) => {
    const texts = marked(at + 1);
    return Object.fromEntries(columns.map((column, index) => [column, texts[index] ?? '']));
  });
  return (
    <Looks.Provider value={looks}>
      <Table
        data={data}
        columns={[...columns]}
        header={heading ? GridCell : Nothing}
        cell={GridCell}
        skeleton={Nothing}
      />
    </Looks.Provider>
  );
});

interface Look {
  readonly span: Span;
  readonly selected: boolean;
  readonly first: boolean;
}

/** How each cell looks. ink-table keeps the components that it was made with, so they ask here. */
const Looks = createContext<readonly Look[]>([]);

/** Draws a value as the span that its first character stands for; the blanks around it are kept. */
function GridCell({ children }: PropsWithChildren): ReactElement {
  const { theme } = useDesk();
  const looks = useContext(Looks);
  const given = typeof children === 'string' ? children : '';
  const look = looks[given.charCodeAt(1) - FIRST];
  return <Text>{look ? paintCell(theme, look) : given}</Text>;
}

function paintCell(theme: Theme, { span, selected, first }: Look): string {
  const text = theme.text(span.text);
  if (selected) return `\u001B[7m${first ? theme.glyphs.marker : ' '}${text} \u001B[27m`;
  const ink = span.as === undefined || text.trim() === '' ? undefined : theme.ink(span.as);
  return ink ? ` \u001B[${ink[0]}m${text}\u001B[${ink[1]}m ` : ` ${text} `;
}

/** The lines between the values are not drawn. */
function Nothing(): null {
  return null;
}
