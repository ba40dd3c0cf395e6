import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../source/core/host.js';
import type { Json } from '../../source/core/json.js';
import { StepKinds, type BoundStep, type Verdict } from '../../source/core/step.js';
import { generalSteps } from '../../source/steps/index.js';

const kinds = new StepKinds(generalSteps);
const NAME = 'vol1-snap';
const SNAPSHOT = '0 75497472 snapshot 8:32 230:16 P 16';
const MERGE = '0 75497472 snapshot-merge 230:0 230:16 P 16';

function bind(kind: string, params: Json): BoundStep {
  const bound = kinds.bind({ kind, params });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

interface Device {
  readonly table: string;
  readonly open?: number;
  readonly attr?: string;
  readonly filled?: string;
}

/** A host that has this device, or none; its volumes have the numbers that their tables say. */
function hostWith(device: Device | undefined, more: Partial<Record<string, string>> = {}): Reader {
  const { table = '', open = 0, attr = 'L--w', filled = '' } = device ?? {};
  const said = (argv: readonly string[]): string => {
    const [program = '', verb = ''] = argv;
    if (program === 'stat') return more[argv.at(-1) ?? ''] ?? '';
    if (program === 'sh') return more.devices ?? '';
    if (!device) return 'No devices found\n';
    const [start, length, target] = table.split(' ');
    if (verb === 'info') return `other|0|L--w|253|0\n${NAME}|${open}|${attr}|253|1\n`;
    if (verb === 'table') return `other: 0 8 linear 8:0 0\n${NAME}: ${table}\n`;
    return `${NAME}: ${start ?? ''} ${length ?? ''} ${target ?? ''} ${filled}\n`;
  };
  return {
    name: 'compute-0-1',
    run: ({ argv }): Promise<Outcome> =>
      Promise.resolve({ kind: 'exited', code: 0, stdout: said(argv), stderr: '' }),
  };
}

function because(verdict: Verdict): string {
  return 'because' in verdict ? verdict.because : verdict.kind;
}

test('a device is removed where its table is the one that was reviewed and nobody has it open', async () => {
  const { check, preview } = bind('device-mapper.remove', { name: NAME, table: SNAPSHOT });
  assert.deepEqual(preview.lines, [`dmsetup remove --retry ${NAME}`]);
  assert.equal((await check(hostWith({ table: SNAPSHOT }))).kind, 'notYet');
  assert.equal((await check(hostWith(undefined))).kind, 'done');
  const other = await check(hostWith({ table: '0 8 linear 8:0 0' }));
  assert.match(because(other), /is another device by now: 0 8 linear 8:0 0/);
});

test('a device that somebody has open stays, and who it is stands in the refusal', async () => {
  const { check } = bind('device-mapper.remove', { name: NAME, table: SNAPSHOT });
  const devices = [
    'device NAME="vol1-snap" KNAME="dm-1" PKNAME="" TYPE="dm" RO="0" SIZE="38654705664" SERIAL="" WWN="" MODEL="" TRAN="" FSTYPE="" LABEL="" UUID="" MOUNTPOINT=""',
    `asked dm-1 /dev/mapper/${NAME}`,
    'open dm-1 4321 qemu-kvm',
  ].join('\n');
  const used = await check(hostWith({ table: SNAPSHOT, open: 1 }, { devices }));
  assert.match(because(used), /vol1-snap is in use: .*qemu-kvm/);
  const unseen = await check(hostWith({ table: SNAPSHOT, open: 2 }));
  assert.match(because(unseen), /open 2 times, by whom cannot be seen/);
});

test('undo makes a device again by lasting paths, and not at all where none are known', () => {
  const again = `0 75497472 snapshot /dev/disk/by-path/ip-10.1.1.1:3260-iscsi-iqn.x-lun-1 /dev/zvol/tank/vol1-temp-write P 16`;
  const { undo } = bind('device-mapper.remove', { name: NAME, table: SNAPSHOT, again });
  assert.ok(undo.kind === 'commands');
  assert.deepEqual(undo.commands[0]?.argv, ['dmsetup', 'create', NAME, '--table', again]);
  const without = bind('device-mapper.remove', { name: NAME, table: SNAPSHOT }).undo;
  assert.equal(without.kind, 'impossible');
});

test('a name or a table that would be more than a word is no parameter', () => {
  for (const params of [
    { name: 'a b', table: SNAPSHOT },
    { name: '--force', table: SNAPSHOT },
    { name: NAME, table: '0 8 linear /dev/x;reboot 0' },
    { name: NAME, table: '0 8 linear 8:0 0\n8 8 linear 8:16 0' },
  ]) {
    assert.equal(kinds.bind({ kind: 'device-mapper.remove', params }).ok, false);
  }
});

test('a suspended device goes on with the table it has: one that was only loaded is thrown away', async () => {
  const { check, preview } = bind('device-mapper.resume', { name: NAME, table: SNAPSHOT });
  assert.deepEqual(preview.lines, [`dmsetup clear ${NAME}`, `dmsetup resume ${NAME}`]);
  assert.equal((await check(hostWith({ table: SNAPSHOT, attr: 'LIsw' }))).kind, 'notYet');
  assert.equal((await check(hostWith({ table: SNAPSHOT }))).kind, 'done');
  assert.match(because(await check(hostWith({ table: MERGE }))), /another device by now/);
  assert.match(because(await check(hostWith(undefined))), /not there/);
});

const PARAMS = {
  ...{ name: NAME, sectors: 75497472, chunk: 16 },
  ...{ origin: '/dev/zvol/tank/vol1', memory: '/dev/zvol/tank/vol1-temp-write' },
};
const NUMBERS = {
  '/dev/zvol/tank/vol1': 'block special file e6 0',
  '/dev/zvol/tank/vol1-temp-write': 'block special file e6 10',
};

test('a merge is begun once, into the very device, and another of its name is left alone', async () => {
  const { check, preview, touches } = bind('device-mapper.merge', PARAMS);
  assert.deepEqual(preview.lines, [
    `dmsetup create ${NAME} --table '0 75497472 snapshot-merge /dev/zvol/tank/vol1 /dev/zvol/tank/vol1-temp-write P 16'`,
  ]);
  assert.equal(touches.length, 2, 'what it writes on is not held against the protection');
  assert.equal((await check(hostWith(undefined, NUMBERS))).kind, 'notYet');
  assert.equal((await check(hostWith({ table: MERGE }, NUMBERS))).kind, 'done');
  const other = await check(hostWith({ table: SNAPSHOT }, NUMBERS));
  assert.match(because(other), /is there already and is another device/);
  const gone = await check(hostWith(undefined));
  assert.match(because(gone), /there is no block device \/dev\/zvol\/tank\/vol1/);
});

test('a merge is done when only its own tables are left, and one that the kernel gave up is told', async () => {
  const { check, wait } = bind('device-mapper.wait-merged', { name: NAME, from: 1000 });
  const left = hostWith({ table: MERGE, filled: '260/75497472 10' });
  assert.equal((await check(left)).kind, 'notYet');
  const progress = await wait?.progress(left);
  assert.equal(progress?.says, '125 KiB left to merge');
  assert.equal(progress.share, 0.75);
  const done = hostWith({ table: MERGE, filled: '16/75497472 16' });
  assert.equal((await check(done)).kind, 'done');
  for (const word of ['Invalid', 'Merge failed', 'Overflow']) {
    const verdict = await check(hostWith({ table: MERGE, filled: word }));
    assert.match(because(verdict), new RegExp(`gave the merge of vol1-snap up: ${word}`));
  }
  assert.match(because(await check(hostWith(undefined))), /is gone: the merge was broken off/);
  assert.match(because(await check(hostWith({ table: SNAPSHOT }))), /does not merge/);
  const held = hostWith({ table: MERGE, attr: 'L-sw', filled: '260/75497472 10' });
  assert.match(because(await check(held)), /is suspended, and its merge with it/);
});

test('a host whose device mapper does not answer is not taken for one without the device', async () => {
  const mute: Reader = {
    name: 'compute-0-1',
    run: () =>
      Promise.resolve({
        ...{ kind: 'exited', code: 1, stdout: '' },
        stderr: '/dev/mapper/control: open failed: Permission denied\n',
      }),
  };
  const verdict = await bind('device-mapper.remove', { name: NAME, table: SNAPSHOT }).check(mute);
  assert.equal(verdict.kind, 'cannotTell');
});
