import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host } from '../../source/core/host.js';
import type { Json } from '../../source/core/json.js';
import { makeFileSystem } from '../../source/steps/make-file-system.js';

const UUID = '0b6de0ae-5f2a-4b39-9d7c-6a8f7a4a1c11';
const DEVICE = '/dev/disk/by-id/ata-CT250MX200SSD1_1537';
const BLANK = [
  'kernel sdi',
  'device SIZE="250059350016" TYPE="disk" RO="0" SERIAL="1537" WWN="" MODEL="CT250MX200SSD1"',
  'on KNAME="sdi" TYPE="disk" FSTYPE="" MOUNTPOINT=""',
];

/** A host that shows these lines of a device. */
function showing(...lines: readonly string[]): Host {
  const stdout = `${lines.join('\n')}\n`;
  return {
    name: 'xs-1',
    run: () => Promise.resolve({ kind: 'exited', code: 0, stdout, stderr: '' }),
  };
}

async function verdict(host: Host, more: Record<string, Json> = {}) {
  const params = {
    device: DEVICE,
    type: 'ext4',
    uuid: UUID,
    serial: '1537',
    sizeBytes: 250059350016,
    accepted: [],
  };
  const bound = makeFileSystem.bind({ ...params, ...more });
  assert.ok(bound.ok);
  const found = await bound.step.check(host);
  return 'because' in found ? `${found.kind}: ${found.because}` : found.kind;
}

test('a blank disk may be formatted', async () => {
  assert.equal(await verdict(showing(...BLANK)), 'notYet');
});

test('a disk that has the file system of the plan is done', async () => {
  assert.equal(await verdict(showing(...BLANK, 'probe TYPE=ext4', `probe UUID=${UUID}`)), 'done');
});

test('a disk with a signature needs that signature accepted by name', async () => {
  const host = showing(...BLANK, 'probe TYPE=LVM2_member', 'probe UUID=x');
  assert.match(await verdict(host), /refused: it holds LVM2_member/);
  assert.match(await verdict(host, { accepted: ['ext4'] }), /refused/);
  assert.equal(await verdict(host, { accepted: ['LVM2_member'] }), 'notYet');
});

test('a mounted disk, swap, a multipath member and one that is held are refused, accepted or not', async () => {
  const accepted = { accepted: ['ext4', 'mpath_member', 'LVM2_member', 'swap'] };
  const [kernel = '', device = ''] = BLANK;
  for (const [line, why] of [
    ['on KNAME="sdi1" TYPE="part" MOUNTPOINT="/srv"', /mounted at \/srv/],
    ['on KNAME="sdi" TYPE="disk" MOUNTPOINT="[SWAP]"', /swap/],
    ['probe TYPE=mpath_member', /path of a multipath map/],
    ['holder dm-3', /dm-3 stands on it/],
    ['on KNAME="dm-4" TYPE="lvm" MOUNTPOINT=""', /dm-4 stands on it/],
  ] as const) {
    assert.match(await verdict(showing(kernel, device, line), accepted), why);
  }
});

test('a partition with data needs its own acceptance', async () => {
  const part = 'on KNAME="sdi1" TYPE="part" FSTYPE="xfs" MOUNTPOINT=""';
  const host = showing(...BLANK, 'signature 0x200,,,gpt', part);
  assert.match(await verdict(host, { accepted: ['gpt'] }), /holds xfs on sdi1/);
  assert.equal(await verdict(host, { accepted: ['gpt', 'xfs on sdi1'] }), 'notYet');
});

test('another disk behind the same name is refused', async () => {
  const swapped = BLANK.map((line) => line.replace('1537', '9999'));
  assert.match(await verdict(showing(...swapped)), /another disk than reviewed/);
});
