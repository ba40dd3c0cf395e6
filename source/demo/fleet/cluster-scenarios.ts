import type { Fleet } from './state.js';
import type { Scenario } from './scenario.js';
import { handshake } from './drbd/handshake.js';
import { disconnect } from './drbd/link.js';
import { noticeLoss } from './drbd/loss.js';
import { resync } from './drbd/resync.js';
import type { Replica, Resource } from './drbd/state.js';
import { verify } from './drbd/verify.js';
import { kill, revive } from './machines.js';
import { nfsOn } from './nfs.js';
import { firstCluster, setCluster } from './ocfs2.js';
import { install } from './software.js';
import { logLine, machineNamed } from './state.js';

const MINUTE = 60_000;

/** What goes wrong between two hosts of virtual machines: their DRBD, their cluster, their exports. */
export const clusterScenarios: readonly Scenario[] = [
  {
    id: 'peer-lost',
    title: 'a DRBD peer is not up',
    says: 'kvm-2 was restarted and did not start DRBD; kvm-1 goes on alone with r0 and r1.',
    begin: (fleet) => {
      const host = machineNamed(fleet, 'kvm-2');
      host?.enabled.delete('drbd');
      restart(fleet, 'kvm-2');
      fleet.advance(4 * MINUTE);
    },
  },
  {
    id: 'outdated',
    title: 'old data, and no peer',
    says: 'kvm-2 has an old copy of r1; kvm-1, which has the newer one, does not answer.',
    begin: (fleet) => {
      on(fleet, 'r1', (resource) => {
        const [newer, older] = resource.replicas;
        disconnect(fleet, resource, older);
        fleet.advance(10 * MINUTE);
        older.disk = 'Outdated';
        older.connection = 'WFConnection';
        newer.connection = 'WFConnection';
      });
      kill(fleet, 'kvm-1');
      fleet.advance(MINUTE);
    },
  },
  {
    id: 'unequal-secret',
    title: 'the sides of a resource have unequal secrets',
    says: 'The shared-secret of r1 was changed on kvm-1 alone; since then both sides stand alone.',
    begin: (fleet) => {
      on(fleet, 'r1', (resource, a, b) => {
        for (const { settings } of [a, b]) settings.net.set('cram-hmac-alg', 'sha256');
        a.settings.net.set('shared-secret', 'simulated-one');
        b.settings.net.set('shared-secret', 'simulated-two');
        meetAgain(fleet, resource);
      });
    },
  },
  {
    id: 'unequal-options',
    title: 'the sides of a resource have unequal options',
    says: 'verify-alg of r1 was set on kvm-1 alone; since then both sides stand alone.',
    begin: (fleet) => {
      on(fleet, 'r1', (resource, a) => {
        a.settings.net.set('verify-alg', 'crc32c');
        meetAgain(fleet, resource);
      });
    },
  },
  {
    id: 'slow-resync',
    title: 'a resync is slow',
    says: 'r1 of kvm-1 is being copied to kvm-2 at the rate of its file, which is low.',
    begin: (fleet) => {
      on(fleet, 'r1', (resource, source, target) => {
        for (const { settings } of [source, target]) settings.disk.set('resync-rate', '2M');
        target.outOfSync = 6_291_456;
        resync(fleet, resource, source, target);
        fleet.advance(4 * MINUTE);
      });
    },
  },
  {
    id: 'verify-differences',
    title: 'a verify found differences',
    says: 'Both copies of r1 count as good; a verify found that 2 MiB differ.',
    begin: (fleet) => {
      on(fleet, 'r1', (resource, a, b) => {
        for (const { settings } of [a, b]) settings.net.set('verify-alg', 'crc32c');
        resource.differs = 2048;
        verify(fleet, resource, a);
        fleet.advance(20 * MINUTE);
      });
    },
  },
  {
    id: 'ocfs2-stuck',
    title: 'a node is out of OCFS2 after a fence',
    says: 'kvm-2 was fenced and is back: its DRBD is connected, its cluster offline and /srv/vms not mounted.',
    begin: fenceSecond,
  },
  {
    id: 'nfs-failed',
    title: 'an NFS export fails',
    says: 'kvm-1 has /srv/data to export, and nfsd did not start.',
    begin: (fleet) => {
      const host = machineNamed(fleet, 'kvm-1');
      if (!host) return;
      install(host, ['nfs-kernel-server']);
      host.firstExports = '/srv/data 10.20.0.0/24(rw,sync,no_subtree_check)\n';
      nfsOn(host).threads = 0;
    },
  },
];

function on(
  fleet: Fleet,
  name: string,
  run: (resource: Resource, first: Replica, second: Replica) => void,
): void {
  const resource = fleet.drbd.resources.find((one) => one.name === name);
  if (resource) run(resource, ...resource.replicas);
}

/** Both sides part and meet once more, as after `adjust` on both. */
function meetAgain(fleet: Fleet, resource: Resource): void {
  for (const replica of resource.replicas) {
    disconnect(fleet, resource, replica);
    replica.connection = 'WFConnection';
  }
  for (const replica of resource.replicas) replica.connection = 'WFConnection';
  handshake(fleet, resource);
  fleet.advance(3 * MINUTE);
}

/** A machine goes and comes back with what starts by itself. */
function restart(fleet: Fleet, name: string): void {
  const host = machineNamed(fleet, name);
  if (!host) return;
  kill(fleet, name);
  noticeLoss(fleet);
  fleet.advance(2 * MINUTE);
  revive(fleet, name);
  for (const unit of host.enabled) host.services.set(unit, true);
  setCluster(host, firstCluster(fleet.machines));
}

/** The other threw it out, and it was restarted by its own kernel; DRBD met again since. */
function fenceSecond(fleet: Fleet): void {
  const [first, second] = ['kvm-1', 'kvm-2'].map((name) => machineNamed(fleet, name));
  const uuid = '28BD88682F1B40A7965C648DC924160A';
  if (!first || !second) return;
  first.mounts = first.mounts.map((mount) =>
    mount.type === 'ocfs2'
      ? { ...mount, options: mount.options.replace('heartbeat=none', 'heartbeat=local') }
      : mount,
  );
  const log = (text: string): void => logLine(fleet, first.name, text);
  log(`o2dlm: Joining domain ${uuid}`);
  log(
    `o2net: Connection to node kvm-2 (num 2) at ${second.address}:7777 has been idle for 30.7 secs.`,
  );
  log(`o2net: No longer connected to node kvm-2 (num 2) at ${second.address}:7777`);
  log(`o2cb: o2dlm has evicted node 2 from domain ${uuid}`);
  log(`o2dlm: Begin recovery on domain ${uuid} for node 2`);
  log('ocfs2: End replay journal (node 2, slot 1) on device (147,0)');
  restart(fleet, second.name);
  second.mounts = second.mounts.filter(({ type }) => type !== 'ocfs2');
  for (const vm of second.vms) vm.running = false;
  setCluster(second, undefined);
  second.services.set('o2cb', false);
  fleet.advance(4 * MINUTE);
}
