import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../source/core/host.js';
import type { Json } from '../../source/core/json.js';
import { StepKinds, type BoundStep, type Verdict } from '../../source/core/step.js';
import { generalSteps } from '../../source/steps/index.js';

const kinds = new StepKinds(generalSteps);
const TARGET = 'iqn.2001-04.com.nas-0-0-vol1';
const PORTAL = '10.1.1.250:3260';

function bind(kind: string, params: Json): BoundStep {
  const bound = kinds.bind({ kind, params });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

type Said = Partial<Pick<Extract<Outcome, { readonly kind: 'exited' }>, 'code' | 'stdout'>>;

function hostSaying(answer: (argv: readonly string[]) => Said | string): Reader {
  return {
    name: 'host',
    run: ({ argv }) => {
      const said = answer(argv);
      const { code = 0, stdout = '' } = typeof said === 'string' ? { stdout: said } : said;
      return Promise.resolve({ kind: 'exited', code, stdout, stderr: 'no' });
    },
  };
}

function because(verdict: Verdict): string {
  return 'because' in verdict ? verdict.because : verdict.kind;
}

const SESSION = `Target: ${TARGET} (non-flash)
	Current Portal: ${PORTAL},1
	Persistent Portal: ${PORTAL},1
		SID: 2
		iSCSI Connection State: LOGGED IN
		iSCSI Session State: LOGGED_IN
		Internal iscsid Session State: NO CHANGE
		Host Number: 2	State: running
		scsi2 Channel 00 Id 0 Lun: 1
			Attached scsi disk sdc		State: running
`;
const DISK =
  'device NAME="sdc" KNAME="sdc" PKNAME="" TYPE="disk" RO="0" SIZE="38654705664" SERIAL="beaf11" WWN="" MODEL="VIRTUAL-DISK" TRAN="iscsi" FSTYPE="" LABEL="" UUID="" MOUNTPOINT=""';

function initiator(what: {
  session?: boolean;
  record?: boolean;
  devices?: readonly string[];
}): Reader {
  return hostSaying(([program, , mode = '']) => {
    if (program === 'sh') return [DISK, 'asked sdc /dev/sdc', ...(what.devices ?? [])].join('\n');
    if (mode === 'session') return what.session === true ? SESSION : { code: 21 };
    return what.record === true ? `${PORTAL},1 ${TARGET}\n` : { code: 21 };
  });
}

test('a session is ended and its record forgotten; both must be gone for it to be done', async () => {
  const { check, preview } = bind('iscsi.log-out', { target: TARGET, portal: PORTAL });
  assert.deepEqual(preview.lines, [
    `iscsiadm -m node -T ${TARGET} -p ${PORTAL} -u`,
    `iscsiadm -m node -T ${TARGET} -p ${PORTAL} -o delete`,
  ]);
  assert.equal((await check(initiator({ session: true, record: true }))).kind, 'notYet');
  assert.equal((await check(initiator({ record: true }))).kind, 'notYet');
  assert.equal((await check(initiator({ session: true }))).kind, 'notYet');
  assert.equal((await check(initiator({}))).kind, 'done');
});

test('a session whose disk carries a device or is open is not ended, and by whom is said', async () => {
  const { check } = bind('iscsi.log-out', { target: TARGET, portal: PORTAL });
  const device =
    'device NAME="vol1-snap" KNAME="dm-1" PKNAME="sdc" TYPE="dm" RO="0" SIZE="38654705664" SERIAL="" WWN="" MODEL="" TRAN="" FSTYPE="" LABEL="" UUID="" MOUNTPOINT=""';
  const carries = initiator({ session: true, devices: [device, 'holder sdc dm-1'] });
  assert.match(because(await check(carries)), /its disk sdc: dm-1 \(dm\) stands on it/);
  const open = initiator({ session: true, devices: ['open sdc 4321 qemu-kvm'] });
  assert.match(because(await check(open)), /its disk sdc: .*qemu-kvm/);
});

test('sessions that cannot be read are not taken for none', async () => {
  const { check } = bind('iscsi.log-out', { target: TARGET, portal: PORTAL });
  const verdict = await check(hostSaying(() => ({ code: 1 })));
  assert.equal(verdict.kind, 'cannotTell');
});

function tgt(initiators: readonly string[], backing = '/dev/tank/vol1'): string {
  return `Target 1: iqn.2001-04.com.nas-0-0-other
    System information:
        Driver: iscsi
        State: ready
    I_T nexus information:
    LUN information:
    Account information:
    ACL information:
        ALL
Target 7: ${TARGET}
    System information:
        Driver: iscsi
        State: ready
    I_T nexus information:
${initiators.map((one, i) => `        I_T nexus: ${i}\n            Initiator: iqn.1994-05.com.redhat:${i} alias: c\n            Connection: 0\n                IP Address: ${one}\n`).join('')}    LUN information:
        LUN: 0
            Type: controller
            Backing store path: None
        LUN: 1
            Type: disk
            Backing store path: ${backing}
    Account information:
    ACL information:
        10.1.1.254
`;
}

const REMOVE = { target: TARGET, backing: '/dev/tank/vol1', acl: ['10.1.1.254'] };

test('a target goes where nobody is logged in; its number is looked up as it goes', async () => {
  const step = bind('iscsi.remove-target', REMOVE);
  assert.equal(step.effect, 'changes');
  assert.equal((await step.check(hostSaying(() => tgt([])))).kind, 'notYet');
  assert.equal((await step.check(hostSaying(() => ''))).kind, 'done');
  const [command] = step.commands;
  assert.equal(command?.argv.includes('7'), false);
  assert.equal(command.argv.includes('--force'), false);
  assert.ok(step.undo.kind === 'commands');
  assert.match(step.undo.says, /of \/dev\/tank\/vol1, for 10\.1\.1\.254/);
});

test('a target with an initiator stays, whoever it is, unless its address was typed', async () => {
  const used = hostSaying(() => tgt(['10.1.1.200']));
  const step = bind('iscsi.remove-target', REMOVE);
  assert.match(
    because(await step.check(used)),
    /10\.1\.1\.200\) is logged in .*must log out first/,
  );
  const forced = bind('iscsi.remove-target', { ...REMOVE, throwsOut: ['10.1.1.200'] });
  assert.equal((await forced.check(used)).kind, 'notYet');
  assert.equal(forced.effect, 'destroys');
  assert.match(forced.telling.loses ?? '', /10\.1\.1\.200/);
  const another = await forced.check(hostSaying(() => tgt(['10.1.1.200', '10.1.1.201'])));
  assert.match(because(another), /10\.1\.1\.201\) is logged in/);
});

test('a target that stands on another volume than was reviewed is another one', async () => {
  const { check } = bind('iscsi.remove-target', REMOVE);
  const other = await check(hostSaying(() => tgt([], '/dev/tank/vol2')));
  assert.match(because(other), /stands on \/dev\/tank\/vol2 by now/);
});

test('where no tgtd runs its targets are gone with it; other silence is no answer', async () => {
  const { check } = bind('iscsi.remove-target', REMOVE);
  assert.equal((await check(hostSaying(() => ({ code: 107 })))).kind, 'done');
  assert.equal((await check(hostSaying(() => ({ code: 22 })))).kind, 'cannotTell');
});

test('no words of a shell get in by a name', () => {
  for (const target of ['iqn.x;reboot', 'iqn.x y', '-u', 'iqn.$(id)', "iqn.'"]) {
    assert.equal(
      kinds.bind({ kind: 'iscsi.log-out', params: { target, portal: PORTAL } }).ok,
      false,
    );
    assert.equal(
      kinds.bind({ kind: 'iscsi.remove-target', params: { ...REMOVE, target } }).ok,
      false,
    );
  }
});
