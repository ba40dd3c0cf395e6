import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitBrainRecovery } from '../../../../source/stacks/drbd/split-brain/recovery.js';
import { answering, type Answers } from '../support.js';

const AT = Date.UTC(2026, 10, 20, 14, 2, 11);

/** One side of a resource of two volumes, as DRBD 9 tells it. */
function side(
  id: number,
  peer: string,
  gi: readonly [string, string],
  more: Answers = {},
): Answers {
  const volumes = [0, 1];
  const status = [
    {
      name: 'r9',
      'node-id': id,
      role: 'Primary',
      suspended: false,
      devices: volumes.map((volume) => ({ volume, minor: 5 + volume, 'disk-state': 'UpToDate' })),
      connections: [
        {
          'peer-node-id': 1 - id,
          name: peer,
          'connection-state': 'StandAlone',
          'peer-role': 'Unknown',
          congested: false,
          peer_devices: volumes.map((volume) => ({
            volume,
            'replication-state': 'Off',
            'peer-disk-state': 'DUnknown',
            'resync-suspended': 'no',
            'out-of-sync': 4096,
          })),
        },
      ],
    },
  ];
  return {
    ...more,
    'cat /proc/drbd': 'version: 9.2.8 (api:2/proto:86-122)\nTransports (api:21): tcp (9.2.8)\n',
    'status --json': JSON.stringify(status),
    'status r9': 'r9 role:Primary\n  volume:0 disk:UpToDate\n',
    [`get-gi r9 ${1 - id} 0`]: `${gi[0]}\n`,
    [`get-gi r9 ${1 - id} 1`]: `${gi[1]}\n`,
    'sh-minor': '5\n6\n',
    mountinfo: 'root 0\nend\n',
  };
}

const line = (current: string, bitmap = 'A') =>
  `${current.repeat(16)}:${bitmap.repeat(16)}:${'0'.repeat(16)}:${'0'.repeat(16)}:1:1:1:0:0:0:0`;

async function ask(fiori: Answers, torchio: Answers) {
  const hosts = new Map([
    ['fiori', answering('fiori', fiori)],
    ['torchio', answering('torchio', torchio)],
  ]);
  return splitBrainRecovery(() => AT).gather('r9', hosts);
}

test('DRBD 9 with two volumes: all of them are judged, and all wait', async () => {
  const found = await ask(
    side(0, 'torchio', [line('C'), line('C')]),
    side(1, 'fiori', [line('E'), line('E')]),
  );
  assert.equal(found.verdict, 'split brain', found.happened);
  const drafted = found.ways[0]?.plan({ keepCopy: false });
  assert.ok(drafted?.ok, JSON.stringify(drafted));
  assert.deepEqual(
    drafted.draft.steps.map(({ kind, host }) => `${host} ${kind}`),
    [
      'fiori drbd.make-secondary',
      'fiori drbd.connect-discarding',
      'torchio drbd.connect',
      'fiori drbd.wait-connected',
      'fiori drbd.wait-in-sync',
      'torchio drbd.wait-in-sync',
    ],
  );
  for (const { params } of drafted.draft.steps) {
    assert.ok(JSON.stringify(params).includes('"minors":[5,6]'));
  }
  assert.ok(drafted.draft.basis.some(({ argv }) => argv.join(' ').includes('drbdsetup status r9')));
});

test('one volume split and the other only ahead is refused: they would be copied both ways', async () => {
  const found = await ask(
    side(0, 'torchio', [line('C'), line('E')]),
    side(1, 'fiori', [line('E'), line('C', 'E')]),
  );
  assert.equal(found.verdict, 'split brain of some volumes', found.happened);
  assert.equal(found.mendable, false);
});
