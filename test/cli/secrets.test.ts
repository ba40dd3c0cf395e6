import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { askSecrets, readSecrets } from '../../source/cli/plans/secrets.js';
import { nobody, type Asker } from '../../source/core/ask.js';
import type { Host } from '../../source/core/host.js';
import type { PlanSecret } from '../../source/core/secret.js';
import { localHost } from '../support/local-host.js';
import { MarkCli } from '../support/mark-cli.js';
import { markPlan, MarkHost } from '../support/mark-host.js';

const PASSWORD = 'correct-horse-battery';

/** A host whose marks and lock are made up, and whose files are real. */
class FileHost extends MarkHost {
  readonly argvs: string[] = [];
  readonly inner = new MarkHost('one');

  override readonly run: Host['run'] = (command) => {
    this.argvs.push(JSON.stringify(command.argv));
    const script = command.argv[2] ?? '';
    const isFile = script.includes('sha256sum');
    return isFile ? localHost.run(command) : this.inner.run(command);
  };
}

function prepared(t: TestContext) {
  const cli = new MarkCli(t);
  const host = new FileHost('one');
  cli.one = host;
  const target = cli.file('mfsmaster.cfg');
  const plan = {
    ...markPlan([]),
    basis: [],
    secrets: [{ name: 'admin', says: 'the admin password', from: 'asked' as const }],
    steps: [
      {
        id: 's1',
        kind: 'file.edit',
        host: 'one',
        needs: [],
        params: {
          path: target,
          before: null,
          after: 'A = 1\nADMIN_PASSWORD = <<secret:admin>>\n',
          mode: '600',
          secrets: { keys: ['ADMIN_PASSWORD'], form: 'equals' },
        },
      },
      { id: 's2', kind: 'test.mark', host: 'one', needs: ['s1'], params: { mark: 'a' } },
    ],
  };
  return { cli, host, target, plan: cli.write('plan.json', JSON.stringify(plan)) };
}

/** Every file of the run, as one text. */
function runFiles(cli: MarkCli): string {
  const folder = join(cli.folder, 'runs');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

test('a secret is nowhere but in the file it is for: not in argv, journal, run files or output', async (t) => {
  const { cli, host, target, plan } = prepared(t);
  const secrets = cli.write('secrets.yaml', `admin: ${PASSWORD}\n`);
  const { code, out, err } = await cli.run(['apply', plan, '--yes', '--secrets', secrets]);
  assert.equal(code, 0, err);
  assert.equal(readFileSync(target, 'utf8'), `A = 1\nADMIN_PASSWORD = ${PASSWORD}\n`);
  assert.equal(statSync(target).mode & 0o777, 0o600);
  for (const text of [out, err, runFiles(cli), host.argvs.join('\n')]) {
    assert.ok(!text.includes(PASSWORD));
  }
  assert.match(out, /Secrets, which the plan does not hold\n {2}the admin password: asked for/);
  assert.match(out, /\+ADMIN_PASSWORD = <<secret:admin>>/);
});

test('a run that stopped half way knows its secret when it is gone on with, and forgets it at its end', async (t) => {
  const { cli, host, target, plan } = prepared(t);
  const secrets = cli.write('secrets.yaml', `admin: ${PASSWORD}\n`);
  host.inner.fails.add('a');
  host.inner.lies.add('a');
  const stopped = await cli.run(['apply', plan, '--yes', '--secrets', secrets]);
  assert.equal(stopped.code, 2);
  const run = /Run (\S+)/.exec(stopped.err)?.[1] ?? '';
  const kept = join(cli.folder, 'runs', `${run}.secrets`);
  assert.equal(statSync(kept).mode & 0o777, 0o600);
  assert.ok(readFileSync(kept, 'utf8').includes(PASSWORD));
  host.inner.fails.clear();
  host.inner.lies.clear();
  const went = await cli.run(['resume', run, '--yes']);
  assert.equal(went.code, 0, went.err);
  assert.equal(existsSync(kept), false);
  const back = await cli.run(['undo', run, '--yes']);
  assert.equal(back.code, 0, back.err);
  assert.equal(existsSync(target), false);
  for (const text of [stopped.out, stopped.err, went.out, back.out, runFiles(cli)]) {
    assert.ok(!text.includes(PASSWORD));
  }
});

test('a run that failed is taken back, and forgets its secret then', async (t) => {
  const { cli, host, plan } = prepared(t);
  const secrets = cli.write('secrets.yaml', `admin: ${PASSWORD}\n`);
  host.inner.fails.add('a');
  host.inner.lies.add('a');
  const stopped = await cli.run(['apply', plan, '--yes', '--secrets', secrets]);
  const run = /Run (\S+)/.exec(stopped.err)?.[1] ?? '';
  assert.ok(runFiles(cli).includes(PASSWORD));
  assert.equal((await cli.run(['undo', run, '--yes'])).code, 0);
  assert.ok(!runFiles(cli).includes(PASSWORD));
});

test('without a terminal and without a file, what is missing is named and nothing is begun', async (t) => {
  const { cli, plan } = prepared(t);
  const { code, err } = await cli.run(['apply', plan, '--yes']);
  assert.equal(code, 64);
  assert.match(err, /admin {3}the admin password\n.*--secrets FILE/);
  assert.equal(existsSync(join(cli.folder, 'runs')), false);
});

test('a file of secrets that others may read is refused, and so are secrets that are not fit', async (t) => {
  const { cli } = prepared(t);
  const open = cli.write('open.yaml', `admin: ${PASSWORD}\n`);
  chmodSync(open, 0o640);
  await assert.rejects(readSecrets(open), /others may read or write it/);
  const short = cli.write('short.yaml', 'admin: abc\n');
  await assert.rejects(readSecrets(short), /admin: it is shorter than 6/);
  const torn = cli.write('torn.yaml', `admin: "${PASSWORD}\n`);
  await assert.rejects(readSecrets(torn), (error: Error) => !error.message.includes(PASSWORD));
});

test('on a terminal a secret is asked for twice, and again when the two are not alike', async () => {
  const answers = ['abc', PASSWORD, 'another-one', PASSWORD, PASSWORD];
  const asked: string[] = [];
  const asker: Asker = {
    ...nobody,
    secret: ({ host, prompt }) => {
      asked.push(`${host}: ${prompt}`);
      return Promise.resolve(answers.shift());
    },
  };
  const wanted: PlanSecret[] = [{ name: 'admin', says: 'the admin password', from: 'asked' }];
  const values = await askSecrets({ cluster: 'main' }, wanted, new Map(), asker);
  assert.equal(values.get('admin'), PASSWORD);
  assert.deepEqual(asked, [
    'main: the admin password',
    'main: the admin password (it is shorter than 6 characters)',
    'main: the admin password, again',
    'main: the admin password (the two were not alike)',
    'main: the admin password, again',
  ]);
});
