import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseOfRecorded } from '../split-brain/support.js';

/** As the rows are drawn, without times. */
function rowsOf(blocks: Awaited<ReturnType<typeof caseOfRecorded>>['blocks']): readonly string[] {
  return blocks.flatMap((block) =>
    block.kind === 'table'
      ? block.rows.map((row) => `${row[0]?.text ?? ''}: ${row[3]?.text ?? ''}`)
      : [],
  );
}

test('what real machines kept of a comparison is listed to the last name, strange ones too', async () => {
  const found = await caseOfRecorded('compared-ext4', 'hfext');
  assert.equal(found.verdict, 'split brain');
  assert.deepEqual(rowsOf(found.blocks).toSorted(), [
    '/ blank : only there',
    '/both: size, time',
    '/mail/box/1: only there',
    '/same.img: rewritten',
    '/same: rights',
    '/two^Jlines: only there',
    '/web/gone: only there',
    '/web/new/: only there',
    '/web/new/up.jpg: only there',
  ]);
  const ways = found.ways.map(({ value }) => value);
  assert.ok(ways.includes('fiori:copy-files') && ways.includes('torchio:copy-files'), ways.join());
});

test('a comparison comes before the sides, which it is about', async () => {
  const { blocks } = await caseOfRecorded('compared-ext4', 'hfext');
  const [first, second, third] = blocks;
  assert.deepEqual([first?.kind, second?.kind, third?.kind], ['sides', 'table', 'sides']);
  assert.equal(first?.kind === 'sides' ? first.rows[0]?.label : '', 'compared at');
});
