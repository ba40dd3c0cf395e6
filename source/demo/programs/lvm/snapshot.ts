import { addVolume, groupRoom, type Group, type Volume } from '../../fleet/lvm.js';
import { setSnapshot, sideFiles, snapshotOf } from '../../fleet/side-files.js';
import type { Machine } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

/** What `lvcreate -s` makes of a volume: another one, which holds what the first one holds now. */
export function takeSnapshot(
  { fleet, machine }: Call,
  group: Group,
  origin: Volume,
  { name, size }: { readonly name: string; readonly size: number },
): Ran {
  if (group.volumes.some((volume) => volume.name === name)) {
    return failed(5, `  Logical Volume "${name}" already exists in volume group "${group.name}"\n`);
  }
  const { free } = groupRoom(machine, group);
  if (size > free) {
    return failed(
      5,
      `  Volume group "${group.name}" has insufficient free space (${free / group.extent} extents): ${size / group.extent} required.\n`,
    );
  }
  const files = sideFiles(fleet, machine, origin) ?? [];
  const volume = addVolume(machine, group, name, size);
  if (files.length > 0) volume.device.signature = { type: 'ext4', uuid: `9f1c2a34-${name}` };
  setSnapshot(volume, { origin, files });
  return printed(`  Logical volume "${name}" created.\n`);
}

/** What `lvs` says of snapshots and their origins. */
export function snapshotFields(
  { mounts }: Machine,
  { volumes }: Group,
  volume: Volume,
): Readonly<Record<'lv_attr' | 'origin' | 'snap_percent', string>> {
  const of = snapshotOf(volume);
  const hasSnapshot = volumes.some((one) => snapshotOf(one)?.origin === volume);
  const isOpen = mounts.some(({ source }) => source === `/dev/${volume.device.name}`);
  const stands = volume.device.signature?.type === 'drbd';
  const first = of ? 's' : hasSnapshot ? 'o' : '-';
  return {
    lv_attr: `${first}wi-a${isOpen || stands ? 'o' : '-'}${of || hasSnapshot ? 's' : '-'}---`,
    origin: of?.origin.name ?? '',
    snap_percent: of ? '0.41' : '',
  };
}
