import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Case, WayOut } from '../../source/core/recovery.js';
import { enterLab, LAB_NODES, leaveLab, onBoth, onLab } from '../support/lab.js';
import { ask, calm, configure, LAB_SECRET, plain, run, setUp } from '../support/split-brain-lab.js';

const skip = await enterLab('clean', 'DRBD’s links on a real kernel');

before(async () => {
  if (skip === false) await setUp();
});

after(leaveLab);

function wayOf(found: Case, value: string): WayOut {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(
    way,
    `${found.verdict}: ${found.happened} (${found.ways.map((one) => one.value).join()})`,
  );
  return way;
}

/** Gives the two machines settings that do not fit, and waits until DRBD has refused. */
async function mismatch(fiori: string, torchio: string): Promise<void> {
  await configure('fiori', plain, fiori);
  await configure('torchio', plain, torchio);
  await onBoth('drbdadm disconnect hfplain 2>/dev/null; true');
  await onBoth('drbdadm adjust hfplain');
  const alone =
    'for i in $(seq 60); do [ $(drbdadm cstate hfplain) = StandAlone ] && exit 0; sleep 0.5; done; exit 1';
  await Promise.any(LAB_NODES.map((node) => onLab(node, alone)));
}

/** Mends, and proves that both have the same bytes and talk again. */
async function mends(found: Case, way: string): Promise<string> {
  const ran = await run(wayOf(found, way), false);
  assert.deepEqual(ran.end, { kind: 'finished' }, ran.commands.join('\n'));
  const sums = await onBoth('sha256sum < /etc/drbd.d/hfplain.res');
  assert.equal(sums[0], sums[1], 'the files differ');
  for (const said of await onBoth('drbdadm cstate hfplain; drbdadm dstate hfplain')) {
    assert.equal(said, 'Connected\nUpToDate/UpToDate');
  }
  assert.equal((await ask('hfplain', 'drbd.standalone')).verdict, 'healed');
  return ran.journal;
}

test(
  'a verify-alg that differs is named, compared, mended in the file, and both are connected',
  { skip },
  async () => {
    await mismatch('verify-alg crc32c;', '');
    const found = await ask('hfplain', 'drbd.standalone');
    assert.equal(found.verdict, 'settings differ', found.happened);
    assert.match(found.happened, /Different verify-alg settings/);
    await mends(found, 'fiori');
    for (const said of await onBoth('drbdsetup show hfplain'))
      assert.match(said, /verify-alg\s+"?crc32c/);
    await calm(plain);
  },
);

test('secrets that differ: both get a new one, which nobody reads', { skip }, async () => {
  await mismatch(
    'cram-hmac-alg sha1; shared-secret "horse one";',
    'cram-hmac-alg sha1; shared-secret "horse two";',
  );
  const found = await ask('hfplain', 'drbd.standalone');
  assert.equal(found.verdict, 'secrets differ', found.happened);
  assert.doesNotMatch(JSON.stringify(found), /horse/);
  const journal = await mends(found, 'torchio');
  assert.doesNotMatch(journal, new RegExp(`horse|${LAB_SECRET}`));
  for (const said of await onBoth('drbdsetup show hfplain; stat -c %a /etc/drbd.d/hfplain.res')) {
    assert.match(said, new RegExp(`shared-secret\\s+"${LAB_SECRET}"[^]*600$`));
  }
  await calm(plain);
});
