import { markOsd } from '../../source/demo/fleet/ceph.js';
import { connect } from '../../source/demo/fleet/drbd/link.js';
import { cutLink, noticeLoss } from '../../source/demo/fleet/drbd/loss.js';
import { resync } from '../../source/demo/fleet/drbd/resync.js';
import { demote } from '../../source/demo/fleet/drbd/roles.js';
import { stopChunkserver, stopOsd } from '../../source/demo/fleet/daemons.js';
import { calmFleet } from '../../source/demo/fleet/first-state.js';
import { damageDisk } from '../../source/demo/fleet/lizardfs.js';
import { checkPaths, setPath, setPortal } from '../../source/demo/fleet/san.js';
import { healSplitBrain, makeSplitBrain } from '../../source/demo/fleet/drbd/split-brain.js';
import type { Fleet } from '../../source/demo/fleet/state.js';
import type { Replica, Resource } from '../../source/demo/fleet/drbd/state.js';

/** A fleet in a state, and what happens while a command waits. */
export interface Situation {
  readonly fleet: Fleet;
  readonly while?: () => void;
}

const NOW = Date.UTC(2026, 10, 20, 14, 2, 11);

/** The fleet as it was in the lab when something was captured. */
export function situations(name: string): Situation {
  const fleet = calmFleet(NOW);
  // The lab had one resource, one manager, and clients that stood still but for one capture.
  fleet.drbd.resources.splice(1);
  for (const manager of fleet.ceph.managers.slice(1)) manager.running = false;
  const make = MAKE[name];
  if (!make) throw new Error(`no situation ${name}`);
  return { fleet, ...make(fleet, r0(fleet)) };
}

type Making = (fleet: Fleet, r0: Pair) => Partial<Situation> | undefined;

interface Pair {
  readonly resource: Resource;
  readonly one: Replica;
  readonly two: Replica;
}

function r0(fleet: Fleet): Pair {
  const [resource] = fleet.drbd.resources;
  const [one, two] = resource?.replicas ?? [];
  if (!resource || !one || !two) throw new Error('no r0');
  return { resource, one, two };
}

function release(fleet: Fleet): void {
  for (const machine of fleet.machines) {
    machine.mounts = machine.mounts.filter(({ source }) => !source.startsWith('/dev/drbd'));
    for (const vm of machine.vms) vm.running = false;
  }
}

function still(fleet: Fleet): void {
  Object.assign(fleet.ceph, { reads: 0, writes: 0 });
}

const MAKE: Readonly<Record<string, Making>> = {
  'drbd-calm': () => undefined,
  'drbd-resync': (fleet, { resource, one, two }) => {
    release(fleet);
    demote(fleet, resource, two);
    two.outOfSync = 262_100;
    two.settings.disk.set('resync-rate', '4M');
    resync(fleet, resource, one, two);
    fleet.advance(5000);
    return undefined;
  },
  'drbd-split': (fleet) => {
    makeSplitBrain(fleet);
    fleet.advance(10_000);
    return undefined;
  },
  'drbd-mended': (fleet) => {
    makeSplitBrain(fleet);
    fleet.advance(10_000);
    healSplitBrain(fleet);
    fleet.advance(20_000);
    return undefined;
  },
  'drbd-waiting': (fleet, { resource, one }) => {
    makeSplitBrain(fleet);
    fleet.advance(10_000);
    release(fleet);
    demote(fleet, resource, one);
    connect(fleet, resource, one, true);
    return undefined;
  },
  'drbd-waiting-primary': (fleet) => {
    cutLink(fleet);
    noticeLoss(fleet);
    fleet.advance(3000);
    return undefined;
  },
  'drbd-no-data': (fleet, { resource, one }) => {
    release(fleet);
    cutLink(fleet);
    noticeLoss(fleet);
    demote(fleet, resource, one);
    one.disk = 'Inconsistent';
    return undefined;
  },
  'lizardfs-calm': () => undefined,
  'lizardfs-wrong-port': () => undefined,
  'lizardfs-shadow': () => undefined,
  'lizardfs-chunkserver-down': (fleet) => {
    addGoalOne(fleet);
    stopChunkserver(fleet, 'lfs-3', true);
    fleet.advance(2000);
    return undefined;
  },
  'lizardfs-replicated': (fleet) => {
    addGoalOne(fleet);
    stopChunkserver(fleet, 'lfs-3', true);
    fleet.advance(3_600_000);
    return undefined;
  },
  'lizardfs-damaged': (fleet) => {
    damageDisk(fleet, 'xs-2:1', true);
    fleet.advance(3_600_000);
    return undefined;
  },
  'ceph-calm': () => undefined,
  'ceph-osd-down': (fleet) => {
    still(fleet);
    osdsDown(fleet, [0]);
    fleet.advance(18_000);
    return undefined;
  },
  'ceph-two-osds-down': (fleet) => {
    still(fleet);
    osdsDown(fleet, [0, 1]);
    fleet.advance(18_000);
    return undefined;
  },
  'ceph-recovery': (fleet) => {
    still(fleet);
    osdsDown(fleet, [1]);
    fleet.advance(120_000);
    stopOsd(fleet, 1, false);
    fleet.advance(32_000);
    return undefined;
  },
  'ceph-no-quorum': (fleet) => {
    for (const monitor of fleet.ceph.monitors) monitor.running = false;
    return { while: () => fleet.advance(301_000) };
  },
  'san-none': () => undefined,
  'san-calm': () => undefined,
  'san-failed': (fleet) => {
    const [, second] = fleet.san.portals;
    setPath(fleet, 'sdc', false);
    setPortal(fleet, second?.address ?? '', false);
    checkPaths(fleet);
    return undefined;
  },
};

/** Chunks of one copy, as the lab had. */
function addGoalOne(fleet: Fleet): void {
  fleet.lizardfs.groups.push({ goal: '1', wanted: 1, holders: ['lfs-3:0'], count: 2 });
}

function osdsDown(fleet: Fleet, ids: readonly number[]): void {
  for (const id of ids) stopOsd(fleet, id, true);
  for (const osd of fleet.ceph.osds) if (!osd.running) markOsd(fleet, osd, false);
}
