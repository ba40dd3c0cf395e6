import type { Gate } from '../core/form.js';
import { closed, open } from '../core/form.js';
import { outcomeFailure } from '../core/failure.js';
import type { HostName, Reader } from '../core/host.js';
import type { Basis } from '../core/plan.js';
import { count } from '../core/text.js';
import { blockGlanceCommand } from './block-commands.js';
import { parseBlockDevices, type BlockDevices } from './block-devices.js';
import { deviceNames } from './block-names.js';
import { DeviceTree } from './device-tree.js';
import { reservedBy } from './disk-identity.js';
import { lvmRoomCommand, parseLvm, type LogicalVolume, type Lvm } from './lvm.js';

/** A volume group in which a wizard may make volumes, and whether it may. */
export interface GroupOffer {
  readonly host: HostName;
  readonly name: string;
  readonly uuid: string;
  readonly sizeBytes: number;
  readonly freeBytes: number;
  readonly extentBytes: number;
  readonly volumes: readonly LogicalVolume[];
  /** Closed to new volumes: no room, a disk of it is missing, or it is on the never-touch list. */
  readonly gate: Gate;
}

/** The volume groups of a host, or why they cannot be told. */
export type GroupsLook =
  | {
      readonly ok: true;
      readonly groups: readonly GroupOffer[];
      /** From the memory of kernel and udev: no disk was read. */
      readonly devices: BlockDevices;
    }
  | { readonly ok: false; readonly because: string };

/** Looks at a host's volume groups and what they lie on. Never rejects. */
export async function lookAtGroups(
  host: Reader,
  neverTouch: readonly string[],
): Promise<GroupsLook> {
  const commands = [lvmRoomCommand(), blockGlanceCommand()] as const;
  const [lvm, devices] = await Promise.all(commands.map((command) => host.run(command)));
  for (const [index, outcome] of [lvm, devices].entries()) {
    const command = commands[index];
    if (outcome?.kind === 'exited' && outcome.code === 0) continue;
    const because = outcome && command && outcomeFailure(host.name, command, outcome).what;
    return { ok: false, because: because ?? 'it does not answer' };
  }
  const volumes = parseLvm(lvm?.kind === 'exited' ? lvm.stdout : '');
  const blocks = parseBlockDevices(devices?.kind === 'exited' ? devices.stdout : '');
  if (!volumes.ok) return { ok: false, because: `expected ${volumes.expected}` };
  if (!blocks.ok) return { ok: false, because: `expected ${blocks.expected}` };
  const groups = groupOffers(host.name, volumes.value, blocks.value, neverTouch);
  return { ok: true, groups, devices: blocks.value };
}

/** The groups as they may be offered. */
function groupOffers(
  host: HostName,
  { groups, physical, logical }: Lvm,
  devices: BlockDevices,
  neverTouch: readonly string[],
): readonly GroupOffer[] {
  const tree = new DeviceTree(devices);
  const reserved = (group: string): string | undefined => {
    const beneath = physical.flatMap(({ device, group: of }) =>
      of === group ? tree.devices.filter((one) => deviceNames(one).includes(device)) : [],
    );
    return beneath.map((one) => reservedBy(tree, one, neverTouch)).find((id) => id !== undefined);
  };
  return groups.map(({ name, uuid = '', sizeBytes, freeBytes, extentBytes = 0, missing }) => ({
    host,
    name,
    uuid,
    sizeBytes,
    freeBytes,
    extentBytes,
    volumes: logical.filter(({ group }) => group === name),
    gate: gateOf({ reserved: reserved(name), missing, freeBytes, extentBytes }),
  }));
}

function gateOf(group: {
  readonly reserved: string | undefined;
  readonly missing: number;
  readonly freeBytes: number;
  readonly extentBytes: number;
}): Gate {
  const { reserved, missing, freeBytes, extentBytes } = group;
  if (reserved !== undefined) return closed(`it is on the never-touch list (${reserved})`);
  if (missing > 0) return closed(`${count(missing, 'disk')} of it cannot be found`);
  if (extentBytes === 0) return closed('LVM does not tell the size of its extents');
  return freeBytes < extentBytes ? closed('it has no room left') : open;
}

/** A size as the group can have it: a whole number of extents, at least as large. */
export function wholeExtents(sizeBytes: number, extentBytes: number): number {
  return Math.max(1, Math.ceil(sizeBytes / extentBytes)) * extentBytes;
}

/** That the group is still the one that was looked at. */
export function groupBasis({ host, name, uuid }: GroupOffer): Basis {
  const argv = ['vgs', '--noheadings', '-o', 'vg_uuid', '--', name];
  return { host, says: `the volume group ${name}`, argv, expect: uuid };
}
