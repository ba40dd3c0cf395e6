import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from '../../source/core/host.js';
import type { BoundStep } from '../../source/core/step.js';
import { editFile } from '../../source/steps/edit-file.js';
import { localHost } from '../support/local-host.js';
import { shellHosts } from '../support/shells.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-edit-'));
const path = join(folder, 'my fstab');
after(() => {
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  for (const file of readdirSync(folder)) rmSync(join(folder, file), { recursive: true });
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

/** How much of the new text arrives before the link is cut: the host sees the end of its input. */
for (const [arrived, words] of [
  ['', 'nothing'],
  ['one\ntwo\n', 'a part'],
] as const) {
  test(`a text of which ${words} arrives before the link is cut never takes effect`, async () => {
    const edit = step();
    const [command] = edit.commands;
    assert.ok(command);
    const outcome = await localHost.run({ ...command, input: arrived });
    assert.ok(outcome.kind === 'exited' && outcome.code !== 0);
    assert.match(outcome.stderr, /did not arrive whole/);
    assert.deepEqual(readdirSync(folder), ['my fstab']);
    assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
    assert.deepEqual(await edit.check(localHost), { kind: 'notYet' });
  });
}

const hold = join(folder, 'hold');
const HELD = ['sh', '-c', 'echo > "$1/held.$$"; until [ -e "$1/go" ]; do sleep 0.01; done'];

/** An edit whose checker waits until it is let go. */
async function underWay(): Promise<{ edit: BoundStep; ended: Promise<{ code: number }> }> {
  const before = existsSync(hold) ? readdirSync(hold).length : 0;
  mkdirSync(hold, { recursive: true });
  const edit = step({ checker: [...HELD, 'sh', hold] });
  const ended = apply(edit);
  while (readdirSync(hold).length === before) await pause(5);
  return { edit, ended };
}

test('while an edit that was cut off is still under way, a look says so instead of no', async () => {
  const { edit, ended } = await underWay();
  const verdict = await edit.check(localHost);
  assert.ok(verdict.kind === 'cannotTell');
  assert.match(verdict.because, /still under way.*process \d+/);
  writeFileSync(join(hold, 'go'), '');
  assert.equal((await ended).code, 0);
  assert.deepEqual(await edit.check(localHost), { kind: 'done' });
});

test('two edits of one file at once do not meet: the file is whole, and is written once', async () => {
  const first = await underWay();
  const second = await underWay();
  writeFileSync(join(hold, 'go'), '');
  assert.deepEqual([(await first.ended).code, (await second.ended).code], [0, 0]);
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\nthree\n');
  assert.deepEqual(
    readdirSync(folder).filter((file) => file.includes('holdfast-new')),
    [],
  );
});

test('what another hand writes while the new text is checked is not written over', async () => {
  const { ended } = await underWay();
  writeFileSync(path, 'by another hand\n');
  writeFileSync(join(hold, 'go'), '');
  assert.equal((await ended).code, 75);
  assert.equal(readFileSync(path, 'utf8'), 'by another hand\n');
});

test('what an edit left behind when its host lost power is swept by the next one', async () => {
  const gone = spawn('true');
  await once(gone, 'close');
  writeFileSync(`${path}.holdfast-new.${gone.pid ?? 0}`, 'half of');
  const edit = step();
  assert.deepEqual(await edit.check(localHost), { kind: 'notYet' });
  assert.equal((await apply(edit)).code, 0);
  assert.equal(existsSync(`${path}.holdfast-new.${gone.pid ?? 0}`), false);
});

test('a file that is named by a link is edited where it lies, and the link stays', async () => {
  const link = join(folder, 'link');
  symlinkSync(path, link);
  const edit = step({ path: link });
  assert.equal((await apply(edit)).code, 0);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\nthree\n');
  assert.deepEqual(await edit.check(localHost), { kind: 'done' });
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

for (const { name, host } of shellHosts) {
  test(`a file is edited, refused, put back, made and taken away under ${name}`, async () => {
    const ran = async (commands: readonly Command[], input?: string) => {
      for (const command of commands) {
        const outcome = await host.run(input === undefined ? command : { ...command, input });
        assert.ok(outcome.kind === 'exited');
        if (outcome.code !== 0) return outcome.stderr.trim().split('\n').at(-1);
      }
      return 'well';
    };
    const edit = step({ checker: ['grep', '-q', 'two', '{}'] });
    assert.match((await ran(edit.commands, 'half')) ?? '', /did not arrive whole/);
    assert.equal(await ran(edit.commands), 'well');
    assert.deepEqual(await edit.check(host), { kind: 'done' });
    assert.equal(statSync(path).mode & 0o777, 0o640);
    assert.equal(await ran(edit.undo.kind === 'commands' ? edit.undo.commands : []), 'well');
    assert.deepEqual(await edit.check(host), { kind: 'notYet' });
    writeFileSync(path, 'by another hand');
    assert.match((await ran(edit.commands)) ?? '', /changed since the review/);
    rmSync(path);
    const made = step({ before: null, mode: '600' });
    assert.equal(await ran(made.commands), 'well');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(await ran(made.undo.kind === 'commands' ? made.undo.commands : []), 'well');
    assert.equal(existsSync(path), false);
  });
}
