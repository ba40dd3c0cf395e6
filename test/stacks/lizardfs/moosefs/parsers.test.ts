import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parsed } from '../../../../source/core/parsed.js';
import { parseMooseDisks } from '../../../../source/stacks/lizardfs/moosefs/disks.js';
import {
  parseMooseMasters,
  parseMooseStatus,
} from '../../../../source/stacks/lizardfs/moosefs/masters.js';
import {
  parseMooseGoals,
  parseMooseHealth,
} from '../../../../source/stacks/lizardfs/moosefs/matrix.js';
import { parseMooseMounts } from '../../../../source/stacks/lizardfs/moosefs/mounts.js';
import { parseMooseServers } from '../../../../source/stacks/lizardfs/moosefs/servers.js';
import { parseMooseSummary } from '../../../../source/stacks/lizardfs/moosefs/summary.js';

const parsers = {
  parseMooseDisks,
  parseMooseGoals,
  parseMooseHealth,
  parseMooseMasters,
  parseMooseMounts,
  parseMooseServers,
  parseMooseStatus,
  parseMooseSummary,
};

function whole<T>(result: Parsed<T>): T {
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(result.unread, []);
  return result.value;
}

test('chunkservers are read in the lines of 3 and of 4, and those away as disconnected', () => {
  const { servers } = whole(
    parseMooseServers(
      [
        'chunk servers:|10.0.0.1|9422|1|A,B|3.0.117|0|maintenance_on|16|10|100|READY|1|2|3',
        'chunkservers:|10.0.0.2|9422|2|-|4.57.7 PRO|12|normal|maintenance_off|5|6|7|-|0|0|0',
        '',
        'Disconnected chunk servers:|10.0.0.3|9422|3|maintenance_temp_on',
        'Disconnected chunk servers:|10.0.0.4|9422|4|maintenance on (temp ; 1500)',
        'Disconnected chunk servers:|10.0.0.5|9422|5|maintenance off',
      ].join('\n'),
    ),
  );
  assert.deepEqual(
    servers.map(({ address, connected, maintenance, chunks, label, version }) => {
      return [address, connected, maintenance, chunks, label, version];
    }),
    [
      ['10.0.0.1:9422', true, 'on purpose', 16, 'A,B', '3.0.117'],
      ['10.0.0.2:9422', true, undefined, 5, '_', '4.57.7 PRO'],
      ['10.0.0.3:9422', false, 'for a while', 0, '-', '-'],
      ['10.0.0.4:9422', false, 'for a while', 0, '-', '-'],
      ['10.0.0.5:9422', false, undefined, 0, '-', '-'],
    ],
  );
  assert.deepEqual([servers[0]?.toDeleteChunks, servers[0]?.toDeleteTotalBytes], [1, 3]);
});

test('a path may hold the separator, and a disk says whether it may be taken out', () => {
  const { disks } = whole(
    parseMooseDisks(
      [
        'disks:|10.0.0.1:9422:/a|b/|8|no errors|ok|-|-|-|-|-|-|-|-|38|378',
        'disks:|10.0.0.1:9422:/c/|8|1795265330|damaged|0|1|0|1|0|0|1|0|38|378',
        'disks:|10.0.0.1:9422:/d/|8|no errors|marked for removal (ready)|-|-|-|-|-|-|-|-|38|378',
        'disks:|10.0.0.1:9422:/e/|8|no errors|removal not ready (in progress), scanning|-|-|-|-|-|-|-|-|progress:|12',
        'disks:|10.0.0.2:9422:/|-|-|unknown (unreachable chunkserver)|-|-|-|-|-|-|-|-|-|-',
      ].join('\n'),
    ),
  );
  assert.deepEqual(
    disks.map(({ path, damaged, removable, scannedPercent, lastErrorAt, unknown }) => {
      return [path, damaged, removable, scannedPercent, lastErrorAt, unknown];
    }),
    [
      ['/a|b/', false, undefined, undefined, 0, undefined],
      ['/c/', true, undefined, undefined, 1795265330, undefined],
      ['/d/', false, true, undefined, 0, undefined],
      ['/e/', false, false, 12, 0, undefined],
      ['/', false, undefined, undefined, 0, 'unknown (unreachable chunkserver)'],
    ],
  );
});

test('the matrix becomes what is safe, endangered and lost, and what is to be copied', () => {
  const text = [
    'all chunks matrix:|goal/copies/chunks:|1|0|3',
    'all chunks matrix:|goal/copies/chunks:|1|1|5',
    'all chunks matrix:|goal/copies/chunks:|3|1|2',
    'all chunks matrix:|goal/copies/chunks:|3|2|8',
    'all chunks matrix:|goal/copies/chunks:|3|4|1',
    'all chunks matrix:|goal/copies/chunks:|0|1|9',
    'all chunks matrix:|chunkclass missing:|3',
  ].join('\n');
  const health = whole(parseMooseHealth(text));
  assert.deepEqual(health.availability, [
    { goal: '1', safe: 0, endangered: 5, lost: 3 },
    { goal: '3', safe: 9, endangered: 2, lost: 0 },
  ]);
  assert.deepEqual(health.replication[1]?.counts.slice(0, 4), [1, 8, 2, 0]);
  assert.deepEqual(health.deletion[1]?.counts.slice(0, 3), [10, 1, 0]);
  assert.deepEqual(health.copies?.[1]?.counts.slice(0, 5), [0, 2, 8, 0, 1]);
  assert.deepEqual(
    whole(parseMooseGoals(text)).goals.map(({ name, shape }) => [name, shape?.survives]),
    [
      ['1', 0],
      ['3', 2],
    ],
  );
});

test('a redundancy level of MooseFS 4 is one copy less than the goal', () => {
  const line = 'all chunks matrix:|redundancy level target/current/chunks:|1|';
  const { availability } = whole(parseMooseHealth(`${line}missing|2\n${line}0|3\n${line}1|4\n`));
  assert.deepEqual(availability, [{ goal: '2', safe: 4, endangered: 3, lost: 2 }]);
});

test('masters are read in the lines of 2, 3 and 4, with the age of what they saved', () => {
  const { servers, loggers } = whole(
    parseMooseMasters(
      [
        'metadata servers:|10.0.0.1|2.0.89|-|1 234 567|1|not available|-|-|-',
        'metadata servers:|10.0.0.2|3.0.117|-|1795200586.5|138|not available|1|not available|1795200000|0.4|Saved in background|FF',
        'metadata servers (masters):|10.0.0.3|4.57.7 PRO|FOLLOWER|1795200586.5|138|AB|0|1|not available|-|-|-|-|-|FF',
        'metadata servers (masters):|10.0.0.4|4.57.7 PRO|transition A -> B|1795200586.5|138|AB|0|1|x|-|-|-|-|-|FF',
        'metadata backup loggers:|10.0.0.5|3.0.117',
      ].join('\n'),
    ),
  );
  assert.deepEqual(
    servers.map(({ ip, personality, status, metadataVersion, savedSecondsAgo }) => {
      return [ip, personality, status, metadataVersion, savedSecondsAgo];
    }),
    [
      ['10.0.0.1', 'master', 'running', 1_234_567, undefined],
      ['10.0.0.2', 'master', 'running', 138, 586.5],
      ['10.0.0.3', 'shadow', 'connected', 138, undefined],
      ['10.0.0.4', 'unknown', 'transition A -> B', 138, undefined],
    ],
  );
  assert.deepEqual(loggers, [{ ip: '10.0.0.5', version: '3.0.117' }]);
});

test('totals of 4 are read by their names, and a new name is not dropped', () => {
  const result = parseMooseSummary(
    'cluster summary:|master version|4.57.7\ncluster summary:|total space|100\ncluster summary:|all full chunk copies|7\ncluster summary:|chunks in EC8 format|3\ncluster summary:|moons|2\n',
  );
  assert.ok(result.ok);
  assert.deepEqual([result.value.totalBytes, result.value.copies], [100, 7]);
  assert.deepEqual(result.unread, ['cluster summary:|moons|2']);
});

test('a mount point may hold the separator, and mounts that have gone are not listed', () => {
  const { mounts } = whole(
    parseMooseMounts(
      [
        'active mounts, parameters:|1|10.0.0.9|/mnt/a|b|24|1|3.0.117|/vm|ro|yes|no|yes|0|0|999|999|-|-|-|-|000|00000000',
        'inactive mounts, parameters:|2|10.0.0.9|/mnt/c|0|60',
      ].join('\n'),
    ),
  );
  assert.deepEqual(
    mounts.map(({ mountPoint, rootFolder, readOnly, mapAll, mapAllUid }) => {
      return [mountPoint, rootFolder, readOnly, mapAll, mapAllUid];
    }),
    [['/mnt/a|b', '/vm', true, true, 999]],
  );
});

test('each parser passes over what is another table’s, and shows what is nobody’s', () => {
  const foreign = 'exports:|0.0.0.0|255.255.255.255|/|0.0.0|yes\n';
  for (const [name, parse] of Object.entries(parsers)) {
    const result = parse(`${foreign}nobody knows this\n`);
    if (result.ok) assert.deepEqual(result.unread, ['nobody knows this'], name);
    const strange = parse('nobody knows this\n');
    assert.equal(strange.ok, false, name);
  }
});

test('long and repeated outputs are read in linear time', () => {
  const row = 'disks:|10.0.0.1:9422:/srv/hd1/|8|no errors|ok|-|-|-|-|-|-|-|-|38|378\n';
  const field = 'all chunks matrix:|goal/copies/chunks:|3|2|8\n';
  const begun = performance.now();
  for (const parse of Object.values(parsers)) {
    parse(row.repeat(20_000));
    parse(field.repeat(20_000));
    parse('|'.repeat(200_000));
    parse(`disks:|${'10.0.0.1:'.repeat(5000)}`);
  }
  assert.ok(performance.now() - begun < 5000);
});
