import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Reader } from '../../source/core/host.js';
import { storageProtection } from '../../source/tools/protection.js';
import { fleetOf } from '../../source/demo/fleet/scenarios.js';
import type { Fleet } from '../../source/demo/fleet/state.js';
import { loadJustBash } from '../../source/demo/shell/just-bash.js';
import { machineShell } from '../../source/demo/shell/machine-shell.js';
import { editFile } from '../../source/steps/edit-file.js';
import { blockDevicesCommand } from '../../source/tools/block-commands.js';
import { parseBlockDevices } from '../../source/tools/block-devices.js';

const DISK = '/dev/disk/by-id/ata-CT250MX200SSD1_15371d';
const UUID = '0d8b1f5e-6c1c-4f0e-9a0b-0f5d7c3a2b11';
const TARGET = '/mnt/ata-CT250MX200SSD1_15371d';

async function machines(scenario: string) {
  const fleet = fleetOf(scenario, Date.UTC(2026, 4, 1));
  assert.ok(fleet);
  const justBash = await loadJustBash();
  const shells = new Map(
    await Promise.all(
      fleet.machines.map(async (machine) => {
        return [machine.name, await machineShell(justBash, fleet, machine)] as const;
      }),
    ),
  );
  const run = async (host: string, argv: readonly string[], input = '') => {
    const ran = await shells.get(host)?.run(argv, input, new AbortController().signal);
    assert.ok(ran);
    return ran;
  };
  /** Runs a command that must go well. */
  const must = async (host: string, argv: readonly string[], input = ''): Promise<string> => {
    const ran = await run(host, argv, input);
    assert.deepEqual(
      { exit: ran.exit, argv, stderr: ran.exit === 0 ? '' : ran.stderr },
      {
        exit: 0,
        argv,
        stderr: '',
      },
    );
    return ran.stdout;
  };
  return { fleet, run, must };
}

async function factsOf(must: (host: string, argv: readonly string[]) => Promise<string>) {
  const read = parseBlockDevices(await must('xs-1', blockDevicesCommand(DISK).argv));
  assert.ok(read.ok);
  assert.deepEqual(read.unread, []);
  const [name] = read.value.asked.get(DISK) ?? [];
  const found = read.value.devices.find(({ kernelName }) => kernelName === name);
  assert.ok(found, `${DISK} leads to ${name}`);
  return found;
}

test('a blank disk is formatted, mounted, owned, listed and scanned', async () => {
  const { fleet, must } = await machines('calm');
  const blank = await factsOf(must);
  assert.deepEqual([blank.kernelName, blank.serial, blank.signatures], ['sdd', '15371d', []]);

  await must('xs-1', ['mkfs.ext4', '-F', '-U', UUID, DISK]);
  const made = await factsOf(must);
  assert.deepEqual([made.signatures, made.uuid, made.mounts], [['ext4'], UUID, []]);

  await must('xs-1', ['mkdir', '-p', '-m', '755', '--', TARGET]);
  const before = await must('xs-1', ['cat', '--', '/etc/fstab']);
  await edit(
    must,
    '/etc/fstab',
    before,
    `${before}UUID=${UUID} ${TARGET} ext4 defaults,nofail 0 2\n`,
  );
  await must('xs-1', ['mount', '--', TARGET]);
  const mounted = ['findmnt', '-n', '-P', '-o', 'TARGET,UUID', TARGET];
  assert.equal(await must('xs-1', mounted), `TARGET="${TARGET}" UUID="${UUID}"\n`);
  assert.deepEqual((await factsOf(must)).mounts, [TARGET]);

  const owner = ['stat', '-c', '%U:%G', '--', TARGET];
  assert.equal(await must('xs-1', owner), 'root:root\n');
  await must('xs-1', ['chown', 'mfs:mfs', '--', TARGET]);
  assert.equal(await must('xs-1', owner), 'mfs:mfs\n');

  const hdd = await must('xs-1', ['cat', '--', '/etc/mfs/mfshdd.cfg']);
  await edit(must, '/etc/mfs/mfshdd.cfg', hdd, `${hdd}${TARGET}\n`);
  await must('xs-1', ['systemctl', 'reload', 'lizardfs-chunkserver.service']);
  assert.match(await listed(must), / no no yes 0 /);
  fleet.advance(10_000);
  assert.match(await listed(must), / no no no 0 /);
});

async function listed(must: (host: string, argv: readonly string[]) => Promise<string>) {
  const argv = ['lizardfs-admin', 'list-disks', '--porcelain', 'mfsmaster', '9421'];
  const lines = (await must('xs-2', argv)).split('\n');
  return lines.find((line) => line.includes(` ${TARGET}/ `)) ?? '';
}

function editing(path: string, before: string, after: string) {
  const bound = editFile.bind({ path, before, after, mode: '644' });
  assert.ok(bound.ok);
  const [command] = bound.step.commands;
  assert.ok(command);
  return command;
}

async function edit(
  must: (host: string, argv: readonly string[], input?: string) => Promise<string>,
  path: string,
  before: string,
  after: string,
): Promise<void> {
  const command = editing(path, before, after);
  await must('xs-1', command.argv, command.input);
  const sum = createHash('sha256').update(after).digest('hex');
  assert.ok((await must('xs-1', ['sha256sum', path])).startsWith(sum));
}

test('a protected disk of the simulated fleet is refused by every way to it', async () => {
  const { run, must } = await machines('calm');
  const host: Reader = {
    name: 'xs-1',
    run: async ({ argv }) => {
      const { stdout, stderr, exit } = await run('xs-1', argv);
      return { kind: 'exited', code: exit, stdout, stderr };
    },
  };
  const hosts = new Map([[host.name, host]]);
  const row = `${DISK} ${TARGET} ext4 noauto 0 2`;
  await must('xs-1', ['sh', '-c', 'printf "%s\\n" "$1" >> /etc/fstab', 'sh', row]);
  for (const touch of [
    { kind: 'overwrites', path: DISK },
    { kind: 'overwrites', path: '/dev/sdd' },
    { kind: 'mount-point', path: TARGET },
  ] as const) {
    const found = await storageProtection(['15371d'])([touch], 'xs-1', hosts);
    assert.match(found?.because ?? '', /\(sdd\) is on the cluster's never-touch list/, touch.path);
    assert.equal(await storageProtection(['15371b'])([touch], 'xs-1', hosts), undefined);
  }
  const system = { kind: 'overwrites', path: '/dev/sda' } as const;
  const found = await storageProtection([])([system], 'xs-1', hosts);
  assert.match(found?.because ?? '', /the disk that the system runs from/);
});

test('a file that changed since it was looked at is not written', async () => {
  const { run } = await machines('calm');
  const command = editing('/etc/fstab', 'what it never said\n', 'x\n');
  const ran = await run('xs-1', command.argv, command.input);
  assert.equal(ran.exit, 75);
  assert.equal(ran.stderr, '/etc/fstab changed since the review\n');
});

test('a disk that is mounted is not formatted, and a disk that is not owned counts as damaged', async () => {
  const { run, must } = await machines('calm');
  const mounted = '/dev/disk/by-id/ata-CT250MX200SSD1_15371b';
  const refused = await run('xs-1', ['mkfs.ext4', '-F', '-U', UUID, mounted]);
  assert.equal(refused.exit, 1);
  assert.match(refused.stderr, /is mounted; will not make a filesystem here!/);

  await must('xs-1', ['mkfs.ext4', '-F', '-U', UUID, DISK]);
  await must('xs-1', ['mkdir', '-p', '--', TARGET]);
  const script = 'printf "%s\\n" "$1" >> /etc/fstab; printf "%s\\n" "$2" >> /etc/mfs/mfshdd.cfg';
  await must('xs-1', ['sh', '-c', script, 'sh', `UUID=${UUID} ${TARGET} ext4 noatime 0 2`, TARGET]);
  await must('xs-1', ['mount', '--', TARGET]);
  await must('xs-1', ['mfschunkserver', 'reload']);
  assert.match(await listed(must), / no yes /);
});

test('one console at a time holds the lock of a machine', async () => {
  const { run, must } = await machines('calm');
  const take = 'mkdir -m 700 /run/holdfast.lock && printf "%s\\n" "$1" > /run/holdfast.lock/owner';
  await must('kvm-1', ['sh', '-c', take, 'sh', 'first']);
  assert.equal((await run('kvm-1', ['sh', '-c', take, 'sh', 'second'])).exit, 1);
  assert.equal(await must('kvm-1', ['cat', '/run/holdfast.lock/owner']), 'first\n');
  await must('kvm-1', ['sh', '-c', 'rm -rf /run/holdfast.lock']);
  await must('kvm-1', ['sh', '-c', take, 'sh', 'second']);
});

test('a split brain is mended by the commands of drbdadm, with their refusals', async () => {
  const { fleet, run, must } = await machines('split-brain');
  assert.equal((await run('kvm-2', ['drbdadm', 'secondary', 'r0'])).exit, 11);
  const discard = ['drbdadm', 'connect', '--discard-my-data', 'r0'];
  assert.equal((await run('kvm-2', discard)).exit, 10);
  assert.equal((await run('kvm-2', ['umount', '--', '/srv/vms'])).exit, 32);

  stopGuests(fleet, 'kvm-2');
  await must('kvm-2', ['umount', '--', '/srv/vms']);
  await must('kvm-2', ['drbdadm', 'secondary', 'r0']);
  await must('kvm-2', discard);
  await must('kvm-1', ['drbdadm', 'connect', 'r0']);
  fleet.advance(2000);
  assert.equal(await must('kvm-2', ['drbdadm', 'cstate', 'r0']), 'SyncTarget\n');
  assert.equal(await must('kvm-2', ['drbdadm', 'dstate', 'r0']), 'Inconsistent/UpToDate\n');
  fleet.advance(60_000);
  assert.equal(await must('kvm-1', ['drbdadm', 'dstate', 'r0']), 'UpToDate/UpToDate\n');
  assert.equal((await run('kvm-2', ['mount', '--', '/srv/vms'])).exit, 32);
  await must('kvm-2', ['drbdadm', 'primary', 'r0']);
  assert.equal(await must('kvm-2', ['drbdadm', 'role', 'r0']), 'Primary/Primary\n');
  await must('kvm-2', ['mount', '--', '/srv/vms']);
});

function stopGuests(fleet: Fleet, host: string): void {
  const vms = fleet.machines.find(({ name }) => name === host)?.vms ?? [];
  for (const vm of vms) vm.running = false;
}
