import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { replicatedVolume } from '../../source/stacks/drbd/wizards/replicated-volume/index.js';
import { leaveLab, onBoth, onLab } from '../support/lab.js';
import { LabRun, why } from '../support/lab-run.js';
import { enterNine } from '../support/nine-lab.js';
import { planOf } from '../support/volume-lab.js';

const skip = await enterNine('a replicated volume made on a real DRBD 9');
after(leaveLab);

before(async () => {
  if (skip === false) await onBoth('vgcreate -q -y vg0 /dev/vdd');
});

const NEW = {
  ...{ name: 'small', first: 'fiori', firstDisk: 'new:vg0', size: 0.03 },
  ...{ firstAddress: '192.0.2.129', second: 'torchio', secondDisk: 'new:vg0' },
  ...{ secondAddress: '192.0.2.130', notify: '' },
};

/** What undo must put back. */
const traces = () =>
  onBoth(
    'lvs --noheadings -o lv_name vg0; ls /etc/drbd.d/*.res 2>/dev/null; drbdsetup status --json; true',
  );

const status = async (node: string): Promise<string> => onLab(node, 'drbdadm status small');

test(
  'both nodes at once: no first sync, the same bytes on both, and all taken back',
  { skip },
  async () => {
    const before = await traces();
    const run = new LabRun(await planOf(replicatedVolume, { way: 'both', ...NEW }));
    assert.equal(why(await run.apply()), 'finished', run.commands.join('\n'));
    console.log(
      run.commands.join('\n'),
      await onLab('fiori', 'cat /etc/drbd.d/small.res | grep -v secret'),
    );
    assert.match(await status('fiori'), /role:Primary\s+disk:UpToDate[\s\S]*peer-disk:UpToDate/);
    const [one, two] = await onBoth('sha256sum /etc/drbd.d/small.res; cat /sys/block/drbd0/size');
    assert.equal(one, two);
    assert.doesNotMatch(await onLab('torchio', 'dmesg | grep drbd'), /Began resync/);
    const write = 'dd if=/dev/urandom of=/dev/drbd0 bs=64k count=4 oflag=direct 2>/dev/null';
    await onLab('fiori', write);
    const sums = await onBoth(
      'dd if=/dev/vg0/small bs=64k count=4 iflag=direct 2>/dev/null | sha256sum',
    );
    assert.equal(sums[0], sums[1], 'what one side writes is not on the other');
    await onLab('fiori', write.replace('urandom', 'zero'));
    assert.equal(why(await run.undo()), 'finished', run.commands.join('\n'));
    assert.deepEqual(await traces(), before);
  },
);
