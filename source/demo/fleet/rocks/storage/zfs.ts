import { madeUp, type Fleet } from '../../state.js';
import { datasets, holderOf } from './devices.js';
import type { Content, Dataset, Pool, StorageNode, Transfer, ZfsSnapshot } from '../state.js';

/** What zfs says against something; undefined: it was done. */
export type Refused = string | undefined;

/** The dataset of that name. */
export function datasetNamed(node: StorageNode, name: string): Dataset | undefined {
  return datasets(node).find((one) => one.name === name);
}

export function poolOf(node: StorageNode, name: string): Pool | undefined {
  const [pool] = name.split('/');
  return node.pools.find((one) => one.name === pool);
}

/** A pool on whole disks, with nothing in it but itself. */
export function makePool(name: string, size: number, disks: readonly string[], now: number): Pool {
  const root: Dataset = {
    name,
    type: 'filesystem',
    created: now,
    size: 0,
    sparse: false,
    referenced: 98_304,
    written: 98_304,
    snapshots: [],
  };
  return { name, size, disks, datasets: [root], allowed: new Map() };
}

/** What a dataset takes of its pool, with what is reserved for it. */
export function takenBy({ type, sparse, size, referenced, snapshots }: Dataset): number {
  const kept = snapshots.reduce((sum, { delta }) => sum + delta, 0);
  if (type === 'filesystem') return referenced;
  // The reservation of a volume stands beside what its snapshots keep.
  return sparse ? referenced + kept : Math.round(size * 1.03) + (snapshots.length > 0 ? kept : 0);
}

export function freeIn(pool: Pool): number {
  return pool.size - pool.datasets.reduce((sum, dataset) => sum + takenBy(dataset), 0);
}

/** `zfs create -V SIZE [-s] NAME`. */
export function createVolume(
  fleet: Fleet,
  node: StorageNode,
  name: string,
  { size, sparse = false }: { readonly size: number; readonly sparse?: boolean },
): Refused {
  const pool = poolOf(node, name);
  if (!pool) return `cannot create '${name}': no such pool '${name.split('/')[0] ?? ''}'\n`;
  if (datasetNamed(node, name)) return `cannot create '${name}': dataset already exists\n`;
  if (!sparse && size * 1.03 > freeIn(pool)) return `cannot create '${name}': out of space\n`;
  pool.datasets.push({
    name,
    type: 'volume',
    created: fleet.clock.now,
    size,
    sparse,
    zd: nextZd(node),
    referenced: 8192,
    written: 8192,
    snapshots: [],
  });
  return undefined;
}

function nextZd(node: StorageNode): string {
  const taken = new Set(datasets(node).map(({ zd }) => zd));
  let minor = 0;
  while (taken.has(`zd${minor}`)) minor += 16;
  return `zd${minor}`;
}

/**
 * `zfs destroy [-r] NAME` of a dataset or a snapshot. With `-r` the snapshots go first, in one go, and
 * are gone though the volume itself is then found to be busy. A pool's own dataset stays, empty.
 */
export function destroyDataset(
  fleet: Fleet,
  node: StorageNode,
  name: string,
  recursive: boolean,
): Refused {
  if (name.includes('@')) return destroySnapshot(node, name);
  const dataset = datasetNamed(node, name);
  const pool = poolOf(node, name);
  if (!dataset || !pool) return `cannot open '${name}': dataset does not exist\n`;
  const below = pool.datasets.filter((one) => one.name.startsWith(`${name}/`));
  const arriving = arrivingIn(fleet, node, dataset) ? [`${name}/%recv`] : [];
  // The newest is told first.
  const own = dataset.snapshots.map((one) => `${name}@${one.name}`).toReversed();
  const isRoot = dataset.name === pool.name;
  if (!recursive && isRoot) {
    return `cannot destroy '${name}': operation does not apply to pools\nuse 'zfs destroy -r ${name}' to destroy all datasets in the pool\nuse 'zpool destroy ${name}' to destroy the pool itself\n`;
  }
  if (!recursive && below.length + own.length + arriving.length > 0) {
    const kind = dataset.type === 'volume' ? 'volume' : 'filesystem';
    const list = [...below.map((one) => one.name), ...arriving, ...own]
      .map((one) => `${one}\n`)
      .join('');
    return `cannot destroy '${name}': ${kind} has children\nuse '-r' to destroy the following datasets:\n${list}`;
  }
  const [hidden] = arriving;
  if (hidden !== undefined) return `cannot destroy '${hidden}': dataset is busy\n`;
  const going = [...below, ...(isRoot ? [] : [dataset])];
  for (const one of going) one.snapshots.length = 0;
  for (const one of going) {
    if (isBusy(fleet, node, one)) return `cannot destroy '${one.name}': dataset is busy\n`;
    pool.datasets.splice(pool.datasets.indexOf(one), 1);
  }
  return undefined;
}

/** What a volume is receiving at this moment, of which all lies beside it until it is whole. */
export function arrivingIn(
  { rocks }: Fleet,
  { machine }: StorageNode,
  { name }: Pick<Dataset, 'name'>,
): Transfer | undefined {
  return rocks?.transfers.find(({ into }) => into === `${machine}:${name}`);
}

/** Whether somebody has a volume open, or it is on its way to or from another host. */
export function isBusy(fleet: Fleet, node: StorageNode, { name, type }: Dataset): boolean {
  if (type !== 'volume') return false;
  const into = `${node.machine}:${name}`;
  const moved = fleet.rocks?.transfers.some((one) => one.into === into || one.from === into);
  return moved === true || holderOf(fleet, node, `/dev/zvol/${name}`) !== undefined;
}

function destroySnapshot(node: StorageNode, name: string): Refused {
  const { dataset, snapshot } = snapshotNamed(node, name);
  if (!dataset || !snapshot) {
    return `could not find any snapshots to destroy; check snapshot names.\n`;
  }
  dataset.snapshots.splice(dataset.snapshots.indexOf(snapshot), 1);
  return undefined;
}

/** The snapshot `tank/vm-0-vol@name`. */
export function snapshotNamed(
  node: StorageNode,
  name: string,
): { readonly dataset: Dataset | undefined; readonly snapshot: ZfsSnapshot | undefined } {
  const [of = '', tag] = name.split('@');
  const dataset = datasetNamed(node, of);
  return { dataset, snapshot: dataset?.snapshots.find((one) => one.name === tag) };
}

/** `zfs snapshot NAME@TAG`. */
export function takeSnapshot(fleet: Fleet, node: StorageNode, name: string): Refused {
  const [of = '', tag = ''] = name.split('@');
  const { dataset, snapshot } = snapshotNamed(node, name);
  if (tag === '') return `cannot create snapshot '${name}': invalid snapshot name\n`;
  if (!dataset) return `cannot open '${of}': dataset does not exist\n`;
  if (snapshot) return `cannot create snapshot '${name}': dataset already exists\n`;
  dataset.snapshots.push({
    name: tag,
    guid: BigInt(`0x${madeUp(fleet)}`).toString(),
    at: fleet.clock.now,
    content: dataset.content,
    delta: dataset.snapshots.length === 0 ? 0 : Math.round(dataset.written),
  });
  dataset.written = 0;
  return undefined;
}

/** The newest snapshot of a dataset. */
export function newestOf({ snapshots }: Dataset): ZfsSnapshot | undefined {
  return snapshots.at(-1);
}

/** How much more was written to a volume, as it is now. */
export function writeTo(dataset: Dataset, content: Content, bytes: number): void {
  dataset.content = content;
  dataset.written += bytes;
  dataset.referenced = Math.min(dataset.size, dataset.referenced + Math.floor(bytes / 8));
}
