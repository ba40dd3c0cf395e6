import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusText } from '../../../source/cli/report/status-text.js';
import { failureOf, fakeProbe } from '../../support/fleet.js';
import { hostUp, problem, view, world, WORLD_AT } from '../../support/world.js';

const reading = { probe: fakeProbe('devices', 'host'), host: 'fiori', asked: [], at: WORLD_AT };

test('a calm cluster takes a few lines', () => {
  assert.equal(
    statusText(world({ stacks: [view('fake', 'Fake'), view('long', 'Longer name')] })),
    [
      'main   2026-11-20 14:02:11   1 of 1 host answers   no alert, no warning',
      '',
      '✓  Fake         2/2 servers',
      '✓  Longer name  2/2 servers',
      '✓  Hosts        2/2 servers',
      '',
    ].join('\n'),
  );
});

test('problems stand worst first, each with what is, what it means and what to do', () => {
  const split = problem(
    'S',
    {
      severity: 'alert',
      title: 'DRBD split brain',
      subject: 'r0',
      hosts: ['fiori', 'torchio'],
      says: 'Both sides wrote.',
      means: 'Neither has all of it.',
      todo: 'Choose a side.',
    },
    { since: WORLD_AT - 720_000, causes: ['W/vm-1'] },
  );
  const consequence = problem('W', { subject: 'vm-1', title: 'at risk' }, { causedBy: split.key });
  const text = statusText(world({ problems: [split, consequence] }));
  assert.ok(
    text.startsWith('main   2026-11-20 14:02:11   1 of 1 host answers   ● 1 alert\n'),
    text,
  );
  const expected = [
    'Problems',
    '  ● DRBD split brain   r0   fiori and torchio   alert   for 12 min',
    '      Both sides wrote.',
    '      Neither has all of it.',
    '      To do: Choose a side.',
    '      Brings about 1 more: at risk vm-1.',
    '',
  ];
  assert.ok(text.endsWith(expected.join('\n')), text);
});

test('a notice takes one line', () => {
  const notice = problem('N', { severity: 'notice', title: 'old version', says: 'It is 8.4.' });
  const text = statusText(world({ problems: [notice] }));
  assert.ok(text.endsWith('\n\nProblems\n  · old version   it   notice\n'), text);
});

test('a host that does not answer is named with the reason, and all of it if no problem tells', () => {
  const failure = {
    ...failureOf('connection refused'),
    means: 'sshd is stopped.',
    todo: 'Start it.',
  };
  const down = hostUp('torchio', { phase: 'down', failure });
  const alone = statusText(world({ hosts: [hostUp('fiori'), down] }));
  assert.match(alone, /1 of 2 hosts answer/);
  assert.match(
    alone,
    /◌ torchio \(root@torchio\): connection refused\n {6}sshd is stopped\.\n {6}Start it\./,
  );
  const told = problem('HOST_DOWN', { hosts: ['torchio'] }, { stack: 'hosts' });
  const both = statusText(world({ hosts: [hostUp('fiori'), down], problems: [told] }));
  assert.doesNotMatch(both, /sshd is stopped/);
});

test('what could not be read is said, with the age of what was known before', () => {
  const text = statusText(
    world({
      readings: [
        { ...reading, kind: 'failed', failure: failureOf('it hung') },
        {
          ...reading,
          kind: 'stale',
          at: WORLD_AT - 40_000,
          value: 1,
          unread: [],
          failure: failureOf('it hung again'),
          failedAt: WORLD_AT,
        },
      ],
    }),
  );
  assert.match(text, /Not known\n {2}◌ fiori: devices: it hung\n/);
  assert.match(text, /fiori: devices \(the last answer is 40 s old\): it hung again/);
});

test('lines that no parser understood are counted', () => {
  const odd = { ...reading, kind: 'fresh', value: 1, unread: ['a', 'b'] } as const;
  assert.match(
    statusText(world({ readings: [odd] })),
    /Not understood.*\n {2}fiori: devices: 2 lines/,
  );
});

test('what runs has its share, its rate and the time left', () => {
  const running = {
    id: 'r',
    title: 'resync r1',
    share: 0.521,
    bytesPerSecond: 2 ** 20,
    secondsLeft: 240,
  };
  assert.match(
    statusText(world({ running: [running] })),
    /Running\n {2}⟳ resync r1 {2}52 % {2}1\.0 MiB\/s {2}4 min left/,
  );
  const stalled = { id: 'r', title: 'resync r1', stalled: true };
  assert.match(statusText(world({ running: [stalled] })), /makes no progress/);
});

test('nothing that a host says can drive the terminal', () => {
  const evil = problem('E', { subject: '\u001b[2J', says: 'a\u009b31m' });
  assert.doesNotMatch(statusText(world({ problems: [evil] })), /[\u001b\u009b]/);
});
