import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ConsoleOptions } from '../../source/ui/index.js';
import { fakeParts, runCli, temporaryFolder } from '../support/cli.js';
import { FakeHost, fakeFinding, fakeProbe, fakeStack } from '../support/fleet.js';

const stack = fakeStack([fakeProbe('p', 'host')]);

function answering(): FakeHost {
  const host = new FakeHost();
  host.answers = { p: 'one' };
  return host;
}

test('the version and the help are fine', async () => {
  assert.deepEqual(await runCli(['--version']), { code: 0, out: '1.2.3\n', err: '' });
  const help = await runCli(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.out, /Exit codes: 0 fine/);
});

for (const [argv, said] of [
  [['stauts'], 'Did you mean status?'],
  [['--bogus'], "Unknown option '--bogus'"],
  [['hosts', 'lst'], "Unknown command 'lst'"],
  [['hosts'], 'Usage: holdfast hosts'],
  [['hosts', 'add'], "Missing required argument 'host'"],
  [['hosts', 'add', 'a', 'b'], 'Too many arguments'],
  [['hosts', 'add', 'a', '--become', 'magic'], 'Allowed choices are none, sudo, sudo-password'],
  [['status', '--timeout', 'soon'], '--timeout takes a number of seconds'],
  [['status', '--timeout', '0'], '--timeout takes a number of seconds'],
] as const) {
  test(`wrong use is said and ends with 64: holdfast ${argv.join(' ')}`, async () => {
    const { code, out, err } = await runCli(argv);
    assert.deepEqual([code, out], [64, '']);
    assert.ok(err.includes(said), err);
    assert.doesNotMatch(err, /\n\s+at /);
  });
}

test('hosts are added, listed and removed', async (t) => {
  const config = ['--config', join(temporaryFolder(t), 'config.json')];
  const add = (...more: string[]) =>
    runCli([...config, 'hosts', 'add', ...more], fakeParts({ stacks: [stack] }));
  assert.equal((await add('root@xs-1:2222', '--stack', 'fake')).code, 0);
  assert.equal(
    (await add('kvm-2', '--address', '10.0.0.2', '--user', 'adm', '--become', 'sudo')).code,
    0,
  );
  assert.equal((await add('--local', 'here')).code, 0);
  const list = await runCli([...config, 'hosts', 'list']);
  assert.equal(
    list.out,
    [
      'Cluster main',
      '',
      'NAME   TARGET          BECOME  STORAGE',
      'xs-1   root@xs-1:2222          fake',
      'kvm-2  adm@10.0.0.2    sudo',
      'here   this machine',
      '',
    ].join('\n'),
  );
  const twice = await add('xs-1');
  assert.equal(twice.code, 64);
  assert.match(twice.err, /has a host named xs-1 already/);
  const unknown = await runCli([...config, 'hosts', 'remove', 'xs-2']);
  assert.equal(unknown.code, 64);
  assert.match(unknown.err, /Did you mean xs-1/);
  assert.equal((await runCli([...config, 'hosts', 'remove', 'xs-1'])).code, 0);
  assert.doesNotMatch((await runCli([...config, 'hosts', 'list', '--json'])).out, /xs-1/);
});

test('what cannot be a host is refused with the reason, and nothing is written', async (t) => {
  const folder = temporaryFolder(t);
  const add = (...more: string[]) =>
    runCli(
      ['--config', join(folder, 'c.json'), 'hosts', 'add', ...more],
      fakeParts({ stacks: [stack] }),
    );
  for (const [argv, said] of [
    [['--', '-oProxyCommand=x'], /cannot begin with a dash/],
    [['a b'], /blanks/],
    [['xs-1:99999'], /is no port/],
    [['adm@xs-1', '--user', 'root'], /user is given twice: adm and root/],
    [['xs-1', '--stack', 'fkae'], /no storage system "fkae"\.\nDid you mean fake\?/],
    [['root@xs-1', '--local'], /--local is this machine/],
    [['xs-1', '--name', ''], /name is missing/],
  ] as const) {
    const { code, err } = await add(...argv);
    assert.equal(code, 64, argv.join(' '));
    assert.match(err, said);
  }
  assert.equal((await runCli(['--config', join(folder, 'c.json'), 'hosts', 'list'])).code, 64);
});

/** A configuration with these hosts. */
function configured(folder: string, clusters: Readonly<Record<string, readonly string[]>>): string {
  const file = join(folder, 'config.json');
  const entries = Object.entries(clusters).map(([name, hosts]) => [
    name,
    { hosts: hosts.map((host) => ({ name: host, address: host })) },
  ]);
  const clusterObject: unknown = Object.fromEntries(entries);
  const text = JSON.stringify({ version: 1, clusters: clusterObject });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

test('status of a cluster that is well ends with 0, as text and as JSON', async (t) => {
  const file = configured(temporaryFolder(t), { main: ['box'] });
  const parts = fakeParts({ hosts: { box: answering() }, stacks: [stack] });
  const text = await runCli(['--config', file, 'status'], parts);
  assert.deepEqual([text.code, text.err], [0, '']);
  assert.match(text.out, /1 of 1 host answers {3}no alert, no warning/);
  const json = await runCli(['--config', file, 'status', '--json'], parts);
  assert.equal(json.code, 0);
  assert.match(json.out, /"exit": 0/);
});

test('status ends with 2 for an alert, and in ASCII has nothing else', async (t) => {
  const file = configured(temporaryFolder(t), { main: ['box'] });
  const split = fakeFinding('SPLIT', { severity: 'alert', title: 'split → brain' });
  const parts = fakeParts({ hosts: { box: answering() }, stacks: [fakeStack([], () => [split])] });
  const { code, out } = await runCli(['--config', file, '--ascii', 'status'], parts);
  assert.equal(code, 2);
  assert.match(out, / {2}! split -> brain {3}it {3}alert/);
  assert.match(out, /^[\n\x20-\x7e]*$/);
  const cron = await runCli(['--config', file, 'status'], parts, { env: {} });
  assert.equal(cron.out.replace(/:\d\d:\d\d/, ''), out.replace(/:\d\d:\d\d/, ''));
});

test('a host that never answers costs no more than the time given', async (t) => {
  const file = configured(temporaryFolder(t), { main: ['box', 'never'] });
  const parts = fakeParts({ hosts: { box: answering() }, stacks: [stack] });
  const { code, out } = await runCli(['--config', file, 'status', '--timeout', '0.6'], parts);
  assert.equal(code, 2);
  assert.match(out, /1 of 2 hosts answer/);
  assert.match(out, /never.*no answer within/);
});

test('without hosts it is said how to add one and how to try the demo', async (t) => {
  const file = join(temporaryFolder(t), 'config.json');
  for (const argv of [[], ['status'], ['hosts', 'test'], ['hosts', 'list']]) {
    const { code, out, err } = await runCli(['--config', file, ...argv]);
    assert.deepEqual([code, out], [64, '']);
    assert.match(err, /holdfast hosts add [\s\S]*holdfast demo[\s\S]*config\.json\n$/);
  }
});

test('one of several clusters is named, and a wrong name is answered with the right ones', async (t) => {
  const file = configured(temporaryFolder(t), { lab: ['box'], prod: ['xs-1'] });
  const which = await runCli(['--config', file, 'hosts', 'list']);
  assert.equal(which.code, 64);
  assert.match(which.err, /Which cluster\? .*lab, prod/);
  const list = await runCli(['--config', file, '--cluster', 'prod', 'hosts', 'list']);
  assert.match(list.out, /xs-1/);
  const after = await runCli(['hosts', 'list', '--config', file, '--cluster', 'prod']);
  assert.deepEqual(after, list);
  const wrong = await runCli(['--config', file, '--cluster', 'pord', 'hosts', 'list']);
  assert.match(wrong.err, /no cluster "pord"\.\nDid you mean prod\?/);
});

test('on a terminal the console opens on the cluster, read-only where that is asked', async (t) => {
  const file = configured(temporaryFolder(t), { main: ['box'] });
  const starts: ConsoleOptions[] = [];
  const parts = fakeParts({
    hosts: { box: answering() },
    stacks: [stack],
    started: (s) => starts.push(s),
  });
  const env = { TERM: 'xterm', HOLDFAST_ASCII: '' };
  const argv = ['--config', file, '--read-only', '--ascii'];
  const { code } = await runCli(argv, parts, { tty: true, env });
  assert.equal(env.HOLDFAST_ASCII, '1');
  assert.equal(code, 0);
  const [start] = starts;
  assert.ok(start);
  assert.deepEqual([start.version, start.cluster, start.clusters], ['1.2.3', 'main', ['main']]);
  assert.deepEqual(start.shell('box'), { argv: ['ssh', 'box'] });
  assert.equal(start.changes?.leaving('r1'), 'Leaving is safe: `holdfast resume r1` goes on.');
  const watch = start.open('main');
  assert.equal(watch.store.getState().readOnly, true);
  watch.stop();
});

test('without a terminal, or on a dumb one, the report is printed instead of the console', async (t) => {
  const file = configured(temporaryFolder(t), { main: ['box'] });
  const parts = fakeParts({
    hosts: { box: answering() },
    stacks: [stack],
    started: () => assert.ok(false),
  });
  assert.match((await runCli(['--config', file], parts)).out, /1 of 1 host answers/);
  const env = { TERM: 'dumb', LANG: 'C.UTF-8' };
  const dumb = await runCli(['--config', file], parts, { tty: true, env });
  assert.match(dumb.out, /1 of 1 host answers/);
});

test('config path prints where the configuration is, and makes none', async (t) => {
  const file = join(temporaryFolder(t), 'mine');
  assert.deepEqual(await runCli(['--config', file, 'config', 'path']), {
    code: 0,
    out: `${file}\n`,
    err: '',
  });
  assert.throws(() => readFileSync(file));
});

test('a fault of our own ends with 70, a plain sentence and a file with the details', async () => {
  const { code, err } = await runCli(['demo']);
  assert.equal(code, 70);
  assert.match(err, /^Holdfast itself failed: no demo here\n.*please report it/);
  assert.doesNotMatch(err, /\n\s+at /);
  const file = /details for the report are in (\S+)/.exec(err)?.[1];
  assert.ok(file);
  assert.match(readFileSync(file, 'utf8'), /^Holdfast 1\.2\.3, Node v[\s\S]*\n\s+at /);
  rmSync(file);
  const debug = await runCli(['demo'], fakeParts({}), { env: { HOLDFAST_DEBUG: '1' } });
  assert.match(debug.err, /\n\s+at /);
});
