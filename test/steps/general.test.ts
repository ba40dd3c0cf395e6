import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Host } from '../../source/core/host.js';
import type { Json } from '../../source/core/json.js';
import { StepKinds, type BoundStep } from '../../source/core/step.js';
import { generalSteps } from '../../source/steps/index.js';
import { localHost } from '../support/local-host.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-steps-'));
after(() => {
  rmSync(folder, { recursive: true });
});
const file = (name: string): string => join(folder, name);
const kinds = new StepKinds(generalSteps);

function step(kind: string, params: Json): BoundStep {
  const bound = kinds.bind({ kind, params });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

/** Says `up` where the file is there. */
function upIf(path: string): Json {
  return { argv: ['sh', '-c', 'test -e "$1" && echo up', 'sh', path], expect: 'up' };
}

async function run({ commands }: BoundStep, host: Host = localHost): Promise<void> {
  for (const command of commands) {
    const outcome = await host.run(command);
    assert.ok(outcome.kind === 'exited' && outcome.code === 0);
  }
}

test('a service action is done only when the host shows it, whatever it ended with', async () => {
  const lie = step('service.action', {
    action: 'start',
    service: 'box',
    argv: ['true'],
    shows: upIf(file('box')),
  });
  const not = { kind: 'notYet', says: 'it says nothing instead of "up"' };
  assert.deepEqual(await lie.check(localHost), not);
  await run(lie);
  assert.deepEqual(await lie.check(localHost), not);
  writeFileSync(file('box'), '');
  assert.deepEqual(await lie.check(localHost), { kind: 'done' });
  assert.deepEqual(lie.undo, { kind: 'nothing' });
  assert.ok(lie.wait);
});

test('a command is run, verified by a look, and taken back by its own undo', async () => {
  const touch = step('command.run', {
    title: 'make the thing',
    on: 'thing',
    argv: ['touch', file('thing')],
    effect: 'changes',
    shows: upIf(file('thing')),
    undo: { says: 'take it away', argv: ['rm', file('thing')] },
  });
  assert.equal((await touch.check(localHost)).kind, 'notYet');
  await run(touch);
  assert.deepEqual(await touch.check(localHost), { kind: 'done' });
  assert.ok(touch.undo.kind === 'commands');
  for (const command of touch.undo.commands) await localHost.run(command);
  assert.equal((await touch.check(localHost)).kind, 'notYet');
});

test('a command that destroys says what is lost and counts as destroying', () => {
  const wipe = step('command.run', {
    title: 'wipe',
    on: '/dev/sdx',
    argv: ['wipefs', '-a', '/dev/sdx'],
    effect: 'destroys',
    loses: 'ext4 on /dev/sdx',
    shows: { argv: ['true'], expect: '' },
  });
  assert.equal(wipe.effect, 'destroys');
  assert.equal(wipe.telling.loses, 'ext4 on /dev/sdx');
});

test('a wait changes nothing, and tells what the host says until it is over', async () => {
  writeFileSync(file('state'), 'Connecting\n');
  const shows = { argv: ['cat', file('state')], expect: 'Connected' };
  const wait = step('wait.until', { title: 'wait for the peer', on: 'r0', shows });
  assert.equal(wait.effect, 'reads');
  assert.deepEqual(wait.commands, []);
  assert.deepEqual(await wait.check(localHost), {
    kind: 'notYet',
    says: 'it says "Connecting" instead of "Connected"',
  });
  assert.deepEqual(await wait.wait?.progress(localHost), { says: 'it says Connecting' });
  writeFileSync(file('state'), 'Connected\n');
  assert.deepEqual(await wait.check(localHost), { kind: 'done' });
});

test('a look that cannot be made is no answer', async () => {
  const gone: Host = {
    name: 'gone',
    run: () => Promise.resolve({ kind: 'unreachable', reason: 'no route' }),
  };
  const wait = step('wait.until', { title: 'w', on: 'x', shows: { argv: ['x'], expect: '' } });
  assert.deepEqual(await wait.check(gone), { kind: 'cannotTell', because: 'no route' });
});

test('once an edit is undone, who must let go of what it named is told', () => {
  const edit = step('file.edit', {
    path: '/etc/mfs/mfshdd.cfg',
    before: '',
    after: '/mnt/a\n',
    afterUndo: ['mfschunkserver', 'reload'],
  });
  assert.ok(edit.undo.kind === 'commands');
  assert.deepEqual(edit.undo.commands.at(-1)?.argv, ['mfschunkserver', 'reload']);
});

test('a step that runs what a plan says touches every device that it names, in a script and in its undo', () => {
  const shows = { argv: ['true'], expect: '' };
  const paths = (kind: string, params: Json): readonly string[] =>
    step(kind, params).touches.map((touch) =>
      touch.kind === 'overwrites' ? touch.path : touch.kind,
    );
  const title = { title: 'x', on: 'y', effect: 'changes', shows };
  const script = 'wipefs -a "/dev/sda"; dd if=/dev/zero of=/dev/disk/by-id/ata-X_1';
  assert.deepEqual(paths('command.run', { ...title, argv: ['sh', '-c', script] }), [
    '/dev/sda',
    '/dev/zero',
    '/dev/disk/by-id/ata-X_1',
  ]);
  const undo = { says: 'back', argv: ['pvremove', '/dev/sdb'] };
  assert.deepEqual(paths('command.run', { ...title, argv: ['pvcreate', '/dev/sdb'], undo }), [
    '/dev/sdb',
  ]);
  const service = { action: 'start', service: 's', shows, argv: ['mkfs.ext4', '/dev/sdc'] };
  assert.deepEqual(paths('service.action', service), ['/dev/sdc']);
  const edit = { path: '/dev/sdd', before: null, after: '', afterUndo: ['wipefs', '/dev/sde'] };
  assert.deepEqual(paths('file.edit', edit), ['/dev/sdd', '/dev/sde']);
  assert.deepEqual(
    paths('file.edit', { path: '/etc/fstab', before: null, after: '/dev/sda / ext4' }),
    [],
  );
});
