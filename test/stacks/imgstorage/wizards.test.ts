import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imgstorage } from '../../../source/stacks/imgstorage/index.js';
import {
  assignNas,
  assignNasSpec,
} from '../../../source/stacks/imgstorage/wizards/assign-nas/index.js';
import { images, imagesSpec } from '../../../source/stacks/imgstorage/wizards/images/index.js';
import {
  prepareNas,
  prepareNasSpec,
} from '../../../source/stacks/imgstorage/wizards/prepare-nas/index.js';
import type { JournalLine } from '../../../source/core/journal.js';
import type { Wizard } from '../../../source/core/wizard.js';
import type { Json } from '../../../source/core/json.js';
import { assertGolden, draftOf } from '../../support/carry-out.js';
import { draftText } from '../../support/draft-text.js';
import { ShellFleet, whyFailed } from '../../support/shell-fleet.js';
import { wholeCluster } from '../../support/surroundings.js';

const golden = (name: string) =>
  new URL(`../../../../test/stacks/imgstorage/${name}.txt`, import.meta.url);

const START = { vm: 'compute-0-1-1', nas: 'nas-0-0', zpool: 'tank', start: true };
const MAP = {
  ...{ action: 'map', nas: 'nas-0-1', zpool: 'fast', name: 'vol1', gigabytes: 10 },
  ...{ container: 'vm-container-0-0', mode: 'copied', remotePool: 'tank' },
};
const PREPARE = {
  ...{ nas: 'nas-0-1', pools: ['tank', 'fast'], copies: true, containerPool: 'tank' },
  containers: ['vm-container-0-1', 'vm-container-0-2'],
};

test('the plan of a start says every stage of the workflow on the host where it shows', async () => {
  const box = await ShellFleet.start('maps');
  const found = await assignNasSpec.look(box.hosts, wholeCluster);
  const draft = draftOf(assignNasSpec.plan(found, assignNasSpec.answers.parse(START)));
  assertGolden(golden('assign-nas'), draftText(draft, imgstorage.steps));
});

test('the plan of a map says every command, as it was reviewed once', async () => {
  const box = await ShellFleet.start('maps');
  const found = await imagesSpec.look(box.hosts, wholeCluster);
  const draft = draftOf(imagesSpec.plan(found, imagesSpec.answers.parse(MAP)));
  assertGolden(golden('map-image'), draftText(draft, imgstorage.steps));
});

test('the plan of a removal names what is lost, and has its name typed', async () => {
  const box = await ShellFleet.start('maps');
  const found = await imagesSpec.look(box.hosts, wholeCluster);
  const answers = { action: 'remove', image: 'nas-0-0:compute-0-1-1-vol' };
  const draft = draftOf(imagesSpec.plan(found, imagesSpec.answers.parse(answers)));
  assert.deepEqual(
    draft.confirmations.map(({ word }) => word),
    ['compute-0-1-1-vol'],
  );
  assert.equal(draft.loses.length, 1);
  assertGolden(golden('remove-image'), draftText(draft, imgstorage.steps));
});

test('the plan of a NAS has only what is missing', async () => {
  const box = await ShellFleet.start('maps');
  const found = await prepareNasSpec.look(box.hosts, wholeCluster);
  const draft = draftOf(prepareNasSpec.plan(found, prepareNasSpec.answers.parse(PREPARE)));
  assertGolden(golden('prepare-nas'), draftText(draft, imgstorage.steps));
});

test('a virtual machine is started, and followed until it works on its own copy', async () => {
  const box = await ShellFleet.start('maps');
  const run = await box.apply(await box.plan(assignNas, START));
  assert.deepEqual(run.end, { kind: 'finished' });
  const status = await box.says('vm-container-0-1', 'dmsetup', 'status');
  assert.match(status, /compute-0-1-1-vol-snap: 0 \d+ linear/);
  assert.deepEqual((await box.undo(run)).end, { kind: 'finished' });
});

test('an image is mapped, unmapped when its data is back, and removed', async () => {
  const box = await ShellFleet.start('maps');
  const mapped = await box.apply(await box.plan(images, MAP));
  assert.deepEqual(mapped.end, { kind: 'finished' });
  const image = 'nas-0-1:vol1';
  assert.match((await box.faults(images, { action: 'remove', image })).join(), /it is mapped to/);
  const back = await box.apply(await box.plan(images, { action: 'unmap', image }));
  assert.deepEqual(back.end, { kind: 'finished' });
  assert.match(
    await box.says('vm-container-0-0', 'zfs', 'list', '-H', '-o', 'name'),
    /^(?!.*vol1)/s,
  );
  const removed = await box.apply(await box.plan(images, { action: 'remove', image }));
  assert.deepEqual(removed.end, { kind: 'finished' });
  assert.match(await box.says('nas-0-1', 'zfs', 'list', '-H', '-o', 'name'), /^fast$/m);
  assert.doesNotMatch(await box.says('nas-0-1', 'zfs', 'list', '-H', '-o', 'name'), /vol1/);
});

test('a map is taken back: the image is unmapped, and the daemons copy it back to its NAS', async () => {
  const box = await ShellFleet.start('maps');
  const mapped = await box.apply(await box.plan(images, MAP));
  assert.deepEqual((await box.undo(mapped)).end, { kind: 'finished' });
  assert.match(await states(box, 'nas-0-1'), /^vol1 .* (unmapped|NAS<-VM)/m);
  box.fleet.advance(10 * 60_000);
  assert.match(await states(box, 'nas-0-1'), /^vol1 .* unmapped/m);
});

test('a NAS is prepared, and undo leaves permissions and attributes as they were', async () => {
  const box = await ShellFleet.start('maps');
  await box.says('nas-0-1', 'zfs', 'unallow', 'img-storage', 'hold,send', 'fast');
  await box.says('vm-container-0-2', 'service', 'img-storage-vm', 'stop');
  const allowed = () => box.says('nas-0-1', 'zfs', 'allow', 'fast');
  const before = await allowed();
  const run = await box.apply(await box.plan(prepareNas, PREPARE));
  assert.deepEqual(run.end, { kind: 'finished' });
  assert.match(await allowed(), /create,destroy,hold,mount,receive,send,snapshot/);
  assert.deepEqual((await box.undo(run)).end, { kind: 'finished' });
  assert.equal(await allowed(), before);
});

/** Runs a plan that is killed at its call of the roll, before or right after it, and goes on with it. */
async function killed(
  box: ShellFleet,
  wizard: Wizard,
  answers: Json,
  when: 'before' | 'after',
): Promise<void> {
  const lines: JournalLine[] = [];
  box.instant = async ({ argv }, host) => {
    if (argv[0] !== '/opt/rocks/bin/rocks') return;
    // The command did its work, and nobody heard of it.
    if (when === 'after') await box.says(host, ...argv);
    throw new Error('killed');
  };
  await assert.rejects(box.apply(await box.plan(wizard, answers), new Map(), lines), /killed/);
  box.instant = () => undefined;
  assert.equal(whyFailed(await box.resume({ lines, values: new Map() })), '');
}

const states = (box: ShellFleet, nas: string) =>
  box.says('frontend', '/opt/rocks/bin/rocks', 'list', 'host', 'storagemap', nas);

for (const when of ['before', 'after'] as const) {
  test(`a console that dies ${when} a call of the roll goes on, and nothing is called twice`, async () => {
    const box = await ShellFleet.start('maps');
    await killed(box, images, MAP, when);
    assert.match(await states(box, 'nas-0-1'), /^vol1 .* mapped/m);
    const image = 'nas-0-1:vol1';
    await killed(box, images, { action: 'unmap', image }, when);
    assert.match(await states(box, 'nas-0-1'), /^vol1 .* unmapped/m);
    await killed(box, images, { action: 'remove', image }, when);
    assert.doesNotMatch(await states(box, 'nas-0-1'), /vol1/);
    const calls = box.sent.filter((one) => one.includes('"remove","host","storagemap"'));
    // The one that was killed, and the one that did it.
    assert.equal(calls.length, 2);
  });
}

test('an image whose guest runs, that is locked, or that is still copied, is not unmapped', async () => {
  const box = await ShellFleet.start('maps');
  const says = await box.faults(images, { action: 'unmap', image: 'nas-0-0:compute-0-0-0-vol' });
  assert.match(says.join(), /its device is open on vm-container-0-0: stop its guest first/);
  const locked = await ShellFleet.start('maps-locked');
  const held = await locked.faults(images, {
    ...{ action: 'unmap', image: 'nas-0-0:compute-0-1-0-vol' },
  });
  assert.match(held.join(), /it is locked by a call|its chain is broken|it is unmapping/);
});

test('a volume of that name on the container is never destroyed by a map', async () => {
  const box = await ShellFleet.start('maps');
  await box.says('vm-container-0-0', 'zfs', 'create', '-V', '10gb', 'tank/vol1');
  const faults = await box.faults(images, MAP);
  assert.match(faults.join(), /vm-container-0-0 has a volume tank\/vol1, which mapping destroys/);
});

test('a volume that came to the container after the review stops the map', async () => {
  const box = await ShellFleet.start('maps');
  const plan = await box.plan(images, MAP);
  await box.says('vm-container-0-0', 'zfs', 'create', '-V', '10gb', 'tank/vol1');
  const { end } = await box.apply(plan);
  assert.equal(end.kind, 'failed');
  assert.doesNotMatch(await states(box, 'nas-0-1'), /vol1/);
});

test('a snapshot that nobody was shown stops the removal', async () => {
  const box = await ShellFleet.start('maps');
  const plan = await box.plan(images, { action: 'remove', image: 'nas-0-0:compute-0-1-1-vol' });
  await box.says('nas-0-0', 'zfs', 'snapshot', 'tank/compute-0-1-1-vol@keep');
  const { end } = await box.apply(plan);
  assert.equal(end.kind, 'failed');
  assert.match(await box.says('nas-0-0', 'zfs', 'list', '-t', 'all'), /compute-0-1-1-vol@keep/);
});

test('no name with a slash, and no empty one, comes into a removal', () => {
  const kind = imgstorage.steps?.find(({ id }) => id === 'imgstorage.remove-image');
  const bind = (zpool: string, zvol: string) =>
    kind?.bind({ nas: 'nas-0-0', zpool, zvol, loses: 'it' }).ok;
  assert.equal(bind('tank', 'vol1'), true);
  const refused: readonly (readonly [string, string])[] = [
    ...([
      ['tank', ''],
      ['', 'tank'],
      ['tank/a', 'b'],
      ['tank', 'a/b'],
      ['tank', '-r'],
    ] as const),
  ];
  for (const [zpool, zvol] of refused) assert.equal(bind(zpool, zvol), false, `${zpool} ${zvol}`);
});
