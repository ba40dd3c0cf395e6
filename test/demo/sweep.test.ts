import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { OWNED, sweep, whose } from '../../source/demo/server/sweep.js';
import { temporaryFolder } from '../support/cli.js';

const module = new URL('../../source/demo/index.js', import.meta.url);

/** A demo in a process of its own, once it runs. */
async function runDemo(folder: string): Promise<ChildProcess> {
  const script = `const { startDemo } = await import(${JSON.stringify(module.href)});
    await startDemo({ scenario: 'calm' }); console.log('up'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('what a killed demo leaves behind is gone when the next one begins', async (t) => {
  const folder = temporaryFolder(t);
  const killed = await runDemo(folder);
  const [left = ''] = readdirSync(folder);
  assert.ok(left.startsWith(`${OWNED}${killed.pid ?? 0}@`));
  await kill(killed);
  assert.deepEqual(readdirSync(folder), [left]);
  const next = await runDemo(folder);
  assert.equal(readdirSync(folder).length, 1);
  assert.notDeepEqual(readdirSync(folder), [left]);
  await kill(next);
});

test('folders of demos that run, of other machines and of anything else are left alone', (t) => {
  const folder = temporaryFolder(t);
  const stay = [
    `${OWNED}${process.pid}@${whose()}-aaaaaa`,
    `${OWNED}999999999@elsewhere-aaaaaa`,
    // A namespace of processes that shares this folder.
    `${OWNED}999999999@${hostname()}.1-aaaaaa`,
    `${OWNED}mine`,
    'other',
  ];
  for (const name of [...stay, `${OWNED}999999999@${whose()}-aaaaaa`]) {
    mkdirSync(join(folder, name));
  }
  sweep(folder);
  assert.deepEqual(readdirSync(folder).sort(), [...stay].sort());
});
