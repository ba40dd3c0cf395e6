import { z } from 'zod';
import type { Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { count } from '../../../core/text.js';
import { ask } from '../../../core/tool.js';
import { kernelLog, type LogLine } from '../read/kernel-log.js';
import { readVerifyLog, type VerifyLog } from '../read/verify-log.js';
import { connectionOf, devicesOf, drbdadm, lookAtSide, sideSchema, type SideNow } from './side.js';
import { progressOf } from './wait.js';

const SECOND = 1000;

const paramsSchema = sideSchema.extend({
  /** Seconds since the host's boot when the plan was made: an older verify does not count. */
  since: z.number().nonnegative(),
});

/** The parameters of `drbd.verify`. */
export type Verify = z.infer<typeof paramsSchema>;

/** Compares both copies block by block, which costs disk and network and changes nothing. */
export const verify = defineStep<Verify>({
  id: 'drbd.verify',
  params: paramsSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'compare both copies', on: resource }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(begin(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    if (look.side.volumes.some(({ activity }) => activity === 'verifying')) return { kind: 'done' };
    if (isEnded(await newestOf(host, params), params)) return { kind: 'done' };
    return isSettled(look.side)
      ? { kind: 'notYet' }
      : { kind: 'refused', because: `${params.resource} is ${look.side.connection} by now` };
  },
  commands: (params) => [begin(params)],
  undo: () => ({ kind: 'nothing' }),
});

/** Waits until the comparison is through, and says what it found. */
export const waitVerified = defineStep<Verify>({
  id: 'drbd.wait-verified',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ resource }) => ({ title: 'wait until both copies are compared', on: resource }),
  preview: ({ resource }) => ({
    kind: 'looks',
    lines: [`the kernel log says that the verify of ${resource} is done`],
  }),
  check: async (host, params): Promise<Verdict> => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    if (look.side.volumes.some(({ activity }) => activity === 'verifying'))
      return { kind: 'notYet' };
    const logs = await newestOf(host, params);
    if (!isEnded(logs, params)) {
      return { kind: 'refused', because: 'the verify was broken off before its end' };
    }
    // Of a verify with all nodes at once DRBD 9.2.9 has forgotten by then what it found, and its log has not.
    const kib = Math.max(
      logs.reduce((sum, { foundKiB }) => sum + (foundKiB ?? 0), 0),
      look.side.volumes.reduce((sum, one) => sum + (one.outOfSyncKiB ?? 0), 0),
    );
    const says = kib === 0 ? 'the copies are the same' : `${kib} KiB differ`;
    return { kind: 'done', says };
  },
  commands: () => [],
  wait: {
    every: 2 * SECOND,
    atMost: 14 * 24 * 3600 * SECOND,
    progress: async (host, params) => {
      const look = await lookAtSide(host, params);
      return look.ok ? progressOf(look.side) : undefined;
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

function begin(params: Verify) {
  return drbdadm('changes', 'verify', connectionOf(params));
}

function isSettled({ link, volumes }: SideNow): boolean {
  return link === 'in touch' && volumes.every(({ activity }) => activity === 'replicating');
}

/** The newest verify of each volume. */
async function newestOf(host: Reader, { minors, peer }: Verify): Promise<readonly VerifyLog[]> {
  const lines = await linesOfMinors(host, minors, peer);
  return minors.map((minor) => readVerifyLog(lines.filter((line) => line.minor === minor)));
}

/** Whether they ended after the plan was made. */
function isEnded(logs: readonly VerifyLog[], { since }: Verify): boolean {
  return logs.every(({ doneAt }) => doneAt !== null && doneAt >= since);
}

/**
 * The kernel log's lines about some devices; empty where it may not be read.
 *
 * @param towards the peer that is meant, where there are several
 */
export async function linesOfMinors(
  host: Reader,
  minors: readonly number[],
  towards?: string,
): Promise<readonly LogLine[]> {
  const log = await ask(host, kernelLog);
  if (log.kind !== 'value') return [];
  return log.value.filter(({ minor, peer }) => {
    if (towards !== undefined && peer !== null && peer !== towards) return false;
    return minor !== null && minors.includes(minor);
  });
}

/** `3 stretches`. */
export function stretches(n: number): string {
  return count(n, 'stretch', 'stretches');
}
