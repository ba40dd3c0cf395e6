import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseMapsJson } from '../../../source/stacks/multipath/maps-json.js';

function mapText(more: object = {}): object {
  return {
    ...{ name: 'dados', uuid: '3600', sysfs: 'dm-0', queueing: '5 chk', write_prot: 'rw' },
    ...{ features: '1 queue_if_no_path', hwhandler: '0', action: 'create', vend: 'LAB' },
    prod: 'DISCO   ',
    path_groups: [
      {
        ...{ selector: 'service-time 0', pri: 1, dm_st: 'active', group: 1 },
        paths: [
          { dev: 'sda', dev_t: '8:0', dm_st: 'active', dev_st: 'running', chk_st: 'ready' },
          { dev: '-', dev_t: '8:16', dm_st: 'failed', dev_st: 'unknown', chk_st: 'undef' },
        ],
      },
    ],
    ...more,
  };
}

test('a map of the daemon has the shape of one of `multipath -ll`', () => {
  const result = parseMapsJson(JSON.stringify({ major_version: 0, maps: [mapText()] }, null, 3));
  assert.deepEqual(result, {
    ok: true,
    unread: [],
    value: [
      {
        alias: 'dados',
        wwid: '3600',
        dm: 'dm-0',
        vendor: 'LAB',
        product: 'DISCO',
        sizeBytes: null,
        action: 'create',
        features: '1 queue_if_no_path',
        hwhandler: '0',
        queueing: true,
        retry: '5 chk',
        access: 'rw',
        groups: [
          {
            policy: 'service-time 0',
            priority: 1,
            state: 'active',
            paths: [
              {
                hctl: null,
                device: 'sda',
                devt: '8:0',
                dmState: 'active',
                checkerState: 'ready',
                deviceState: 'running',
              },
              {
                hctl: null,
                device: null,
                devt: '8:16',
                dmState: 'failed',
                checkerState: 'undef',
                deviceState: 'unknown',
              },
            ],
          },
        ],
      },
    ],
  });
});

test('one map asked for by name, fields that are missing and fields that are new are all read', () => {
  const one = parseMapsJson(JSON.stringify({ map: { name: 'x', colour: 'blue' } }));
  assert.deepEqual(one.ok && one.value.map((m) => [m.alias, m.wwid, m.dm, m.groups]), [
    ['x', 'x', null, []],
  ]);
});

test('messages around the document and maps of another shape are given back', () => {
  const document = JSON.stringify({ maps: [mapText(), { name: 7 }] }, null, 3);
  const before = '155.181840 | /etc/multipath.conf line 3, invalid keyword: x';
  const after = '/etc/multipath.conf line 3, invalid keyword: }';
  const result = parseMapsJson(`${before}\n${document}\n${after}\n`);
  assert.deepEqual(result.ok && result.unread, [before, after, '{"name":7}']);
  assert.deepEqual(result.ok && result.value.map((map) => map.alias), ['dados']);
});

test('what an old daemon answers, and half a document, are refused', () => {
  assert.equal(parseMapsJson('CLI commands reference:\n list|show paths\n').ok, false);
  const document = JSON.stringify({ maps: [mapText()] }, null, 3);
  assert.equal(parseMapsJson(document.slice(0, 200)).ok, false);
  assert.equal(parseMapsJson('').ok, false);
});

test('any JSON is answered', () => {
  const map = fc.dictionary(fc.constantFrom('name', 'uuid', 'path_groups'), fc.jsonValue());
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ maps: fc.array(map) })), (value) => {
      const result = parseMapsJson(JSON.stringify(value));
      if (result.ok) assert.ok(result.value.every((m) => typeof m.alias === 'string'));
    }),
  );
});
