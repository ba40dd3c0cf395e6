import { machineNamed, madeUp, type Fleet } from '../../state.js';
import type { Message } from './messages.js';
import { nodeOf, type Reply, type StorageNode } from '../state.js';

/** How long a message is under way, in ms. */
const UNDER_WAY = 120;

/** The service of the daemon on a node. */
export function serviceOf({ role }: StorageNode): string {
  return role === 'nas' ? 'img-storage-nas' : 'img-storage-vm';
}

/** Whether RabbitMQ takes messages. */
export function isBrokering(fleet: Fleet): boolean {
  const frontend = fleet.rocks && machineNamed(fleet, fleet.rocks.frontend);
  return frontend?.reach === 'up' && frontend.services.get('rabbitmq-server') === true;
}

/** Whether a node's daemon has its queue: of a host that hangs, the broker keeps it for a while. */
export function isListening(fleet: Fleet, node: StorageNode): boolean {
  const machine = machineNamed(fleet, node.machine);
  return (
    isBrokering(fleet) &&
    machine !== undefined &&
    machine.reach !== 'dead' &&
    machine.services.get(serviceOf(node)) === true
  );
}

/**
 * Sends a message to the daemon of a host, by its name as routing key. A message that nobody's queue
 * takes comes back (`mandatory`), and that is the only failure that is ever noticed.
 */
export function publish(fleet: Fleet, to: string, message: Message, onReturned?: () => void): void {
  const node = nodeOf(fleet, to);
  if (!node || !isListening(fleet, node)) {
    if (onReturned) fleet.clock.after(UNDER_WAY, onReturned);
    return;
  }
  const { run } = node.daemon;
  fleet.clock.after(UNDER_WAY, () => {
    if (node.daemon.run !== run || !isListening(fleet, node)) return;
    node.daemon.inbox.push(message);
    work(fleet, node);
  });
}

/** A daemon takes its messages one by one, as long as its handlers return. */
export function work(fleet: Fleet, node: StorageNode): void {
  const { daemon } = node;
  if (machineNamed(fleet, node.machine)?.reach !== 'up') return;
  while (!daemon.busy) {
    const next = daemon.inbox.shift();
    if (!next) return;
    if (daemon.hear(next) === 'blocks') daemon.busy = true;
  }
}

/** Answers whoever waits at a queue; one that is gone hears nothing. */
export function answer(fleet: Fleet, queue: string | null, reply: Reply): void {
  if (queue === null || !isBrokering(fleet)) return;
  fleet.clock.after(UNDER_WAY, () => fleet.rocks?.waiting.get(queue)?.(reply));
}

/** Opens a queue of one's own and gives its name; whoever is gone does not have it any more. */
export function openQueue(fleet: Fleet, hear: (reply: Reply) => void): string {
  const letters = Buffer.from(`${madeUp(fleet)}${madeUp(fleet)}`.slice(0, 32), 'hex');
  const name = `amq.gen-${letters.toString('base64url')}`;
  fleet.rocks?.waiting.set(name, hear);
  return name;
}

export function closeQueue(fleet: Fleet, name: string): void {
  fleet.rocks?.waiting.delete(name);
}

/** Runs something later, unless the daemon that wanted it is gone by then. */
export function later(fleet: Fleet, node: StorageNode, ms: number, run: () => void): void {
  const mine = node.daemon.run;
  fleet.clock.after(ms, () => {
    const machine = machineNamed(fleet, node.machine);
    const lives = machine?.services.get(serviceOf(node)) === true;
    if (node.daemon.run === mine && lives && machine.reach === 'up') run();
  });
}
