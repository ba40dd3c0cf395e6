import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { FailureError } from '../../source/core/failure.js';
import { JournalFolder } from '../../source/engine/run/journal-file.js';
import {
  GivenSecrets,
  secretlessJournal,
  remembering,
} from '../../source/engine/run/given-secrets.js';
import { temporaryFolder } from '../support/cli.js';
import { begin, markPlan } from '../support/mark-host.js';

const AT = '2026-11-20T14:00:02Z';
const [begun] = begin(markPlan(['box/a']));

async function opened(t: TestContext) {
  const folder = new JournalFolder(join(temporaryFolder(t), 'state', 'runs'));
  const journal = await folder.open('r1');
  assert.ok(begun);
  await journal.write(begun);
  return { folder, journal, file: join(folder.folder, 'r1.jsonl') };
}

test('a journal is for its owner alone', async (t) => {
  const { folder, journal, file } = await opened(t);
  assert.equal(statSync(folder.folder).mode & 0o777, 0o700);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await journal.close();
  assert.deepEqual(readdirSync(folder.folder), ['r1.jsonl']);
});

test('a line torn by a crash swallows nothing that is written after it', async (t) => {
  const { folder, journal, file } = await opened(t);
  await journal.close();
  appendFileSync(file, '{"at":"2026-11-20T14:00:01Z","kind":"star');
  const again = await folder.open('r1');
  await again.write({ at: AT, kind: 'starting', step: 'box/a' });
  await again.close();
  const state = await folder.read('r1');
  assert.deepEqual(state?.steps.get('box/a'), { kind: 'begun' });
});

test('a run is carried out by one process at a time', async (t) => {
  const { folder, journal } = await opened(t);
  assert.equal(await folder.isRunning('r1'), true);
  await assert.rejects(folder.open('r1'), (error) => {
    assert.ok(error instanceof FailureError);
    assert.match(error.failure.what, /run r1 is being carried out already/);
    return true;
  });
  await journal.close();
  assert.equal(await folder.isRunning('r1'), false);
  await (await folder.open('r1')).close();
});

test('what a process that died had claimed is taken over, what another machine claims is not', async (t) => {
  const { folder, journal } = await opened(t);
  await journal.close();
  const claim = join(folder.folder, 'r1.claim');
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(claim, `${pid} ${hostname()}\n`);
  assert.equal(await folder.isRunning('r1'), false);
  await (await folder.open('r1')).close();
  writeFileSync(claim, `${pid} another-machine\n`);
  await assert.rejects(folder.open('r1'), FailureError);
});

test('a secret that a tool repeats is not written down, and a plan with one is refused', async (t) => {
  const { journal, file } = await opened(t);
  const secrets = new GivenSecrets();
  const asker = remembering(
    { hostKey: () => Promise.resolve('refuse'), secret: () => Promise.resolve('hunter2x') },
    secrets,
  );
  await asker.secret({ host: 'box', kind: 'sudo', prompt: 'password', attempt: 0 });
  const secretless = secretlessJournal(journal, secrets);
  const because = 'sudo: hunter2x is wrong';
  await secretless.write({ at: AT, kind: 'failed', step: 'box/a', because });
  const line = 'login hunter2x';
  await secretless.write({ at: AT, kind: 'command', step: 'box/a', line, ended: 'exit 0' });
  const plan = { ...markPlan(['box/a']), putBack: 'the hunter2x' };
  await assert.rejects(
    secretless.write({ at: AT, kind: 'begun', run: 'r1', plan, by: 'me@here' }),
    /holds a secret/,
  );
  await secretless.close();
  const text = readFileSync(file, 'utf8');
  assert.doesNotMatch(text, /hunter2x/);
  assert.match(text, /sudo: ••• is wrong/);
});

test('a file that does not begin with a plan is named, not passed over', async (t) => {
  const { folder, journal } = await opened(t);
  await journal.close();
  const torn = join(folder.folder, 'r2.jsonl');
  writeFileSync(torn, '{"at":"2026-');
  assert.deepEqual(await folder.unreadable(), [torn]);
  assert.deepEqual(
    (await folder.all()).map(({ run }) => run),
    ['r1'],
  );
});

test("a run's name cannot lead out of the folder", async (t) => {
  const { folder, journal } = await opened(t);
  await journal.close();
  assert.equal(await folder.read('../runs/r1'), undefined);
});
