import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Step } from '../../../source/core/plan.js';
import type { Case, WayOut } from '../../../source/core/recovery.js';
import type { Draft } from '../../../source/core/wizard.js';
import { draftOf, faultsOf } from '../../support/carry-out.js';
import { stepKinds } from '../../support/shell-fleet.js';
import { asked } from './readers.js';
import { situationsMade } from './situations.js';
import { AT, calm, containerIn, drop, iqn, nasIn, put, type World } from './world.js';

const LOCAL = 'nas-0-0:vm-hpc-0-vol';
const MERGING = 'nas-0-0:vm-hpc-1-vol';
const UNMAPPED = 'nas-0-0:vm-hpc-2-vol';
const SENDING = 'nas-0-0:vm-hpc-3-vol';

function worldOf(situation: string): World {
  const made = situationsMade[situation];
  assert.ok(made, situation);
  return structuredClone(made.world);
}

function way(found: Case, value: string): WayOut {
  const one = found.ways.find((candidate) => candidate.value === value);
  assert.ok(one, `no way ${value} of ${found.ways.map((each) => each.value).join(', ')}`);
  return one;
}

function draft(found: Case, value: string): Draft {
  return draftOf(way(found, value).plan({ keepCopy: false }));
}

/** `nas-0-0 zfs.copy`, without what every plan begins and ends with. */
function middle({ steps }: Draft): readonly string[] {
  return steps.flatMap(({ host, kind }) =>
    /^imgstorage\.(?!see-saved|restart)/.test(kind) ? [] : [`${host} ${kind}`],
  );
}

function rows({ steps }: Draft): readonly string[] {
  return steps.flatMap(({ host, kind, params }) =>
    kind === 'imgstorage.change-row' && typeof params === 'object' && params !== null
      ? [`${host} ${JSON.stringify(params).replace(/.*"table":"(\w+)".*/, '$1')}`]
      : [],
  );
}

function values(found: Case): string {
  return found.ways.map(({ value }) => value).join(' ');
}

test('of what is in order or under way it tells, and plans nothing', async () => {
  const world = calm();
  const later = 'vm-hpc-1-vol-snap: 0 73400320 snapshot-merge 9000000/73400320 17760\n';
  for (const [subject, verdict] of [
    [LOCAL, 'local'],
    [MERGING, 'merge under way'],
    [UNMAPPED, 'unmapped'],
    [SENDING, 'copy under way'],
  ] as const) {
    const found = await asked(world, subject, { later });
    assert.equal(found.verdict, verdict, found.happened);
    assert.deepEqual([found.mendable, values(found)], [false, '']);
  }
  assert.equal((await asked(world, 'nothing')).verdict, 'not found');
});

test('the chain is drawn with the broken link marked, and the newest data in words and bytes', async () => {
  const world = worldOf('not-returned');
  const { blocks } = await asked(world, LOCAL);
  const [chain, newest] = blocks;
  assert.ok(chain?.kind === 'table' && newest?.kind === 'facts');
  const marked = chain.rows.filter(([mark]) => mark?.text === '>');
  assert.deepEqual(
    marked.map(([, part, stands]) => [part?.text, stands?.text]),
    [['row', 'unlike']],
  );
  assert.deepEqual(
    newest.rows.map(({ value }) => value.text),
    [
      'on the container',
      '212 MiB',
      'compute-0-1 has 212 MiB in tank2/vm-hpc-0-vol that were written since the last copy to nas-0-0.',
    ],
  );
});

test('the last copy failed: what the container has goes to the NAS first, and only then is it destroyed', async () => {
  const found = await asked(worldOf('not-returned'), LOCAL);
  assert.equal(found.verdict, 'last copy to the NAS failed');
  assert.equal(found.recommended?.value, 'save');
  assert.equal(values(found), 'save keep discard');
  const plan = draft(found, 'save');
  assert.deepEqual(middle(plan), [
    'compute-0-1 zfs.snapshot',
    'nas-0-0 zfs.copy',
    'nas-0-0 zfs.wait-copied',
    'nas-0-0 zfs.see-same',
    'compute-0-1 imgstorage.see-saved',
    'compute-0-1 zfs.destroy-volume',
  ]);
  assert.deepEqual(rows(plan), [
    'nas-0-0 zvol_calls',
    'nas-0-0 zvolattrs',
    'compute-0-1 zvols',
    'nas-0-0 zvols',
    'nas-0-0 zvolattrs',
    'nas-0-0 zvol_calls',
  ]);
  assert.deepEqual(plan.loses, []);
  assert.deepEqual(
    plan.steps.slice(-2).map(({ host, kind }) => `${host} ${kind}`),
    ['frontend imgstorage.map-image', 'frontend imgstorage.unmap-image'],
  );
});

test('a NAS that forgot its copy: what was written beside is merged into the NAS’s image, kept as it was before', async () => {
  const world = worldOf('nas-restarted-in-mid-sync');
  const found = await asked(world, SENDING, { guest: 'running' });
  assert.equal(found.verdict, 'half mapped, and nobody goes on');
  assert.match(found.recommended?.reasons.join(' ') ?? '', /6\.5 MiB written since lie on compute/);
  assert.deepEqual(middle(draft(found, 'save')), [
    'compute-0-3 guest.shut-down',
    'compute-0-3 device-mapper.remove',
    'nas-0-0 zfs.snapshot',
    'compute-0-3 device-mapper.merge',
    'compute-0-3 device-mapper.wait-merged',
    'compute-0-3 device-mapper.end-merge',
    'compute-0-3 iscsi.log-out',
    'nas-0-0 iscsi.remove-target',
    'compute-0-3 zfs.snapshot',
    'compute-0-3 imgstorage.see-saved',
    'compute-0-3 zfs.destroy-volume',
    'compute-0-3 zfs.destroy-volume',
  ]);
});

test('after a reboot of the NAS the target is made again, and the session with it, before anything is merged', async () => {
  const world = worldOf('nas-restarted-in-mid-sync');
  drop(nasIn(world, 'nas-0-0').targets, ({ zvol }) => zvol === 'vm-hpc-3-vol');
  const session = containerIn(world, 'compute-0-3').sessions.find(
    ({ zvol }) => zvol === 'vm-hpc-3-vol',
  );
  assert.ok(session);
  session.state = 'FAILED';
  const found = await asked(world, SENDING, { guest: 'running' });
  const plan = middle(draft(found, 'save'));
  assert.deepEqual(plan.slice(2, 6), [
    'compute-0-3 iscsi.log-out',
    'nas-0-0 iscsi.make-target',
    'compute-0-3 iscsi.log-in',
    'nas-0-0 zfs.snapshot',
  ]);
});

test('a merge that stands still is begun anew, into the container’s own volume, and then copied', async () => {
  const found = await asked(calm(), MERGING, { guest: 'running' });
  assert.equal(found.verdict, 'merge stalled');
  assert.match(found.happened, /nothing moved within three seconds\. 4\.3 GiB are left/);
  const plan = draft(found, 'save');
  assert.deepEqual(middle(plan).slice(0, 11), [
    'compute-0-3 guest.shut-down',
    'compute-0-3 device-mapper.remove',
    'compute-0-3 device-mapper.merge',
    'compute-0-3 device-mapper.wait-merged',
    'compute-0-3 device-mapper.end-merge',
    'compute-0-3 iscsi.log-out',
    'nas-0-0 iscsi.remove-target',
    'compute-0-3 zfs.snapshot',
    'nas-0-0 zfs.copy',
    'nas-0-0 zfs.wait-copied',
    'nas-0-0 zfs.see-same',
  ]);
  assert.ok(plan.steps.some(({ kind }) => kind === 'imgstorage.restart-daemon'));
  assert.equal(
    rows(plan).includes('compute-0-3 sync_queue'),
    true,
    'its daemon would go on with it',
  );
});

test('a suspended device goes on before its guest is asked to shut down', async () => {
  const world = calm();
  const device = containerIn(world, 'compute-0-3').devices.find(
    ({ zvol }) => zvol === 'vm-hpc-1-vol',
  );
  assert.ok(device);
  device.attr = 'L-sw';
  const found = await asked(world, MERGING, { guest: 'running' });
  assert.match(found.happened, /suspended, and whoever uses it waits/);
  assert.deepEqual(middle(draft(found, 'save')).slice(0, 2), [
    'compute-0-3 device-mapper.resume',
    'compute-0-3 guest.shut-down',
  ]);
});

test('an invalid snapshot gives nothing back: it is set aside, and destroyed only by its typed name', async () => {
  const found = await asked(worldOf('snapshot-invalid'), MERGING, {
    memory: 'memory 0 6799360 all\n',
    guest: 'running',
  });
  assert.equal(found.verdict, 'snapshot Invalid');
  assert.equal(values(found), 'keep discard');
  assert.equal(found.recommended?.value, 'keep');
  const kept = draft(found, 'keep');
  assert.equal(
    kept.steps.some(({ kind }) => kind === 'zfs.destroy-volume'),
    false,
  );
  assert.deepEqual(kept.confirmations, []);
  assert.ok(
    kept.steps.some(({ kind }) => kind === 'imgstorage.restart-daemon'),
    'its loop is dead',
  );
  const words = draft(found, 'discard').confirmations.map(({ word }) => word);
  assert.deepEqual(words, ['tank2/vm-hpc-1-vol-temp-write', 'tank2/vm-hpc-1-vol']);
});

test('an overflown snapshot still has what was written until it was full: that is saved, the rest is told as lost', async () => {
  const world = worldOf('nas-restarted-in-mid-sync');
  const device = containerIn(world, 'compute-0-3').devices.find(
    ({ zvol }) => zvol === 'vm-hpc-3-vol',
  );
  assert.ok(device);
  device.status = 'Overflow';
  const found = await asked(world, SENDING, {
    memory: 'memory 1 6799360 all\n',
    guest: 'running',
  });
  assert.equal(found.verdict, 'snapshot Overflow');
  assert.equal(values(found), 'save keep discard');
  assert.match(way(found, 'save').loses.join(' '), /after the snapshot was full was never kept/);
  assert.equal(found.recommended, undefined, 'what loses anything is recommended');
});

test('a dead call’s lock alone is released alone; the image stays as it is', async () => {
  const found = await asked(worldOf('lock-of-a-dead-call'), UNMAPPED);
  assert.equal(found.verdict, 'lock of a dead call');
  assert.match(found.happened, /for 1 h 30 min by a call that nobody answers/);
  const plan = draft(found, 'release');
  assert.deepEqual(rows(plan), ['nas-0-0 zvol_calls']);
  assert.deepEqual(
    plan.steps.map(({ kind }) => kind),
    ['imgstorage.keep-database', 'imgstorage.change-row'],
  );
});

test('a lock of some seconds belongs to a call that is being answered', async () => {
  const world = worldOf('lock-of-a-dead-call');
  const lock = nasIn(world, 'nas-0-0').locks.at(-1);
  assert.ok(lock);
  lock.since = AT - 20;
  const found = await asked(world, UNMAPPED);
  assert.deepEqual([found.verdict, found.mendable], ['call under way', false]);
});

test('an unmapping that waits for an open device is not mended: who has it open is said', async () => {
  const world = worldOf('unmap-waits');
  const lock = nasIn(world, 'nas-0-0').locks.find(({ zvol }) => zvol === 'vm-hpc-0-vol');
  assert.ok(lock);
  lock.since = AT - 3600;
  const found = await asked(world, LOCAL, { guest: 'running' });
  assert.equal(found.verdict, 'unmapping waits for an open device');
  assert.match(found.todo, /Shut that guest down: the unmapping goes on by itself/);
});

test('a lock of the guide itself is told as such, and its run named as the first way', async () => {
  const world = worldOf('lock-of-a-dead-call');
  const lock = nasIn(world, 'nas-0-0').locks.at(-1);
  assert.ok(lock);
  lock.replyTo = 'holdfast-20261120-120000';
  const found = await asked(world, UNMAPPED);
  assert.equal(found.verdict, 'guide half done');
  assert.match(found.todo, /`holdfast runs`/);
});

test('whoever else is logged in at the target must log out there; to throw it out takes its name', async () => {
  const world = worldOf('target-in-use-elsewhere');
  const target = nasIn(world, 'nas-0-1').targets[0];
  assert.ok(target);
  target.initiators = ['vm-container-0-14', 'stranger-1'];
  const found = await asked(world, 'nas-0-1:compute-0-14-0-vol', { guest: 'shut off' });
  assert.equal(found.verdict, 'target in use by another host');
  const faults = faultsOf(way(found, 'clear').plan({ keepCopy: false }));
  assert.match(faults.join(' '), /stranger-1 is logged in at the target/);
  const thrown = draft(found, 'throw-out');
  assert.deepEqual(
    thrown.confirmations.map(({ word }) => word),
    ['stranger-1'],
  );
  assert.match(thrown.loses.join(' '), /stranger-1 had not written/);
  assert.equal(found.recommended, undefined);
});

test('one of our own containers is logged out there by a step, which refuses where the disk is in use', async () => {
  const world = worldOf('target-in-use-elsewhere');
  containerIn(world, 'compute-0-1').sessions.push({ zvol: 'compute-0-14-0-vol', disk: 'sdf' });
  const found = await asked(world, 'nas-0-1:compute-0-14-0-vol');
  assert.ok(middle(draft(found, 'clear')).includes('compute-0-1 iscsi.log-out'));
  assert.equal(
    found.ways.some(({ value }) => value === 'throw-out'),
    false,
  );
});

test('a container that is gone is given up by its typed name, and nothing is touched on it', async () => {
  const found = await asked(worldOf('container-gone'), 'nas-0-1:build-vol', {
    without: ['vm-container-0-9'],
  });
  assert.equal(found.verdict, 'container gone');
  assert.equal(found.recommended, undefined);
  const plan = draft(found, 'give-up');
  assert.deepEqual(
    plan.confirmations.map(({ word }) => word),
    ['vm-container-0-9'],
  );
  assert.match(plan.loses.join(' '), /how much that is, nobody can say/);
  assert.ok(plan.steps.every(({ host }) => host === 'nas-0-1'));
});

test('a container that only does not answer is not given up while it is logged in', async () => {
  const found = await asked(calm(), 'nas-0-1:compute-0-14-0-vol', { down: ['vm-container-0-14'] });
  assert.equal(found.verdict, 'container gone');
  const faults = faultsOf(way(found, 'give-up').plan({ keepCopy: false }));
  assert.match(faults.join(' '), /is still logged in at the target: whoever that is lives/);
});

test('a row with nothing behind it is cleared, and nothing is destroyed', async () => {
  const world = calm();
  const far = containerIn(world, 'compute-0-1');
  drop(far.devices, ({ zvol }) => zvol === 'vm-hpc-0-vol');
  drop(far.sets, ({ name }) => name.startsWith('tank2/vm-hpc-0-vol'));
  const found = await asked(world, LOCAL);
  assert.equal(found.verdict, 'row without anything behind it');
  const plan = draft(found, 'clear');
  assert.deepEqual(middle(plan), []);
  assert.deepEqual(plan.confirmations, []);
});

test('a temp-write left behind is destroyed where it is empty, and set aside where it is not', async () => {
  const world = worldOf('temp-write-left');
  const empty = await asked(world, UNMAPPED, { memory: 'memory 1 0 all\n' });
  assert.equal(empty.verdict, 'left over of a mapping');
  assert.equal(values(empty), 'clear keep');
  assert.deepEqual(middle(draft(empty, 'clear')), [
    'compute-0-1 imgstorage.see-saved',
    'compute-0-1 zfs.destroy-volume',
  ]);
  for (const memory of ['memory 1 8192 all\n', 'memory 0 0 all\n', 'no memory\n', '']) {
    const full = await asked(world, UNMAPPED, { memory });
    assert.equal(values(full), 'keep discard', memory);
    assert.equal(full.recommended?.value, 'keep');
  }
});

test('a merged memory beside a mapping that is in order is taken away alone', async () => {
  const world = calm();
  containerIn(world, 'compute-0-1').sets.push({
    ...{ name: 'tank2/vm-hpc-0-vol-temp-write', type: 'volume', used: 8192, refer: 8192 },
  });
  const found = await asked(world, LOCAL, { memory: 'memory 1 0 all\n' });
  assert.equal(found.verdict, 'temp-write volume left behind');
  const plan = draft(found, 'clear');
  assert.deepEqual(middle(plan), [
    'compute-0-1 imgstorage.see-saved',
    'compute-0-1 zfs.destroy-volume',
  ]);
  assert.deepEqual(
    plan.confirmations.map(({ word }) => word),
    ['tank2/vm-hpc-0-vol-temp-write'],
  );
  const full = await asked(world, LOCAL, { memory: 'memory 1 8192 all\n' });
  assert.equal(values(full), 'keep');
});

test('a half clean-up: the row is whole again, the container’s data is saved first', async () => {
  const found = await asked(worldOf('half-cleaned'), MERGING, { guest: 'running' });
  assert.equal(found.mendable, true);
  const plan = draft(found, 'save');
  const row = plan.steps.find(
    ({ host, params }) => host === 'nas-0-0' && JSON.stringify(params).includes('"zvols"'),
  );
  assert.match(JSON.stringify(row?.params), /"after":\{"zpool":"tank"/);
});

test('a device that somebody unknown has open is a fault, with where to look', async () => {
  const world = worldOf('nas-restarted-in-mid-sync');
  const found = await asked(world, SENDING);
  const faults = faultsOf(way(found, 'save').plan({ keepCopy: false }));
  assert.match(
    faults.join(' '),
    /vm-hpc-3-vol-snap is open on compute-0-3: by whom cannot be seen/,
  );
});

test('no room on the NAS is a fault of saving alone', async () => {
  const world = worldOf('not-returned');
  const local = containerIn(world, 'compute-0-1').sets.find(
    ({ name }) => name === 'tank2/vm-hpc-0-vol',
  );
  assert.ok(local);
  local.written = 4000 * 1024 ** 3;
  const found = await asked(world, LOCAL);
  assert.match(
    faultsOf(way(found, 'save').plan({ keepCopy: false })).join(' '),
    /3\.9 TiB are to be saved/,
  );
  assert.equal(found.recommended, undefined);
});

test('two containers with data are told apart by a person', async () => {
  const world = calm();
  containerIn(world, 'compute-0-3').sets.push({
    ...{ name: 'tank2/vm-hpc-0-vol', type: 'volume', used: 9, refer: 9 },
  });
  containerIn(world, 'compute-0-3').rows.push({
    ...{ zvol: 'vm-hpc-0-vol', zpool: 'tank2', target: iqn('nas-0-0', 'x'), sync: 1 },
  });
  const found = await asked(world, LOCAL);
  assert.deepEqual([found.verdict, found.mendable], ['data on two containers', false]);
});

test('without its NAS nothing is planned', async () => {
  const found = await asked(calm(), LOCAL, { down: ['nas-0-0'] });
  assert.equal(found.mendable, false);
});

/** Worlds in which whatever can be there is there or not, by the digits of a number. */
function worldBy(seed: number): { readonly world: World; readonly memory: string } {
  let left = seed;
  const pick = <T>(all: readonly T[]): T => {
    const one = all[left % all.length];
    left = Math.floor(left / all.length);
    assert.ok(one !== undefined);
    return one;
  };
  const world = calm();
  const [nas, far] = [nasIn(world, 'nas-0-0'), containerIn(world, 'compute-0-1')];
  const zvol = 'vm-hpc-2-vol';
  drop(nas.rows, (one) => one.zvol === zvol);
  drop(nas.sets, ({ name }) => name === `tank/${zvol}`);
  pick([
    () => put.unmapped(world, 'nas-0-0', zvol),
    () => put.local(world, 'nas-0-0', zvol, 'compute-0-1'),
    () => put.merging(world, 'nas-0-0', zvol, 'compute-0-1'),
    () => put.sending(world, 'nas-0-0', zvol, 'compute-0-1'),
  ])();
  drop(nas.jobs, (one) => one.zvol === zvol);
  const device = far.devices.find((one) => one.zvol === zvol);
  const status = pick(['', '', 'Invalid', 'Overflow', 'Merge failed']);
  if (device && status !== '' && device.target !== 'linear') device.status = status;
  if (pick([false, true])) drop(far.devices, (one) => one.zvol === zvol);
  if (pick([false, true])) drop(far.sets, ({ name }) => name === `tank2/${zvol}`);
  if (pick([false, false, true])) drop(far.sets, ({ name }) => name.startsWith(`tank2/${zvol}@`));
  if (pick([false, true])) drop(far.sets, ({ name }) => name.endsWith('-temp-write'));
  if (pick([false, true])) drop(far.sessions, (one) => one.zvol === zvol);
  if (pick([false, true])) drop(nas.targets, (one) => one.zvol === zvol);
  if (pick([false, true])) drop(nas.locks, (one) => one.zvol === zvol);
  const row = nas.rows.find((one) => one.zvol === zvol);
  if (row && pick([false, false, true])) Object.assign(row, { host: null, target: null });
  const own = nas.sets.find(({ name }) => name === `tank/${zvol}`);
  if (own) own.written = pick([0, 0, 4096]);
  return {
    world,
    memory: pick(['memory 1 0 all\n', 'memory 1 8192 all\n', 'memory 0 8192 more\n', '']),
  };
}

function volumeOf({ params }: Step): string {
  return (/"volume":"([^"]+)"/.exec(JSON.stringify(params)) ?? [])[1] ?? '';
}

test('no path through the guide destroys a pool, or unsaved data without its typed name', async () => {
  let plans = 0;
  let destroyed = 0;
  for (let n = 0; n < 120; n += 1) {
    const { world, memory } = worldBy((n * 2_654_435_761) % 2 ** 32);
    const found = await asked(world, UNMAPPED, { memory, guest: 'running' });
    for (const one of found.ways) {
      const drafted = one.plan({ keepCopy: false });
      if (!drafted.ok) continue;
      plans += 1;
      const { steps, confirmations } = drafted.draft;
      const words = confirmations.map(({ word }) => word);
      const about = `${n} ${found.verdict}: ${one.value}`;
      for (const [at, step] of steps.entries()) {
        const bound = stepKinds.bind(step);
        assert.ok(bound.ok, `${about}: ${bound.ok ? '' : bound.because}`);
        const lines = bound.step.preview.lines.join('\n');
        assert.doesNotMatch(
          lines,
          /imgstorageadmin|rocks clean|zfs destroy .*-r|zfs destroy [^/\n]*$/m,
          about,
        );
        if (step.kind === 'imgstorage.change-row')
          assert.match(JSON.stringify(step.params), /"zvol":"vm-hpc-2-vol"/);
        if (bound.step.effect === 'destroys')
          assert.ok(words.length > 0, `${about}: nothing is typed`);
        if (step.kind !== 'zfs.destroy-volume') continue;
        destroyed += 1;
        const volume = volumeOf(step);
        assert.match(volume, /^tank2\/vm-hpc-2-vol(?:-temp-write)?$/, about);
        if (words.includes(volume)) continue;
        const seen = steps.slice(0, at).filter(({ kind }) => kind === 'imgstorage.see-saved');
        assert.ok(
          JSON.stringify(seen).includes(`"${volume}"`),
          `${about}: ${volume} is destroyed unseen and untyped`,
        );
      }
    }
  }
  assert.ok(plans > 100 && destroyed > 60, `${plans} plans, ${destroyed} volumes: hardly a proof`);
});
