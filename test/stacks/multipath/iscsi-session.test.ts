import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSessions, portalAddress, standing } from '../../../source/tools/iscsi-session.js';

test('the short listing is read in all its forms', () => {
  const result = parseSessions(
    [
      'tcp: [2] 192.0.2.2:3260,1 iqn.2004-10.example.lab:torchio.disco1 (non-flash)',
      'iser: [3] [fe80::1]:3260,-1 iqn.2004-10.example.lab:torchio.disco1',
    ].join('\n'),
  );
  assert.deepEqual(result.ok && result.value.map((s) => [s.sid, s.portal, s.tpgt, standing(s)]), [
    ['2', '192.0.2.2:3260', 1, 'unknown'],
    ['3', '[fe80::1]:3260', -1, 'unknown'],
  ]);
});

test('several portals that follow one target are sessions of that target', () => {
  const result = parseSessions(
    [
      'iSCSI Transport Class version 2.0-870',
      'version 2.1.8',
      'Target: iqn.2004-10.example.lab:t (non-flash)',
      '\tCurrent Portal: 192.0.2.2:3260,1',
      '\t\tIface IPaddress: 192.0.2.1',
      '\t\tSID: 2',
      '\t\tiSCSI Connection State: LOGGED IN',
      '\t\tiSCSI Session State: LOGGED_IN',
      '\t\tInternal iscsid Session State: NO CHANGE',
      '\t\tscsi2 Channel 00 Id 0 Lun: 1',
      '\t\t\tAttached scsi disk sda\t\tState: running',
      '\tCurrent Portal: 192.0.2.130:3260,1',
      '\t\tIface IPaddress: <empty>',
      '\t\tSID: 3',
      '\t\tiSCSI Connection State: TRANSPORT WAIT',
      '\t\tiSCSI Session State: FREE',
      '\t\tInternal iscsid Session State: REOPEN',
    ].join('\n'),
  );
  assert.deepEqual(
    result.ok && result.value.map((s) => [s.sid, s.target, s.portal, s.from, standing(s), s.disks]),
    [
      [
        '2',
        'iqn.2004-10.example.lab:t',
        '192.0.2.2:3260',
        '192.0.2.1',
        'up',
        [{ device: 'sda', hctl: '2:0:0:1', state: 'running' }],
      ],
      ['3', 'iqn.2004-10.example.lab:t', '192.0.2.130:3260', null, 'down', []],
    ],
  );
});

test('no session is an empty list, and what is no list of sessions is refused', () => {
  assert.deepEqual(parseSessions('iscsiadm: No active sessions.\n'), {
    ok: true,
    value: [],
    unread: [],
  });
  assert.equal(parseSessions('bash: iscsiadm not found').ok, false);
});

test('lines of an unknown kind are given back', () => {
  const result = parseSessions('Target: t\n\tCurrent Portal: p:1,1\n\tMoon Phase: full\n');
  assert.deepEqual(result.ok && result.unread, ['\tMoon Phase: full']);
});

test('the address of a portal is found with and without brackets', () => {
  assert.deepEqual(['192.0.2.2:3260', '[fe80::1]:3260'].map(portalAddress), [
    '192.0.2.2',
    'fe80::1',
  ]);
});
