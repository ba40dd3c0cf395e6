import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../../../source/core/recovery.js';
import type { Draft } from '../../../../source/core/wizard.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { verifyDifferencesRecovery } from '../../../../source/stacks/drbd/recoveries/verify-differences/recovery.js';
import { parseKernelLog } from '../../../../source/stacks/drbd/read/kernel-log.js';
import { readVerifyLog } from '../../../../source/stacks/drbd/read/verify-log.js';
import { draftOf, faultsOf, reviewOf } from '../../../support/carry-out.js';
import { RECORDED_AT } from '../../../support/recordings.js';
import { hostsOf, type Closer } from '../split-brain/support.js';

const LOG = `[  400.0] block drbd0: Starting Online Verify from sector 0
[  401.0] block drbd0: Out of sync: start=2048, size=8 (sectors)
[  401.1] block drbd0: Out of sync: start=2056, size=8 (sectors)
[  402.0] block drbd0: Out of sync: start=9000, size=16 (sectors)
[  460.0] block drbd0: Online verify done (total 60 sec; paused 0 sec; 4368 K/sec)
[  460.1] block drbd0: Online verify found 4 4k block out of sync!
`;

async function caseOf(
  situation: string,
  closer: Readonly<Record<string, Closer>> = {},
): Promise<Case> {
  const recorded = await hostsOf(situation, closer);
  const hosts = new Map(
    [...recorded].map(([name, host]) => [
      name,
      {
        name,
        run: (command: Parameters<typeof host.run>[0]) =>
          command.argv.join(' ').includes('dmesg') && situation === 'verified-different'
            ? Promise.resolve({ kind: 'exited' as const, code: 0, stdout: LOG, stderr: '' })
            : host.run(command),
      },
    ]),
  );
  return verifyDifferencesRecovery(() => RECORDED_AT).gather('r0', hosts);
}

function drafted(found: Case, way: string): Draft {
  const chosen = found.ways.find(({ value }) => value === way);
  assert.ok(chosen, found.happened);
  return draftOf(chosen.plan({ keepCopy: false }));
}

const commands = (draft: Draft): readonly string[] =>
  draft.steps.map(({ host, kind }) => `${host} ${kind}`);

test('blocks that differ: how much, where, and that DRBD cannot say who is right', async () => {
  const found = await caseOf('verified-different');
  assert.equal(found.verdict, 'copies differ', found.happened);
  assert.match(found.happened, /1\.0 MiB of r0 differ between fiori and torchio/);
  const where = found.blocks.find((block) => block.kind === 'table');
  assert.ok(where?.kind === 'table');
  assert.deepEqual(
    where.rows.map((row) => row.map(({ text }) => text)),
    [
      ['/dev/drbd0', '1048576', '256', '8.0 KiB'],
      ['/dev/drbd0', '4608000', '1125', '8.0 KiB'],
    ],
  );
});

test('the Secondary is recommended to give way while the other is Primary; the choice is typed', async () => {
  const found = await caseOf('verified-different');
  assert.equal(found.recommended?.value, 'torchio');
  const draft = drafted(found, 'torchio');
  assert.deepEqual(commands(draft), [
    'torchio drbd.part-for-copy',
    'torchio drbd.meet-for-copy',
    'torchio drbd.wait-connected',
    'torchio drbd.wait-in-sync',
    'fiori drbd.wait-in-sync',
  ]);
  assert.deepEqual(
    draft.confirmations.map(({ word }) => word),
    ['torchio'],
  );
  assert.match(draft.loses.join(), /torchio's blocks are overwritten by fiori's/);
});

test('the Primary can be the one that is wrong: it is made Secondary, the other Primary for that time', async () => {
  const draft = drafted(await caseOf('verified-different'), 'fiori');
  assert.deepEqual(commands(draft), [
    'fiori drbd.make-secondary',
    'torchio drbd.promote-source',
    'fiori drbd.part-for-copy',
    'fiori drbd.meet-for-copy',
    'fiori drbd.wait-connected',
    'fiori drbd.wait-in-sync',
    'torchio drbd.wait-in-sync',
    'torchio drbd.make-secondary',
    'fiori drbd.promote',
  ]);
});

test('a loser in use is refused with everybody who uses it', async () => {
  const users = ['mount 0 ocfs2 /srv/pub'];
  const found = await caseOf('verified-different', { fiori: { users } });
  const way = found.ways.find(({ value }) => value === 'fiori');
  assert.match(
    faultsOf(way?.plan({ keepCopy: false }) ?? { ok: false, faults: [] }).join(),
    /\/srv\/pub \(ocfs2\)/,
  );
  assert.equal(drafted(found, 'torchio').steps[0]?.host, 'torchio');
});

test('two Primaries, both perhaps right: nobody is recommended', async () => {
  const altered = (text: string) => text.replace(/ro:\S+/, 'ro:Primary/Primary');
  const found = await caseOf('verified-different', { fiori: { altered }, torchio: { altered } });
  assert.equal(found.recommended, undefined);
  assert.match(found.todo, /wrote past DRBD/);
});

test('a verify can be asked for at any time, and changes nothing', async () => {
  const found = await caseOf('calm');
  assert.equal(found.verdict, 'no difference known');
  const review = reviewOf(drafted(found, 'verify'), drbd).join('\n');
  assert.match(review, /drbdadm verify r0/);
});

for (const [situation, verdict] of [
  ['verify', 'verify under way'],
  ['resync', 'resync under way'],
  ['split-brain', 'not connected'],
  ['standalone-no-split-brain', 'not connected'],
] as const) {
  test(`${situation}: is called ${verdict} and left alone`, async () => {
    const found = await caseOf(situation);
    assert.equal(found.verdict, verdict, found.happened);
    assert.deepEqual(found.ways, []);
  });
}

test('only the newest verify counts, and one that was broken off is not done', () => {
  const again = `${LOG}[  500.0] block drbd0: Starting Online Verify from sector 0\n`;
  const parsed = parseKernelLog(again);
  assert.ok(parsed.ok);
  assert.deepEqual(readVerifyLog(parsed.value), {
    ranges: [],
    doneAt: null,
    foundKiB: null,
    copiedAt: null,
  });
});

test('the finding of copies that differ leads here', () => {
  assert.ok(drbd.recoveries?.some(({ id }) => id === 'drbd.verify-differences'));
});
