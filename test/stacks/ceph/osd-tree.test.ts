import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOsdTree } from '../../../source/stacks/ceph/read/osd-tree.js';
import { fixture } from '../../support/recordings.js';

test('each OSD is found on its host, with its state', () => {
  const result = parseOsdTree(fixture('ceph/one-osd-down/stor1/osd-tree.json'));
  assert.ok(result.ok);
  assert.deepEqual(result.unread, []);
  assert.deepEqual(
    result.value.osds.map(({ name, host, up, in: isIn, deviceClass }) => [
      name,
      host,
      up,
      isIn,
      deviceClass,
    ]),
    [
      ['osd.0', 'stor1', false, true, 'hdd'],
      ['osd.1', 'stor2', true, true, 'hdd'],
      ['osd.2', 'stor3', true, true, 'hdd'],
    ],
  );
  assert.deepEqual(
    result.value.hosts.map(({ name, osds }) => [name, osds]),
    [
      ['stor1', [0]],
      ['stor2', [1]],
      ['stor3', [2]],
    ],
  );
});

test('an OSD that is out has a reweight of 0', () => {
  const result = parseOsdTree(fixture('ceph/osd-out/stor1/osd-tree.json'));
  assert.ok(result.ok);
  assert.deepEqual(
    result.value.osds.map((osd) => [osd.up, osd.in]),
    [
      [true, true],
      [true, false],
      [true, true],
    ],
  );
});

test('an OSD beneath racks belongs to the host, and one in no bucket to none', () => {
  const nodes = [
    { id: -1, name: 'default', type: 'root', children: [-2] },
    { id: -2, name: 'rack1', type: 'rack', children: [-3] },
    { id: -3, name: 'stor1', type: 'host', children: [-4] },
    { id: -4, name: 'shelf', type: 'chassis', children: [4] },
    { id: 4, name: 'osd.4', type: 'osd', status: 'up', exists: 1, reweight: 1 },
  ];
  const stray = [{ id: 5, name: 'osd.5', type: 'osd', status: 'down', exists: 1, reweight: 0 }];
  const result = parseOsdTree(JSON.stringify({ nodes, stray }));
  assert.ok(result.ok);
  assert.deepEqual(
    result.value.osds.map(({ name, host, up, in: isIn }) => [name, host, up, isIn]),
    [
      ['osd.4', 'stor1', true, true],
      ['osd.5', undefined, false, false],
    ],
  );
});

test('buckets that contain each other do not hang the reading', () => {
  const nodes = [
    { id: -1, name: 'a', type: 'host', children: [-2] },
    { id: -2, name: 'b', type: 'host', children: [-1, 0] },
    { id: 0, name: 'osd.0', type: 'osd', status: 'up' },
  ];
  const result = parseOsdTree(JSON.stringify({ nodes }));
  assert.ok(result.ok);
  assert.deepEqual(
    result.value.osds.map(({ name }) => name),
    ['osd.0'],
  );
});
