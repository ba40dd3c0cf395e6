import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { execa } from 'execa';
import type { Json } from '../../source/core/json.js';
import { makeFileSystem } from '../../source/steps/make-file-system.js';
import { lookAtDevice } from '../../source/tools/device.js';
import { storageProtection } from '../../source/tools/protection.js';
import { localHost } from '../support/local-host.js';

/** What a shell on this machine says; rejects if it fails. */
async function sh(script: string): Promise<string> {
  return (await execa('sh', ['-ec', script])).stdout.trim();
}

const FOLDER = await sh('mktemp -d /tmp/holdfast-loop.XXXXXX');
const loops: string[] = [];

/** A disk of this machine's own kernel that nobody needs: a loop device on a sparse file. */
async function spareDisk(size = '512M'): Promise<string> {
  const file = `${FOLDER}/${randomUUID()}`;
  const disk = await sh(`truncate -s ${size} ${file}; losetup -f --show ${file}`);
  loops.push(disk);
  return disk;
}

after(async () => {
  for (const disk of loops.reverse()) await sh(`losetup -d ${disk} || true`);
  await sh(`rm -rf ${FOLDER}`);
});

async function whyNot(): Promise<string | false> {
  if (process.getuid?.() !== 0) return 'loop devices need root';
  try {
    await sh('command -v mkfs.ext4 mkfs.xfs wipefs findmnt');
    const disk = await spareDisk('1M');
    return existsSync(disk) ? false : `${disk} has no node`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const skip = await whyNot();
if (skip !== false) console.error(`SKIPPED disks in use on this machine's own kernel: ${skip}`);

async function stepOn(device: string, more: Readonly<Record<string, Json>> = {}) {
  const look = await lookAtDevice(localHost, device);
  assert.ok(look.ok, look.ok ? '' : look.because);
  const { serial, wwn, sizeBytes } = look.device;
  const params = { device, type: 'ext4', uuid: randomUUID(), serial, wwn, sizeBytes, accepted: [] };
  const bound = makeFileSystem.bind({ ...params, ...more });
  assert.ok(bound.ok);
  return bound.step;
}

async function verdictOn(device: string, more: Readonly<Record<string, Json>> = {}) {
  const verdict = await (await stepOn(device, more)).check(localHost);
  return 'because' in verdict ? `${verdict.kind}: ${verdict.because}` : verdict.kind;
}

/** Does something while a disk is in use, and lets go of it whatever comes. */
async function during(use: string, release: string, work: () => Promise<void>): Promise<void> {
  await sh(use);
  try {
    await work();
  } finally {
    await sh(release);
  }
}

const any = { accepted: ['ext4', 'xfs', 'swap', 'LVM2_member', 'btrfs'] };

test('a blank disk is made a file system of, and is done then', { skip }, async () => {
  const disk = await spareDisk();
  for (const type of ['ext4', 'xfs']) {
    const step = await stepOn(disk, { type, accepted: ['ext4'] });
    assert.deepEqual(await step.check(localHost), { kind: 'notYet' });
    for (const command of step.commands) {
      const outcome = await localHost.run(command);
      assert.equal(outcome.kind === 'exited' && outcome.code, 0, JSON.stringify(outcome));
    }
    assert.deepEqual(await step.check(localHost), { kind: 'done' });
  }
  assert.match(await verdictOn(disk), /^refused: it holds xfs, which was not accepted$/);
});

test(
  'an xfs whose mkfs was killed before its end is made again, and mounts',
  { skip },
  async () => {
    const disk = await spareDisk();
    const step = await stepOn(disk, { type: 'xfs' });
    const [command] = step.commands;
    assert.ok(command);
    await localHost.run(command);
    // mkfs.xfs clears this byte last of all; blkid shows its UUID long before.
    await sh(`printf '\\001' | dd of=${disk} bs=1 seek=126 conv=notrunc,fsync status=none`);
    assert.deepEqual(await step.check(localHost), { kind: 'notYet' });
    await localHost.run(command);
    assert.deepEqual(await step.check(localHost), { kind: 'done' });
  },
);

test('a disk in use is refused with who uses it, whatever was accepted', { skip }, async () => {
  const disk = await spareDisk();
  await sh(`mkdir -p ${FOLDER}/m; mkfs.ext4 -qF ${disk}`);
  await during(`mount ${disk} ${FOLDER}/m`, `umount ${FOLDER}/m`, async () => {
    assert.equal(await verdictOn(disk, any), `refused: it is mounted at ${FOLDER}/m`);
  });
  await during(`mkswap -q ${disk}; swapon ${disk}`, `swapoff ${disk}`, async () => {
    assert.equal(await verdictOn(disk, any), 'refused: it is in use as swap');
  });
  const on = await sh(`losetup -f --show ${disk}`);
  await during('true', `losetup -d ${on}`, async () => {
    const name = on.slice('/dev/'.length);
    assert.equal(await verdictOn(disk, any), `refused: ${name} (loop) stands on it`);
  });
  assert.equal(await verdictOn(disk, any), 'notYet');
});

test(
  'a process that has a disk open is named, though mkfs would not mind it',
  { skip },
  async () => {
    const disk = await spareDisk();
    const sleeper = spawn('sh', ['-c', `exec 3<>${disk}; exec sleep 60`], { stdio: 'ignore' });
    try {
      await sh(
        `n=0; until [ -e /proc/${sleeper.pid}/fd/3 ] || [ $n -gt 200 ]; do n=$((n+1)); sleep 0.02; done`,
      );
      await sh(`until grep -q sleep /proc/${sleeper.pid}/comm; do sleep 0.02; done`);
      assert.equal(
        await verdictOn(disk),
        `refused: it is in use by the process sleep (${sleeper.pid})`,
      );
    } finally {
      sleeper.kill();
    }
  },
);

test(
  'a disk that comes into use after the check is kept by the kernel, and that is said',
  { skip },
  async () => {
    const disk = await spareDisk();
    await sh(`mkdir -p ${FOLDER}/late; mkfs.ext4 -qF ${disk}`);
    for (const [use, release, why] of [
      [
        `mount ${disk} ${FOLDER}/late`,
        `umount ${FOLDER}/late`,
        /was (?:mounted or swapped on|taken into use) after/,
      ],
      [
        `mkswap -q ${disk}; swapon ${disk}`,
        `swapoff ${disk}`,
        /was (?:mounted or swapped on|taken into use) after/,
      ],
    ] as const) {
      for (const type of ['ext4', 'xfs']) {
        const step = await stepOn(disk, { ...any, type });
        const [command] = step.commands;
        assert.ok(command);
        assert.deepEqual(await step.check(localHost), { kind: 'notYet' });
        await during(use, release, async () => {
          const outcome = await localHost.run(command);
          assert.match(step.explain(outcome) ?? JSON.stringify(outcome), why, `${use} ${type}`);
        });
      }
    }
  },
);

test(
  'a protected disk is refused by its by-id name, by whatever path it is reached',
  { skip },
  async () => {
    const disk = await spareDisk();
    const id = `ata-HOLDFAST_${randomUUID()}`;
    const there = existsSync('/dev/disk/by-id');
    await sh(
      `mkdir -p /dev/disk/by-id ${FOLDER}/p; ln -s ${disk} /dev/disk/by-id/${id}; ln -s ${disk} ${FOLDER}/alias`,
    );
    const release = `rm -f /dev/disk/by-id/${id}${there ? '' : '; rmdir -p --ignore-fail-on-non-empty /dev/disk/by-id'}`;
    await during(
      `mkfs.ext4 -qF ${disk}; mount ${disk} ${FOLDER}/p`,
      `umount ${FOLDER}/p; ${release}`,
      async () => {
        const hosts = new Map([['here', localHost]]);
        for (const touch of [
          { kind: 'overwrites', path: `/dev/disk/by-id/${id}` },
          { kind: 'overwrites', path: `${FOLDER}/alias` },
          { kind: 'uses', path: disk },
          { kind: 'mount-point', path: `${FOLDER}/p` },
          { kind: 'folder', path: `${FOLDER}/p` },
          { kind: 'folder', path: `${FOLDER}/p/not/there/yet` },
        ] as const) {
          const found = await storageProtection([id])([touch], 'here', hosts);
          assert.match(
            found?.because ?? 'may be touched',
            /never-touch list \(ata-HOLDFAST_/,
            touch.kind,
          );
          assert.equal(await storageProtection(['ata-OTHER_1'])([touch], 'here', hosts), undefined);
        }
      },
    );
  },
);

const root = await sh('findmnt -n -o SOURCE / || true');
const noRoot = skip !== false || existsSync(root) ? skip : `/ is ${root}, which is no disk`;

test(
  'the disk that this machine runs from is protected without being listed',
  { skip: noRoot },
  async () => {
    const alias = `${FOLDER}/root`;
    await sh(`ln -s ${root} ${alias}`);
    assert.match(await verdictOn(root, any), /^refused: the system runs from it/);
    const hosts = new Map([['here', localHost]]);
    const found = await storageProtection([])([{ kind: 'overwrites', path: alias }], 'here', hosts);
    assert.match(found?.because ?? '', /belongs to the disk that the system runs from/);
  },
);
