import type { Cell, Column } from '../../../core/pane.js';
import { tableHeight, tableWidth, fitsSmallTable } from '../../layout/small-table.js';
import type { Scene } from '../../scene.js';
import { still, type DocLine } from './frame.js';
import { drawCells, tableColumns, tableHeading } from './table.js';

/** A table within the details: a drawn one where it is small, else plain rows under their titles. */
export function tableBlock(
  scene: Scene,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): readonly DocLine[] {
  const { theme, size } = scene;
  if (
    theme.unicode &&
    fitsSmallTable(columns, rows) &&
    tableWidth(columns, rows) < size.columns - 3
  ) {
    const height = tableHeight(rows.length);
    const table = { columns, rows, height };
    return Array.from({ length: height }, (_, line) => ({
      draw: () => [],
      widget: { table, line },
    }));
  }
  const placed = tableColumns(columns, size.columns);
  return [
    still(tableHeading(theme, placed)),
    ...rows.map((cells): DocLine => ({
      draw: () => [{ text: '   ' }, ...drawCells(theme, placed, cells, { depth: 0, faint: false })],
    })),
  ];
}
