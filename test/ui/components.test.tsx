import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from 'ink-testing-library';
import { TableWindow } from '../../source/ui/components/table-window.js';

const table = {
  columns: [
    { title: 'path', min: 4 },
    { title: 'state', min: 5 },
  ],
  rows: [
    [{ text: '3:0:0:1' }, { text: 'active' }],
    [{ text: '4:0:0:1' }, { text: 'failed' }],
  ],
  height: 7,
};

test('a small table is drawn whole', () => {
  const { lastFrame, unmount } = render(<TableWindow table={table} from={0} height={7} />);
  const lines = (lastFrame() ?? '').replaceAll(/\u001B\[[0-9;]*m/g, '').split('\n');
  unmount();
  assert.equal(lines.length, 7);
  assert.equal(lines[0]?.trim(), '┌─────────┬────────┐');
  assert.equal(lines[5]?.trim(), '│ 4:0:0:1 │ failed │');
});

test('a small table shows the part that is in sight', () => {
  const { lastFrame, unmount } = render(<TableWindow table={table} from={3} height={2} />);
  const text = (lastFrame() ?? '').replaceAll(/\u001B\[[0-9;]*m/g, '');
  unmount();
  assert.match(text, /3:0:0:1/);
  assert.doesNotMatch(text, /path|4:0:0:1/);
});
