import type { Block } from '../../../../core/pane.js';
import { bytes } from '../../../../core/units.js';
import type { Range } from '../../read/verify-log.js';
import { stretches } from '../../steps/verify.js';

/** Ranges that are shown; a broken disk can give thousands. */
const MOST_RANGES = 20;

/** Where they differ, as far as a log still knows. */
export function rangeBlock(ranges: readonly Range[]): readonly Block[] {
  if (ranges.length === 0) {
    const text = 'The kernel logs no longer tell where. A verify finds the places again.';
    return [{ kind: 'text', label: 'where', text }];
  }
  const more = ranges.length > MOST_RANGES ? `, the first ${MOST_RANGES}` : '';
  return [
    {
      kind: 'table',
      label: `where (${stretches(ranges.length)}${more})`,
      columns: [
        { title: 'device', min: 10 },
        { title: 'from byte', min: 14, align: 'right' },
        { title: '4 KiB block', min: 12, align: 'right' },
        { title: 'long', min: 10, align: 'right' },
      ],
      rows: ranges
        .slice(0, MOST_RANGES)
        .map(({ minor, start, bytes: long }) => [
          { text: minor === null ? 'not known' : `/dev/drbd${minor}` },
          { text: String(start) },
          { text: String(Math.floor(start / 4096)) },
          { text: bytes(long) },
        ]),
    },
  ];
}
