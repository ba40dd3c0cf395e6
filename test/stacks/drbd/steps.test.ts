import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../source/core/json.js';
import { StepKinds, type BoundStep, type Verdict } from '../../../source/core/step.js';
import { parseUsers } from '../../../source/stacks/drbd/read/users.js';
import { copySize } from '../../../source/stacks/drbd/split-brain/copy.js';
import { steps } from '../../../source/stacks/drbd/steps/index.js';
import { answering, proc84, type Answers } from './support.js';

const kinds = new StepKinds(steps);
const SIDE = { resource: 'r0', minors: [0], driver: '8.4' };

function bind(kind: string, params: Json): BoundStep {
  const bound = kinds.bind({ kind, params });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

function check(
  kind: string,
  device: string,
  more: Answers = {},
  params: Json = SIDE,
): Promise<Verdict> {
  const host = answering('fiori', { 'cat /proc/drbd': proc84(device), ...more });
  return bind(kind, params).check(host);
}

const STANDALONE = ' 0: cs:StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown   r-----';
const SECONDARY = ' 0: cs:StandAlone ro:Secondary/Unknown ds:UpToDate/DUnknown   r-----';
const WAITING = ' 0: cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C r-----';
const TARGET = ' 0: cs:SyncTarget ro:Secondary/Primary ds:Inconsistent/UpToDate C r-----';
const GOOD = ' 0: cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate C r-----';
const DISCARD = { ...SIDE, loses: 'all' };

test('a side that stands alone is disconnected already; one in touch is left connected', async () => {
  assert.equal((await check('drbd.disconnect', STANDALONE)).kind, 'done');
  assert.equal((await check('drbd.disconnect', WAITING)).kind, 'notYet');
  assert.equal((await check('drbd.disconnect', TARGET)).kind, 'refused');
});

test('a side that DRBD refused is up, so that it can be taken back', async () => {
  assert.equal((await check('drbd.up', STANDALONE)).kind, 'done');
  assert.equal((await check('drbd.up', WAITING)).kind, 'done');
  const lost = STANDALONE.replace('UpToDate/', 'Diskless/');
  assert.equal((await check('drbd.up', lost)).kind, 'refused');
});

test('a side in use is not made Secondary, and the refusal names who uses it', async () => {
  const use = { mountinfo: 'mount 0 ext4 /srv\nroot 0\nend\n' };
  const verdict = await check('drbd.make-secondary', STANDALONE, use);
  assert.deepEqual(verdict, { kind: 'refused', because: 'it is in use: /srv (ext4)' });
  const idle = { mountinfo: 'root 0\nend\n' };
  assert.equal((await check('drbd.make-secondary', STANDALONE, idle)).kind, 'notYet');
  assert.equal((await check('drbd.make-secondary', SECONDARY)).kind, 'done');
});

test('nothing is discarded on a side that is Primary again', async () => {
  const kind = 'drbd.connect-discarding';
  assert.equal((await check(kind, STANDALONE, {}, DISCARD)).kind, 'refused');
  assert.equal((await check(kind, SECONDARY, {}, DISCARD)).kind, 'notYet');
  assert.equal((await check(kind, WAITING, {}, DISCARD)).kind, 'done');
});

test('waiting ends with good data on both sides, and at once when DRBD refuses again', async () => {
  assert.equal((await check('drbd.wait-in-sync', TARGET)).kind, 'notYet');
  assert.equal((await check('drbd.wait-in-sync', GOOD)).kind, 'done');
  assert.equal((await check('drbd.wait-in-sync', SECONDARY)).kind, 'refused');
  assert.equal((await check('drbd.wait-connected', WAITING)).kind, 'notYet');
  assert.equal((await check('drbd.wait-connected', TARGET)).kind, 'done');
});

test('progress has percent, amount, rate and time left', async () => {
  const text = proc84(TARGET).replace('oos:0', 'oos:18176');
  const sync =
    "\t[=====>..............] sync'ed: 50.0% (18176/22528)K\n\tfinish: 0:00:04 speed: 4,352 (4,352) want: 4,096 K/sec\n";
  const host = answering('fiori', { 'cat /proc/drbd': text + sync });
  const progress = await bind('drbd.wait-in-sync', SIDE).wait?.progress(host);
  assert.deepEqual(progress, {
    says: '50 %, 17.8 MiB left, 4.3 MiB/s',
    share: 0.5,
    secondsLeft: 4,
  });
});

test('a side that is still being written is not made Primary, though DRBD would allow it', async () => {
  assert.equal((await check('drbd.promote', TARGET)).kind, 'refused');
  assert.equal((await check('drbd.promote', GOOD)).kind, 'notYet');
});

test('a resource that is not up is not judged', async () => {
  const other = ' 5: cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate C r-----';
  for (const kind of ['drbd.disconnect', 'drbd.make-secondary', 'drbd.wait-in-sync']) {
    assert.equal((await check(kind, other)).kind, 'cannotTell');
  }
});

test('before 8.4 the option stands before the command, as its tools want it', () => {
  const old = bind('drbd.connect-discarding', { ...DISCARD, driver: '8.3' });
  assert.deepEqual(old.preview, {
    kind: 'commands',
    lines: ['drbdadm -- --discard-my-data connect r0'],
  });
});

test('what cannot be taken back says so, and a copy outlives the data it was made of', () => {
  assert.equal(bind('drbd.connect-discarding', DISCARD).undo.kind, 'impossible');
  assert.equal(bind('drbd.connect', SIDE).undo.kind, 'impossible');
  const { undo } = bind('drbd.keep-copy', COPY);
  assert.ok(undo.kind === 'commands');
  assert.match(undo.commands[0]?.argv[2] ?? '', /case \$g in "\$want"\*\) exec lvremove/);
});

const COPY = {
  resource: 'r0',
  identify: ['get-gi', '0'],
  vg: 'data',
  lv: 'r0',
  name: 'r0-split-brain-20261120-140211',
  sizeBytes: 4_194_304,
  generation: '1F65A735BE02A6E',
};

test('a copy counts only as a valid snapshot of the right volume', async () => {
  const verdict = async (line: string) => {
    const host = answering('fiori', { lvs: `  r0||owi-aos---\n${line}\n` });
    return (await bind('drbd.keep-copy', COPY).check(host)).kind;
  };
  assert.equal(await verdict(''), 'notYet');
  assert.equal(await verdict(`  ${COPY.name}|r0|swi-a-s---`), 'done');
  assert.equal(await verdict(`  ${COPY.name}|r0|swi-I-s---`), 'refused');
  assert.equal(await verdict(`  ${COPY.name}|other|swi-a-s---`), 'refused');
});

test('names that are no plain names are refused before anything is made of them', () => {
  for (const resource of ['all', '-x', 'a b', 'r0;reboot', '', 'r\u001b0']) {
    assert.equal(kinds.bind({ kind: 'drbd.disconnect', params: { ...SIDE, resource } }).ok, false);
  }
  assert.equal(kinds.bind({ kind: 'drbd.keep-copy', params: { ...COPY, name: '-f' } }).ok, false);
});

test('a snapshot has room for what differs and a margin, and never more than it can need', () => {
  const MIB = 1024 * 1024;
  const extent = 4 * MIB;
  assert.equal(copySize(256 * MIB, 8 * MIB, extent), 40 * MIB);
  assert.equal(copySize(256 * MIB, 250 * MIB, extent), 268 * MIB);
  assert.equal(copySize(256 * MIB, null, extent), 268 * MIB);
});

test('everybody who has a device open is named: guests by their names', () => {
  const use = parseUsers(
    [
      'mount 0 ocfs2 /srv/my\\040pub',
      'holder 0 vg-root',
      'swap 0',
      'exported 0 /sys/kernel/config/target/core/iblock_0/lun',
      'process 0 812 /usr/bin/qemu-system-x86_64 -name guest=web-1,debug-threads=on -S',
      'process 0 900 dd if=/dev/zero of=/dev/drbd0',
      'stat 0        3        0     24        0      10        0     8192       44        0',
      'root 0',
      'end',
    ].join('\n'),
  );
  assert.deepEqual(
    use.users.map(({ what }) => what),
    [
      '/srv/my pub (ocfs2)',
      'vg-root stands on it',
      'swap',
      'the iSCSI target (/sys/kernel/config/target/core/iblock_0/lun)',
      'process 812 qemu-system-x86_64 (guest web-1)',
      'process 900 dd',
    ],
  );
  assert.equal(use.complete, true);
  assert.equal(use.written.get(0), 4_194_304);
  assert.equal(parseUsers('root 1000\nend\n').complete, false);
  assert.equal(parseUsers('').complete, false);
});
