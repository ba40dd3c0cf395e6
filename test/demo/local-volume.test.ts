import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupsOf, volumesOf } from '../../source/demo/fleet/lvm.js';
import { kill, revive } from '../../source/demo/fleet/machines.js';
import { machineNamed, type Machine } from '../../source/demo/fleet/state.js';
import { localVolume } from '../../source/stacks/disks/wizards/local-volume/index.js';
import { ShellFleet, whyFailed } from '../support/shell-fleet.js';

const ANSWERS = {
  group: 'kvm-1:vg0',
  name: 'local',
  size: 20,
  fileSystem: 'xfs',
  folder: '/mnt/local',
};

/** All that the wizard changes on a host. */
const state = (bench: ShellFleet): Promise<string> =>
  bench.says(
    'kvm-1',
    'sh',
    '-c',
    'lvs; vgs; lsblk; ls /dev /dev/mapper /sys/class/block /mnt 2>&1; cat /etc/fstab',
  );

function machine({ fleet }: ShellFleet): Machine {
  const found = machineNamed(fleet, 'kvm-1');
  assert.ok(found);
  return found;
}

const isMounted = (bench: ShellFleet): boolean =>
  machine(bench).mounts.some(({ target }) => target === '/mnt/local');

test('a volume is made, formatted, mounted and found again at boot, and goes as long as it is empty', async () => {
  const bench = await ShellFleet.start('bare-kvm');
  const before = await state(bench);
  const plan = await bench.plan(localVolume, ANSWERS);
  const run = await bench.apply(plan);
  assert.equal(whyFailed(run), '');
  assert.match(
    await bench.says('kvm-1', 'findmnt', '-n', '-o', 'SOURCE,FSTYPE', '/mnt/local'),
    /^\/dev\/mapper\/vg0-local xfs$/m,
  );
  assert.match(
    await bench.says('kvm-1', 'lvs', '--noheadings', '--units', 'b', '-o', 'lv_name,lv_size'),
    /^ {2}local 21474836480B$/m,
  );
  assert.match(
    await bench.says('kvm-1', 'cat', '/etc/fstab'),
    /\/mnt\/local xfs noatime,nodiratime,nofail 0 0/,
  );
  assert.match(
    JSON.stringify(await bench.faults(localVolume, ANSWERS)),
    /volume called local already/,
  );

  kill(bench.fleet, 'kvm-1');
  revive(bench.fleet, 'kvm-1');
  assert.ok(!isMounted(bench));
  for (let turn = 0; turn < 500 && !isMounted(bench); turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(isMounted(bench));

  assert.equal(whyFailed(await bench.undo(run)), '');
  assert.equal(await state(bench), before);
});

test('a group that was filled after the review: it says so, and the run goes on once there is room', async () => {
  const bench = await ShellFleet.start('bare-kvm');
  const plan = await bench.plan(localVolume, ANSWERS);
  const host = bench.host('kvm-1');
  const make = async (argv: readonly string[]): Promise<void> => {
    const ran = await host.run({ argv, effect: 'changes', deadline: 10_000 });
    assert.equal(ran.kind === 'exited' ? ran.code : ran.reason, 0);
  };
  await make(['lvcreate', '-n', 'other', '-L', '490G', 'vg0']);
  const run = await bench.apply(plan);
  assert.match(whyFailed(run), /vg0 has less than 20\.0 GiB free by now/);
  assert.deepEqual(
    volumesOf(machine(bench)).map(({ name }) => name),
    ['other'],
  );
  await make(['lvremove', '-f', 'vg0/other']);
  assert.equal(whyFailed(await bench.resume(run)), '');
});

test('a volume that holds files by then is not removed by undo', async () => {
  const bench = await ShellFleet.start('bare-kvm');
  const run = await bench.apply(await bench.plan(localVolume, ANSWERS));
  assert.equal(whyFailed(run), '');
  await bench.says('kvm-1', 'sh', '-c', 'echo mine > /mnt/local/mine');
  assert.match(whyFailed(await bench.undo(run)), /holds files by now/);
  assert.equal(groupsOf(machine(bench))[0]?.volumes.length, 1);
});

test('a volume takes what its group has left, and no more; its file system takes it when it is told', async () => {
  const bench = await ShellFleet.start('bare-kvm');
  assert.equal(whyFailed(await bench.apply(await bench.plan(localVolume, ANSWERS))), '');
  const size = (): number => machine(bench).mounts.at(-1)?.size ?? 0;
  const before = size();
  const sh = (script: string): Promise<string> => bench.says('kvm-1', 'sh', '-c', script);
  assert.match(
    await sh('lvextend -L 600G -- vg0/local'),
    /Insufficient free space: 148480 extents needed/,
  );
  assert.match(await sh('lvextend -L 10G -- vg0/local'), /New size \(2560 extents\) is smaller/);
  assert.match(await sh('lvextend -L 42949672960b -- vg0/local'), /successfully resized/);
  assert.equal(size(), before);
  assert.match(await sh('xfs_growfs /mnt/local'), /data blocks changed from 5242880 to 10485760/);
  assert.equal(size(), 2 * before);
  assert.match(await sh('lvremove -f vg0/local'), /contains a filesystem in use/);
});
