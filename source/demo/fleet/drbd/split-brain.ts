import { replicaOn } from './side.js';
import { connect } from './link.js';
import { cutLink, healLink, noticeLoss } from './loss.js';
import { demote, promote } from './roles.js';
import { deviceOf } from '../openers.js';
import { machineNamed, type Fleet } from '../state.js';

/** How long the link stays away, in ms: long enough for both to write. */
const AWAY = 5000;

/** Both sides of r0 lose each other, write, and meet again. */
export function makeSplitBrain(fleet: Fleet): void {
  cutLink(fleet);
  noticeLoss(fleet);
  fleet.clock.after(AWAY, () => healLink(fleet));
}

/** What a machine runs from r0 is stopped, and r0 is unmounted there. */
export function releaseResource(fleet: Fleet, name: string): void {
  const machine = machineNamed(fleet, name);
  const resource = fleet.drbd.resources.find((one) => one.name === 'r0');
  if (!machine || !resource) return;
  const mounts = machine.mounts.filter(({ source }) => source === deviceOf(resource));
  for (const vm of machine.vms) {
    const within = mounts.some(({ target }) => vm.disk.startsWith(`${target}/`));
    if (within || vm.disk === deviceOf(resource)) vm.running = false;
  }
  machine.mounts = machine.mounts.filter((mount) => !mounts.includes(mount));
}

/**
 * Mends r0 as an administrator would: kvm-2 stops what runs on it, gives up its changes, and starts
 * again from kvm-1's data.
 */
export function healSplitBrain(fleet: Fleet): void {
  const victim = machineNamed(fleet, 'kvm-2');
  const resource = fleet.drbd.resources.find(({ name }) => name === 'r0');
  if (!victim || !resource) return;
  const self = replicaOn(resource, victim.name);
  const survivor = replicaOn(resource, 'kvm-1');
  if (!self || !survivor) return;
  if (self.connection !== 'StandAlone' && survivor.connection !== 'StandAlone') return;
  const running = victim.vms.filter((vm) => vm.running);
  for (const vm of running) vm.running = false;
  const mounts = victim.mounts.filter(({ source }) => source === deviceOf(resource));
  victim.mounts = victim.mounts.filter((mount) => !mounts.includes(mount));
  demote(fleet, resource, self);
  connect(fleet, resource, self, true);
  connect(fleet, resource, survivor, false);
  const whenDone = () => {
    if (resource.resync || self.connection !== 'Connected') {
      fleet.clock.after(2000, whenDone);
      return;
    }
    promote(fleet, resource, self);
    victim.mounts.push(...mounts);
    for (const vm of running) vm.running = true;
  };
  fleet.clock.after(4000, whenDone);
}
