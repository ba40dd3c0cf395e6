import { upOn, type Local } from './drbd/side.js';
import { deviceAt } from './lvm.js';
import type { Disk, Fleet, Machine, Signature } from './state.js';

/** A device on which a file system can be made, as a machine has it. */
export interface Formattable {
  readonly size: number;
  signature?: Signature | undefined;
  /** Why nothing can be made on it. */
  readonly taken?: 'in use' | 'read-only';
}

/** What a path leads to: a disk, a part, a volume, or a DRBD device, which is written on both sides. */
export function formattableAt(
  fleet: Fleet,
  machine: Machine,
  path: string,
): Formattable | undefined {
  const local = upOn(fleet, machine.name).find(
    ({ resource }) => path === `/dev/drbd${resource.minor}`,
  );
  if (local) return new Replicated(local);
  const disk = deviceAt(machine, path);
  return disk && isTaken(fleet, machine, disk) ? { ...disk, taken: 'in use' } : disk;
}

function isTaken(fleet: Fleet, machine: Machine, disk: Disk): boolean {
  const beneath = upOn(fleet, machine.name).some(({ self: { disk: state, settings } }) => {
    const paths = [settings.backing, settings.metadata];
    return state !== 'Diskless' && paths.some((one) => deviceAt(machine, one) === disk);
  });
  return beneath || disk.parts.length > 0 || disk.signature?.type === 'LVM2_member';
}

/** What stands on a DRBD device is its resource's. */
class Replicated implements Formattable {
  readonly taken?: 'read-only';

  constructor(private readonly local: Local) {
    if (local.self.role === 'Secondary') this.taken = 'read-only';
  }

  get size(): number {
    return this.local.resource.size * 1024;
  }

  get signature(): Signature | undefined {
    return this.local.resource.fileSystem;
  }

  set signature(signature: Signature | undefined) {
    if (signature) this.local.resource.fileSystem = signature;
    else delete this.local.resource.fileSystem;
  }
}
