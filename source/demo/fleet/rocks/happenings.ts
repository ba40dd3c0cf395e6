import { machineNamed, type Fleet } from '../state.js';
import { writeOn } from './guests.js';
import { nodeOf } from './nodes.js';
import { closeQueue, openQueue, publish } from './roll/broker.js';
import { setService } from './roll/services.js';
import { createVolume, destroyDataset, freeIn } from './storage/zfs.js';

/** The container and the NAS that it happens to. */
export const HERE = 'vm-container-0-1';
export const NAS = 'nas-0-0';
/** An image that works on its own volume there, and one that is not mapped at first. */
export const LOCAL = 'compute-0-1-0';
export const FRESH = 'compute-0-1-1';

const MIB = 2 ** 20;
const SCRATCH = 'tank/scratch';

/** The volume of a guest's image. */
export function zvol(guest: string): string {
  return `${guest}-vol`;
}

/** The device that a container makes of an image. */
export function device(guest: string): string {
  return `${zvol(guest)}-snap`;
}

/** A command of the frontend, whoever waits for it; the queue of its answer. */
export function ask(
  fleet: Fleet,
  request: (queue: string) => Parameters<typeof publish>[2],
): string {
  const queue: string = openQueue(fleet, () => closeQueue(fleet, queue));
  publish(fleet, NAS, request(queue));
  return queue;
}

/** The image that is not mapped at first is asked to be. */
export function askToMap(fleet: Fleet): void {
  const wish = { pool: 'tank', zvol: zvol(FRESH), host: HERE, size: '8', sync: true };
  ask(fleet, (queue) => ({ action: 'map_zvol', queue, ...wish, remotePool: 'tank' }));
}

/** An image is asked to be unmapped; the queue on which its caller waits. */
export function askToUnmap(fleet: Fleet, guest: string): string {
  return ask(fleet, (queue) => ({ action: 'unmap_zvol', queue, zvol: zvol(guest) }));
}

/** Whoever waited for an answer gave up, and the container's daemon was restarted. */
export function breakOff(fleet: Fleet, queue: string): void {
  closeQueue(fleet, queue);
  restart(fleet, HERE, 'img-storage-vm');
}

/** A daemon of the roll forgets what it was doing. */
export function restart(fleet: Fleet, host: string, unit: string): void {
  setService(fleet, host, unit, false);
  setService(fleet, host, unit, true);
}

/** Starts or stops a guest of the container. */
export function runGuest(fleet: Fleet, guest: string, running: boolean): void {
  const vm = machineNamed(fleet, HERE)?.vms.find(({ name }) => name === guest);
  if (vm) vm.running = running;
}

/** A guest writes much at once, as an upgrade or a restore does. */
export function burst(fleet: Fleet, bytes: number): void {
  const node = nodeOf(fleet, HERE);
  if (node) writeOn(fleet, node, `/dev/mapper/${device(FRESH)}`, bytes);
}

/** Another volume takes what the container's pool has left, but for very little. */
export function fillPool(fleet: Fleet): void {
  const node = nodeOf(fleet, HERE);
  const [pool] = node?.pools ?? [];
  if (!node || !pool) return;
  const size = Math.floor((freeIn(pool) - 60 * MIB) / 1.03);
  createVolume(fleet, node, SCRATCH, { size });
}

/** That volume is gone again. */
export function clearPool(fleet: Fleet): void {
  const node = nodeOf(fleet, HERE);
  if (node) destroyDataset(fleet, node, SCRATCH, false);
}
