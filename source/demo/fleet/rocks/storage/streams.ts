import type { Fleet } from '../../state.js';
import {
  arrivingIn,
  createVolume,
  datasetNamed,
  newestOf,
  snapshotNamed,
  type Refused,
} from './zfs.js';
import type { Dataset, StorageNode, ZfsSnapshot } from '../state.js';

/** What `zfs send` prints, as one value: snapshots in their order, and what they build on. */
export interface Stream {
  readonly source: string;
  readonly size: number;
  /** The guid of the snapshot that the receiver must have as its newest; undefined: the whole. */
  readonly base: string | undefined;
  readonly snapshots: readonly ZfsSnapshot[];
  /** Of the volume at the last of them. */
  readonly referenced: number;
  readonly bytes: number;
}

/** `zfs send [-i|-I BASE] NAME@TAG`. */
export function sendStream(
  node: StorageNode,
  name: string,
  base?: { readonly name: string; readonly all: boolean },
): Stream | string {
  const { dataset, snapshot } = snapshotNamed(node, name);
  if (!dataset || !snapshot) return `cannot open '${name}': dataset does not exist\n`;
  const to = dataset.snapshots.indexOf(snapshot);
  const common = { source: name, size: dataset.size, referenced: dataset.referenced };
  if (!base) {
    return { ...common, base: undefined, snapshots: [snapshot], bytes: dataset.referenced };
  }
  const tag = base.name.split('@').at(-1);
  const from = dataset.snapshots.findIndex((one) => one.name === tag);
  if (from < 0) return `cannot open '${dataset.name}@${tag ?? ''}': dataset does not exist\n`;
  if (from > to) return `cannot send '${name}': not an earlier snapshot from the same fs\n`;
  const between = dataset.snapshots.slice(from + 1, to + 1);
  return {
    ...common,
    base: dataset.snapshots[from]?.guid,
    snapshots: base.all ? between : between.slice(-1),
    bytes: between.reduce((sum, { delta }) => sum + delta, 0),
  };
}

/** What `zfs receive [-F] NAME` says before it takes anything; undefined: it begins. */
export function refusesStream(
  fleet: Fleet,
  node: StorageNode,
  name: string,
  { base }: Stream,
  force: boolean,
): Refused {
  const there = datasetNamed(node, name);
  if (base === undefined) {
    if (!there) return undefined;
    if (!force) {
      return `cannot receive new filesystem stream: destination '${name}' exists\nmust specify -F to overwrite it\n`;
    }
    const [first] = there.snapshots;
    if (first) {
      return `cannot receive new filesystem stream: destination has snapshots (eg. ${name}@${first.name})\nmust destroy them to overwrite it\n`;
    }
    return busyWords(fleet, node, there, 'new filesystem');
  }
  if (!there) {
    return `cannot receive incremental stream: destination '${name}' does not exist\n`;
  }
  const newest = newestOf(there);
  const older = there.snapshots.some(({ guid }) => guid === base);
  if (newest?.guid !== base && !(force && older)) {
    return `cannot receive incremental stream: most recent snapshot of ${name} does not\nmatch incremental source\n`;
  }
  if (!force && there.written > 0) {
    return `cannot receive incremental stream: destination ${name} has been modified\nsince most recent snapshot\n`;
  }
  return busyWords(fleet, node, there, 'incremental');
}

/** Only another stream is in its way: into a volume that is open it receives beneath whoever reads it. */
function busyWords(fleet: Fleet, node: StorageNode, dataset: Dataset, kind: string): Refused {
  return arrivingIn(fleet, node, dataset)
    ? `cannot receive ${kind} stream: dataset is busy\n`
    : undefined;
}

/** The stream arrived whole: it is what the volume holds now. */
export function receiveStream(
  fleet: Fleet,
  node: StorageNode,
  name: string,
  stream: Stream,
): Refused {
  if (!datasetNamed(node, name)) {
    const refused = createVolume(fleet, node, name, { size: stream.size });
    if (refused !== undefined) return refused;
  }
  const dataset = datasetNamed(node, name);
  const last = stream.snapshots.at(-1);
  if (!dataset || !last) return undefined;
  // -F goes back to the snapshot that the stream begins at.
  const kept = dataset.snapshots.findIndex(({ guid }) => guid === stream.base);
  dataset.snapshots.splice(kept + 1);
  dataset.snapshots.push(...stream.snapshots);
  dataset.content = last.content;
  dataset.cow = undefined;
  dataset.referenced = stream.referenced;
  dataset.written = 0;
  return undefined;
}
