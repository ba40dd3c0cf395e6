import { bootReplicas, peerDied } from './drbd.js';
import { bootRepositories } from './xapi.js';
import { machineNamed, type Fleet, type Machine } from './state.js';

/** A machine goes away at once, as when its power is cut. */
export function kill(fleet: Fleet, name: string): void {
  const machine = machineNamed(fleet, name);
  if (!machine || machine.reach === 'dead') return;
  reach(fleet, machine, 'dead');
  peerDied(fleet);
}

/** A machine that was away boots. */
export function revive(fleet: Fleet, name: string): void {
  const machine = machineNamed(fleet, name);
  if (!machine || machine.reach === 'up') return;
  if (machine.reach === 'dead') {
    machine.bootedAt = fleet.clock.now;
    machine.log.length = 0;
    machine.bootId = machine.bootId.replace(/^\w+/, bootWord(fleet));
  }
  const booted = machine.reach === 'dead';
  reach(fleet, machine, 'up');
  if (!booted) return;
  bootReplicas(fleet, name);
  bootRepositories(fleet, machine);
}

/** A machine accepts connections and answers nothing any more, or answers again. */
export function hang(fleet: Fleet, name: string): void {
  const machine = machineNamed(fleet, name);
  if (machine?.reach !== 'up') return;
  reach(fleet, machine, 'hung');
  peerDied(fleet);
}

/** How long a machine takes to go down, and to come back, in ms of its own time. */
const GOING_DOWN = 1000;
const COMING_UP = 6000;

/** A machine goes down by itself and comes back; whoever told it so hears that it was told. */
export function reboot(fleet: Fleet, machine: Machine): void {
  fleet.clock.after(GOING_DOWN, () => kill(fleet, machine.name));
  fleet.clock.after(GOING_DOWN + COMING_UP, () => revive(fleet, machine.name));
}

function bootWord(fleet: Fleet): string {
  return Math.floor(fleet.clock.now % 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0');
}

function reach(fleet: Fleet, machine: Machine, to: Machine['reach']): void {
  machine.reach = to;
  for (const listener of fleet.onReach) listener(machine);
}
