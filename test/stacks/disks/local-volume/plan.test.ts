import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host, Outcome } from '../../../../source/core/host.js';
import { localVolumeSpec as spec } from '../../../../source/stacks/disks/wizards/local-volume/index.js';
import { assertGolden, draftOf, faultsOf } from '../../../support/carry-out.js';
import { draftText } from '../../../support/draft-text.js';
import { wholeCluster } from '../../../support/surroundings.js';

const golden = new URL('../../../../../test/stacks/disks/local-volume/plan.txt', import.meta.url);

const GROUP =
  "LVM2_VG_NAME='vg0' LVM2_VG_SIZE='532676608' LVM2_VG_FREE='532676608' LVM2_VG_MISSING_PV_COUNT='0' LVM2_VG_EXTENT_SIZE='4194304' LVM2_VG_UUID='AbCdEf-0000'";
const PV = "LVM2_PV_NAME='/dev/vdd' LVM2_VG_NAME='vg0' LVM2_PV_ATTR='a--'";
const LV =
  "LVM2_VG_NAME='vg0' LVM2_LV_NAME='old' LVM2_LV_SIZE='4194304' LVM2_LV_ATTR='-wi-a-----' LVM2_SEGTYPE='linear' LVM2_ORIGIN=''";

const ANSWERS: Readonly<Record<string, string>> = {
  LVM_SUPPRESS: [GROUP, PV, LV].join('\n'),
  'from memory':
    'from memory\ndevice NAME="vdd" KNAME="vdd" PKNAME="" TYPE="disk" RO="0" SIZE="536870912" SERIAL="lab-d3" WWN="" MODEL=""\nmount 1 0 8:0 / / rw - ext4 /dev/vda rw',
  'mkfs.xfs': 'maker mkfs.ext4\nmaker mkfs.xfs\nverifies',
  '/etc/fstab': '/dev/vda / ext4 noatime 0 0\n',
};

/** A host that answers to the wizard's looks; `change` puts other answers in their place. */
function hostWith(change: Readonly<Record<string, string>> = {}): Host {
  const answers = { ...ANSWERS, ...change };
  return {
    name: 'fiori',
    run: ({ argv }): Promise<Outcome> => {
      const line = argv.join(' ');
      const found = Object.entries(answers).find(([words]) => line.includes(words));
      const stdout = found?.[1] ?? '';
      const code = found ? 0 : 1;
      return Promise.resolve({ kind: 'exited', code, stdout, stderr: found ? '' : 'not here' });
    },
  };
}

async function planOf(answers: object, host = hostWith(), neverTouch: readonly string[] = []) {
  const found = await spec.look([host], { ...wholeCluster, neverTouch });
  const uuid = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
  const settled = { ...found, fresh: { volume: uuid(1), fileSystem: uuid(2) } };
  const given = { group: 'fiori:vg0', name: 'local', size: 0.4, folder: '/vol/local' };
  return spec.plan(settled, spec.answers.parse({ ...given, ...answers }));
}

test('from a volume group to a mounted file system, as it was reviewed once', async () => {
  assertGolden(golden, draftText(draftOf(await planOf({}))));
});

test('the line for fstab has noatime and nodiratime; ext4 is checked at the start, xfs never', async () => {
  const lineOf = async (answers: object): Promise<string> => {
    const { steps } = draftOf(await planOf(answers));
    const edit = JSON.stringify(steps.find(({ kind }) => kind === 'file.edit')?.params);
    return /\/dev\/mapper\S+ [^"\\]*/.exec(edit)?.[0] ?? '';
  };
  assert.equal(
    await lineOf({}),
    '/dev/mapper/vg0-local /vol/local xfs noatime,nodiratime,nofail 0 0',
  );
  assert.equal(
    await lineOf({ fileSystem: 'ext4', bootsWithout: false }),
    '/dev/mapper/vg0-local /vol/local ext4 noatime,nodiratime 0 2',
  );
});

test('a size is rounded up to whole extents and never past what is free', async () => {
  const sizeOf = async (size: number): Promise<unknown> => {
    const [step] = draftOf(await planOf({ size, fileSystem: 'ext4' })).steps;
    const params = step?.params;
    return typeof params === 'object' && params !== null && 'sizeBytes' in params
      ? params.sizeBytes
      : undefined;
  };
  assert.equal(await sizeOf(0.0001), 4 * 2 ** 20);
  assert.equal(await sizeOf(0.011), 12 * 2 ** 20);
  assert.deepEqual(faultsOf(await planOf({ size: 1 })), [
    'size: vg0 has 508 MiB free, not 1.0 GiB',
  ]);
});

test('every wrong answer is named, not only the first', async () => {
  const fstab = '/dev/vg0/old /srv ext4 defaults 0 2\n/dev/sdz /vol/local/ ext4 defaults 0 2\n';
  const host = hostWith({ '/etc/fstab': fstab, 'mkfs.xfs': 'maker mkfs.ext4' });
  assert.deepEqual(faultsOf(await planOf({ name: 'old', size: 0.2 }, host)), [
    'name: vg0 has a volume called old already',
    'fileSystem: mkfs.xfs is not on fiori',
    'size: 208 MiB is too small for xfs, which needs 300 MiB',
    'folder: /etc/fstab of fiori has a line for /vol/local already',
    'name: /etc/fstab of fiori has a line for /dev/mapper/vg0-old already',
  ]);
  assert.match(
    faultsOf(await planOf({ folder: '/' }).catch(() => planOf({ group: 'x:y' })))[0] ?? '',
    /x:y/,
  );
});

test('a group on a disk of the never-touch list is shown closed, and refused', async () => {
  const found = await spec.look([hostWith()], { ...wholeCluster, neverTouch: ['lab-d3'] });
  const [group] = spec.questions(found, {});
  assert.ok(group?.kind === 'one');
  const because = 'it is on the never-touch list (lab-d3)';
  assert.deepEqual(group.choices[0]?.gate, { open: false, because });
  assert.match(faultsOf(await planOf({}, hostWith(), ['lab-d3']))[0] ?? '', /never-touch list/);
});

test('a group whose disk is missing is closed; the free room is shown with each choice', async () => {
  const lost = GROUP.replace("COUNT='0'", "COUNT='1'");
  const found = await spec.look([hostWith({ LVM_SUPPRESS: lost })], wholeCluster);
  const [group, , size] = spec.questions(found, {});
  assert.ok(group?.kind === 'one' && size?.kind === 'number');
  assert.match(JSON.stringify(group.choices[0]), /508 MiB free of 508 MiB.*1 disk of it cannot/);
  assert.equal(group.default, undefined);
});

test('a host that cannot be looked at is named by the question', async () => {
  const dead: Host = {
    name: 'torchio',
    run: () => Promise.resolve({ kind: 'unreachable', reason: 'no route to host' }),
  };
  const found = await spec.look([hostWith(), dead], wholeCluster);
  const [group, , size] = spec.questions(found, {});
  assert.match(group?.explains ?? '', /torchio could not be looked at: .*no route to host/);
  assert.match(size?.explains ?? '', /508 MiB are free/);
});
