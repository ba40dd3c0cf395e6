import { groupsOf, lvmUuid, physicalOf, type Group, type Volume } from '../fleet/lvm.js';
import type { Machine } from '../fleet/state.js';
import type { Entry, Shown } from './shown.js';

/** What the kernel and udev show of logical volumes. */
export function volumeFiles(machine: Machine): Shown {
  const groups = groupsOf(machine);
  const volumes = groups.flatMap((group) => group.volumes.map((volume) => ({ group, volume })));
  return {
    files: [
      ...groups.map((): Entry => ['/dev/mapper/control', '']),
      ...volumes.flatMap(({ group, volume }) => filesOf(group, volume)),
    ],
    links: [
      ...physicalOf(machine).map(({ name, serial }): Entry => [
        `/dev/disk/by-id/lvm-pv-uuid-${lvmUuid(serial ?? name)}`,
        `../../${name}`,
      ]),
      ...volumes.flatMap(({ group, volume }) => linksOf(group, volume)),
    ],
    folders: ['/dev', '/sys/block'],
  };
}

function filesOf(group: Group, { dm, uuid, device }: Volume): readonly Entry[] {
  const bare = (text: string): string => text.replaceAll('-', '');
  return [
    [`/dev/${dm}`, ''],
    [`/sys/block/${dm}/dm/uuid`, `LVM-${bare(group.uuid)}${bare(uuid)}\n`],
    [`/sys/block/${dm}/dm/name`, `${device.name.replace('mapper/', '')}\n`],
    [`/sys/block/${dm}/size`, `${device.size / 512}\n`],
  ];
}

function linksOf(group: Group, { name, dm, device }: Volume): readonly Entry[] {
  return [
    [`/dev/${device.name}`, `../${dm}`],
    [`/dev/${group.name}/${name}`, `../${dm}`],
  ];
}
