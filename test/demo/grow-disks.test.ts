import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentsOf } from '../../source/demo/fleet/incidents.js';
import { DemoRun } from '../support/demo-run.js';

const DISK = 'lfs-3:/mnt/ata-CT250MX200SSD1_15373b';
const NAMES = ['xs-1', 'lfs-3'];

/** The fleet after a larger disk took the place of one of lfs-3's. */
async function enlarged(t: Parameters<typeof DemoRun.begin>[0]): Promise<DemoRun> {
  const bench = await DemoRun.begin(t, 'calm');
  incidentsOf(bench.demo.fleet)
    .find(({ id }) => id === 'disk-enlarge')
    ?.run();
  return bench;
}

test('the file system of a chunk disk takes its larger disk, the master sees it, and nothing takes it back', async (t) => {
  const bench = await enlarged(t);
  const plan = await bench.plan('lizardfs.grow-disks', NAMES, { disks: [DISK] });
  assert.deepEqual(
    plan.steps.map(({ host, kind }) => `${host} ${kind}`),
    ['lfs-3 file-system.grow', 'xs-1 lizardfs.wait-for-growth'],
  );
  const lines = bench.journal(plan);
  assert.deepEqual(await bench.run(lines), { kind: 'finished' });
  const { chunkservers } = bench.demo.fleet.lizardfs;
  const sizes = chunkservers.find(({ machine }) => machine === 'lfs-3')?.disks;
  assert.deepEqual(
    sizes?.map(({ total }) => Math.round(total / 2 ** 30)),
    [458, 228],
  );
  await assert.rejects(
    bench.plan('lizardfs.grow-disks', NAMES, { disks: [DISK] }),
    /it takes all of its device/,
  );
  const undone = await bench.undo(lines);
  assert.equal(undone.kind, 'finished');
  assert.ok(lines.some((line) => line.kind === 'undone' && JSON.stringify(line).includes('stays')));
});

test('a disk that was unmounted after the review is left alone, and the run goes on once it is back', async (t) => {
  const bench = await enlarged(t);
  const lines = bench.journal(await bench.plan('lizardfs.grow-disks', NAMES, { disks: [DISK] }));
  const target = DISK.slice(DISK.indexOf('/'));
  await bench.sh('lfs-3', `umount ${target}`);
  const end = await bench.run(lines);
  assert.match(end.kind === 'failed' ? end.failure.what : '', /nothing is mounted at/);
  await bench.sh('lfs-3', `mount ${target}`);
  assert.deepEqual(await bench.run(lines), { kind: 'finished' });
});

test('disks that did not grow, and what is no chunk disk, are named', async (t) => {
  const bench = await enlarged(t);
  await assert.rejects(
    bench.plan('lizardfs.grow-disks', NAMES, {
      disks: ['lfs-3:/mnt/ata-CT250MX200SSD1_15373c', 'lfs-3:/srv', DISK],
    }),
    /15373c: it takes all of its device[^]*\/srv: there is no such chunk disk/,
  );
});
