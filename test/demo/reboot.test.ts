import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metadataServerOn } from '../../source/demo/fleet/metadata-servers.js';
import { kill, revive } from '../../source/demo/fleet/machines.js';
import { calmFleet } from '../../source/demo/fleet/first-state.js';
import { machineNamed, type Fleet } from '../../source/demo/fleet/state.js';
import { FIRST_SR, FIRST_UNIT, firstPbd, srMount } from '../../source/demo/fleet/xapi.js';
import { passUntil } from '../support/pass-until.js';
import { machineHosts } from '../support/machines.js';

const SR = srMount(FIRST_SR);

async function scene() {
  const fleet = calmFleet(Date.UTC(2026, 4, 1));
  const hosts = await machineHosts(fleet, ['xs-1', 'xs-2', 'lfs-3']);
  const sh = async (name: string, line: string): Promise<string> => {
    const argv = ['sh', '-c', line];
    const outcome = await hosts.get(name)?.run({ argv, effect: 'changes', deadline: 1 });
    return outcome?.kind === 'exited' ? outcome.stdout : (outcome?.reason ?? '');
  };
  return { fleet, sh };
}

/** Reboots a member of the pool from its own shell, and waits until xapi lets it be used again. */
async function rebooted(fleet: Fleet, name: string, sh: (line: string) => Promise<string>) {
  const machine = machineNamed(fleet, name);
  const host = fleet.pools[0]?.hosts.find((one) => one.machine === name);
  assert.ok(machine && host);
  const { bootId } = machine;
  await sh(`xe host-disable uuid=${host.uuid}`);
  await sh('(sleep 2; systemctl reboot) >/dev/null 2>&1 &');
  assert.equal(machine.bootId, bootId, 'it says that it was told, and goes down later');
  await passUntil(fleet, () => host.enabled);
  assert.notEqual(machine.bootId, bootId);
  return machine;
}

const beneath = (fleet: Fleet, name: string) =>
  machineNamed(fleet, name)?.mounts.find(({ target }) => target === SR)?.type;

test('the boot hook mounts before the repository is attached again', async () => {
  const { fleet, sh } = await scene();
  await sh('xs-2', 'mkdir -p /tmp/extra; echo x > /run/holdfast.lock; iptables -F');
  const machine = await rebooted(fleet, 'xs-2', (line) => sh('xs-2', line));
  assert.equal(firstPbd(fleet, 'xs-2')?.pbd.attached, true);
  assert.equal(beneath(fleet, 'xs-2'), 'fuse');
  assert.equal(await sh('xs-2', 'ls /mnt/lizardfs'), 'sr\n');
  assert.equal(await sh('xs-2', 'ls -A /run/holdfast.lock'), '', 'what is in memory is lost');
  assert.match(await sh('xs-2', 'iptables -S'), /--dport 443 -j ACCEPT/);
  assert.ok(
    machine.mounts.some(({ target }) => target.endsWith('_15372b')),
    'as fstab says',
  );
  assert.equal(await sh('xs-2', 'stat -c %U /mnt/ata-CT250MX200SSD1_15372b'), 'mfs\n');
  fleet.advance(2000);
  const server = fleet.lizardfs.chunkservers.find((one) => one.machine === 'xs-2');
  assert.ok(server?.connected);
  assert.deepEqual(
    server.disks.map(({ damaged }) => damaged),
    [false, false],
  );
});

test('without the hook it is not attached: a line in fstab is tried too early', async () => {
  const { fleet, sh } = await scene();
  await sh('xs-2', `systemctl disable ${FIRST_UNIT}.service`);
  await rebooted(fleet, 'xs-2', (line) => sh('xs-2', line));
  assert.equal(firstPbd(fleet, 'xs-2')?.pbd.attached, false);
  assert.equal(beneath(fleet, 'xs-2'), undefined);
  assert.doesNotMatch(await sh('xs-2', 'cat /proc/mounts'), /fuse/);
});

test('without the hook and with such a folder on the disk of the host itself, that is attached', async () => {
  const { fleet, sh } = await scene();
  await sh('xs-2', `systemctl disable ${FIRST_UNIT}.service; umount ${SR} /mnt/lizardfs`);
  await sh('xs-2', 'mkdir /mnt/lizardfs/sr');
  await rebooted(fleet, 'xs-2', (line) => sh('xs-2', line));
  assert.equal(firstPbd(fleet, 'xs-2')?.pbd.attached, true);
  assert.equal(beneath(fleet, 'xs-2'), 'ext3');
});

test('a hook that finds no master tries again until there is one', async () => {
  const { fleet, sh } = await scene();
  const tries = 'until mountpoint -q /mnt/lizardfs; do mount -- /mnt/lizardfs || sleep 5; done';
  const script = `/usr/local/sbin/${FIRST_UNIT}.sh`;
  await sh('xs-2', `echo '${tries}' > ${script}; chmod 755 ${script}`);
  await sh('xs-1', 'systemctl stop lizardfs-master');
  const machine = machineNamed(fleet, 'xs-2');
  assert.ok(machine);
  const { bootId } = machine;
  await sh('xs-2', '(sleep 2; systemctl reboot) >/dev/null 2>&1 &');
  await passUntil(fleet, () => machine.bootId !== bootId);
  await passUntil(fleet, () => machine.services.get('lizardfs-chunkserver') === true);
  assert.equal(machine.services.get('xapi'), false);
  assert.match(await sh('xs-2', 'xe sr-list 2>&1'), /Connection refused/);
  await sh('xs-1', 'systemctl start lizardfs-master');
  await passUntil(fleet, () => beneath(fleet, 'xs-2') === 'fuse');
});

test('a master that was rebooted serves again; one whose power was cut keeps its lock and does not', async () => {
  const { fleet, sh } = await scene();
  await rebooted(fleet, 'xs-1', (line) => sh('xs-1', line));
  assert.equal(metadataServerOn(fleet, 'xs-1')?.running, true);
  assert.equal(beneath(fleet, 'xs-1'), 'fuse');
  kill(fleet, 'xs-1');
  revive(fleet, 'xs-1');
  await passUntil(
    fleet,
    () => machineNamed(fleet, 'xs-1')?.services.get('lizardfs-chunkserver') === true,
  );
  assert.equal(metadataServerOn(fleet, 'xs-1')?.running, false);
  assert.match(await sh('xs-1', 'systemctl start lizardfs-master 2>&1'), /stale lockfile/);
});
