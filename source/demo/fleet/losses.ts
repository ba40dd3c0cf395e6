import type { Millis } from '../../core/host.js';
import { failDisk } from './drbd/disk.js';
import { noticeLoss } from './drbd/loss.js';
import { addOnVolumes } from './drbd/on-volumes.js';
import { disk } from './first-disks.js';
import { bareKvmFleet, calmFleet } from './first-state.js';
import { kill } from './machines.js';
import type { Scenario } from './scenario.js';
import { machineNamed, type Fleet } from './state.js';

const GIB = 2 ** 30;

/** What is gone for good, and what could take its place. */
export const losses: readonly Scenario[] = [
  {
    id: 'node-lost',
    title: 'a node is gone for good',
    says: 'kvm-2 burned out and does not come back; kvm-1 serves data alone, and kvm-3 is empty.',
    fleet: withEmptyThird,
    begin: (fleet) => {
      kill(fleet, 'kvm-2');
      noticeLoss(fleet);
      fleet.advance(6 * 60_000);
    },
  },
  {
    id: 'disk-gone',
    title: 'a disk beneath DRBD is gone, a spare is there',
    says: 'kvm-1 lost the disk of r1 for good and goes on over the network; a blank disk was put in.',
    fleet: withSpare,
    begin: (fleet) => {
      const r1 = fleet.drbd.resources.find(({ name }) => name === 'r1');
      const host = machineNamed(fleet, 'kvm-1');
      if (!r1 || !host) return;
      failDisk(fleet, r1, r1.replicas[0]);
      host.disks.splice(
        host.disks.findIndex(({ name }) => name === 'sdc'),
        1,
      );
      fleet.advance(4 * 60_000);
    },
  },
];

/** Three hosts with a volume group; two have a resource, and the third nothing. */
function withEmptyThird(now: Millis): Fleet {
  const fleet = bareKvmFleet(now, 3);
  addOnVolumes(fleet, {
    ...{ name: 'data', minor: 0, port: 7788, gib: 4, current: '5879F08F637B4E90' },
    target: '/srv/data',
  });
  return fleet;
}

/** The calm fleet, with a blank disk in kvm-1. */
function withSpare(now: Millis): Fleet {
  const fleet = calmFleet(now);
  const spare = disk('d', 1, 100 * GIB, { model: 'HGST HUS724020AL', rotates: true });
  machineNamed(fleet, 'kvm-1')?.disks.push(spare);
  return fleet;
}
