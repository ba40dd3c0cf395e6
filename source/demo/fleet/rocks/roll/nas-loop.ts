import type { Fleet } from '../../state.js';
import { later, publish } from './broker.js';
import { release, secondsOf } from './nas-daemon.js';
import type { NasNode } from '../state.js';
import { drop, put, rowOf, type NasJob } from '../tables.js';
import { downloadSnapshot, uploadSnapshot } from '../storage/transfers.js';

/** How often the queue of copies is looked at, and how often images that are due are put into it, ms. */
const CHECK = 10_000;
const PULL = 60_000;
/** Copies at once. */
const WORKERS = 8;
/** Seconds between copies of one image to the NAS. */
export const FREQUENCY = 300;

/** A copy's thread, and how it ended: what is ended waits for the next look at the queue. */
interface Job {
  readonly run: number;
  ended?: { readonly failure: string | undefined };
}

const running = new WeakMap<NasNode, Map<string, Job>>();

/** The daemon begins: what it had in its queue is forgotten, and so are its threads. */
export function startNas(fleet: Fleet, nas: NasNode): void {
  nas.database.sync_queue.rows.length = 0;
  running.set(nas, new Map());
  pull(fleet, nas);
  check(fleet, nas);
}

/** Whether a copy of this image is under way. */
export function isCopying(nas: NasNode, zvol: string): boolean {
  return running.get(nas)?.get(zvol)?.run === nas.daemon.run;
}

function check(fleet: Fleet, nas: NasNode): void {
  const jobs = running.get(nas) ?? new Map<string, Job>();
  for (const [zvol, job] of jobs) {
    if (!job.ended) continue;
    jobs.delete(zvol);
    const row = rowOf(nas.database.sync_queue, zvol);
    if (row && job.ended.failure === undefined) arrived(fleet, nas, row);
    // Failed or not, it leaves the queue.
    drop(nas.database.sync_queue, zvol);
  }
  for (const row of nas.database.sync_queue.rows.toSorted((a, b) => a.time - b.time)) {
    if (jobs.has(row.zvol) || jobs.size >= WORKERS) continue;
    const job: Job = { run: nas.daemon.run };
    jobs.set(row.zvol, job);
    begin(fleet, nas, row, (failure) => {
      job.ended = { failure };
      if (failure === undefined) return;
      const script = row.is_sending ? 'snapshot_upload.sh' : 'snapshot_download.sh';
      const says = failure.trimEnd().replaceAll('\n', ' ');
      const text = `root: /opt/rocks/bin/${script} - ${says}`;
      nas.messages.push({ at: fleet.clock.now, text });
    });
  }
  later(fleet, nas, CHECK, () => check(fleet, nas));
}

function begin(
  fleet: Fleet,
  nas: NasNode,
  row: NasJob,
  end: (failure: string | undefined) => void,
): void {
  const copy = {
    zvol: row.zvol,
    pool: row.zpool,
    remote: row.remotehost ?? '',
    remotePool: row.remotepool ?? '',
  };
  if (row.is_sending) uploadSnapshot(fleet, nas, copy, end);
  else downloadSnapshot(fleet, nas, { ...copy, last: row.is_delete_remote === 1 }, end);
}

/** A copy has arrived: the container merges now, or the image is unmapped. */
function arrived(fleet: Fleet, nas: NasNode, row: NasJob): void {
  const image = rowOf(nas.database.zvols, row.zvol);
  if (row.is_sending) {
    const iqn = image?.iscsi_target ?? null;
    const told = { nas: nas.machine, zvol: row.zvol, iqn };
    publish(fleet, row.remotehost ?? '', { action: 'sync_zvol', ...told });
    return;
  }
  if (!row.is_delete_remote || !image) return;
  image.remotehost = null;
  image.remotepool = null;
  release(nas, row.zvol);
}

/** Images that a container has to itself are copied to the NAS now and then, locked or not. */
function pull(fleet: Fleet, nas: NasNode): void {
  const { zvols, zvolattrs, sync_queue: jobs, globals } = nas.database;
  const now = Math.floor(fleet.clock.now / 1000);
  for (const image of zvols.rows) {
    const attributes = rowOf(zvolattrs, image.zvol);
    const due = attributes?.nextsync == null || attributes.nextsync < now;
    if (image.iscsi_target !== null || image.remotehost === null || !due) continue;
    if (!rowOf(jobs, image.zvol)) {
      put(jobs, {
        zvol: image.zvol,
        zpool: image.zpool ?? '',
        remotehost: image.remotehost,
        remotepool: image.remotepool,
        is_sending: 0,
        is_delete_remote: 0,
        time: secondsOf(fleet),
      });
    }
    const usual = Number(rowOf(globals, 'frequency')?.value ?? FREQUENCY);
    const nextsync = now + (attributes?.frequency ?? usual);
    const none = { frequency: null, downloadspeed: null, uploadspeed: null };
    put(zvolattrs, { ...(attributes ?? { zvol: image.zvol, ...none }), nextsync });
  }
  later(fleet, nas, PULL, () => pull(fleet, nas));
}
