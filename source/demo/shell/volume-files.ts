import { groupsOf, lvmUuid, physicalOf, type Group, type Volume } from '../fleet/lvm.js';
import type { Machine } from '../fleet/state.js';

/** A path and what is there: a text, or a link's target. */
type Entry = [path: string, content: string];

const shown = new WeakMap<Machine, ReadonlySet<string>>();

/**
 * What the kernel and udev show of logical volumes: files, undefined where they went with their volume,
 * and links, which are told once, when they appear.
 */
export function volumeFiles(machine: Machine): {
  readonly files: [string, string | undefined][];
  readonly links: Entry[];
} {
  const volumes = groupsOf(machine).flatMap((group) =>
    group.volumes.map((volume) => ({ group, volume })),
  );
  const files = [
    ...groupsOf(machine).map((): Entry => ['/dev/mapper/control', '']),
    ...volumes.flatMap(({ group, volume }) => filesOf(group, volume)),
  ];
  const links = [
    ...physicalOf(machine).map(({ name, serial }): Entry => [
      `/dev/disk/by-id/lvm-pv-uuid-${lvmUuid(serial ?? name)}`,
      `../../${name}`,
    ]),
    ...volumes.flatMap(({ group, volume }) => linksOf(group, volume)),
  ];
  const before = shown.get(machine) ?? new Set<string>();
  const now = new Set([...files, ...links].map(([path]) => path));
  shown.set(machine, now);
  const left = [...before].filter((path) => !now.has(path));
  return {
    files: [
      ...left
        .flatMap((path) => gone(machine, path))
        .map((path): [string, undefined] => [path, undefined]),
      ...files,
    ],
    links: links.filter(([path]) => !before.has(path)),
  };
}

function filesOf(group: Group, { dm, uuid, device }: Volume): Entry[] {
  const bare = (text: string): string => text.replaceAll('-', '');
  return [
    [`/dev/${dm}`, ''],
    [`/sys/block/${dm}/dm/uuid`, `LVM-${bare(group.uuid)}${bare(uuid)}\n`],
    [`/sys/block/${dm}/dm/name`, `${device.name.replace('mapper/', '')}\n`],
    [`/sys/block/${dm}/size`, `${device.size / 512}\n`],
  ];
}

function linksOf(group: Group, { name, dm, device }: Volume): Entry[] {
  return [
    [`/dev/${device.name}`, `../${dm}`],
    [`/dev/${group.name}/${name}`, `../${dm}`],
  ];
}

/** With a device node goes all that the kernel says of the device, with its last volume a group's folder. */
function gone(machine: Machine, path: string): readonly string[] {
  const [, dm] = /^\/dev\/(dm-\d+)$/.exec(path) ?? [];
  const empty = groupsOf(machine).filter(({ volumes }) => volumes.length === 0);
  const folders = empty.filter(({ name }) => path.startsWith(`/dev/${name}/`));
  const holders = physicalOf(machine).map(({ name }) => `/sys/class/block/${name}/holders/${dm}`);
  return [
    path,
    ...folders.map(({ name }) => `/dev/${name}`),
    ...(dm === undefined ? [] : [`/sys/block/${dm}`, `/sys/class/block/${dm}`, ...holders]),
  ];
}
