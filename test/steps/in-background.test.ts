import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import type { Host } from '../../source/core/host.js';
import { beginWork, lookAtWork, stopWork, type WorkNow } from '../../source/steps/in-background.js';

/** This machine; programs in `first` come before those of the system. */
function here(first = ''): Host {
  return {
    name: 'here',
    run: async ({ argv: [program = '', ...words] }) => {
      const env = first === '' ? {} : { PATH: `${first}:${process.env.PATH ?? ''}` };
      const { exitCode, stdout, stderr } = await execa(program, words, { reject: false, env });
      return { kind: 'exited', code: exitCode ?? 255, stdout, stderr };
    },
  };
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-work-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'work');
}

async function until(folder: string, state: WorkNow['state']): Promise<WorkNow> {
  for (;;) {
    const now = await lookAtWork(here(), folder);
    assert.ok(typeof now !== 'string', JSON.stringify(now));
    if (now.state === state) return now;
    assert.equal(now.state, 'runs');
    await pause(20);
  }
}

test('work goes on by itself, says how far it is, and how it ended', async (t) => {
  const folder = temporary(t);
  assert.deepEqual(await lookAtWork(here(), folder), { state: 'none', code: 0, last: '' });
  const go = join(folder, 'go');
  const script = 'echo half; while [ ! -e "$1" ]; do sleep 0.02; done; echo no room >&2; exit 3';
  const begin = beginWork(folder, ['sh', '-c', script, 'sh', go]);
  await here().run(begin);
  // Begun twice it runs once: the second would have forgotten how far the first is.
  await here().run(begin);
  assert.equal((await until(folder, 'runs')).state, 'runs');
  writeFileSync(go, '');
  assert.deepEqual(await until(folder, 'ended'), { state: 'ended', code: 3, last: 'no room' });
});

test('work that is stopped is gone with all that it kept', async (t) => {
  const folder = temporary(t);
  await here().run(beginWork(folder, ['sleep', '600']));
  await here().run(stopWork(folder));
  assert.deepEqual(await lookAtWork(here(), folder), { state: 'none', code: 0, last: '' });
});

test('work that ends between two looks of one question has ended, and was not broken off', async (t) => {
  const folder = temporary(t);
  const programs = `${folder}-programs`;
  mkdirSync(folder);
  mkdirSync(programs);
  for (const [name, text] of [
    ['pid', '1'],
    ['errors', ''],
    ['progress', ''],
  ] as const) {
    writeFileSync(join(folder, name), text);
  }
  // It ends as soon as somebody looks whether its process is there.
  writeFileSync(join(programs, 'grep'), `#!/bin/sh\necho 0 >${folder}/exit\nexit 1\n`);
  chmodSync(join(programs, 'grep'), 0o755);
  const now = await lookAtWork(here(programs), folder);
  assert.deepEqual(now, { state: 'ended', code: 0, last: '' });
});
