import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deviceNode, StorageGraph } from '../../../source/core/graph.js';
import { disks } from '../../../source/stacks/disks/index.js';
import { arraysProbe } from '../../../source/stacks/disks/probes.js';
import { fixture, fixturesFolder, recordedNow, situations } from '../../support/recordings.js';

/** What each recorded situation is to be called. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  healthy: [],
  'mounted-by-hand': ['FSTAB_MISSING_MOUNT'],
  'multipath-lvm-drbd': [],
  'raid-degraded': ['RAID_DEGRADED'],
  'raid-rebuilding': ['RAID_DEGRADED'],
  'raid-healthy': [],
  'file-systems': [
    'FILE_SYSTEM_ERRORS',
    'FILE_SYSTEM_FULL',
    'FILE_SYSTEM_NEARLY_FULL',
    'FILE_SYSTEM_READ_ONLY',
    'FSTAB_CAN_STOP_BOOT',
    'FSTAB_NOT_MOUNTED',
    'FSTAB_NO_MOUNT_POINT',
    'FSTAB_SWAP_OFF',
  ],
  'lvm-trouble': [
    'LVM_PV_MISSING',
    'LVM_SNAPSHOT_FILLING',
    'LVM_SNAPSHOT_INVALID',
    'LVM_THIN_POOL_FILLING',
  ],
};

test('every situation has its expectation', () => {
  assert.deepEqual([...situations('disks')].sort(), Object.keys(EXPECTED).sort());
});

for (const [situation, codes] of Object.entries(EXPECTED)) {
  test(`${situation}: ${codes.length === 0 ? 'no findings' : codes.join(', ')}`, async () => {
    const now = await recordedNow(disks, situation);
    const found = disks.diagnose(now).map(({ code }) => code);
    assert.deepEqual(found.sort(), codes);
    for (const probe of disks.probes) {
      for (const reading of now.of(probe)) assert.notEqual(reading.kind, 'failed', probe.id);
      for (const { unread } of now.known(probe)) assert.deepEqual(unread, [], probe.id);
    }
  });
}

test('a finding quotes the lines that prove it', async () => {
  const quoted = async (situation: string, code: string): Promise<unknown> => {
    const found = disks.diagnose(await recordedNow(disks, situation));
    const one = found.find((finding) => finding.code === code);
    return one?.evidence.map(({ command, lines }) => [command, lines[0]]);
  };
  assert.deepEqual(await quoted('raid-degraded', 'RAID_DEGRADED'), [
    ['cat /proc/mdstat', 'md0 : active raid1 sdb1[1](F) sda1[0]'],
  ]);
  assert.deepEqual(await quoted('file-systems', 'FSTAB_NO_MOUNT_POINT'), [
    ['cat /etc/fstab', 'UUID=44444444-2222-3333-4444-555555555555 srv/typo ext4 defaults 0 2'],
  ]);
});

test('a host without md says so, and is not a failure', async () => {
  const [reading] = (await recordedNow(disks, 'healthy')).of(arraysProbe);
  assert.ok(reading?.kind === 'absent');
});

test('a rebuild is shown with its share, its rate and its end', async () => {
  const [first, second] = disks.pane.running(await recordedNow(disks, 'raid-rebuilding'));
  assert.equal(first?.title, 'resync md1 on store-1');
  assert.deepEqual(
    [second?.title, second?.share, second?.secondsLeft, second?.bytesPerSecond],
    ['recovery md0 on store-1', 0.126, 7650, 111_540 * 1024],
  );
});

test('of a mirror that is being rebuilt only the finished half may not go', async () => {
  const graph = new StorageGraph([disks.graph(await recordedNow(disks, 'raid-rebuilding'))]);
  const fate = (name: string) => graph.whatIf([deviceNode('store-1', name)]).get('mount:store-1/');
  assert.equal(fate('sdb'), 'degraded');
  assert.equal(fate('sda'), 'dead');
});

/** Which inspector reads which recorded file. */
const INSPECTED: Readonly<Record<string, string>> = {
  'mdstat.txt': 'disks.mdstat',
  'fstab.txt': 'disks.fstab',
};

test('recorded outputs are read by their inspectors with nothing left unread', () => {
  const files = readdirSync(join(fixturesFolder, 'disks'), { recursive: true, encoding: 'utf8' });
  const read = files.flatMap((file) => {
    const id = INSPECTED[file.slice(file.lastIndexOf('/') + 1)];
    const result = disks.inspectors.find((one) => one.id === id)?.inspect(fixture(`disks/${file}`));
    if (!result) return [];
    assert.ok(result.ok, file);
    assert.deepEqual(result.unread, [], file);
    return [file];
  });
  assert.ok(read.length >= 10, `${read.length} files`);
});
