import { machineNamed, type Fleet } from '../../state.js';
import { nodeOf } from '../nodes.js';
import type {
  Content,
  CowStore,
  Dataset,
  MapperDevice,
  MapperTable,
  Session,
  StorageNode,
} from '../state.js';

/** What a path of a device leads to. */
export type Device =
  | { readonly kind: 'volume'; readonly volume: Dataset }
  | { readonly kind: 'mapper'; readonly device: MapperDevice }
  | { readonly kind: 'session'; readonly session: Session };

/** The device behind a path, by any of its names. */
export function deviceAt(node: StorageNode, path: string): Device | undefined {
  const name = path.replace(/^\/dev\//, '');
  const volume = datasets(node).find((one) => {
    return one.type === 'volume' && [one.name, `zvol/${one.name}`, one.zd].includes(name);
  });
  if (volume) return { kind: 'volume', volume };
  const device = node.devices.find((one) => {
    return [`mapper/${one.name}`, `dm-${one.minor}`].includes(name);
  });
  if (device) return { kind: 'mapper', device };
  const session = node.sessions.find((one) => [one.disk, pathOf(node, one)].includes(name));
  return session && { kind: 'session', session };
}

/** How udev calls the disk of a session whatever letter it has, without `/dev/`. */
export function pathOf({ records }: StorageNode, { iqn }: Session): string {
  const [portal = ''] = (records.get(iqn) ?? '').split(',');
  return `disk/by-path/ip-${portal}-iscsi-${iqn}-lun-1`;
}

export function datasets({ pools }: StorageNode): readonly Dataset[] {
  return pools.flatMap((pool) => pool.datasets);
}

/** The volume that a session shows, while its target serves it. */
export function servedBy(fleet: Fleet, session: Session): Dataset | undefined {
  const nas = nodeOf(fleet, session.nas);
  const target = nas?.targets.find(({ iqn }) => iqn === session.iqn);
  if (!nas || !target || !isServing(fleet, session.nas)) return undefined;
  const found = target.path === undefined ? undefined : deviceAt(nas, target.path);
  return found?.kind === 'volume' ? found.volume : undefined;
}

/** Whether a machine's iSCSI target daemon answers. */
export function isServing(fleet: Fleet, nas: string): boolean {
  const machine = machineNamed(fleet, nas);
  return machine?.reach === 'up' && machine.services.get('tgtd') === true;
}

/** The paths that a table stands on. */
export function beneath(table: MapperTable): readonly string[] {
  return table.target === 'linear' ? [table.device] : [table.origin, table.cow];
}

/** What a device would give to whoever reads it now; undefined: nothing, or only errors. */
export function contentOf(fleet: Fleet, node: StorageNode, path: string): Content | undefined {
  const found = deviceAt(node, path);
  switch (found?.kind) {
    case 'volume':
      return found.volume.content;
    case 'session':
      return servedBy(fleet, found.session)?.content;
    case 'mapper':
      return found.device.suspended ? undefined : throughTable(fleet, node, found.device.table);
    case undefined:
      return undefined;
  }
}

/** What would be read through such a table. */
export function throughTable(
  fleet: Fleet,
  node: StorageNode,
  table: MapperTable,
): Content | undefined {
  if (table.target === 'linear') return contentOf(fleet, node, table.device);
  const memory = deviceAt(node, table.cow);
  const cow = memory?.kind === 'volume' ? memory.volume.cow : undefined;
  const origin = contentOf(fleet, node, table.origin);
  return cow && origin && together(origin, cow);
}

/**
 * What an origin and the memory of a snapshot are together; undefined: nothing that can be read. Once
 * some of the memory was merged, the rest of it belongs to that origin and to no other.
 */
export function together(origin: Content, cow: CowStore): Content | undefined {
  if (cow.state === 'invalid') return undefined;
  if (cow.chunks === 0) return origin;
  const { image } = cow;
  if (image !== origin.image) return undefined;
  const fits = cow.merging
    ? cow.merging.fits && origin.torn === true && origin.writes === cow.base
    : !origin.torn && origin.writes === cow.base;
  return { image, writes: cow.writes, ...(!fits && { torn: true }) };
}

/** What keeps a device from being destroyed or removed; in words for tests, undefined: nobody. */
export function holderOf(fleet: Fleet, node: StorageNode, path: string): string | undefined {
  const own = deviceAt(node, path);
  if (!own) return undefined;
  const same = (other: string): boolean => {
    const found = deviceAt(node, other);
    return found !== undefined && identityOf(found) === identityOf(own);
  };
  const above = node.devices.find(({ table, inactive }) => {
    return [table, inactive].some((one) => one !== undefined && beneath(one).some(same));
  });
  if (above) return above.name;
  const target = node.targets.find(({ path: store }) => store !== undefined && same(store));
  if (target) return target.iqn;
  const machine = machineNamed(fleet, node.machine);
  const guest = machine?.vms.find(({ running, disk }) => running && same(disk));
  if (guest) return guest.name;
  return machine?.mounts.find(({ source }) => same(source))?.target;
}

/** Whoever has a volume open keeps it under its new name: tables and targets, which have it by paths here. */
export function movePaths(node: StorageNode, from: string, to: string): void {
  const own = deviceAt(node, from);
  const moved = (path: string): string => {
    const found = deviceAt(node, path);
    return own && found && identityOf(found) === identityOf(own) ? to : path;
  };
  for (const device of node.devices) {
    device.table = tableMoved(device.table, moved);
    device.inactive = device.inactive && tableMoved(device.inactive, moved);
  }
  for (const target of node.targets) target.path = target.path && moved(target.path);
}

function tableMoved(table: MapperTable, moved: (path: string) => string): MapperTable {
  return table.target === 'linear'
    ? { ...table, device: moved(table.device) }
    : { ...table, origin: moved(table.origin), cow: moved(table.cow) };
}

function identityOf(device: Device): object {
  if (device.kind === 'volume') return device.volume;
  return device.kind === 'mapper' ? device.device : device.session;
}
