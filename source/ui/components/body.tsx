import { Fragment, type ReactElement } from 'react';
import { useDesk } from '../hooks/use-desk.js';
import type { Situation } from '../keys/situation.js';
import { paint, type Span } from '../theme/line.js';
import type { GridLine, PlacedLine, TableWidget } from '../views/parts/frame.js';
import { Grid, type GridRowCells } from './grid.js';
import { LineText } from './lines.js';
import { TableWindow } from './table-window.js';

/** Lines that are drawn alike: texts, or the visible part of one table. */
type Run =
  | { readonly kind: 'line'; readonly placed: PlacedLine }
  | { readonly kind: 'grid'; heading?: readonly Span[]; readonly rows: GridRowCells[] }
  | { readonly kind: 'table'; readonly table: TableWidget; readonly from: number; height: number };

/** What is in front. Only what is visible is mounted. */
export function Body({ situation }: { readonly situation: Situation }): ReactElement {
  const { theme } = useDesk();
  const { layout, scene } = situation;
  const width = scene.size.columns;
  return (
    <>
      {runsOf(layout.lines).map((run, at) => (
        <Fragment key={at}>
          {run.kind === 'grid' ? (
            <Grid key={run.heading ? 'titled' : 'bare'} heading={run.heading} rows={run.rows} />
          ) : run.kind === 'table' ? (
            <TableWindow table={run.table} from={run.from} height={run.height} />
          ) : (
            <LineText
              text={paint(theme, run.placed.extra ?? run.placed.line?.draw() ?? [], {
                width,
                selected: run.placed.selected,
              })}
            />
          )}
        </Fragment>
      ))}
    </>
  );
}

function runsOf(lines: readonly PlacedLine[]): readonly Run[] {
  const runs: Run[] = [];
  for (const placed of lines) {
    const widget = placed.line?.widget;
    const grid = placed.line?.grid;
    const last = runs.at(-1);
    if (grid) addGridLine(runs, grid, placed.selected);
    else if (!widget) runs.push({ kind: 'line', placed });
    else if (last?.kind === 'table' && last.table === widget.table) last.height += 1;
    else runs.push({ kind: 'table', table: widget.table, from: widget.line, height: 1 });
  }
  return runs;
}

function addGridLine(runs: Run[], { cells, isHeading }: GridLine, selected: boolean): void {
  const last = runs.at(-1);
  const run = last?.kind === 'grid' && isHeading !== true ? last : undefined;
  if (run) run.rows.push({ cells, selected });
  else if (isHeading === true) runs.push({ kind: 'grid', heading: cells, rows: [] });
  else runs.push({ kind: 'grid', rows: [{ cells, selected }] });
}
