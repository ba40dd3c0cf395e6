import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import type { Host } from '../../../source/core/host.js';
import type { Json } from '../../../source/core/json.js';
import { StepKinds, type BoundStep, type Verdict } from '../../../source/core/step.js';
import { DATABASE } from '../../../source/stacks/imgstorage/roll.js';
import { steps } from '../../../source/stacks/imgstorage/steps/index.js';
import { localHost } from '../../support/local-host.js';

const folder = mkdtempSync(join(tmpdir(), 'hf-rows-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'img_storage.db');
const kinds = new StepKinds(steps);

/** Whether a program is on this machine. */
function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const skip = has('sqlite3') && has('python3') ? false : 'sqlite3 or python3 is not installed';
if (skip !== false) console.error(`SKIPPED rows of the roll’s database: ${skip}`);

const MADE = `
CREATE TABLE zvol_calls(zvol TEXT PRIMARY KEY NOT NULL, reply_to TEXT NOT NULL, time INT NOT NULL);
CREATE TABLE zvols(zvol TEXT PRIMARY KEY NOT NULL, zpool TEXT, iscsi_target TEXT UNIQUE, remotehost TEXT, remotepool TEXT, sync BOOLEAN);
CREATE TABLE sync_queue(zvol TEXT PRIMARY KEY NOT NULL, zpool TEXT NOT NULL, is_sending BOOLEAN, time INT);
INSERT INTO zvol_calls VALUES('vol1','amq.gen-1',1409872201.9437);
INSERT INTO zvol_calls VALUES('vol2','amq.gen-2',1409872205.1);
INSERT INTO zvols VALUES('vol1','tank','iqn.x','compute-0-1','tank',1);
INSERT INTO zvols VALUES('vol2','tank','iqn.y','compute-0-1','tank',1);
`;

function sql(text: string): string {
  return execFileSync('sqlite3', [file, text], { encoding: 'utf8' });
}

beforeEach(() => {
  rmSync(file, { force: true });
  if (skip === false) sql(MADE);
});

/** A PATH on which the statements are run by sqlite3, or, without it, by Python. */
function hostWith(how: 'sqlite3' | 'python'): Host {
  const bin = join(folder, how);
  if (how === 'python') {
    mkdirSync(bin, { recursive: true });
    for (const name of ['sh', 'env', 'cat']) link(name, join(bin, name));
    // What is on the PATH may be a shim that needs more than these.
    const print = ['-c', 'import sys; print(sys.executable)'];
    const python = execFileSync('python3', print, { encoding: 'utf8' }).trim();
    writeFileSync(join(bin, 'python3'), `#!/bin/sh\nexec ${python} "$@"\n`);
    chmodSync(join(bin, 'python3'), 0o755);
  }
  const words = how === 'python' ? ['env', `PATH=${bin}`] : [];
  return {
    name: 'nas-0-0',
    run: (command, signal) =>
      localHost.run(
        {
          ...command,
          argv: [...words, ...command.argv].map((word) => word.replaceAll(DATABASE, file)),
        },
        signal,
      ),
  };
}

function path(program: string): string {
  return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}

function link(program: string, to: string): void {
  rmSync(to, { force: true });
  symlinkSync(path(program), to);
}

function bind(params: Json): BoundStep {
  const bound = kinds.bind({ kind: 'imgstorage.change-row', params });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

async function perform(host: Host, step: Pick<BoundStep, 'commands'>): Promise<void> {
  for (const command of step.commands) {
    const outcome = await host.run(command);
    assert.equal(outcome.kind === 'exited' ? outcome.stderr : outcome.reason, '');
  }
}

async function undo(host: Host, step: BoundStep): Promise<void> {
  assert.ok(step.undo.kind === 'commands');
  await perform(host, step.undo);
}

function because(verdict: Verdict): string {
  return 'because' in verdict ? verdict.because : verdict.kind;
}

const LOCK = {
  ...{ title: 'release the lock', table: 'zvol_calls', zvol: 'vol1' },
  ...{ before: { reply_to: 'amq.gen-1', time: 1409872201.9437 }, after: null },
};

for (const how of ['sqlite3', 'python'] as const) {
  test(
    `by ${how}: a lock is released under its own name, and comes back by undo`,
    { skip },
    async () => {
      const host = hostWith(how);
      const step = bind(LOCK);
      assert.equal((await step.check(host)).kind, 'notYet');
      await perform(host, step);
      assert.equal((await step.check(host)).kind, 'done');
      assert.equal(sql('SELECT zvol FROM zvol_calls'), 'vol2\n', 'another’s lock was released');
      await undo(host, step);
      assert.equal(
        sql("SELECT reply_to, time FROM zvol_calls WHERE zvol = 'vol1'"),
        'amq.gen-1|1409872201.9437\n',
      );
    },
  );

  test(
    `by ${how}: a row is unmapped, what is NULL stays NULL, and the neighbour’s row is not touched`,
    { skip },
    async () => {
      const host = hostWith(how);
      const row = { zpool: 'tank', remotepool: 'tank', sync: 1 };
      const step = bind({
        ...{ title: 'say that it is not mapped', table: 'zvols', zvol: 'vol1' },
        before: { ...row, iscsi_target: 'iqn.x', remotehost: 'compute-0-1' },
        after: { ...row, iscsi_target: null, remotehost: null, remotepool: null },
      });
      await perform(host, step);
      assert.equal((await step.check(host)).kind, 'done');
      const rest = "SELECT zvol, ifnull(iscsi_target, '-'), ifnull(remotehost, '-') FROM zvols";
      assert.equal(sql(rest), 'vol1|-|-\nvol2|iqn.y|compute-0-1\n');
      await undo(host, step);
      assert.equal(sql(rest), 'vol1|iqn.x|compute-0-1\nvol2|iqn.y|compute-0-1\n');
    },
  );
}

test(
  'a row that the roll changed since the review is refused, and left as it is',
  { skip },
  async () => {
    const host = hostWith('sqlite3');
    const step = bind(LOCK);
    sql("UPDATE zvol_calls SET reply_to = 'amq.gen-9' WHERE zvol = 'vol1'");
    assert.match(because(await step.check(host)), /is another by now: the roll changed it/);
    await perform(host, step);
    assert.equal(sql("SELECT reply_to FROM zvol_calls WHERE zvol = 'vol1'"), 'amq.gen-9\n');
  },
);

test('a lock that another took first is not overwritten', { skip }, async () => {
  const host = hostWith('sqlite3');
  const step = bind({ ...LOCK, before: null, after: { reply_to: 'holdfast-1', time: 5 } });
  assert.match(because(await step.check(host)), /the row of vol1 in zvol_calls is there by now/);
  await perform(host, step);
  assert.equal(sql("SELECT reply_to FROM zvol_calls WHERE zvol = 'vol1'"), 'amq.gen-1\n');
});

test('a database that a daemon writes to is waited for', { skip }, async () => {
  const host = hostWith('sqlite3');
  const hold = localHost.run({
    argv: [
      'sh',
      '-c',
      '{ echo "BEGIN IMMEDIATE;"; touch "$1.held"; sleep 1; echo "COMMIT;"; } | sqlite3 "$1"',
      'sh',
      file,
    ],
    ...{ effect: 'changes', deadline: 20_000 },
  });
  await localHost.run({
    argv: ['sh', '-c', 'until [ -e "$1.held" ]; do sleep 0.05; done; sleep 0.2', 'sh', file],
    ...{ effect: 'reads', deadline: 20_000 },
  });
  const step = bind(LOCK);
  await perform(host, step);
  assert.equal((await step.check(host)).kind, 'done');
  await hold;
});

test(
  'a database that is not there, or is none, is not taken for one without the row',
  { skip },
  async () => {
    const host = hostWith('sqlite3');
    writeFileSync(file, 'no database at all, but long enough to look like one'.repeat(30));
    assert.equal((await bind(LOCK).check(host)).kind, 'cannotTell');
    rmSync(file);
    assert.match(because(await bind(LOCK).check(host)), /there is no .*img_storage\.db/);
  },
);

test(
  'a name with a quote is no name of an image, and a quote in a value stays a quote',
  { skip },
  async () => {
    for (const zvol of ["x'; DROP TABLE zvols; --", 'a b', '../x', 'tank/vol1', '']) {
      assert.equal(
        kinds.bind({ kind: 'imgstorage.change-row', params: { ...LOCK, zvol } }).ok,
        false,
      );
    }
    const table = kinds.bind({
      kind: 'imgstorage.change-row',
      params: { ...LOCK, table: 'globals' },
    });
    assert.equal(table.ok, false);
    const host = hostWith('sqlite3');
    const odd = bind({ ...LOCK, after: { reply_to: "it's; DELETE FROM zvols;", time: 7 } });
    await perform(host, odd);
    assert.equal((await odd.check(host)).kind, 'done');
    assert.equal(sql('SELECT count(*) FROM zvols'), '2\n');
  },
);

test(
  'the daemon of a NAS is not restarted while another image is being copied',
  { skip },
  async () => {
    const bound = kinds.bind({
      kind: 'imgstorage.restart-daemon',
      params: { daemon: 'img-storage-nas', pid: null, zvol: 'vol1' },
    });
    assert.ok(bound.ok);
    const host = hostWith('sqlite3');
    assert.equal((await bound.step.check(host)).kind, 'notYet');
    sql("INSERT INTO sync_queue VALUES('vol2','tank',1,5)");
    assert.match(
      because(await bound.step.check(host)),
      /vol2 is being copied, and a restart would break/,
    );
  },
);

test('the whole database is kept as SQL before anything in it is changed', { skip }, async () => {
  const params = { stamp: '20261121-190000' };
  const bound = kinds.bind({ kind: 'imgstorage.keep-database', params });
  assert.ok(bound.ok);
  const host = hostWith('sqlite3');
  assert.equal((await bound.step.check(host)).kind, 'notYet');
  await perform(host, bound.step);
  assert.equal((await bound.step.check(host)).kind, 'done');
  const kept = `${file}.holdfast-20261121-190000.sql`;
  const again = execFileSync(
    'sh',
    [
      '-c',
      `sqlite3 "$1" <"$2" && sqlite3 "$1" 'SELECT count(*) FROM zvols'`,
      'sh',
      join(folder, 'again.db'),
      kept,
    ],
    { encoding: 'utf8' },
  );
  assert.equal(again, '2\n');
});
