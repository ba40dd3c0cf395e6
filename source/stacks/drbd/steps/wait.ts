import type { Reader } from '../../../core/host.js';
import { defineStep, type Progress, type Verdict } from '../../../core/step.js';
import { bytes, percent, rate } from '../../../core/units.js';
import { connectionOf, lookAtSide, sideSchema, type SideNow, type SideParams } from './side.js';

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

/** Waits until the sides talk: a dead link must not be waited for as long as a resync. */
export const waitConnected = defineStep<SideParams>({
  id: 'drbd.wait-connected',
  params: sideSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: (params) => ({ title: 'wait until the sides are connected', on: connectionOf(params) }),
  preview: (params) => ({
    kind: 'looks',
    lines: [
      `${connectionOf(params)} is neither StandAlone nor waiting; for two minutes at the most`,
    ],
  }),
  check: (host, params) => judge(host, params, ({ link }) => link === 'in touch'),
  commands: () => [],
  wait: {
    every: SECOND,
    atMost: 120 * SECOND,
    progress: async (host, params) => {
      const look = await lookAtSide(host, params);
      return look.ok ? { says: sidesSeen(host.name, look.side) } : undefined;
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

/** Waits for the resync, however long it takes. */
export const waitInSync = defineStep<SideParams>({
  id: 'drbd.wait-in-sync',
  params: sideSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: (params) => ({ title: 'wait until both sides are UpToDate', on: connectionOf(params) }),
  preview: (params) => ({
    kind: 'looks',
    lines: [`all volumes of ${connectionOf(params)} are Connected and UpToDate/UpToDate`],
  }),
  check: (host, params) => judge(host, params, isInSync),
  commands: () => [],
  wait: {
    every: 2 * SECOND,
    atMost: 14 * DAY,
    progress: async (host, params) => {
      const look = await lookAtSide(host, params);
      return look.ok ? progressOf(look.side) : undefined;
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

/** Both sides, as the one that waits sees them. */
export function sidesSeen(host: string, { connection, role, volumes }: SideNow): string {
  const disks = volumes.map(({ disk, peerDisk }) => `${disk} here, ${peerDisk} on the other side`);
  return `${host} is ${connection}, ${role}; ${disks.join('; ')}`;
}

/** Whether all volumes are good on both sides and nothing is being copied any more. */
export function isInSync({ link, volumes }: SideNow): boolean {
  return (
    link === 'in touch' &&
    volumes.every(
      ({ disk, peerDisk, activity }) =>
        disk === 'UpToDate' && peerDisk === 'UpToDate' && activity === 'replicating',
    )
  );
}

async function judge(
  host: Reader,
  params: SideParams,
  isDone: (side: SideNow) => boolean,
): Promise<Verdict> {
  const look = await lookAtSide(host, params);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  if (look.side.link === 'standalone') {
    const because = `${params.resource} stands alone again: DRBD refused the other side; its kernel log says why`;
    return { kind: 'refused', because };
  }
  return { kind: isDone(look.side) ? 'done' : 'notYet' };
}

/** The slowest volume says how long it takes; 8.x prints odd numbers in the first second. */
export function progressOf({ connection, link, volumes }: SideNow): Progress {
  if (link !== 'in touch') return { says: `${connection}: waits for the other side` };
  const running = volumes.filter(({ activity }) => activity !== 'replicating');
  const lowest = (pick: (v: SideNow['volumes'][number]) => number | null): number | undefined => {
    const known = running.flatMap((volume) => pick(volume) ?? []);
    return known.length > 0 ? Math.min(...known) : undefined;
  };
  const done = lowest(({ percent: share }) => share);
  const left = running.reduce((sum, { outOfSyncKiB }) => sum + (outOfSyncKiB ?? 0), 0);
  const speed = running.reduce((sum, { kibPerSecond }) => sum + (kibPerSecond ?? 0), 0);
  const times = running.flatMap(({ secondsLeft }) => secondsLeft ?? []);
  const paused = running.some(({ activity }) => activity === 'paused') ? ', paused' : '';
  const share = done === undefined ? undefined : done / 100;
  // What is out of sync is not what is still to be compared.
  const verifies = running.some(({ activity }) => activity === 'verifying');
  const amount = verifies ? '' : `${bytes(left * 1024)} left, `;
  return {
    says: `${share === undefined ? connection : percent(share)}, ${amount}${rate(speed * 1024)}${paused}`,
    ...(share !== undefined && { share }),
    ...(times.length > 0 && { secondsLeft: Math.max(...times) }),
  };
}
