import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import type { Command } from '../../../source/core/host.js';
import type { BoundStep } from '../../../source/core/step.js';
import { withSecrets } from '../../../source/engine/run/run-secrets.js';
import { replaceSecret } from '../../../source/stacks/drbd/steps/replace-secret.js';
import { localHost } from '../../support/local-host.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-drbd-secret-'));
const path = join(folder, 'r0.res');
const kept = join(folder, 'r0.res.holdfast-20261121-160000');
after(() => {
  rmSync(folder, { recursive: true });
});

const OLD = 'net { shared-secret "old horse"; }\n';
const HIDDEN = 'net { shared-secret <<kept:shared-secret:1>>; }\n';
const NEW = 'net { shared-secret "<<secret:drbd>>"; }\n';
const box = withSecrets(localHost, new Map([['drbd', 'correct-horse']]));

beforeEach(() => {
  rmSync(kept, { force: true });
  writeFileSync(path, OLD);
});

function step(checker: readonly string[] = ['grep', '-q', 'shared-secret', '{}']): BoundStep {
  const params = { resource: 'r0', path, before: HIDDEN, after: NEW, kept, checker: [...checker] };
  const bound = replaceSecret.bind(params);
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

async function run(commands: readonly Command[]): Promise<number> {
  for (const command of commands) {
    assert.doesNotMatch(JSON.stringify(command), /horse/);
    const outcome = await box.run(command);
    assert.ok(outcome.kind === 'exited');
    if (outcome.code !== 0) return outcome.code;
  }
  return 0;
}

test('a secret is replaced by one that only the run knows, and the old file stays for its owner', async () => {
  const replaced = step();
  assert.deepEqual(await replaced.check(localHost), { kind: 'notYet' });
  assert.equal(await run(replaced.commands), 0);
  assert.deepEqual(await replaced.check(localHost), { kind: 'done' });
  assert.equal(readFileSync(path, 'utf8'), 'net { shared-secret "correct-horse"; }\n');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(readFileSync(kept, 'utf8'), OLD);
  assert.equal(statSync(kept).mode & 0o777, 0o600);
});

test('undo puts the old secret back, and once more changes nothing', async () => {
  const replaced = step();
  await run(replaced.commands);
  assert.ok(replaced.undo.kind === 'commands');
  for (let times = 0; times < 2; times += 1) {
    assert.equal(await run(replaced.undo.commands), 0);
    assert.equal(readFileSync(path, 'utf8'), OLD);
    assert.ok(!existsSync(kept));
  }
  assert.deepEqual(await replaced.check(localHost), { kind: 'notYet' });
});

test('killed between the two names it is not done, and is done by doing it again', async () => {
  const replaced = step();
  const outcome = await box.run({
    argv: ['ln', path, kept],
    effect: 'changes',
    deadline: 5000,
  });
  assert.ok(outcome.kind === 'exited' && outcome.code === 0);
  assert.deepEqual(await replaced.check(localHost), { kind: 'notYet' });
  assert.equal(await run(replaced.commands), 0);
  assert.deepEqual(await replaced.check(localHost), { kind: 'done' });
  assert.equal(readFileSync(kept, 'utf8'), OLD);
});

test('a text that its checker does not take has no effect', async () => {
  const replaced = step(['false', '{}']);
  assert.notEqual(await run(replaced.commands), 0);
  assert.equal(readFileSync(path, 'utf8'), OLD);
  assert.ok(!existsSync(kept));
  assert.deepEqual(await replaced.check(localHost), { kind: 'notYet' });
});

test('what another hand changed since the review is left alone', async () => {
  writeFileSync(path, 'net { verify-alg md5; shared-secret "old horse"; }\n');
  const replaced = step();
  assert.equal((await replaced.check(localHost)).kind, 'refused');
  assert.equal(await run(replaced.commands), 75);
});
