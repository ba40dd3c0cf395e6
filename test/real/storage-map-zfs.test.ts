import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { StepKinds } from '../../source/core/step.js';
import { progressOf } from '../../source/stacks/imgstorage/progress.js';
import { steps as rollSteps } from '../../source/stacks/imgstorage/steps/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { enterLab, labHost, leaveLab, load, onBoth, onLab, save } from '../support/lab.js';
import { why } from '../support/lab-run.js';
import { keepRecording } from '../support/lab-recording.js';
import { killedAtEachInstant, planOf, runOf, sum, WAY } from '../support/storage-map-lab.js';
import {
  delegate,
  DEVICE,
  failToReturn,
  gathered,
  installRocks,
  mapBeside,
  seen,
  SENT,
  sets,
  setUpZfs,
  SECTORS,
  SNAP,
  sql,
  TEMP,
  upload,
  VOLUME,
  wayOut,
  withoutZfs,
  workOnCopy,
  writeOn,
} from '../support/zfs-map-lab.js';

const WHAT = 'storage maps on real volumes of ZFS';
let skip = await enterLab('clean', WHAT);
if (skip === false) {
  const lacks = await withoutZfs();
  if (lacks !== undefined) {
    console.error(`SKIPPED ${WHAT}: ${lacks}`);
    skip = lacks;
    await leaveLab();
  }
}

const MIB = 1024 * 1024;
const NEIGHBOURS = ['tank/vol10', 'tank/vol10@theirs'];
const kinds = new StepKinds([...generalSteps, ...rollSteps]);

before(async () => {
  if (skip !== false) return;
  await setUpZfs();
  await save('test-zfs-bare');
  await delegate();
  await mapBeside();
  await save('test-zfs-beside');
  await upload();
  await workOnCopy();
  await writeOn(6);
  await save('test-zfs-copy');
});

after(leaveLab);

/** A console that dies again and again, a few commands further each time. */
const INSTANTS = [1, 4, 3, 6];

test(
  'what was written beside the image comes to the NAS’s volume, whoever dies meanwhile, and both its volumes go',
  { skip },
  async () => {
    await load('test-zfs-beside');
    const whole = await sum('fiori', `/dev/mapper/${SNAP}`);
    assert.notEqual(await sum('torchio', DEVICE), whole);
    const found = await gathered();
    assert.equal(found.mendable, true, found.happened);
    assert.equal(found.recommended?.value, 'save', JSON.stringify(found.ways));
    await keepRecording(
      'zfs-written-beside',
      'a copy that was forgotten: the image is written beside of',
    );
    const run = wayOut(found, 'save');
    const deaths = await killedAtEachInstant(run, 60, INSTANTS);
    assert.ok(deaths >= 5, `it died ${deaths} times only`);
    assert.equal(await sum('torchio', DEVICE), whole);
    assert.deepEqual(await sets('fiori'), []);
    // The image as it was before the merge stays as a snapshot, which the roll trims with its own.
    const [own, before = '', ...others] = await sets('torchio');
    assert.deepEqual([own, others], [VOLUME, NEIGHBOURS]);
    assert.match(before, /^tank\/vol1@IMG-STORAGE-holdfast-/);
    assert.equal(await onLab('torchio', 'tgtadm --lld iscsi --mode target --op show'), '');
    const { image } = await seen();
    assert.deepEqual([image.row?.remoteHost, image.lock], [null, undefined]);
    for (const line of run.commands) assert.doesNotMatch(line, /destroy (?:-r|tank(?: |$))/);
  },
);

test(
  'what the container alone has arrives by send and receive, killed on the way, to the very bytes',
  { skip },
  async () => {
    await load('test-zfs-copy');
    await failToReturn();
    const whole = await sum('fiori', DEVICE);
    assert.notEqual(await sum('torchio', DEVICE), whole);
    const { image } = await seen();
    assert.equal(image.far?.local?.beneath, 0);
    const found = await gathered();
    assert.equal(found.verdict, 'last copy to the NAS failed', found.happened);
    assert.equal(found.recommended?.value, 'save');
    await keepRecording('zfs-not-returned', 'the last copy of an image to its NAS failed');
    const run = wayOut(found, 'save');
    const deaths = await killedAtEachInstant(run, 60, INSTANTS);
    assert.ok(deaths >= 5, `it died ${deaths} times only`);
    assert.equal(await sum('torchio', DEVICE), whole);
    assert.deepEqual(await sets('fiori'), []);
    const left = await sets('torchio');
    assert.deepEqual(left.slice(0, 2), [VOLUME, `${VOLUME}@${SENT}`]);
    assert.equal(left.length, 3 + NEIGHBOURS.length, left.join(' '));
  },
);

test(
  'a stream that is on its way is told in bytes, and a copy into a volume that is open is not begun',
  { skip },
  async () => {
    await load('test-zfs-copy');
    const copy = {
      ...{ id: '00000000-0000-4000-8000-00000000000a', since: SENT, snapshot: 'new' },
      ...{ from: { host: '192.0.2.1', volume: VOLUME }, to: VOLUME, user: 'img-storage' },
    };
    const bound = kinds.bind({ kind: 'zfs.copy', params: copy });
    assert.ok(bound.ok);
    const checked = async (): Promise<string> => {
      const verdict = await bound.step.check(labHost('torchio'));
      return 'because' in verdict ? verdict.because : verdict.kind;
    };
    assert.equal(await checked(), 'notYet');
    await onLab('torchio', `(exec sleep 600) <${DEVICE} >/dev/null 2>&1 &`);
    assert.match(await checked(), /in use by .*sleep/);
    const [command] = bound.step.commands;
    assert.ok(command);
    const refused = await labHost('torchio').run(command);
    assert.equal(refused.kind === 'exited' && refused.stderr.trim(), `${VOLUME} is in use`);
    await onLab('torchio', 'kill $(pgrep -x sleep -n)');
    // As snapshot_download.sh, with a pause in the middle of the stream.
    await onLab('fiori', `zfs snap ${VOLUME}@new`);
    await onLab(
      'torchio',
      `su img-storage -c "ssh fiori /sbin/zfs send -I ${VOLUME}@${SENT} ${VOLUME}@new" >/tmp/stream; ((head -c ${4 * MIB} /tmp/stream; until [ -e /tmp/on ]; do sleep 0.2; done; tail -c +${4 * MIB + 1} /tmp/stream) | zfs receive -F ${VOLUME}) >/dev/null 2>&1 &`,
    );
    await onLab(
      'torchio',
      `until [ "$(zfs get -Hp -o value usedbychildren ${VOLUME})" -gt ${2 * MIB} ]; do sleep 0.3; done`,
    );
    await sql(
      'torchio',
      "INSERT INTO sync_queue VALUES('vol1','tank','fiori','tank',0,0,strftime('%s','now'))",
    );
    await keepRecording('zfs-receiving', 'a copy of an image to its NAS is under way');
    const { now, image } = await seen();
    const progress = progressOf(now, image);
    assert.equal(progress?.phase, 'copying back');
    assert.ok(progress.done !== undefined && progress.done > 2 * MIB, JSON.stringify(progress));
    assert.ok(progress.share !== undefined && progress.share > 0.1 && progress.share < 0.9);
    assert.equal(await checked(), `${VOLUME} is receiving a copy`);
    const before = await sum('torchio', DEVICE);
    await onLab('torchio', 'touch /tmp/on; while pgrep -x zfs >/dev/null; do sleep 0.3; done');
    assert.notEqual(await sum('torchio', DEVICE), before);
  },
);

test(
  'a child, a clone and a hold that were not shown refuse, and not even the first snapshot is gone',
  { skip },
  async () => {
    await load('test-zfs-copy');
    await failToReturn();
    const found = await gathered();
    const guid = (await onLab('fiori', `zfs get -H -p -o value guid ${VOLUME}`)).trim();
    await onLab('fiori', `zfs snapshot ${VOLUME}@shown`);
    const shown = [SENT, 'shown'];
    const destroy = { volume: VOLUME, guid, snapshots: shown, loses: 'all of it' };
    const refusal = async (params: typeof destroy): Promise<string> => {
      const bound = kinds.bind({ kind: 'zfs.destroy-volume', params });
      assert.ok(bound.ok);
      const verdict = await bound.step.check(labHost('fiori'));
      const [command] = bound.step.commands;
      assert.ok(command);
      const outcome = await labHost('fiori').run(command);
      assert.ok(outcome.kind === 'exited' && outcome.code !== 0, 'it was destroyed');
      return `${'because' in verdict ? verdict.because : verdict.kind}; ${outcome.stderr.trim()}`;
    };
    const all = [VOLUME, `${VOLUME}@${SENT}`, `${VOLUME}@shown`];
    assert.match(
      await refusal({ ...destroy, snapshots: [SENT] }),
      /@shown is there.*; .*@shown was not shown/,
    );
    await onLab('fiori', `zfs clone ${VOLUME}@shown tank/theirs`);
    assert.match(await refusal(destroy), /tank\/theirs stands on tank\/vol1@shown.*; .*is bound/);
    assert.deepEqual(await sets('fiori'), ['tank/theirs', ...all]);
    await onLab('fiori', `udevadm settle; zfs destroy tank/theirs; zfs hold keep ${VOLUME}@shown`);
    assert.match(await refusal(destroy), /shown is held.*; .*is bound/);
    await onLab(
      'fiori',
      `zfs release keep ${VOLUME}@shown; (exec sleep 600) <${DEVICE} >/dev/null 2>&1 &`,
    );
    assert.match(await refusal(destroy), /in use by .*sleep.*; tank\/vol1 is in use/);
    assert.deepEqual(await sets('fiori'), all);
    await onLab('fiori', 'kill $(pgrep -x sleep -n)');
    // The plan was made before the second snapshot was there.
    const end = await wayOut(found, 'discard').apply();
    assert.match(why(end), /@shown is there, which the review did not show/);
    assert.deepEqual(await sets('fiori'), all);
  },
);

test(
  'a -temp-write that was left behind and is merged is destroyed alone, and the mapping goes on',
  { skip },
  async () => {
    await load('test-zfs-copy');
    await onLab(
      'fiori',
      `zfs create -o volblocksize=128K -V 96M -s ${TEMP}; udevadm settle; dmsetup create fresh --table "0 ${(96 * MIB) / 512} snapshot ${DEVICE} /dev/zvol/${TEMP} P 16"; dmsetup remove --retry fresh; udevadm settle`,
    );
    const found = await gathered();
    assert.equal(found.verdict, 'temp-write volume left behind', found.happened);
    assert.equal(found.recommended?.value, 'clear');
    const whole = await sum('fiori', `/dev/mapper/${SNAP}`);
    await wayOut(found, 'clear').finish();
    assert.deepEqual(await sets('fiori'), [VOLUME, `${VOLUME}@${SENT}`]);
    assert.equal(await sum('fiori', `/dev/mapper/${SNAP}`), whole);
  },
);

test(
  'volumes that are kept get other names, with their data, and their own back by undo',
  { skip },
  async () => {
    await load('test-zfs-beside');
    const found = await gathered();
    const run = wayOut(found, 'keep');
    const whole = await sum('fiori', `/dev/mapper/${SNAP}`);
    await run.finish();
    const kept = await sets('fiori');
    assert.equal(kept.length, 2);
    for (const name of kept) assert.match(name, /-kept-\d{8}-\d{6}$/);
    assert.equal(why(await run.undo()), 'finished');
    assert.deepEqual(await sets('fiori'), [VOLUME, TEMP]);
    assert.equal(await sum('fiori', `/dev/mapper/${SNAP}`), whole);
  },
);

test(
  'the roll’s account is given what it lacks, can then send and receive, and undo takes it away again',
  { skip },
  async () => {
    await load('test-zfs-bare');
    await onLab('torchio', 'zfs allow img-storage create,mount tank');
    const missing = ['destroy', 'hold', 'receive', 'send', 'snapshot'];
    const run = runOf(['torchio', 'imgstorage.allow', { pool: 'tank', missing }]);
    const su = (line: string): string =>
      `su img-storage -c 'PATH=/sbin:/usr/sbin:/bin; ${line}' 2>&1; true`;
    assert.match(await onLab('torchio', su(`zfs snap ${VOLUME}@a`)), /permission denied/);
    await run.finish();
    const copied = `zfs snap ${VOLUME}@a && zfs send ${VOLUME}@a | zfs receive tank/copy && zfs destroy -r tank/copy && zfs destroy ${VOLUME}@a && echo well`;
    assert.equal((await onLab('torchio', su(copied))).trim(), 'well');
    assert.equal(why(await run.undo()), 'finished');
    assert.match(await onLab('torchio', 'zfs allow tank'), /\tuser img-storage create,mount$/m);
    await onLab('fiori', 'systemctl stop img-storage-vm; userdel img-storage');
    const all = { pool: 'tank', missing: ['create', ...missing, 'mount'] };
    const nobody = runOf(['fiori', 'imgstorage.allow', all]);
    assert.match(why(await nobody.apply()), /there is no user img-storage on this host/);
  },
);

test(
  'a merge into a volume tells how it falls, and a device that is suspended holds nobody up',
  { skip },
  async () => {
    await load('test-zfs-beside');
    // What is merged from is slow, so that the merge can be watched.
    await onLab(
      'fiori',
      [
        'modprobe dm-delay',
        `dmsetup create slow --table "0 ${SECTORS} delay /dev/zvol/${TEMP} 0 200"`,
        `dmsetup suspend ${SNAP}`,
        `dmsetup reload ${SNAP} --table "0 ${SECTORS} snapshot-merge ${DEVICE} /dev/mapper/slow P 16"`,
      ].join('; '),
    );
    await sql(
      'fiori',
      `INSERT INTO sync_queue VALUES('vol1','${WAY.target}',${SECTORS},'torchio','x',1,strftime('%s','now'))`,
    );
    await keepRecording('zfs-suspended', 'a device is suspended in the change to its merge');
    const held = await seen();
    assert.equal(held.image.far?.device?.suspended, true);
    assert.equal(held.image.far.device.target, 'snapshot');
    await onLab('fiori', `dmsetup resume ${SNAP}`);
    const left = async (): Promise<number> => {
      const [, allocated = '', metadata = ''] =
        / snapshot-merge (\d+)\/\d+ (\d+)/.exec(await onLab('fiori', `dmsetup status ${SNAP}`)) ??
        [];
      return Number(allocated) - Number(metadata);
    };
    const first = await left();
    assert.ok(first > 0, 'it was merged before anybody looked');
    const { now, image } = await seen();
    const progress = progressOf(now, image);
    assert.equal(progress?.phase, 'merging');
    for (let last = first; last > 0;) {
      const next = await left();
      assert.ok(next <= last, `${next} after ${last}`);
      last = next;
    }
  },
);

test(
  'an image is removed through the roll with its snapshots and nothing else; one that is open says why not',
  { skip },
  async () => {
    await load('test-zfs-bare');
    await installRocks();
    await onLab('torchio', `zfs snapshot ${VOLUME}@${SENT}`);
    const image = { nas: 'torchio', zpool: 'tank', zvol: 'vol1', loses: 'all of it' };
    await onLab('torchio', `(exec sleep 600) <${DEVICE} >/dev/null 2>&1 &`);
    const held = await runOf(['torchio', 'imgstorage.remove-image', image]).apply();
    assert.match(why(held), /cannot destroy 'tank\/vol1': dataset is busy/);
    assert.ok((await sets('torchio')).includes(VOLUME));
    await onLab('torchio', 'kill $(pgrep -x sleep -n); udevadm settle');
    await runOf(['torchio', 'imgstorage.remove-image', image]).finish();
    assert.deepEqual(await sets('torchio'), NEIGHBOURS);
  },
);

test(
  'a pool and what lies in it stay whatever is asked for: its name alone is no parameter, and ZFS refuses too',
  { skip },
  async () => {
    assert.throws(() =>
      planOf([
        'torchio',
        'zfs.destroy-volume',
        { volume: 'tank', guid: '1', snapshots: [], loses: 'x' },
      ]),
    );
    const said = await onBoth('zfs destroy tank 2>&1; true');
    for (const text of said) assert.match(text, /operation does not apply to pools/);
    assert.equal(WAY.target.endsWith('-vol1'), true);
  },
);
