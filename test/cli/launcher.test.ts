import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { temporaryFolder } from '../support/cli.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bin = join(root, 'bin', 'holdfast.js');

/** Runs the program as a user does, with nothing on its standard input. */
async function holdfast(argv: readonly string[], program = bin) {
  const child = spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  const ended: unknown[] = await once(child, 'close');
  return { code: ended[0], out, err };
}

test('the program says the version of its package', async () => {
  const { code, out } = await holdfast(['--version']);
  assert.equal(code, 0);
  assert.ok(
    readFileSync(join(root, 'package.json'), 'utf8').includes(`"version": "${out.trim()}"`),
  );
});

test('processes that add hosts at the same time lose none', async (t) => {
  const file = join(temporaryFolder(t), 'config.json');
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(names.map((name) => holdfast(['--config', file, 'hosts', 'add', name])));
  const text = readFileSync(file, 'utf8');
  for (const name of names) assert.ok(text.includes(`"name": "${name}"`), text);
});

test('a reader that goes away is passed over quietly', async () => {
  const child = spawn(process.execPath, [bin, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let err = '';
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  const ended: unknown[] = await once(child, 'close');
  assert.deepEqual([ended[0], err], [0, '']);
});

test('without a build it says how to make one', async (t) => {
  const folder = temporaryFolder(t);
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  const { code, err } = await holdfast([], join(folder, 'bin', 'holdfast.js'));
  assert.equal(code, 69);
  assert.match(err, /not built yet\. Run `npm run build`/);
});

/** The launcher under a Node of another version, as far as it asks for it. */
function launchOn(node: string) {
  const said: string[] = [];
  const process = { versions: { node }, exitCode: 0 };
  const required: string[] = [];
  runInNewContext(readFileSync(bin, 'utf8').replace(/^#!.*/, ''), {
    process,
    console: { error: (line: string) => said.push(line) },
    require: (name: string) => required.push(name),
  });
  return { said: said.join('\n'), code: process.exitCode, required };
}

test('a Node that is too old is told so, and nothing newer is read', () => {
  for (const node of ['8.17.0', '12.22.12', '18.20.0', '20.17.0']) {
    const { said, code, required } = launchOn(node);
    assert.match(said, new RegExp(`needs Node 20\\.18 or newer; this is Node ${node}`));
    assert.deepEqual([code, required], [69, []]);
  }
  for (const node of ['20.18.0', '22.1.0', '26.0.0']) {
    assert.deepEqual(launchOn(node), { said: '', code: 0, required: ['./start.js'] });
  }
});

test('the package holds what it needs to run, and no tests', async (t) => {
  const cache = temporaryFolder(t);
  writeFileSync(join(cache, 'npmrc'), '');
  const argv = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'];
  const npm = spawn('npm', argv, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, npm_config_cache: cache, npm_config_userconfig: join(cache, 'npmrc') },
  });
  let out = '';
  npm.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  await once(npm, 'close');
  for (const file of [
    'bin/holdfast.js',
    'bin/start.js',
    'bin/package.json',
    'build/source/main.js',
    'LICENSE',
  ]) {
    assert.ok(out.includes(`"path": "${file}"`), file);
  }
  assert.doesNotMatch(out, /"path": "(?:build\/)?test\//);
});
