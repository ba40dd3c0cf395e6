import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../source/core/plan.js';
import { temporaryFolder } from '../support/cli.js';
import { sshdMissing, startSshd, type Sshd } from '../support/sshd.js';

const bin = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));
const LOCK = '/run/holdfast.lock';

/** The lock of a host is a folder in /run. */
function runMissing(): string | false {
  try {
    accessSync('/run', constants.W_OK);
    return false;
  } catch {
    if (process.env.CI === 'true') return false;
    const reason = '/run cannot be written: applying plans over real OpenSSH is not tested';
    process.stderr.write(`${reason}\n`);
    return reason;
  }
}

const skip = sshdMissing() || runMissing();
let sshd: Sshd;

before(async () => {
  if (skip === false) sshd = await startSshd();
});
after(async () => {
  if (skip === false) await sshd.stop();
});

const BEFORE = '# one\nkeep\n';
const AFTER = '# one\nkeep\nadded\n';

/** A folder with a plan: two folders to make, and between them a file whose checker can be held up. */
class Scene {
  readonly folder: string;
  readonly plan: string;

  constructor(t: TestContext) {
    this.folder = temporaryFolder(t);
    this.plan = this.at('plan.json');
    writeFileSync(this.at('file.conf'), BEFORE, { mode: 0o640 });
    const hosts = [{ name: 'box', address: '127.0.0.1' }];
    const config = { version: 1, clusters: { main: { hosts } } };
    writeFileSync(this.at('config.json'), JSON.stringify(config), { mode: 0o600 });
    writeFileSync(this.plan, JSON.stringify(this.#plan()));
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  start(...argv: readonly string[]): ChildProcess {
    const { folder } = this;
    const ways = ['--config', this.at('config.json'), '--ssh-config', sshd.sshConfigFile];
    return spawn(process.execPath, [bin, ...ways, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOLDFAST_STATE: folder, LANG: 'C.UTF-8' },
    });
  }

  async run(...argv: readonly string[]) {
    const child = this.start(...argv);
    let out = '';
    const add = (piece: Buffer) => void (out += piece.toString());
    child.stdout?.on('data', add);
    child.stderr?.on('data', add);
    const closing: unknown[] = await once(child, 'close');
    return { code: closing[0], out };
  }

  /** The checker says that it began, and waits until it is let go. */
  #plan(): Plan {
    const checker = 'echo > "$1/checking"; while [ ! -e "$1/go" ]; do sleep 0.02; done';
    const step = (id: string, kind: string, params: Plan['steps'][number]['params']) => {
      return { id, kind, host: 'box', params, needs: [] };
    };
    const edit = {
      path: this.at('file.conf'),
      before: BEFORE,
      after: AFTER,
      checker: ['sh', '-c', checker, 'sh', this.folder, '{}'],
    };
    return {
      schema: 1,
      id: 'p1',
      title: 'two folders and a file',
      cluster: 'main',
      origin: { kind: 'wizard', id: 'test', answers: null },
      madeAt: '2026-11-20T14:00:00Z',
      madeBy: 'me@here',
      steps: [
        step('s1', 'file.make-folder', { path: this.at('first') }),
        step('s2', 'file.edit', edit),
        step('s3', 'file.make-folder', { path: this.at('last') }),
      ],
      basis: [
        {
          host: 'box',
          says: 'the file has its lines',
          argv: ['wc', '-l', this.at('file.conf')],
          expect: `2 ${this.at('file.conf')}`,
        },
      ],
      confirmations: [],
      loses: [],
      putBack: 'all of it',
      warnings: [],
    };
  }
}

/** Waits for another process to bring something about. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) assert.fail(`in vain waited until ${what}`);
    await pause(10);
  }
}

test(
  'killed in the middle of a step on a real host and resumed, a run ends as if undisturbed; undo takes it back',
  { skip },
  async (t) => {
    const scene = new Scene(t);
    const file = scene.at('file.conf');
    const child = scene.start('apply', scene.plan, '--yes');
    const ended = once(child, 'close');
    await until(() => existsSync(scene.at('checking')), 'the file is being checked');
    child.kill('SIGKILL');
    await ended;
    assert.equal(readFileSync(file, 'utf8'), BEFORE);

    const broken = await scene.run('runs');
    const [, run = ''] = /^(\S+) .* broken off +1 of 3 steps/m.exec(broken.out) ?? [];
    assert.notEqual(run, '', broken.out);
    assert.match(readFileSync(join(LOCK, 'owner'), 'utf8'), new RegExp(run));
    const second = await scene.run('apply', scene.plan, '--yes');
    assert.equal(second.code, 2);
    assert.match(second.out, new RegExp(`is changing it since .* \\(run ${run}\\)`));

    // What the dead console had begun on the host comes to its end there.
    writeFileSync(scene.at('go'), '');
    await until(() => readFileSync(file, 'utf8') === AFTER, 'the file is written');
    const resumed = await scene.run('resume', run, '--yes');
    assert.equal(resumed.code, 0, resumed.out);
    assert.match(resumed.out, /step 2 of 3[^\n]*\n[^\n]*done\nstep 3 of 3/);
    assert.doesNotMatch(resumed.out, /step 1 of 3 {3}box {3}make the folder[^\n]*\n[^\n]*done/);
    assert.equal(readFileSync(file, 'utf8'), AFTER);
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.ok(existsSync(scene.at('first')) && existsSync(scene.at('last')));
    assert.equal(existsSync(LOCK), false);

    const undone = await scene.run('undo', run, '--yes');
    assert.equal(undone.code, 0, undone.out);
    assert.equal(readFileSync(file, 'utf8'), BEFORE);
    assert.equal(existsSync(scene.at('first')) || existsSync(scene.at('last')), false);
    assert.equal(existsSync(LOCK), false);
  },
);

test('Ctrl-C ends a run on a real host after the step that is under way', { skip }, async (t) => {
  const scene = new Scene(t);
  const child = scene.start('apply', scene.plan, '--yes');
  let err = '';
  child.stderr?.on('data', (piece: Buffer) => (err += piece.toString()));
  child.stdout?.resume();
  const ended = once(child, 'close');
  await until(() => existsSync(scene.at('checking')), 'the file is being checked');
  child.kill('SIGINT');
  await until(() => err.includes('Stopping after this step'), 'it has heard');
  writeFileSync(scene.at('go'), '');
  const closing: unknown[] = await ended;
  assert.equal(closing[0], 130, err);
  assert.match(err, /Stopped as asked\.\n2 of 3 steps done/);
  assert.equal(readFileSync(scene.at('file.conf'), 'utf8'), AFTER);
  assert.equal(existsSync(scene.at('last')), false);
  const [, run = ''] = /Run (\S+)/.exec(err) ?? [];
  assert.equal((await scene.run('undo', run, '--yes')).code, 0);
  assert.equal(readFileSync(scene.at('file.conf'), 'utf8'), BEFORE);
});
