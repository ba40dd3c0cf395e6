import type { Millis } from '../../../../core/host.js';
import { machineNamed, type Fleet } from '../../state.js';
import { destroyDataset, newestOf, snapshotNamed, takeSnapshot, datasetNamed } from './zfs.js';
import { receiveStream, refusesStream, sendStream, type Stream } from './streams.js';
import { uuidFor } from '../../libvirt.js';
import { nodeOf } from '../nodes.js';
import type { NasNode, StorageNode } from '../state.js';

/** What the network between NAS and containers carries, bytes a second. */
export const LINK_RATE = 60 * 2 ** 20;

/** Snapshots of this name are the roll's own. */
export const PREFIX = 'IMG-STORAGE-';
/** So many of them are kept. */
const KEPT = 10;

/** Data moves on, and arrives or breaks off. */
export function transfersPass(fleet: Fleet, ms: Millis): void {
  const { rocks } = fleet;
  if (!rocks) return;
  for (const transfer of [...rocks.transfers]) {
    const lives = transfer.lives();
    if (lives) transfer.done += (transfer.rate * ms) / 1000;
    if (lives && transfer.done < transfer.total) continue;
    rocks.transfers.splice(rocks.transfers.indexOf(transfer), 1);
    transfer.end(lives);
  }
}

/** A stream goes into a volume of a node and takes its time; tells what zfs says at the end. */
export function receiveOver(
  fleet: Fleet,
  node: StorageNode,
  name: string,
  given: {
    readonly stream: Stream;
    readonly force: boolean;
    readonly from?: string;
    readonly rate?: number;
    readonly lives: () => boolean;
  },
  end: (refused: string | undefined) => void,
): void {
  const refused = refusesStream(fleet, node, name, given.stream, given.force);
  if (refused !== undefined || !fleet.rocks) {
    end(refused);
    return;
  }
  fleet.rocks.transfers.push({
    into: `${node.machine}:${name}`,
    from: given.from ?? '',
    total: given.stream.bytes,
    done: 0,
    rate: given.rate ?? LINK_RATE,
    lives: given.lives,
    end: (whole) => {
      end(
        whole
          ? receiveStream(fleet, node, name, given.stream)
          : `cannot receive ${given.stream.base === undefined ? 'new filesystem' : 'incremental'} stream: incomplete stream\n`,
      );
    },
  });
}

/** What a copy between a NAS and a container is about. */
export interface Copy {
  readonly zvol: string;
  readonly pool: string;
  readonly remote: string;
  readonly remotePool: string;
}

/** As the script logs it, with what it says at the end; undefined: it went well. */
type Ended = (failure: string | undefined) => void;

/** snapshot_upload.sh: a snapshot of the NAS's volume is sent whole. */
export function uploadSnapshot(fleet: Fleet, nas: NasNode, copy: Copy, end: Ended): void {
  const source = `${copy.pool}/${copy.zvol}`;
  const tag = `${PREFIX}${uuidFor(source, String(fleet.clock.now))}`;
  const refused = takeSnapshot(fleet, nas, `${source}@${tag}`);
  if (refused !== undefined) {
    end(`Error creating local snapshot ${source}@${tag} ${refused}`);
    return;
  }
  const target = reached(fleet, copy.remote);
  const stream = sendStream(nas, `${source}@${tag}`);
  const failed = `Error uploading snapshot ${copy.remote}:${source}`;
  const denied = target ? deniedTo(target, copy.remotePool, ['receive']) : unreached(copy.remote);
  if (!target || denied !== undefined) {
    end(`${failed} ${denied ?? ''}`);
    return;
  }
  if (typeof stream === 'string') {
    end(`${failed} ${stream}`);
    return;
  }
  const given = {
    stream,
    force: true,
    from: `${nas.machine}:${source}`,
    lives: bothLive(fleet, nas, target),
  };
  receiveOver(fleet, target, `${copy.remotePool}/${copy.zvol}`, given, (says) => {
    if (says === undefined) trim(nas, source);
    end(says && `${failed} ${says}`);
  });
}

/**
 * snapshot_download.sh: what the container wrote since the newest snapshot of the NAS. At the last one
 * its volume is destroyed, after which nothing but the NAS has the image.
 */
export function downloadSnapshot(
  fleet: Fleet,
  nas: NasNode,
  copy: Copy & { readonly last: boolean },
  end: Ended,
): void {
  const local = `${copy.pool}/${copy.zvol}`;
  const distant = `${copy.remotePool}/${copy.zvol}`;
  const tag = `${PREFIX}${uuidFor(distant, String(fleet.clock.now))}`;
  const where = `${copy.remote}:${distant}@${tag}`;
  const volume = datasetNamed(nas, local);
  if (!volume) {
    end(`Error getting last snapshot name cannot open '${local}': dataset does not exist`);
    return;
  }
  const source = reached(fleet, copy.remote);
  const denied = source
    ? deniedTo(source, copy.remotePool, ['send', 'snapshot'])
    : unreached(copy.remote);
  const taken = source && !denied ? takeSnapshot(fleet, source, `${distant}@${tag}`) : denied;
  if (!source || taken !== undefined) {
    end(`Error creating remote snapshot ${where} ${taken ?? ''}`);
    return;
  }
  const base = { name: `${distant}@${newestOf(volume)?.name ?? ''}`, all: true };
  const stream = sendStream(source, `${distant}@${tag}`, base);
  const failed = `Error downloading remote snapshot ${where}`;
  if (typeof stream === 'string') {
    end(`${failed} ${stream}cannot receive: failed to read from stream\n`);
    return;
  }
  const from = `${source.machine}:${distant}`;
  const given = { stream, force: true, from, lives: bothLive(fleet, nas, source) };
  receiveOver(fleet, nas, local, given, (says) => {
    if (says !== undefined) {
      end(`${failed} ${says}`);
      return;
    }
    if (!copy.last) trim(source, distant);
    const left = copy.last ? destroyDataset(fleet, source, distant, true) : undefined;
    if (left === undefined) trim(nas, local);
    end(left && `Error deleting remote snapshots ${copy.remote}:${distant} ${left}`);
  });
}

function reached(fleet: Fleet, host: string): StorageNode | undefined {
  const machine = machineNamed(fleet, host);
  return machine?.reach === 'up' ? nodeOf(fleet, host) : undefined;
}

function unreached(host: string): string {
  return `ssh: connect to host ${host} port 22: No route to host\n`;
}

/** The daemon's user may do on a pool what `zfs allow` gave it. */
function deniedTo(node: StorageNode, name: string, wants: readonly string[]): string | undefined {
  const pool = node.pools.find((one) => one.name === name);
  const has = pool?.allowed.get('img-storage');
  if (wants.every((want) => has?.has(want) === true)) return undefined;
  return `cannot ${wants[0] ?? ''} '${name}': permission denied\n`;
}

/** The copy ends with the daemon that began it, and with either host. */
function bothLive(fleet: Fleet, nas: NasNode, other: StorageNode): () => boolean {
  const { run } = nas.daemon;
  return () =>
    nas.daemon.run === run &&
    machineNamed(fleet, nas.machine)?.services.get('img-storage-nas') === true &&
    [nas, other].every(({ machine }) => machineNamed(fleet, machine)?.reach === 'up');
}

function trim(node: StorageNode, name: string): void {
  const { dataset } = snapshotNamed(node, `${name}@`);
  const own = dataset?.snapshots.filter((one) => one.name.startsWith(PREFIX)) ?? [];
  for (const one of own.slice(0, -KEPT))
    dataset?.snapshots.splice(dataset.snapshots.indexOf(one), 1);
}
