import { z } from 'zod';
import { reads, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Progress, type Verdict } from '../../../core/step.js';
import { count, grouped } from '../../../core/text.js';
import { duration } from '../../../core/units.js';
import { adminCommand, askAdmin, MFSCLI, queries } from '../tools/admin.js';
import { valueOf } from '../tools/question.js';
import { partsWaiting } from '../tools/chunks-health.js';
import type { Disk } from '../tools/disks.js';
import { diskAt, diskPlace } from './disk-at.js';

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

const paramsSchema = z.strictObject({
  ...diskPlace,
  /**
   * `drained`: no chunk is on the disk any more. `copied`: a damaged disk serves nothing, so what was
   * on it is made anew from other copies, and nothing waits to be copied.
   */
  until: z.enum(['drained', 'copied']),
  /** Chunk parts that were on it when the plan was made. */
  chunks: z.number().int().nonnegative(),
});

/** The parameters of `lizardfs.wait-for-drain`. */
export type WaitForDrain = z.infer<typeof paramsSchema>;

/** Waits until a disk can be taken out without anything falling below its goal, however long. */
export const waitForDrain = defineStep<WaitForDrain>({
  id: 'lizardfs.wait-for-drain',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ until, path, chunks }) => ({
    title:
      until === 'drained'
        ? `wait until its ${count(chunks, 'chunk part')} are elsewhere`
        : 'wait until all that was on it has its copies again',
    on: path,
  }),
  preview: ({ admin, place, until, path }) => ({
    kind: 'looks',
    lines: [
      until === 'drained'
        ? `${quoteAll(adminCommand(admin, queries.disks, place).argv)}  until ${admin === MFSCLI ? `it says that ${path} is ready to be removed` : `no chunk is on ${path}`}; it may take days, and may be left and resumed`
        : `${quoteAll(adminCommand(admin, queries.health, place).argv)}  until nothing is lost and nothing waits to be copied`,
    ],
  }),
  check,
  commands: () => [],
  wait: { every: 5 * SECOND, atMost: 60 * DAY, progress },
  undo: () => ({ kind: 'nothing' }),
});

async function check(host: Reader, params: WaitForDrain): Promise<Verdict> {
  const { until, path } = params;
  if (until === 'copied') {
    const left = await partsLeft(host, params);
    if (!left) return { kind: 'notYet' };
    return { kind: left.lost === 0 && left.parts === 0 ? 'done' : 'notYet' };
  }
  const seen = await diskAt(host, params);
  // A master or a server that is away for an hour does not end a drain of days.
  if (!seen.ok || !seen.server) return { kind: 'notYet' };
  const { disk } = seen;
  if (!disk) return { kind: 'refused', because: `the master does not list ${path} any more` };
  if (disk.damaged) {
    return {
      kind: 'refused',
      because: `${path} is damaged by now: what is still on it is not served`,
    };
  }
  if (!disk.toDelete) {
    return {
      kind: 'refused',
      because: `${path} is not marked for removal any more: another hand changed it`,
    };
  }
  return { kind: isDrained(disk) ? 'done' : 'notYet' };
}

/**
 * LizardFS moves what is on a marked disk. MooseFS copies it and deletes nothing there: it says when the
 * disk is ready to go (seen with 3.0.117).
 */
function isDrained({ chunks, scanning, removable }: Disk): boolean {
  return (removable ?? chunks === 0) && !scanning;
}

async function partsLeft(host: Reader, { admin, place }: WaitForDrain) {
  const health = valueOf(await askAdmin(host, admin, queries.health, place));
  if (!health) return undefined;
  const lost = health.availability.reduce((sum, goal) => sum + goal.lost, 0);
  const parts = health.replication.reduce((sum, goal) => sum + partsWaiting(goal), 0);
  return { lost, parts };
}

async function progress(host: Reader, params: WaitForDrain): Promise<Progress> {
  const { until, chunks } = params;
  if (until === 'copied') {
    const left = await partsLeft(host, params);
    if (!left) return { says: 'the master does not answer' };
    return paced(host, params, left.parts, `${grouped(left.parts)} parts to be copied`);
  }
  const seen = await diskAt(host, params);
  if (!seen.ok) return { says: seen.because };
  if (!seen.disk) return { says: 'its chunkserver is not connected' };
  if (seen.disk.removable !== undefined) return copying(host, params, seen.disk);
  const left = seen.disk.chunks;
  const told = await paced(host, params, left, `${count(left, 'chunk part')} left`);
  return chunks > 0 ? { ...told, share: Math.max(0, 1 - left / chunks) } : told;
}

/** What MooseFS has still to copy: what the master counts as wanting copies, of this disk or others. */
async function copying(host: Reader, params: WaitForDrain, { chunks }: Disk): Promise<Progress> {
  const left = await partsLeft(host, params);
  if (!left) return { says: 'the master does not answer' };
  const says = `${grouped(left.parts)} parts to be copied; the ${count(chunks, 'chunk part')} on it stay until it is taken out`;
  return paced(host, params, left.parts, says);
}

/** What was left when this console first looked: a pace needs two looks, and a resumed run has a new one. */
const firstLooks = new Map<string, { readonly at: number; readonly left: number }>();

async function paced(
  host: Reader,
  { server, path }: WaitForDrain,
  left: number,
  says: string,
): Promise<Progress> {
  const outcome = await host.run(reads(['date', '+%s']));
  const at = outcome.kind === 'exited' ? Number(outcome.stdout.trim()) : Number.NaN;
  if (!Number.isFinite(at)) return { says };
  const key = `${host.name} ${server} ${path}`;
  const first = firstLooks.get(key);
  // More than before: it is another drain of the same disk.
  if (!first || left > first.left || at < first.at) {
    firstLooks.set(key, { at, left });
    return { says };
  }
  const seconds = at - first.at;
  const gone = first.left - left;
  if (gone > 0 && seconds > 0) {
    const perSecond = gone / seconds;
    return {
      says: `${says}, ${grouped(Math.round(perSecond * 60))} a minute`,
      secondsLeft: Math.round(left / perSecond),
    };
  }
  return seconds < 600
    ? { says }
    : {
        says: `${says}; none has moved for ${duration(seconds)}: look whether other servers have room`,
      };
}
