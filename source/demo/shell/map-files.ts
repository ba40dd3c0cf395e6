import { datasets, pathOf } from '../fleet/rocks/storage/devices.js';
import { nodeOf } from '../fleet/rocks/state.js';
import type { Fleet, Machine } from '../fleet/state.js';

/** Device nodes and links of a host of a Rocks cluster, as they are now and as they were shown last. */
export interface ShownDevices {
  readonly gone: readonly string[];
  readonly nodes: readonly string[];
  /** Path and target. */
  readonly links: readonly (readonly [string, string])[];
}

const shown = new WeakMap<Machine, ReadonlyMap<string, string>>();

/** What udev makes of volumes, sessions and mapped devices since it was asked last. */
export function mapFiles(fleet: Fleet, machine: Machine): ShownDevices {
  const node = nodeOf(fleet, machine);
  if (!node) return { gone: [], nodes: [], links: [] };
  const volumes = datasets(node).flatMap(({ zd, name }): [string, string][] => {
    if (zd === undefined) return [];
    const up = '../'.repeat(name.split('/').length);
    return [
      [`/dev/${zd}`, ''],
      [`/dev/zvol/${name}`, `${up}${zd}`],
      [`/dev/${name}`, `${up.slice(3)}${zd}`],
    ];
  });
  const mapped = node.devices.flatMap(({ name, minor }): [string, string][] => [
    [`/dev/dm-${minor}`, ''],
    [`/dev/mapper/${name}`, `../dm-${minor}`],
  ]);
  const disks = node.sessions.flatMap((session): [string, string][] => [
    [`/dev/${session.disk}`, ''],
    [`/dev/${pathOf(node, session)}`, `../../${session.disk}`],
  ]);
  const now = new Map([['/dev/mapper/control', ''], ...volumes, ...mapped, ...disks]);
  const before = shown.get(machine) ?? new Map<string, string>();
  shown.set(machine, now);
  const fresh = [...now].filter(([path, target]) => before.get(path) !== target);
  return {
    gone: [...before].filter(([path, target]) => now.get(path) !== target).map(([path]) => path),
    nodes: fresh.filter(([, target]) => target === '').map(([path]) => path),
    links: fresh.filter(([, target]) => target !== ''),
  };
}
