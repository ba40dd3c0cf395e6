import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { execa } from 'execa';
import type { Host } from '../../source/core/host.js';
import type { Json } from '../../source/core/json.js';
import { growFileSystem } from '../../source/steps/grow-file-system.js';
import {
  fileSystemSizeCommand,
  parseFileSystemSize,
  roomToGrow,
  type Growing,
} from '../../source/tools/file-system-size.js';
import { enterLab, labHost, leaveLab, onLab } from '../support/lab.js';
import { localHost } from '../support/local-host.js';

/** Whose kernel it is. */
interface Place {
  readonly name: string;
  readonly host: Host;
  /** What a shell there says; rejects if it fails. */
  readonly sh: (script: string) => Promise<string>;
  /** Why it cannot be had; false: it can. */
  readonly skip: string | false;
}

const here: Place = {
  name: 'this machine',
  host: localHost,
  sh: async (script) => (await execa('sh', ['-ec', script])).stdout.trim(),
  skip: await whyNot(),
};

const fiori: Place = {
  name: 'a virtual machine',
  host: labHost('fiori'),
  sh: (script) => onLab('fiori', script),
  skip: await enterLab('clean', 'growing on a kernel that allows all of it'),
};

if (here.skip !== false)
  console.error(`SKIPPED growing on this machine's own kernel: ${here.skip}`);

const undo: (() => Promise<unknown>)[] = [];

after(async () => {
  for (const one of undo.reverse()) await one();
  await leaveLab();
});

async function whyNot(): Promise<string | false> {
  if (process.getuid?.() !== 0) return 'loop devices need root';
  try {
    const script =
      'f=$(mktemp); truncate -s 1M $f; d=$(losetup -f --show $f); [ -b $d ]; losetup -d $d; rm $f';
    await execa('sh', ['-ec', `command -v mkfs.xfs xfs_growfs xfs_info dumpe2fs; ${script}`]);
    return false;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The kernel lets ext4 grow for CAP_SYS_RESOURCE alone (ext4_resize_begin), which containers lack. */
function whyNoExt4({ skip, name }: Place): string | false {
  if (skip !== false || name !== here.name) return skip;
  const [, held = '0'] =
    /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const may = (BigInt(`0x${held}`) >> 24n) & 1n;
  return may === 1n ? false : 'ext4 grows for CAP_SYS_RESOURCE alone, which this process lacks';
}

/** A file system on a loop device whose file can be made larger. */
interface Volume {
  readonly place: Place;
  readonly type: Growing;
  readonly disk: string;
  readonly target: string;
  readonly uuid: string;
  /** As when a LUN, a volume or a replaced disk is larger. */
  readonly enlarge: (size: string) => Promise<void>;
}

async function volume(place: Place, type: Growing, make: string): Promise<Volume> {
  const { sh } = place;
  const folder = await sh('mktemp -d /tmp/holdfast-grow.XXXXXX');
  const file = `${folder}/disk`;
  const target = `${folder}/mount`;
  const disk = await sh(`truncate -s 512M ${file}; losetup -f --show ${file}`);
  undo.push(() => sh(`umount ${disk} 2>/dev/null || true; losetup -d ${disk}; rm -rf ${folder}`));
  await sh(`${make} ${disk}; mkdir ${target}; mount ${disk} ${target}; date >${target}/kept`);
  const uuid = await sh(`blkid -p -o value -s UUID ${disk}`);
  const enlarge = async (to: string): Promise<void> => {
    await sh(`truncate -s ${to} ${file}; losetup -c ${disk}`);
  };
  return { place, type, disk, target, uuid, enlarge };
}

async function sizeOf({ place, disk, target, type }: Volume) {
  const outcome = await place.host.run(fileSystemSizeCommand(disk, target, type));
  assert.ok(outcome.kind === 'exited');
  return parseFileSystemSize(outcome.stdout, target);
}

async function stepOn(volume: Volume, more: Readonly<Record<string, Json>> = {}) {
  const { disk, target, type, uuid } = volume;
  const { device, bytes: fromBytes = 1 } = await sizeOf(volume);
  const deviceBytes = device?.bytes ?? 1;
  const params = { device: disk, target, type, uuid, fromBytes, deviceBytes, ...more };
  const bound = growFileSystem.bind(params);
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

async function verdictOn(volume: Volume, more: Readonly<Record<string, Json>> = {}) {
  const verdict = await (await stepOn(volume, more)).check(volume.place.host);
  return 'because' in verdict ? `${verdict.kind}: ${verdict.because}` : verdict.kind;
}

const MIB = 1024 * 1024;

const MAKERS = [
  ['ext4', 'mkfs.ext4 -qF'],
  ['ext4', 'mkfs.ext4 -qF -b 1024'],
  ['ext4', 'mkfs.ext4 -qF -T small'],
  ['xfs', 'mkfs.xfs -qf'],
] as const;

/** On the virtual machine, which is slow, only what this machine may not be allowed to do. */
const SIZES = new Map([
  [here, ['800M', '1003M', '1500M']],
  [fiori, ['1003M']],
]);

for (const [place, sizes] of SIZES) {
  for (const [type, make] of place === here ? MAKERS : MAKERS.slice(0, 1)) {
    const skip = type === 'ext4' ? whyNoExt4(place) : place.skip;
    test(`on ${place.name} what ${make} made grows while it is mounted`, { skip }, async () => {
      const one = await volume(place, type, make);
      assert.equal(await verdictOn(one), 'done');
      // Sizes that are no whole number of groups: the last one may be given up.
      for (const size of sizes) {
        await one.enlarge(size);
        const room = roomToGrow(await sizeOf(one));
        assert.ok(room > 100 * MIB, `${room} bytes of room`);
        const step = await stepOn(one);
        assert.deepEqual(await step.check(place.host), { kind: 'notYet' });
        for (const command of step.commands) {
          const outcome = await place.host.run(command);
          assert.equal(outcome.kind === 'exited' && outcome.code, 0, JSON.stringify(outcome));
        }
        assert.deepEqual(await step.check(place.host), { kind: 'done' });
      }
      const { bytes = 0, device } = await sizeOf(one);
      const last = Number.parseInt(sizes.at(-1) ?? '', 10) * MIB;
      assert.equal(device?.bytes, last);
      assert.ok(bytes > last - 40 * MIB && bytes <= last, String(bytes));
      assert.match(await place.sh(`cat ${one.target}/kept`), /\d/);
    });
  }
}

test(
  'what is not as it was reviewed is refused, with what it is',
  { skip: here.skip },
  async () => {
    const one = await volume(here, 'ext4', 'mkfs.ext4 -qF');
    const { target, uuid } = one;
    await one.enlarge('800M');
    assert.match(
      await verdictOn(one, { uuid: randomUUID() }),
      new RegExp(`^refused: another file system is mounted at ${target} \\(ext4, UUID ${uuid}\\)$`),
    );
    assert.match(await verdictOn(one, { deviceBytes: 2 ** 31 }), /smaller than reviewed: 800 MiB/);
    const other = await volume(here, 'xfs', 'mkfs.xfs -qf');
    assert.match(await verdictOn(one, { device: other.disk }), /refused: .* is not on \/dev\/loop/);
    await here.sh(`mount -o remount,ro ${target}`);
    assert.match(await verdictOn(one), /^refused: .* is mounted read-only$/);
    await here.sh(`umount ${target}`);
    assert.equal(await verdictOn(one), `refused: nothing is mounted at ${target}`);
  },
);

test(
  'a device that has shrunk beneath its file system is refused',
  { skip: here.skip },
  async () => {
    const one = await volume(here, 'xfs', 'mkfs.xfs -qf');
    await one.enlarge('400M');
    const { bytes = 0, device } = await sizeOf(one);
    assert.ok(bytes > (device?.bytes ?? 0));
    assert.match(
      await verdictOn(one),
      /^refused: the file system \(512 MiB\) is larger than its device \(400 MiB\)$/,
    );
    await one.enlarge('512M');
  },
);
