import { stopChunkserver } from './daemons.js';
import { bootReplicas, peerDied } from './drbd.js';
import { volumesOf } from './lvm.js';
import { killMetadataServer } from './metadata-servers.js';
import { nodeBooted } from './rocks/roll/services.js';
import { machineNamed, type Fleet, type Machine, type Mount } from './state.js';
import { systemOf } from './system.js';

/** A machine goes away at once, as when its power is cut. */
export function kill(fleet: Fleet, name: string): void {
  const machine = machineNamed(fleet, name);
  if (!machine || machine.reach === 'dead') return;
  reach(fleet, machine, 'dead');
  killMetadataServer(fleet, name);
  if (machine.services.has('lizardfs-chunkserver')) stopChunkserver(fleet, name, true);
  peerDied(fleet);
}

/** A machine that was away boots: what was mounted and ran by hand is gone. */
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
  machine.mounts = machine.mounts.filter((mount) => comesBack(machine, mount));
  for (const unit of machine.services.keys()) machine.services.set(unit, false);
  bootReplicas(fleet, name);
  nodeBooted(fleet, machine);
  void systemOf(machine)?.start();
}

/**
 * What the kernel's command line mounts, and what the units of DRBD and of multipath see to. A logical
 * volume is mounted by what fstab says when the machine comes up.
 */
function comesBack(machine: Machine, { source, target }: Mount): boolean {
  if (volumesOf(machine).some(({ device }) => source === `/dev/${device.name}`)) return false;
  return target === '/' || /^\/dev\/(?:drbd|mapper\/)/.test(source);
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
  const down = async (): Promise<void> => {
    if (machine.reach !== 'up') return;
    await systemOf(machine)?.stop();
    kill(fleet, machine.name);
    fleet.clock.after(COMING_UP, () => revive(fleet, machine.name));
  };
  fleet.clock.after(GOING_DOWN, () => void down());
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
