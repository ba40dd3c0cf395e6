import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockDevicesCommand, parseBlockDevices } from '../../source/tools/block-devices.js';
import { diskOffers } from '../../source/tools/disk-offers.js';
import { labHost, SpareDisk } from '../support/lab-hosts.js';

/** A spare disk of the machine; what is on it is lost. */
const DISK = '/dev/vdd';

const torchio = await labHost('torchio');
const skip = typeof torchio === 'string' ? torchio : false;
if (skip !== false) console.error(`SKIPPED disks on a real kernel: ${skip}`);

const spare = new SpareDisk(torchio, DISK);

/** How a disk stands: `blank`, what must be accepted, or why it is closed. */
async function standing(kernelName: string): Promise<string> {
  const outcome = await spare.host.run(blockDevicesCommand());
  if (outcome.kind !== 'exited') throw new Error(outcome.reason);
  const read = parseBlockDevices(outcome.stdout);
  assert.ok(read.ok);
  assert.deepEqual(read.unread, []);
  const offers = diskOffers(read.value);
  const offer = offers.find(({ device }) => device.kernelName === kernelName);
  assert.ok(
    offer,
    `no ${kernelName} among ${offers.map((one) => one.device.kernelName).join(' ')}`,
  );
  if (offer.because !== undefined) return `closed: ${offer.because}`;
  return offer.holds.length > 0 ? `holds ${offer.holds.join(', ')}` : 'blank';
}

test(
  'a disk is offered blank, for an acceptance, or not at all, by what is really on it',
  { skip },
  async () => {
    try {
      await spare.blank();
      assert.equal(await standing('vdd'), 'blank');
      for (const [make, expected] of [
        [`mkfs.ext4 -qF ${DISK}`, /^holds ext4$/],
        [`pvcreate -qqy ${DISK}`, /^holds LVM2_member$/],
        [`sgdisk -n 1:0:0 ${DISK} >/dev/null`, /^holds gpt, PMBR, data on vdd1$/],
        [`mkswap -q ${DISK}; swapon ${DISK}`, /^closed: it is in use as swap$/],
        [
          `mkfs.ext4 -qF ${DISK}; mkdir -p /run/spare; mount ${DISK} /run/spare`,
          /^closed: it is mounted at \/run\/spare$/,
        ],
      ] as const) {
        await spare.blank();
        await spare.sh(`${make}; udevadm settle`);
        assert.match(await standing('vdd'), expected, make);
      }
      assert.equal(await standing('vda'), 'closed: the system runs from it (/)');
    } finally {
      await spare.blank();
    }
  },
);
