import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../../../source/core/recovery.js';
import { StepKinds } from '../../../../source/core/step.js';
import type { Draft } from '../../../../source/core/wizard.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { caseOf, type Closer } from './support.js';

const kinds = new StepKinds(drbd.steps ?? []);

function draft(found: Case, victim: string, keepCopy = false): Draft {
  const drafted = found.ways.find(({ value }) => value === victim)?.plan({ keepCopy });
  assert.ok(drafted?.ok, JSON.stringify(drafted));
  return drafted.draft;
}

function faults(found: Case, victim: string, keepCopy = false): readonly string[] {
  const drafted = found.ways.find(({ value }) => value === victim)?.plan({ keepCopy });
  assert.ok(drafted && !drafted.ok);
  return drafted.faults.map(({ says }) => says);
}

/** A plan as a person would read it: host, then what is run or waited for. */
function told({ steps }: Draft): readonly string[] {
  return steps.map((step) => {
    const bound = kinds.bind(step);
    assert.ok(bound.ok, bound.ok ? '' : bound.because);
    const { preview, telling } = bound.step;
    const what = preview.kind === 'commands' ? preview.lines.join('; ') : telling.title;
    return `${step.host}: ${what}`;
  });
}

const LV = 'data|r0|268435456|134217728|4194304|-wi-ao----';

test('both sides stand alone: the plan makes the victim Secondary, discards, waits and promotes', async () => {
  const found = await caseOf('split-brain');
  assert.equal(found.verdict, 'split brain');
  assert.equal(found.mendable, true);
  assert.deepEqual(told(draft(found, 'torchio')), [
    'torchio: drbdadm secondary r0',
    'torchio: drbdadm connect --discard-my-data r0',
    'fiori: drbdadm connect r0',
    'torchio: wait until the sides are connected',
    'torchio: wait until both sides are UpToDate',
    'fiori: wait until both sides are UpToDate',
    'torchio: drbdadm primary r0',
  ]);
});

test('the person types the victim’s name and accepts what is lost by name', async () => {
  const { confirmations, loses } = draft(await caseOf('split-brain'), 'torchio');
  assert.equal(confirmations.length, 1);
  assert.equal(confirmations[0]?.word, 'torchio');
  assert.match(loses.join(), /All that torchio wrote .* is lost: \d.* MiB; fiori's data takes/);
  assert.equal(confirmations[0].accepts, loses.join(' '));
});

test('a side that still waits is disconnected first, or left waiting when it is kept', async () => {
  const found = await caseOf('split-brain-one-waiting');
  assert.equal(found.verdict, 'split brain', found.happened);
  const connections = found.blocks
    .flatMap((block) => (block.kind === 'sides' ? block.rows : []))
    .find(({ label }) => label === 'connection')
    ?.values.map(({ text }) => text);
  assert.deepEqual([...(connections ?? [])].sort(), ['StandAlone', 'WFConnection']);
  const waiting = connections?.[0] === 'WFConnection' ? 'fiori' : 'torchio';
  const alone = waiting === 'fiori' ? 'torchio' : 'fiori';
  assert.equal(told(draft(found, waiting))[0], `${waiting}: drbdadm disconnect r0`);
  assert.ok(told(draft(found, waiting)).includes(`${alone}: drbdadm connect r0`));
  assert.ok(!told(draft(found, alone)).some((line) => line.startsWith(`${waiting}: drbdadm`)));
});

test('a victim in use is refused, with everybody who uses it', async () => {
  const users = [
    'mount 0 ocfs2 /srv/pub',
    'process 0 812 /usr/bin/qemu-system-x86_64 -name guest=web-1,debug -m 1',
    'swap 0',
  ];
  const found = await caseOf('split-brain', { torchio: { users } });
  const says = faults(found, 'torchio').join('\n');
  assert.match(says, /in use on torchio: \/srv\/pub \(ocfs2\)/);
  assert.match(says, /process 812 qemu-system-x86_64 \(guest web-1\)/);
  assert.match(says, /in use on torchio: swap/);
  assert.equal(draft(found, 'fiori').steps[0]?.host, 'fiori');
});

test('who uses it is not guessed when it cannot be read', async () => {
  const altered = (text: string) => text.replace('root 0', 'root 1000');
  const found = await caseOf('split-brain', { torchio: { altered } });
  assert.match(faults(found, 'torchio').join(), /takes root/);
});

test('the side in use is recommended to be kept', async () => {
  const found = await caseOf('split-brain', { fiori: { users: ['mount 0 ext4 /srv'] } });
  const { value, reasons } = found.recommended ?? { value: '', reasons: [] };
  assert.equal(value, 'torchio');
  assert.match(reasons.join(), /fiori is in use \(\/srv \(ext4\)\)/);
});

test('evidence that disagrees recommends nobody, and says why', async () => {
  const both = { users: ['mount 0 ext4 /srv'] };
  const found = await caseOf('split-brain', { fiori: both, torchio: both });
  assert.equal(found.recommended, undefined);
  assert.match(found.todo, /No side is recommended/);
});

test('a copy is kept when nothing can write any more and before anything is discarded', async () => {
  const found = await caseOf('split-brain', { torchio: { lvs: LV } });
  const lines = told(draft(found, 'torchio', true));
  assert.equal(lines[0], 'torchio: drbdadm secondary r0');
  assert.match(
    lines[1] ?? '',
    /^torchio: lvcreate -s -n r0-split-brain-20261120-140211 -L \d+b -- data\/r0$/,
  );
  assert.equal(lines[2], 'torchio: drbdadm connect --discard-my-data r0');
});

test('without room or without LVM a copy is refused with the reason', async () => {
  const full = await caseOf('split-brain', {
    torchio: { lvs: LV.replace('134217728', '4194304') },
  });
  assert.match(
    faults(full, 'torchio', true).join(),
    /data has 4\.0 MiB free, and a copy of data\/r0 needs/,
  );
  const none = await caseOf('split-brain');
  assert.match(faults(none, 'torchio', true).join(), /\/dev\/vdb is no logical volume/);
  assert.match(draft(none, 'torchio').warnings.join(), /No copy of torchio's data can be kept/);
});

test('a plan stands on the states, the data generations and the device of both sides', async () => {
  const { basis } = draft(await caseOf('split-brain'), 'torchio');
  for (const host of ['fiori', 'torchio']) {
    const facts = basis.filter((fact) => fact.host === host);
    assert.equal(facts.length, 3);
    assert.ok(
      facts.some(({ expect }) => expect === 'StandAlone Primary/Unknown UpToDate/DUnknown'),
    );
    assert.ok(facts.some(({ expect }) => /^[0-9A-F]{16}:[0-9A-F]{16}$/.test(expect)));
  }
});

test('drbdadm that means another device by the name is refused', async () => {
  const found = await caseOf('split-brain', { torchio: { minor: '7' } });
  assert.match(faults(found, 'torchio').join(), /gives r0 minor 7, the kernel 0/);
});

const NEAR_MISSES: readonly (readonly [string, string, RegExp])[] = [
  ['standalone-no-split-brain', 'settings differ', /verify-alg/],
  ['peer-down', 'peer unknown', /torchio did not tell its side/],
  ['resync', 'resync under way', /connected/],
  ['calm', 'healed', /UpToDate on both/],
  ['diverged', 'split, and still apart', /not met/],
  ['drbd9-three-nodes', 'resync under way', /being brought up to date/],
  ['not-up', 'peer down', /not up/],
];

for (const [situation, verdict, happened] of NEAR_MISSES) {
  test(`${situation}: is called ${verdict} and left alone`, async () => {
    const subject = situation === 'drbd9-three-nodes' ? 'data' : 'r0';
    const found = await caseOf(situation, {}, subject);
    assert.equal(found.verdict, verdict, found.happened);
    assert.equal(found.mendable, false);
    assert.match(found.happened, happened);
    assert.deepEqual(found.ways, []);
    assert.equal(found.recommended, undefined);
    assert.notEqual(found.todo, '');
  });
}

test('secrets that differ are named from the kernel log', async () => {
  const altered = (text: string) =>
    text.replace(
      /Different verify-alg settings.*/g,
      'Authentication of peer failed, trying again.',
    );
  const found = await caseOf('standalone-no-split-brain', {
    fiori: { altered },
    torchio: { altered },
  });
  assert.equal(found.verdict, 'secrets differ');
  assert.equal(found.mendable, false);
});

test('a side that cannot be reached is not judged, and nothing is discarded', async () => {
  const found = await caseOf('split-brain', { torchio: { dead: true } });
  assert.equal(found.verdict, 'peer unreachable');
  assert.equal(found.mendable, false);
  assert.deepEqual(found.ways, []);
});

test('identifiers that cannot be read leave no plan, though the log tells of a split brain', async () => {
  const altered = (text: string) => text.replace(/^[0-9A-F]{16}:.*/gm, '');
  const found = await caseOf('split-brain', { torchio: { altered } });
  assert.equal(found.verdict, 'split brain, data not compared');
  assert.match(found.happened, /data generation of torchio could not be read/);
  assert.deepEqual(found.ways, []);
});

test('a resource that nobody has is named, with those that there are', async () => {
  const found = await caseOf('split-brain', {}, 'r9');
  assert.equal(found.verdict, 'resource unknown');
  assert.match(found.todo, /r0/);
});

const HOSTILE: readonly string[] = ['all', '-x', 'r0;reboot', 'r0$(reboot)', 'r\u001b[2J'];

for (const name of HOSTILE) {
  test(`a resource called ${JSON.stringify(name)} never reaches a command`, async () => {
    const altered = (text: string) => text.replace(/\br0\b/g, () => name);
    const closer: Closer = { altered };
    const found = await caseOf('split-brain', { fiori: closer, torchio: closer }, name);
    for (const { plan } of found.ways) assert.ok(!plan({ keepCopy: false }).ok);
    assert.doesNotMatch(JSON.stringify([found.happened, found.todo, found.blocks]), /\\u001b/);
  });
}
