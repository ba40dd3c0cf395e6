import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Host } from '../../source/core/host.js';
import type { Json } from '../../source/core/json.js';
import { StepKinds, type BoundStep, type Verdict } from '../../source/core/step.js';
import { generalSteps } from '../../source/steps/index.js';
import { progressOf } from '../../source/steps/zfs/wait-copied.js';
import { FakeZfs } from '../support/fake-zfs.js';

const kinds = new StepKinds(generalSteps);
const zfs = new FakeZfs();
after(() => zfs.remove());
beforeEach(() => {
  zfs.set('here', ['tank|filesystem|1', 'tank/v|volume|10', 'tank/v@a|snapshot|11']);
  zfs.set('there', ['data|filesystem|2', 'data/v|volume|20', 'data/v@a|snapshot|11']);
});

function bind(kind: string, params: Json): BoundStep {
  const bound = kinds.bind({ kind, params });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

async function perform(host: Host, { commands }: BoundStep): Promise<string> {
  for (const command of commands) {
    const outcome = await host.run(command);
    if (outcome.kind !== 'exited') return outcome.kind;
    if (outcome.code !== 0) return outcome.stderr;
  }
  return '';
}

function because(verdict: Verdict): string {
  return 'because' in verdict ? verdict.because : verdict.kind;
}

const DESTROY = { volume: 'tank/v', guid: '10', snapshots: ['a'], loses: 'all of it' };

test('a pool, a snapshot and what is no plain name are never destroyed: they are no parameters', () => {
  for (const volume of ['tank', 'tank/', '/tank', 'tank/v@a', 'tank/a b', 'tank/v;reboot', '-r']) {
    const bound = kinds.bind({ kind: 'zfs.destroy-volume', params: { ...DESTROY, volume } });
    assert.equal(bound.ok, false, volume);
  }
});

test('a volume goes with the snapshots that were shown, one by one by full name and never by -r', async () => {
  const step = bind('zfs.destroy-volume', DESTROY);
  assert.deepEqual(step.preview.lines, ['zfs destroy tank/v@a', 'zfs destroy tank/v']);
  assert.equal(step.undo.kind, 'impossible');
  assert.equal((await step.check(zfs.here)).kind, 'notYet');
  assert.equal(await perform(zfs.here, step), '');
  assert.deepEqual(zfs.names('here'), ['tank']);
  assert.equal((await step.check(zfs.here)).kind, 'done');
  assert.equal(
    zfs.changes.some((line) => line.includes('-r')),
    false,
  );
});

test('a snapshot or a child that was not shown stops it, seen before and once more right before', async () => {
  const step = bind('zfs.destroy-volume', { ...DESTROY, snapshots: [] });
  assert.match(because(await step.check(zfs.here)), /tank\/v@a is there, which the review did not/);
  assert.match(await perform(zfs.here, step), /tank\/v@a was not shown in the review/);
  zfs.set('here', ['tank/v|volume|10', 'tank/v@a|snapshot|11', 'tank/v/child|volume|12']);
  const all = bind('zfs.destroy-volume', DESTROY);
  assert.match(because(await all.check(zfs.here)), /tank\/v\/child is there/);
  assert.match(await perform(zfs.here, all), /tank\/v\/child was not shown/);
  assert.equal(zfs.names('here').length, 3, 'something was destroyed');
});

test('a volume that was made anew under the same name is another one, and stays', async () => {
  zfs.set('here', ['tank/v|volume|99']);
  const step = bind('zfs.destroy-volume', { ...DESTROY, snapshots: [] });
  assert.match(because(await step.check(zfs.here)), /another volume by now/);
  assert.match(await perform(zfs.here, step), /another volume by now/);
  assert.deepEqual(zfs.names('here'), ['tank/v']);
});

test('a clone or a hold of any snapshot stops it before the first one is gone', async () => {
  const snapshots = ['tank/v@a|snapshot|11', 'tank/v@b|snapshot|12'];
  const step = bind('zfs.destroy-volume', { ...DESTROY, snapshots: ['a', 'b'] });
  const bound = [
    [`${snapshots[1] ?? ''}|tank/other`, /tank\/other stands on tank\/v@b, as a clone/],
    [`${snapshots[1] ?? ''}||2`, /tank\/v@b is held: `zfs holds`/],
  ] as const;
  for (const [line, says] of bound) {
    zfs.set('here', ['tank/v|volume|10', snapshots[0] ?? '', line]);
    assert.match(because(await step.check(zfs.here)), says);
    assert.match(await perform(zfs.here, step), /tank\/v@b is bound/);
    assert.equal(zfs.names('here').length, 3, 'the first snapshot was destroyed');
  }
});

test('a volume that is receiving a copy is neither destroyed nor renamed nor received into', async () => {
  zfs.set('here', ['tank/v|volume|10|4096', 'tank/v@a|snapshot|11']);
  const rename = { from: 'tank/v', to: 'tank/v-kept', guid: '10' };
  const steps = [
    bind('zfs.destroy-volume', DESTROY),
    bind('zfs.rename-volume', rename),
    bind('zfs.copy', copyParams()),
  ];
  for (const step of steps) {
    assert.match(because(await step.check(zfs.here)), /^tank\/v is receiving a copy$/);
  }
});

test('killed between the snapshot and the volume it goes on with the volume', async () => {
  zfs.set('here', ['tank/v|volume|10', 'tank/v@a|snapshot|11', 'tank/v@b|snapshot|12']);
  const step = bind('zfs.destroy-volume', { ...DESTROY, snapshots: ['a', 'b'] });
  zfs.mark('die');
  await perform(zfs.here, step);
  assert.equal(zfs.names('here').length, 3, 'it had to die at the first one');
  zfs.set('here', ['tank/v|volume|10', 'tank/v@b|snapshot|12']);
  assert.equal((await step.check(zfs.here)).kind, 'notYet');
  assert.equal(await perform(zfs.here, step), '');
  assert.deepEqual(zfs.names('here'), []);
});

test('what zfs cannot tell is not taken for gone', async () => {
  const mute: Host = {
    name: 'here',
    run: () =>
      Promise.resolve({
        ...{ kind: 'exited', code: 1, stdout: '' },
        stderr: 'The ZFS modules are not loaded.\n',
      }),
  };
  const verdict = await bind('zfs.destroy-volume', DESTROY).check(mute);
  assert.deepEqual(verdict, { kind: 'cannotTell', because: 'The ZFS modules are not loaded.' });
});

test('a volume is set aside under another name of its pool, and gets its name back by undo', async () => {
  const params = { from: 'tank/v', to: 'tank/v-kept', guid: '10' };
  const step = bind('zfs.rename-volume', params);
  assert.equal((await step.check(zfs.here)).kind, 'notYet');
  await perform(zfs.here, step);
  assert.deepEqual(zfs.names('here'), ['tank', 'tank/v-kept', 'tank/v-kept@a']);
  assert.equal((await step.check(zfs.here)).kind, 'done');
  assert.ok(step.undo.kind === 'commands');
  for (const command of step.undo.commands) await zfs.here.run(command);
  assert.deepEqual(zfs.names('here'), ['tank', 'tank/v', 'tank/v@a']);
  const elsewhere = { ...params, to: 'other/v' };
  assert.equal(kinds.bind({ kind: 'zfs.rename-volume', params: elsewhere }).ok, false);
  zfs.set('here', ['tank/v|volume|10', 'tank/v-kept|volume|77']);
  assert.match(because(await step.check(zfs.here)), /there is another tank\/v-kept already/);
});

test('a snapshot is made once, and of the very volume that was reviewed', async () => {
  const step = bind('zfs.snapshot', { volume: 'tank/v', guid: '10', name: 'now' });
  assert.equal((await step.check(zfs.here)).kind, 'notYet');
  await perform(zfs.here, step);
  assert.equal((await step.check(zfs.here)).kind, 'done');
  const other = bind('zfs.snapshot', { volume: 'tank/v', guid: '99', name: 'now' });
  assert.match(because(await other.check(zfs.here)), /another volume by now/);
});

let copies = 0;

function copyParams(since: string | null = 'a') {
  copies += 1;
  const id = `00000000-0000-4000-8000-${String(process.pid * 100 + copies).padStart(12, '0')}`;
  return {
    ...{ id, from: { host: 'there', volume: 'data/v' }, to: 'tank/v' },
    ...{ snapshot: 'new', since, user: 'img-storage' },
  };
}

async function settled(step: BoundStep): Promise<Verdict> {
  for (;;) {
    const verdict = await step.check(zfs.here);
    if (verdict.kind !== 'notYet') return verdict;
    await pause(20);
  }
}

async function forget(step: BoundStep): Promise<void> {
  assert.ok(step.undo.kind === 'commands');
  for (const command of step.undo.commands) await zfs.here.run(command);
}

test('what is newer is taken over from the other host by the roll’s own user, and never by force', async () => {
  zfs.set('there', ['data/v|volume|20', 'data/v@a|snapshot|11', 'data/v@new|snapshot|15']);
  const params = copyParams();
  const begin = bind('zfs.copy', params);
  const [line = ''] = begin.preview.lines;
  assert.match(
    line,
    /^su img-storage -c .*zfs send -I data\/v@a data\/v@new.*\| zfs receive tank\/v$/,
  );
  assert.equal((await begin.check(zfs.here)).kind, 'notYet');
  assert.equal(await perform(zfs.here, begin), '');
  assert.equal((await begin.check(zfs.here)).kind, 'done');
  assert.deepEqual(await settled(bind('zfs.wait-copied', params)), { kind: 'done' });
  const same = await bind('zfs.see-same', params).check(zfs.here);
  assert.deepEqual(same, { kind: 'done', says: 'guid 15' });
  await forget(begin);
  assert.ok(zfs.names('here').includes('tank/v@new'), 'undo took away what had arrived whole');
});

test('a copy that is under way is not begun again, and its end is waited for', async () => {
  zfs.set('there', ['data/v|volume|20', 'data/v@a|snapshot|11', 'data/v@new|snapshot|15']);
  zfs.mark('hold');
  const params = copyParams();
  const begin = bind('zfs.copy', params);
  await perform(zfs.here, begin);
  assert.equal((await begin.check(zfs.here)).kind, 'done');
  const wait = bind('zfs.wait-copied', params);
  assert.equal((await wait.check(zfs.here)).kind, 'notYet');
  zfs.mark('hold', false);
  assert.equal((await settled(wait)).kind, 'done');
  await forget(begin);
});

test('one that fails says why, and that nothing of it is left; undo makes it fit to be begun again', async () => {
  zfs.set('there', ['data/v|volume|20', 'data/v@a|snapshot|11', 'data/v@new|snapshot|15']);
  zfs.mark('fail');
  const params = copyParams();
  const begin = bind('zfs.copy', params);
  await perform(zfs.here, begin);
  const ended = await settled(bind('zfs.wait-copied', params));
  assert.match(because(ended), /broken off: cannot .*nothing of it is left in tank\/v/);
  zfs.mark('fail', false);
  await forget(begin);
  assert.equal((await begin.check(zfs.here)).kind, 'notYet');
});

test('one that was killed leaves nothing behind, and is told from one that runs', async () => {
  zfs.set('there', ['data/v|volume|20', 'data/v@a|snapshot|11', 'data/v@new|snapshot|15']);
  zfs.mark('hold');
  const params = copyParams();
  const begin = bind('zfs.copy', params);
  await perform(zfs.here, begin);
  // It has a process group of its own from when it keeps what is said to it.
  const kill = 'until [ -e "$1/size" ]; do sleep 0.02; done; kill -s KILL -- "-$(cat "$1/pid")"';
  const argv = ['sh', '-c', kill, 'sh', `/run/holdfast-zfs-${params.id}`];
  await zfs.here.run({ argv, effect: 'changes', deadline: 5000 });
  zfs.mark('hold', false);
  const ended = await settled(bind('zfs.wait-copied', params));
  assert.match(because(ended), /did the host restart/);
  await forget(begin);
  assert.equal(zfs.names('here').includes('tank/v@new'), false);
});

test('a volume that has newer snapshots than were reviewed is not received into', async () => {
  zfs.set('here', ['tank/v|volume|10', 'tank/v@a|snapshot|11', 'tank/v@b|snapshot|12']);
  const verdict = await bind('zfs.copy', copyParams()).check(zfs.here);
  assert.match(because(verdict), /newest snapshot of tank\/v is b by now, not a/);
  const whole = await bind('zfs.copy', copyParams(null)).check(zfs.here);
  assert.match(because(whole), /there is a tank\/v already/);
});

test('another data set under the same snapshot’s name is not taken for the same', async () => {
  zfs.set('there', ['data/v|volume|20', 'data/v@new|snapshot|15']);
  zfs.set('here', ['tank/v|volume|10', 'tank/v@new|snapshot|16']);
  const verdict = await bind('zfs.see-same', copyParams()).check(zfs.here);
  assert.match(because(verdict), /guid 16, there 15/);
});

test('progress is a share of what was foretold, and none where that is not known', () => {
  const runs = { state: 'runs', received: 1024, size: 4096 } as const;
  assert.deepEqual(progressOf(runs), { says: '1.0 KiB of 4.0 KiB taken over', share: 0.25 });
  assert.deepEqual(progressOf({ ...runs, size: null }), { says: '1.0 KiB taken over' });
  assert.equal(progressOf({ ...runs, received: 9000 })?.share, 0.99);
});
