import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, Outcome, Reader } from '../../../../source/core/host.js';
import type { Case } from '../../../../source/core/recovery.js';
import { StepKinds } from '../../../../source/core/step.js';
import type { Draft } from '../../../../source/core/wizard.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { parseBusy } from '../../../../source/stacks/drbd/recoveries/slow-resync/look.js';
import { slowResyncRecovery } from '../../../../source/stacks/drbd/recoveries/slow-resync/recovery.js';
import { draftOf } from '../../../support/carry-out.js';
import { RECORDED_AT } from '../../../support/recordings.js';
import { hostsOf, type Closer } from '../split-brain/support.js';

/** What a host says of its rates and of a second of its disks and card. */
interface Pace {
  readonly disk?: string;
  readonly busy?: string;
}

const IDLE =
  'disk 100 /dev/vdb\nnet 0 0 eth1\nat 10.00\ndisk 200 /dev/vdb\nnet 4000000 0 eth1\nat 11.00\nspeed 1000\n';

function shown(disk: string): string {
  return `resource r0 { _this_host { volume 0 { device minor 0; disk "/dev/vdb"; disk { ${disk} } } } }\n`;
}

async function caseOf(
  situation: string,
  { disk = 'resync-rate 4096k; c-plan-ahead 0;', busy = IDLE }: Pace = {},
  closer: Readonly<Record<string, Closer>> = {},
): Promise<Case> {
  const hosts = new Map<string, Reader>();
  for (const [name, host] of await hostsOf(situation, closer)) {
    const say = (stdout: string): Outcome => ({ kind: 'exited', code: 0, stdout, stderr: '' });
    hosts.set(name, {
      name,
      run: async (command: Command<'reads'>) => {
        const script = command.argv[2] ?? '';
        if (script.includes('drbdsetup show r0')) return say(shown(disk));
        if (script.includes('snap()')) return say(busy);
        return host.run(command);
      },
    });
  }
  return slowResyncRecovery(() => RECORDED_AT).gather('r0', hosts);
}

const kinds = new StepKinds(drbd.steps ?? []);

function told(found: Case, way: string): readonly string[] {
  const chosen = found.ways.find(({ value }) => value === way);
  assert.ok(chosen, `${found.happened} ${found.ways.map(({ value }) => value).join()}`);
  const draft: Draft = draftOf(chosen.plan({ keepCopy: false }));
  return draft.steps.map((step) => {
    const bound = kinds.bind(step);
    assert.ok(bound.ok, bound.ok ? '' : bound.because);
    const { preview, telling } = bound.step;
    return `${step.host}: ${preview.kind === 'commands' ? preview.lines.join('; ') : telling.title}`;
  });
}

test('a resync at its rate: the rate is named, changed for now on the target, and put back at the end', async () => {
  const found = await caseOf('resync');
  assert.equal(found.verdict, 'running');
  assert.match(found.happened, /resync-rate allows 4\.0 MiB\/s/);
  assert.deepEqual(told(found, 'faster'), [
    'torchio: drbdadm disk-options --resync-rate=16384k r0',
    'torchio: wait until both sides are UpToDate',
    'torchio: drbdadm disk-options --resync-rate=4096k r0',
  ]);
  assert.deepEqual(
    told(found, 'slower')[0],
    'torchio: drbdadm disk-options --resync-rate=1024k r0',
  );
});

test('where DRBD makes the rate by itself, its ceiling is what is changed', async () => {
  const found = await caseOf('resync', { disk: 'c-max-rate 4M;' });
  assert.match(found.happened, /c-max-rate allows 4\.0 MiB\/s/);
  assert.deepEqual(
    told(found, 'full')[0],
    'torchio: drbdadm disk-options --c-max-rate=4194304k --c-min-rate=4194304k r0',
  );
});

test('a disk or a card that is full is named, and that a higher rate does not help', async () => {
  const busy = IDLE.replace('disk 200', 'disk 1080').replace('4000000', '120000000');
  const found = await caseOf('resync', { disk: 'c-max-rate 1G;', busy });
  assert.match(found.happened, /\/dev\/vdb on (?:fiori|torchio) is busy 98/);
  assert.match(found.happened, /eth1 on \w+ is full/);
  assert.match(found.todo, /does not help/);
});

test('paused by hand: it goes on where it was paused', async () => {
  const found = await caseOf('paused');
  assert.equal(found.verdict, 'paused', found.happened);
  assert.match(found.happened, /somebody paused it on torchio/);
  assert.deepEqual(told(found, 'resume'), [
    'torchio: drbdadm resume-sync r0',
    'torchio: wait until both sides are UpToDate',
  ]);
});

test('a resync that waits for another one is left alone', async () => {
  const altered = (text: string) => text.replace('r--u--', 'ra----').replace('r-p---', 'ra----');
  const closer = { fiori: { altered }, torchio: { altered } };
  const found = await caseOf('paused', { disk: 'resync-after r7/0;' }, closer);
  assert.equal(found.verdict, 'waits for another resync', found.happened);
  assert.match(found.happened, /waits for r7\/0/);
  assert.deepEqual(found.ways, []);
});

test('without a resync there is nothing to hurry', async () => {
  assert.equal((await caseOf('calm')).verdict, 'no resync');
});

test('the rate that is put back has no undo; the one for now has', () => {
  const params = {
    resource: 'r0',
    minors: [0],
    driver: '8.4',
    rates: [{ option: 'c-max-rate', kib: 409600, before: 102400 }],
  };
  const undo = (puttingBack: boolean) => {
    const bound = kinds.bind({ kind: 'drbd.session-rates', params: { ...params, puttingBack } });
    assert.ok(bound.ok);
    return bound.step.undo;
  };
  assert.deepEqual(undo(true), { kind: 'nothing' });
  const back = undo(false);
  assert.ok(back.kind === 'commands');
  assert.deepEqual(back.commands[0]?.argv, [
    'drbdadm',
    'disk-options',
    '--c-max-rate=102400k',
    'r0',
  ]);
});

test('a look that was torn says nothing rather than something wrong', () => {
  assert.deepEqual(parseBusy('disk 1 /dev/vdb\nat 5.0\n'), { disks: new Map(), net: undefined });
  assert.deepEqual(parseBusy(''), { disks: new Map(), net: undefined });
});
