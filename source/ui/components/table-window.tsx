import { Box } from 'ink';
import { memo, type ReactElement } from 'react';
import { clean } from '../../core/text.js';
import type { TableWidget } from '../views/parts/frame.js';
import { Table } from '../ink-table.js';
import { TableCell, TableHead, TableRule } from './table-parts.js';

/** The visible lines of a small drawn table. */
export const TableWindow = memo(function TableWindow({
  table,
  from,
  height,
}: {
  readonly table: TableWidget;
  readonly from: number;
  readonly height: number;
}): ReactElement {
  const data = table.rows.map((cells) =>
    Object.fromEntries(table.columns.map(({ title }, at) => [title, clean(cells[at]?.text ?? '')])),
  );
  return (
    <Box height={height} overflow="hidden" flexShrink={0} marginLeft={1}>
      <Box marginTop={-from} height={table.height} flexShrink={0} flexDirection="column">
        <Table
          data={data}
          columns={table.columns.map(({ title }) => title)}
          header={TableHead}
          cell={TableCell}
          skeleton={TableRule}
        />
      </Box>
    </Box>
  );
});
