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
import type { Command } from '../../source/core/host.js';
import type { Json } from '../../source/core/json.js';
import type { BoundStep } from '../../source/core/step.js';
import { withSecrets } from '../../source/engine/run/run-secrets.js';
import { editFile } from '../../source/steps/edit-file.js';
import { localHost } from '../support/local-host.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-edit-secrets-'));
const path = join(folder, 'mfsmaster.cfg');
after(() => {
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
});

const secrets = { keys: ['ADMIN_PASSWORD'], form: 'equals' };
const HIDDEN = 'ADMIN_PASSWORD = <<kept:ADMIN_PASSWORD:1>>\n';
const GIVEN = 'ADMIN_PASSWORD = <<secret:admin-password>>\n';
const box = withSecrets(localHost, new Map([['admin-password', 'correct-horse']]));

function step(before: string | null, after: string, more: Record<string, Json> = {}): BoundStep {
  const bound = editFile.bind({ path, before, after, mode: '600', secrets, ...more });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

async function run(commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    assert.doesNotMatch(JSON.stringify(command), /correct-horse|hunter2/);
    const outcome = await box.run(command);
    assert.ok(outcome.kind === 'exited' && outcome.code === 0, JSON.stringify(outcome));
  }
}

async function undo({ undo: back }: BoundStep): Promise<void> {
  assert.ok(back.kind === 'commands');
  await run(back.commands);
}

test('a new secret gets into a new file that nobody else can read, and out of it by undo', async () => {
  const edit = step(null, `PERSONALITY = master\n${GIVEN}`);
  assert.deepEqual(await edit.check(localHost), { kind: 'notYet' });
  await run(edit.commands);
  assert.equal(
    readFileSync(path, 'utf8'),
    'PERSONALITY = master\nADMIN_PASSWORD = correct-horse\n',
  );
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(await edit.check(localHost), { kind: 'done' });
  await undo(edit);
  assert.deepEqual(readdirSync(folder), []);
});

test('a secret that is there stays, without ever leaving the host, and the file is closed to others', async () => {
  writeFileSync(path, '# mine\nADMIN_PASSWORD = hunter2\n');
  chmodSync(path, 0o644);
  const edit = step(`# mine\n${HIDDEN}`, `# mine\nPERSONALITY = shadow\n${HIDDEN}`);
  await run(edit.commands);
  assert.equal(
    readFileSync(path, 'utf8'),
    '# mine\nPERSONALITY = shadow\nADMIN_PASSWORD = hunter2\n',
  );
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(await edit.check(localHost), { kind: 'done' });
  await undo(edit);
  assert.equal(readFileSync(path, 'utf8'), '# mine\nADMIN_PASSWORD = hunter2\n');
});

test('a file whose other lines another hand changed is refused; one whose secret changed is not', async () => {
  writeFileSync(path, '# mine\nADMIN_PASSWORD = changed-since\n');
  const edit = step(`# mine\n${HIDDEN}`, `PERSONALITY = shadow\n${HIDDEN}`);
  await run(edit.commands);
  assert.match(readFileSync(path, 'utf8'), /changed-since/);
  writeFileSync(path, '# theirs\nADMIN_PASSWORD = changed-since\n');
  assert.equal((await edit.check(localHost)).kind, 'refused');
});

test('a plan in which a secret stands, is replaced or is lost does not fit', () => {
  const refused = (before: string | null, after: string): string => {
    const bound = editFile.bind({ path, before, after, secrets });
    return bound.ok ? '' : bound.because;
  };
  assert.match(refused(null, 'ADMIN_PASSWORD = hunter2\n'), /neither kept nor given/);
  assert.match(refused('ADMIN_PASSWORD = hunter2\n', HIDDEN), /is not hidden/);
  assert.match(refused(HIDDEN, 'PERSONALITY = master\n'), /is not kept/);
  assert.match(refused(HIDDEN, GIVEN), /is not kept/);
  assert.match(refused(null, HIDDEN), /neither kept nor given/);
});

test('the review shows where the secret will be', () => {
  const { preview } = step('PERSONALITY = master\n', `PERSONALITY = master\n${GIVEN}`);
  assert.ok(preview.kind === 'diff');
  assert.ok(preview.lines.includes('+ADMIN_PASSWORD = <<secret:admin-password>>'));
});
