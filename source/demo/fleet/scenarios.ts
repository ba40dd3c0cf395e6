import type { Millis } from '../../core/host.js';
import { markOsd } from './ceph.js';
import { failDisk } from './drbd/disk.js';
import { resync } from './drbd/resync.js';
import { cutLink, healLink, noticeLoss } from './drbd/loss.js';
import { clusterScenarios } from './cluster-scenarios.js';
import { stopChunkserver, stopOsd } from './daemons.js';
import { failOver, failoverFleet } from './failover.js';
import { failOnce } from './lizardfs.js';
import { failDiskOfNine, losePeer, loseQuorum, splitNine, splitNineInThree } from './nine/first.js';
import { bareFleet, bareKvmFleet, calmFleet, nineFleet } from './first-state.js';
import { losses } from './losses.js';
import { kill } from './machines.js';
import { checkPaths, setPath } from './san.js';
import { killMetadataServer, metadataServerOn } from './metadata-servers.js';
import { rocksScenarios } from './rocks/scenarios.js';
import type { Scenario } from './scenario.js';
import type { Fleet } from './state.js';

/** The starting states, calm first. */
export const allScenarios: readonly Scenario[] = [
  {
    id: 'calm',
    title: 'calm',
    says: 'Nine hosts, and nothing is wrong.',
    begin: () => undefined,
  },
  {
    id: 'split-brain',
    title: 'split brain',
    says: 'The link between kvm-1 and kvm-2 was cut; both wrote to r0 before it came back.',
    begin: (fleet) => {
      cutLink(fleet);
      noticeLoss(fleet);
      fleet.advance(8 * 60_000);
      healLink(fleet);
      fleet.advance(4 * 60_000);
    },
  },
  {
    id: 'split-brain-files',
    title: 'split brain of two file systems',
    says: 'kvm-2 took kvm-1 for dead and served r0 and r1 as well; both are to be compared before one gives way.',
    fleet: failoverFleet,
    begin: failOver,
  },
  {
    id: 'chunkserver-down',
    title: 'a chunkserver is down',
    says: 'The chunkserver of lfs-3 stopped two minutes ago; chunks are being copied.',
    begin: (fleet) => {
      stopChunkserver(fleet, 'lfs-3', true);
      fleet.advance(2 * 60_000);
    },
  },
  {
    id: 'lost-master',
    title: 'the master of LizardFS is lost',
    says: 'The master on xs-1 was killed a minute ago; its shadow on xs-2 has every change.',
    begin: (fleet) => {
      killMetadataServer(fleet, 'xs-1');
      fleet.advance(60_000);
    },
  },
  {
    id: 'lost-master-behind',
    title: 'the master is lost, and its shadow is behind',
    says: 'The shadow on xs-2 had lost the master before that was killed: 4211 changes are missing there.',
    begin: (fleet) => {
      const shadow = metadataServerOn(fleet, 'xs-2');
      killMetadataServer(fleet, 'xs-1');
      if (shadow) shadow.behind = 4211;
      fleet.advance(60_000);
    },
  },
  {
    id: 'disk-errors',
    title: 'a chunk disk has errors',
    says: 'A disk of xs-2 had a read error; every file has two copies, and there is room to drain it.',
    begin: (fleet) => {
      failOnce(fleet, 'xs-2:1');
      const { lizardfs } = fleet;
      lizardfs.groups = lizardfs.groups.filter(({ goal }) => goal === '2');
    },
  },
  {
    id: 'osd-down',
    title: 'an OSD is down',
    says: 'osd.1 on ceph-2 stopped four minutes ago; its copies are missing.',
    begin: (fleet) => {
      stopOsd(fleet, 1, true);
      for (const osd of fleet.ceph.osds) if (!osd.running) markOsd(fleet, osd, false);
      fleet.advance(4 * 60_000);
    },
  },
  {
    id: 'path-lost',
    title: 'a path is lost',
    says: 'One of the eight paths of san-1 is gone.',
    begin: (fleet) => {
      setPath(fleet, 'sdc', false);
      checkPaths(fleet);
      fleet.advance(3 * 60_000);
    },
  },
  {
    id: 'host-dead',
    title: 'a host is dead',
    says: 'kvm-2 does not answer; its peer has noticed.',
    begin: (fleet) => {
      kill(fleet, 'kvm-2');
      fleet.advance(3 * 60_000);
    },
  },
  {
    id: 'resync',
    title: 'a resync is running',
    says: 'r1 of kvm-1 is being copied to kvm-2.',
    begin: (fleet) => {
      const r1 = fleet.drbd.resources.find(({ name }) => name === 'r1');
      if (!r1) return;
      const [source, target] = r1.replicas;
      target.outOfSync = 18_874_368;
      resync(fleet, r1, source, target);
      fleet.advance(4 * 60_000);
    },
  },
  {
    id: 'disk-failed',
    title: 'a disk beneath DRBD failed',
    says: 'kvm-1 lost the disk of r1 and goes on over the network; kvm-2 has the only copy.',
    begin: (fleet) => {
      const r1 = fleet.drbd.resources.find(({ name }) => name === 'r1');
      if (!r1) return;
      failDisk(fleet, r1, r1.replicas[0]);
      fleet.advance(4 * 60_000);
    },
  },
  ...losses,
  ...clusterScenarios,
  {
    id: 'bare-lizardfs',
    title: 'bare hosts',
    says: 'Two XenServers and a Proxmox host with blank disks; nothing of LizardFS is installed.',
    fleet: bareFleet,
    begin: () => undefined,
  },
  {
    id: 'bare-kvm',
    title: 'bare KVM hosts',
    says: 'Two hosts of virtual machines with a volume group; DRBD is installed and has no resource yet.',
    fleet: bareKvmFleet,
    begin: () => undefined,
  },
  {
    id: 'drbd9-split-brain',
    title: 'DRBD 9: split brain of three nodes',
    says: 'kvm-1 was cut from kvm-2 and kvm-3; both parties wrote to r0 before it came back.',
    fleet: nineFleet,
    begin: splitNine,
  },
  {
    id: 'drbd9-three-ways',
    title: 'DRBD 9: three histories',
    says: 'kvm-1, kvm-2 and kvm-3 all lost each other, and each has data of its own.',
    fleet: nineFleet,
    begin: splitNineInThree,
  },
  {
    id: 'drbd9-peer-down',
    title: 'DRBD 9: one of three is down',
    says: 'r0 was taken down on kvm-3 five minutes ago; kvm-1 and kvm-2 go on with quorum.',
    fleet: nineFleet,
    begin: losePeer,
  },
  {
    id: 'drbd9-disk-failed',
    title: 'DRBD 9: a disk is lost, two copies are left',
    says: 'kvm-2 let go of the disk of r0; kvm-1 and kvm-3 have it.',
    fleet: nineFleet,
    begin: failDiskOfNine,
  },
  {
    id: 'drbd9-quorum',
    title: 'DRBD 9: quorum lost',
    says: 'kvm-1 lost kvm-2 and the tiebreaker kvm-3, and holds its I/O back.',
    fleet: nineFleet,
    begin: loseQuorum,
  },
  ...rocksScenarios,
];

/** A fleet that starts as the scenario says, at this moment; undefined for an unknown scenario. */
export function fleetOf(scenario: string, now: Millis): Fleet | undefined {
  const found = allScenarios.find(({ id }) => id === scenario);
  if (!found) return undefined;
  // What happened before now: the fleet is made as it was ten minutes ago, and catches up.
  const first = found.fleet ?? calmFleet;
  const before = first(now);
  found.begin(before);
  const passed = before.clock.now - now;
  const fleet = first(now - passed);
  found.begin(fleet);
  return fleet;
}
