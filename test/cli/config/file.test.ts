import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openConfig } from '../../../source/cli/config/file.js';
import { clusterOf, withHost, withoutHost } from '../../../source/cli/config/schema.js';
import { Stop } from '../../../source/cli/exit.js';
import { temporaryFolder } from '../../support/cli.js';
import { entry } from '../../support/fleet.js';

function open(t: TestContext, text?: string) {
  const folder = temporaryFolder(t);
  const file = join(folder, 'config.json');
  if (text !== undefined) writeFileSync(file, text, { mode: 0o600 });
  const said: string[] = [];
  const config = openConfig({ file, warn: (line) => said.push(line) });
  return { folder, file, said, config };
}

test('without a file nothing is configured, and no file is made by looking', async (t) => {
  const { config, folder } = open(t);
  assert.deepEqual(await config.load(), { version: 1, clusters: {} });
  assert.deepEqual(readdirSync(folder), []);
});

test('a host that was added is there, whole, in a file that only its owner reads', async (t) => {
  const { config, file, folder } = open(t);
  const host = { ...entry('xs-1'), user: 'root', port: 2222, stacks: ['drbd'] };
  await config.update((before) => withHost(before, 'main', host));
  assert.deepEqual(clusterOf(await config.load(), 'main'), {
    name: 'main',
    readOnly: false,
    neverTouch: [],
    hosts: [host],
  });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['config.json']);
  await config.update((before) => withoutHost(before, 'main', 'xs-1'));
  assert.deepEqual(clusterOf(await config.load(), 'main')?.hosts, []);
});

test('a change waits while another process holds the lock', async (t) => {
  const { file, config } = open(t);
  writeFileSync(`${file}.lock`, '');
  const change = config.update((before) => withHost(before, 'main', entry('xs-2')));
  // What the other process does meanwhile: it adds a host, and lets go.
  const cluster = { readOnly: false, hosts: [entry('xs-1')] };
  writeFileSync(file, JSON.stringify({ version: 1, clusters: { main: cluster } }));
  rmSync(`${file}.lock`);
  await change;
  const hosts = clusterOf(await config.load(), 'main')?.hosts.map(({ name }) => name);
  assert.deepEqual(hosts, ['xs-1', 'xs-2']);
});

test('a lock that a dead process left behind does not block for ever', async (t) => {
  const { file, config } = open(t);
  writeFileSync(`${file}.lock`, '');
  utimesSync(`${file}.lock`, 1, 1);
  await config.update((before) => withHost(before, 'main', entry('xs-1')));
  assert.equal(clusterOf(await config.load(), 'main')?.hosts.length, 1);
});

for (const [what, text] of [
  ['cut off in the middle', '{"version": 1, "clusters": {"ma'],
  ['empty', ''],
  ['not an object', '[1, 2]'],
  ['without a version', '{"clusters": {}}'],
  ['with a host that ssh would take for an option', hostWith({ address: '-oProxyCommand=x' })],
  ['with a host of an impossible port', hostWith({ port: 70_000 })],
  ['with two hosts of one name', twoHosts()],
] as const) {
  test(`a configuration ${what} is kept aside, said, and begun anew`, async (t) => {
    const { config, folder, said, file } = open(t, text);
    assert.deepEqual((await config.load()).clusters, {});
    const [aside] = readdirSync(folder).filter((name) => name.startsWith('config.json.bad-'));
    assert.ok(aside);
    assert.equal(readFileSync(join(folder, aside), 'utf8'), text);
    assert.ok(said.join('\n').includes(aside), said.join('\n'));
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { version: 1, clusters: {} });
    await config.load();
    assert.equal(said.length, 2);
  });
}

function hostWith(more: object): string {
  const hosts = [{ name: 'xs-1', address: 'xs-1', ...more }];
  return JSON.stringify({ version: 1, clusters: { main: { hosts } } });
}

function twoHosts(): string {
  const hosts = [entry('xs-1'), entry('xs-1')];
  return JSON.stringify({ version: 1, clusters: { main: { readOnly: false, hosts } } });
}

test('a configuration of a newer Holdfast is refused and stays as it is', async (t) => {
  const text = '{"version": 2, "groups": []}';
  const { config, file } = open(t, text);
  const refused = (error: unknown) => error instanceof Stop && error.code === 65;
  await assert.rejects(config.load(), refused);
  await assert.rejects(
    config.update((before) => before),
    refused,
  );
  assert.equal(readFileSync(file, 'utf8'), text);
});

test('keys that are not known stay in the file', async (t) => {
  const { config, file } = open(t, '{"version":1,"theme":"dark","clusters":{}}');
  await config.update((before) => withHost(before, 'main', entry('xs-1')));
  assert.match(readFileSync(file, 'utf8'), /"theme": "dark"/);
});

test('a file that others can read is tightened', async (t) => {
  const { config, file } = open(t, '{"version":1,"clusters":{}}');
  chmodSync(file, 0o644);
  await config.load();
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a recording may be a host, and its address is a folder', async (t) => {
  const { config, said } = open(t, hostWith({ via: 'recorded', address: 'drbd/healthy/fiori' }));
  assert.equal(clusterOf(await config.load(), 'main')?.hosts[0]?.address, 'drbd/healthy/fiori');
  assert.deepEqual(said, []);
});

test('a directory in the place of the file is an error with the reason, not a crash', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'config.json'));
  const file = join(folder, 'config.json');
  await assert.rejects(
    async () => openConfig({ file, warn: () => undefined }).load(),
    (error) => error instanceof Stop && error.code === 65 && error.message.includes('directory'),
  );
});

test('a look at what is configured now leaves a broken file alone, and guesses nothing', (t) => {
  const { config, folder, said } = open(t, '{"version": 1, "clusters": ');
  assert.throws(() => config.peek(), Stop);
  assert.deepEqual([readdirSync(folder), said], [['config.json'], []]);
});
