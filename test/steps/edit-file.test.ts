import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import type { BoundStep } from '../../source/core/step.js';
import { editFile } from '../../source/steps/edit-file.js';
import { localHost } from '../support/local-host.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-edit-'));
const path = join(folder, 'my fstab');
after(() => {
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
  writeFileSync(path, 'one\ntwo\n');
  chmodSync(path, 0o640);
});

function step(more: Record<string, string | null | string[]> = {}): BoundStep {
  const bound = editFile.bind({ path, before: 'one\ntwo\n', after: 'one\ntwo\nthree\n', ...more });
  assert.ok(bound.ok);
  return bound.step;
}

async function apply({ commands }: BoundStep): Promise<{ code: number; stderr: string }> {
  const [command] = commands;
  assert.ok(command);
  const outcome = await localHost.run(command);
  assert.ok(outcome.kind === 'exited');
  return outcome;
}

test('an edit keeps the mode, leaves a backup, and is then done', async () => {
  const edit = step();
  assert.deepEqual(await edit.check(localHost), { kind: 'notYet' });
  assert.equal((await apply(edit)).code, 0);
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\nthree\n');
  assert.equal(statSync(path).mode & 0o777, 0o640);
  const backup = readdirSync(folder).find((file) => file.startsWith('my fstab.holdfast-'));
  assert.equal(readFileSync(join(folder, backup ?? ''), 'utf8'), 'one\ntwo\n');
  assert.deepEqual(await edit.check(localHost), { kind: 'done' });
});

test('a file that another hand changed since the review is refused and left alone', async () => {
  writeFileSync(path, 'one\nby another hand\n');
  const edit = step();
  assert.equal((await edit.check(localHost)).kind, 'refused');
  assert.equal((await apply(edit)).code, 75);
  assert.equal(readFileSync(path, 'utf8'), 'one\nby another hand\n');
});

test('a text that its checker refuses never takes effect, and nothing is left behind', async () => {
  const edit = step({ checker: ['sh', '-c', 'grep -q four "$1"', 'sh', '{}'] });
  assert.notEqual((await apply(edit)).code, 0);
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
  assert.deepEqual(readdirSync(folder), ['my fstab']);
});

test('undo puts the file back as it was', async () => {
  const edit = step();
  await apply(edit);
  assert.ok(edit.undo.kind === 'commands');
  const [command] = edit.undo.commands;
  assert.ok(command);
  await localHost.run(command);
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
  assert.deepEqual(await edit.check(localHost), { kind: 'notYet' });
});

test('a new file has the mode that was asked for, and undo takes it away', async () => {
  rmSync(path);
  const edit = step({ before: null, mode: '600' });
  assert.equal((await apply(edit)).code, 0);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.ok(edit.undo.kind === 'commands');
  const [command] = edit.undo.commands;
  assert.ok(command);
  await localHost.run(command);
  assert.deepEqual(readdirSync(folder), []);
});

test('the review shows the lines that change', () => {
  const { preview, telling } = step();
  assert.equal(telling.title, 'my fstab  +1');
  assert.ok(preview.kind === 'diff');
  assert.deepEqual(
    preview.lines.filter((line) => line.startsWith('+')),
    ['+three'],
  );
});
