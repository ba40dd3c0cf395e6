import { addVolume, groupRoom, groupsOf, type Group, type Volume } from '../../fleet/lvm.js';
import type { Machine } from '../../fleet/state.js';
import { blockTree, flat } from '../system/devices.js';
import { takeSnapshot } from './snapshot.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

const VALUED = new Set(['-W', '--wipesignatures', '-n', '--name', '-L', '--size']);
const TAGS = new Set(['--addtag', '--deltag']);

/** `lvcreate [-y] [-W y] -n NAME -L SIZE [--addtag TAG] [--] GROUP`. */
export function lvcreate(call: Call): Ran {
  const { args, machine } = call;
  const { flags, values, words } = readArguments(args, new Set([...VALUED, ...TAGS]));
  const [of = ''] = words;
  if (flags.has('-s')) return snapshot(call, of, values);
  const group = groupsOf(machine).find(({ name }) => name === of);
  const name = values.get('-n') ?? values.get('--name') ?? '';
  if (!group) {
    return failed(5, `  Volume group "${of}" not found\n  Cannot process volume group ${of}\n`);
  }
  if (group.volumes.some((volume) => volume.name === name)) {
    return failed(5, `  Logical Volume "${name}" already exists in volume group "${of}"\n`);
  }
  const size = extentsOf(group, values.get('-L') ?? values.get('--size') ?? '') * group.extent;
  const { free } = groupRoom(machine, group);
  if (!(size > 0)) return failed(3, '  Invalid argument for --size\n');
  if (size > free) {
    return failed(
      5,
      `  Volume group "${of}" has insufficient free space (${free / group.extent} extents): ${size / group.extent} required.\n`,
    );
  }
  const volume = addVolume(machine, group, name, size);
  for (const tag of valuesOf(args, '--addtag')) volume.tags.add(tag);
  return printed(`  Logical volume "${name}" created.\n`);
}

/** `lvcreate -s -n NAME -L SIZE [--addtag TAG] [--] GROUP/VOLUME`. */
function snapshot(call: Call, of: string, values: ReadonlyMap<string, string>): Ran {
  const found = volumeAt(call.machine, of);
  if ('exit' in found) return found;
  const { group, volume } = found;
  const name = values.get('-n') ?? '';
  const size = extentsOf(group, values.get('-L') ?? '') * group.extent;
  const ran = takeSnapshot(call, group, volume, { name, size });
  const made = group.volumes.find((one) => one.name === name);
  if (ran.exit === 0) for (const tag of valuesOf(call.args, '--addtag')) made?.tags.add(tag);
  return ran;
}

/** `lvchange --addtag TAG --deltag TAG [--] GROUP/NAME`. */
export function lvchange({ args, machine }: Call): Ran {
  const { words } = readArguments(args, TAGS);
  const found = volumeAt(machine, words[0] ?? '');
  if ('exit' in found) return found;
  for (const tag of valuesOf(args, '--deltag')) found.volume.tags.delete(tag);
  for (const tag of valuesOf(args, '--addtag')) found.volume.tags.add(tag);
  return printed(`  Logical volume ${words[0] ?? ''} changed.\n`);
}

/** `lvextend -L SIZE [--] GROUP/NAME`: never smaller. */
export function lvextend({ args, machine }: Call): Ran {
  const { values, words } = readArguments(args, VALUED);
  const [place = ''] = words;
  const found = volumeAt(machine, place);
  if ('exit' in found) return found;
  const { group, volume } = found;
  const { device } = volume;
  const before = device.size / group.extent;
  const after = extentsOf(group, values.get('-L') ?? values.get('--size') ?? '');
  const free = groupRoom(machine, group).free / group.extent;
  if (!(after > before)) {
    const says = after === before ? `matches existing size (${before} extents)` : 'is smaller';
    return failed(5, `  New size (${after} extents) ${says}.\n`);
  }
  if (after - before > free) {
    return failed(
      5,
      `  Insufficient free space: ${after - before} extents needed, but only ${free} available\n`,
    );
  }
  // The file system knows nothing of it until it is told.
  if (device.signature) device.signature.bytes ??= device.size;
  device.size = after * group.extent;
  return printed(
    `  Size of logical volume ${place} changed from ${before} extents to ${after} extents.\n  Logical volume ${place} successfully resized.\n`,
  );
}

/** `lvremove -f [--] GROUP/NAME`; what is in use stays. */
export function lvremove({ args, fleet, machine }: Call): Ran {
  const { flags, words } = readArguments(args);
  const place = words[0] ?? '';
  const found = volumeAt(machine, place);
  if ('exit' in found) return found;
  const { group, volume } = found;
  const path = `/dev/${volume.device.name}`;
  if (machine.mounts.some(({ source }) => source === path)) {
    return failed(5, `  Logical volume ${place} contains a filesystem in use.\n`);
  }
  const device = flat(blockTree(fleet, machine)).find((one) => one.path === path);
  if ((device?.children.length ?? 0) > 0) {
    return failed(5, `  Logical volume ${place} is used by another device.\n`);
  }
  if (!flags.has('-f') && !flags.has('-y')) {
    return failed(5, `  Logical volume ${place} not removed.\n`);
  }
  group.volumes.splice(group.volumes.indexOf(volume), 1);
  return printed(`  Logical volume "${volume.name}" successfully removed.\n`);
}

function volumeAt(
  machine: Machine,
  place: string,
): { readonly group: Group; readonly volume: Volume } | Ran {
  const [of = '', name] = place.replace(/^\/dev\//, '').split('/');
  const group = groupsOf(machine).find((one) => one.name === of);
  const volume = group?.volumes.find((one) => one.name === name);
  if (group && volume) return { group, volume };
  return group
    ? failed(5, `  Failed to find logical volume "${place}"\n`)
    : failed(5, `  Volume group "${of}" not found\n  Cannot process volume group ${of}\n`);
}

/** `8589934592b`, `20G`: as whole extents; NaN where it is no size. */
function extentsOf({ extent }: Group, text: string): number {
  const [, number = '', unit = 'm'] = /^(\d+(?:\.\d+)?)([bkmgt])?$/i.exec(text) ?? [];
  const power = ['b', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase());
  return number === '' ? Number.NaN : Math.ceil((Number(number) * 1024 ** power) / extent);
}

function valuesOf(args: readonly string[], flag: string): readonly string[] {
  return args.filter((_, at) => args[at - 1] === flag);
}
