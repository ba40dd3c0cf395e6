import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { replicatedVolume } from '../../source/stacks/drbd/wizards/replicated-volume/index.js';
import { replaceNode } from '../../source/stacks/drbd/wizards/replace-node/index.js';
import { enterLab, leaveLab, load, onBoth, onLab, save } from '../support/lab.js';
import { LabCli } from '../support/lab-cli.js';
import { LabRun, why } from '../support/lab-run.js';
import {
  ANSWERS,
  fill,
  loseSecond,
  NAME,
  NEW_ADDRESS,
  NEW_NAME,
  states,
  sums,
  tellUdev,
  traces,
} from '../support/replace-lab.js';
import { faultsOf, planOf } from '../support/volume-lab.js';

/** A node that was lost with its disks, and an empty one of another name that takes its place. */
const skip = await enterLab('clean', 'a lost node replaced by an empty one on a real DRBD');
const SCENE = 'test-replace';
const REPLACE = { first: 'fiori', resource: NAME, second: 'torchio', address: NEW_ADDRESS };

/** The machines begin the next file by their own names again. */
after(async () => {
  if (skip === false) await load('clean');
  await leaveLab();
});

let old: LabCli | undefined;
let isFresh = true;

before(async () => {
  if (skip !== false) return;
  await onBoth('vgcreate -q -y vg0 /dev/vdd');
  old = await LabCli.make();
  await new LabRun(await planOf(replicatedVolume, ANSWERS)).finish();
  await fill();
  await loseSecond();
  const renamed = await faultsOf(replaceNode, REPLACE);
  assert.match(renamed.join(), /renamed since it started.*udev still knows it as torchio/);
  await tellUdev();
  await save(SCENE);
});

/** A test that begins with one side that lives, in use, and an empty node. */
function situation(title: string, body: () => Promise<void>): void {
  test(title, { skip }, async () => {
    if (!isFresh) await load(SCENE);
    isFresh = false;
    await body();
  });
}

/** What the person who owns the resource gives for the new node's copy of the file. */
async function secret(): Promise<string> {
  return onLab('fiori', `sed -n 's/.*shared-secret "\\(.*\\)";/\\1/p' /etc/drbd.d/${NAME}.res`);
}

/** The survivor's files are as they were, and the copy is the same to the last byte. */
async function assertCopied(data: string): Promise<void> {
  assert.equal(await files(), data, 'the survivor’s data changed');
  const [one, two] = await sums();
  assert.equal(two, one, 'the copy is another one');
}

const files = () => onLab('fiori', 'cd /srv/keep && sha256sum file later');

situation('an empty node takes the place, filled whole, while the survivor is in use', async () => {
  const cli = await LabCli.make();
  const strange = await old?.plan('drbd.replace-node', REPLACE);
  assert.match(strange?.out ?? '', /host key/i, 'the new machine passed for the old one');
  const data = await files();
  const planned = await cli.plan('drbd.replace-node', REPLACE);
  assert.equal(planned.code, 1, planned.out);
  const secrets = join(cli.folder, 'secrets.yaml');
  writeFileSync(secrets, `shared-secret: ${await secret()}\n`, { mode: 0o600 });
  const refused = await cli.call('apply', planned.file, '--yes', '--secrets', secrets);
  assert.equal(refused.code, 64, 'that the old node is gone was not confirmed');
  const yes = ['--yes', '--confirm', 'torchio', '--secrets', secrets];
  const applied = await cli.call('apply', planned.file, ...yes);
  console.log(planned.out, applied.out);
  assert.equal(applied.code, 0, applied.out);
  assert.deepEqual(await states(), Array(2).fill('Primary/Primary\nUpToDate/UpToDate\nConnected'));
  await assertCopied(data);
  const [one, two] = await onBoth(`sha256sum < /etc/drbd.d/${NAME}.res`);
  assert.equal(one, two);
  await onLab(
    'fiori',
    'dd if=/dev/urandom of=/srv/keep/third bs=1M count=1 conv=fsync 2>/dev/null',
  );
  await assertCopied(data);
  cli.end();
});

situation('taken back, the new node has nothing left and the survivor goes on alone', async () => {
  const before = await traces();
  const data = await files();
  const run = new LabRun(await planOf(replaceNode, REPLACE), given(await secret()));
  await run.finish();
  const undone = why(await run.undo());
  console.log(undone, run.commands.join('\n'));
  assert.equal(undone, 'finished');
  assert.equal(await traces(), before);
  assert.match(await onLab('fiori', `drbdadm role ${NAME}`), /^Primary/);
  assert.equal(await files(), data);
  assert.match(await onLab('fiori', `cat /etc/drbd.d/${NAME}.res`), /on torchio/);
  await onLab('fiori', `drbdadm adjust ${NAME}`);
  assert.equal(await onLab('fiori', `drbdadm cstate ${NAME}`), 'WFConnection');
});

for (const instants of [
  [2, 7, 13],
  [5, 10, 16],
]) {
  situation(
    `killed at instants ${instants.join(', ')} and gone on with, it ends the same`,
    async () => {
      const data = await files();
      const run = new LabRun(await planOf(replaceNode, REPLACE), given(await secret()));
      await run.finishDyingAt(instants);
      assert.equal(await onLab('torchio', 'uname -n'), NEW_NAME);
      await assertCopied(data);
    },
  );
}

function given(value: string): ReadonlyMap<string, string> {
  return new Map([['shared-secret', value]]);
}
