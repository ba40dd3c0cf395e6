import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Json } from '../../source/core/json.js';
import { StepKinds } from '../../source/core/step.js';
import { generalSteps } from '../../source/steps/index.js';
import { lookIntoMemory } from '../../source/tools/snapshot-memory.js';
import { enterLab, labHost, leaveLab, load, onLab, save } from '../support/lab.js';
import { why } from '../support/lab-run.js';
import {
  beside,
  DISK,
  fiori,
  IMAGE,
  killedAtEachInstant,
  LOCAL,
  runOf,
  SECTORS,
  setUp,
  SNAP,
  status,
  sum,
  tableOf,
  TARGET,
  TEMP,
  WAY,
} from '../support/storage-map-lab.js';

const skip = await enterLab('clean', 'the device layer of storage maps');

before(async () => {
  if (skip !== false) return;
  await setUp();
  await save('test-storage-map');
});

after(leaveLab);

const kinds = new StepKinds(generalSteps);

async function checked(node: string, kind: string, params: Json): Promise<string> {
  const bound = kinds.bind({ kind, params });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  const verdict = await bound.step.check(labHost(node));
  return 'because' in verdict ? verdict.because : verdict.kind;
}

const MERGED = 'vol1-holdfast';

/** What the guide's steps are given for what was written beside: into the NAS's image. */
function mergeSteps(origin: string, from: number) {
  const table = { name: MERGED, sectors: SECTORS, origin, memory: TEMP, chunk: 16 };
  return [
    ['fiori', 'device-mapper.merge', table],
    ['fiori', 'device-mapper.wait-merged', { name: MERGED, from }],
    ['fiori', 'device-mapper.end-merge', { name: MERGED }],
  ] as const;
}

const end = [
  ['fiori', 'iscsi.log-out', WAY],
  ['torchio', 'iscsi.remove-target', TARGET],
] as const;

async function besideBytes(): Promise<number> {
  const [, allocated, metadata] = /snapshot (\d+)\/\d+ (\d+)/.exec(await status(SNAP)) ?? [];
  return (Number(allocated) - Number(metadata)) * 512;
}

test(
  'what was written beside the image is merged into it over iSCSI, killed at each instant, to the very bytes',
  { skip },
  async () => {
    await beside();
    const [whole, before] = [
      await sum('fiori', `/dev/mapper/${SNAP}`),
      await sum('torchio', IMAGE),
    ];
    assert.notEqual(whole, before);
    const bytes = await besideBytes();
    assert.equal(bytes, 12 * 1024 * 1024);
    const memory = await lookIntoMemory(fiori, TEMP);
    assert.deepEqual(memory, { ok: true, memory: { valid: true, bytes, more: false } });
    const table = await tableOf(SNAP);
    const run = runOf(
      ['fiori', 'device-mapper.remove', { name: SNAP, table }],
      ...mergeSteps(DISK, bytes / 512),
      ...end,
    );
    const deaths = await killedAtEachInstant(run);
    assert.ok(deaths >= 5, `it died ${deaths} times only`);
    assert.equal(await sum('torchio', IMAGE), whole);
    const empty = await lookIntoMemory(fiori, TEMP);
    assert.deepEqual(empty, { ok: true, memory: { valid: true, bytes: 0, more: false } });
    assert.equal(
      (await onLab('fiori', 'iscsiadm -m session 2>&1; true')).trim(),
      'iscsiadm: No active sessions.',
    );
    assert.equal(await onLab('torchio', 'tgtadm --lld iscsi --mode target --op show'), '');
  },
);

test(
  'what is in use is not taken away: device, session and target each say who has it',
  { skip },
  async () => {
    await load('test-storage-map');
    await beside();
    const table = await tableOf(SNAP);
    await onLab('fiori', `setsid sleep 600 </dev/mapper/${SNAP} >/dev/null 2>&1 & sleep 1`);
    const device = await checked('fiori', 'device-mapper.remove', { name: SNAP, table });
    assert.match(device, /vol1-snap is in use: .*sleep/);
    const session = await checked('fiori', 'iscsi.log-out', WAY);
    assert.match(session, /its disk sd[a-z]: .*stands on it/);
    const target = await checked('torchio', 'iscsi.remove-target', TARGET);
    assert.match(target, /192\.0\.2\.1\) is logged in to .*must log out first/);
    const forbidden = await runOf(['torchio', 'iscsi.remove-target', TARGET]).apply();
    assert.match(why(forbidden), /must log out first/);
    const other = { name: SNAP, table: `${table}6` };
    assert.match(await checked('fiori', 'device-mapper.remove', other), /another device by now/);
    await onLab('fiori', 'kill $(pgrep -x sleep)');
    assert.equal(await checked('fiori', 'device-mapper.remove', { name: SNAP, table }), 'notYet');
  },
);

test(
  'the target is gone beneath a snapshot that is held open: a new one, a new session, and nothing is lost',
  { skip },
  async () => {
    await load('test-storage-map');
    await beside();
    const whole = await sum('fiori', `/dev/mapper/${SNAP}`);
    const table = await tableOf(SNAP);
    const bytes = await besideBytes();
    await onLab('fiori', `setsid sleep 600 </dev/mapper/${SNAP} >/dev/null 2>&1 & true`);
    // As a restart of the NAS: tgtd keeps its targets in memory alone.
    await onLab('torchio', 'systemctl kill -s KILL tgt; systemctl stop tgt; systemctl start tgt');
    assert.equal(await onLab('torchio', 'tgtadm --lld iscsi --mode target --op show'), '');
    assert.match(
      await checked('fiori', 'device-mapper.remove', { name: SNAP, table }),
      /in use: .*sleep/,
    );
    await onLab('fiori', 'kill $(pgrep -x sleep)');
    const run = runOf(
      ['fiori', 'device-mapper.remove', { name: SNAP, table }],
      ['fiori', 'iscsi.log-out', WAY],
      ['torchio', 'iscsi.make-target', TARGET],
      ['fiori', 'iscsi.log-in', WAY],
      ...mergeSteps(DISK, bytes / 512),
      ...end,
    );
    await run.finish();
    assert.equal(await sum('torchio', IMAGE), whole);
  },
);

test(
  'a merge into the container’s own volume tells real numbers, and comes out the same',
  { skip },
  async () => {
    await load('test-storage-map');
    await beside();
    const whole = await sum('fiori', `/dev/mapper/${SNAP}`);
    const bytes = await besideBytes();
    // As the roll changes over (imgstoragevm.py, `run_sync`), and is killed before it looks again.
    await onLab(
      'fiori',
      `dmsetup suspend ${SNAP} && dmsetup reload ${SNAP} --table '0 ${SECTORS} snapshot-merge ${LOCAL} ${TEMP} P 16'`,
    );
    const live = await tableOf(SNAP);
    assert.match(live, / snapshot /, 'a table that is only loaded is taken for the live one');
    const run = runOf(
      ['fiori', 'device-mapper.resume', { name: SNAP, table: live }],
      ['fiori', 'device-mapper.remove', { name: SNAP, table: live }],
      ...mergeSteps(LOCAL, bytes / 512),
    );
    const deaths = await killedAtEachInstant(run);
    assert.ok(deaths >= 5, `it died ${deaths} times only`);
    assert.equal(await sum('fiori', LOCAL), whole);
  },
);

test(
  'an undo before the merge makes the device again, with what was written beside',
  { skip },
  async () => {
    await load('test-storage-map');
    await beside();
    const whole = await sum('fiori', `/dev/mapper/${SNAP}`);
    const table = await tableOf(SNAP);
    const again = `0 ${SECTORS} snapshot ${DISK} ${TEMP} P 16`;
    const run = runOf(
      ['fiori', 'device-mapper.remove', { name: SNAP, table, again }],
      ['fiori', 'iscsi.log-out', WAY],
      ['torchio', 'iscsi.remove-target', TARGET],
    );
    await run.finish();
    assert.equal(why(await run.undo()), 'finished');
    assert.equal(await sum('fiori', `/dev/mapper/${SNAP}`), whole);
  },
);

test(
  'a memory that is full makes the snapshot Invalid, and one of kind PO overflow and keep what it had',
  { skip },
  async () => {
    await load('test-storage-map');
    const fill = (kind: 'P' | 'PO') =>
      `dd if=/dev/zero of=${TEMP} bs=1M count=8 conv=fsync 2>/dev/null; dmsetup create small --table '0 8192 linear ${TEMP} 0'; dmsetup create ${SNAP} --table '0 ${SECTORS} snapshot ${DISK} /dev/mapper/small ${kind} 16'; dd if=/dev/urandom of=/dev/mapper/${SNAP} bs=64k count=160 oflag=direct 2>/dev/null; true`;
    await onLab('fiori', fill('P'));
    assert.match(await status(SNAP), /snapshot Invalid$/);
    const invalid = await lookIntoMemory(fiori, '/dev/mapper/small');
    assert.ok(invalid.ok && !invalid.memory.valid, JSON.stringify(invalid));
    await onLab('fiori', `dmsetup remove ${SNAP}; dmsetup remove small`);
    await onLab('fiori', fill('PO'));
    assert.match(await status(SNAP), /snapshot Overflow$/);
    const full = await lookIntoMemory(fiori, '/dev/mapper/small');
    assert.ok(
      full.ok && full.memory.valid && full.memory.bytes > 3 * 1024 ** 2,
      JSON.stringify(full),
    );
  },
);
