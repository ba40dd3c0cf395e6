import { z } from 'zod';
import type { Command, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { connectionOf, devicesOf, drbdadm, lookAtSide, sideSchema, type SideNow } from './side.js';

const paramsSchema = sideSchema.extend({
  /** The host whose copy is right. */
  from: z.string(),
  /** What is lost, as the review says it. */
  loses: z.string(),
});

/** The parameters of the steps by which one side takes what differs from the other. */
export type CopyDifferences = z.infer<typeof paramsSchema>;

/** Whether what differs was copied, or is being copied. */
function isCopied({ link, volumes }: SideNow): boolean {
  if (link !== 'in touch') return false;
  return (
    volumes.some(({ activity }) => ['starting', 'syncing', 'paused'].includes(activity)) ||
    volumes.every(({ outOfSyncKiB }) => outOfSyncKiB === 0)
  );
}

/**
 * Parts the side whose copy is wrong from a Primary. The Primary begins a new data generation at that
 * instant (8.x: at once; drbd_state.c, `after_state_ch`), so that it becomes the source of the blocks
 * that the verify marked when they meet. Two Secondaries would meet without copying anything.
 */
export const partForCopy = defineStep<CopyDifferences>({
  id: 'drbd.part-for-copy',
  params: paramsSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'part it from the side that is right', on: resource }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(part(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const { side } = look;
    if (side.link === 'standalone' || isCopied(side)) return { kind: 'done' };
    if (side.link !== 'in touch') {
      return { kind: 'refused', because: `${params.resource} is ${side.connection} by now` };
    }
    return mayBeTarget(side, params) ?? { kind: 'notYet' };
  },
  commands: (params) => [part(params)],
  undo: (params) => ({
    kind: 'commands',
    says: `connect ${params.resource} again, which copies what differs from ${params.from}`,
    commands: [drbdadm('changes', 'connect', connectionOf(params))],
  }),
});

/** Meets the other side again, and takes from it what differs. */
export const meetForCopy = defineStep<CopyDifferences>({
  id: 'drbd.meet-for-copy',
  params: paramsSchema,
  effect: () => 'destroys',
  touches: devicesOf,
  tell: ({ resource, from, loses }) => ({
    title: `connect it: what differs is copied from ${from}`,
    on: resource,
    loses,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(meet(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    if (look.side.link === 'standalone') {
      const { role } = look.side;
      if (role === 'Secondary') return { kind: 'notYet' };
      return { kind: 'refused', because: `it is ${role} again` };
    }
    return { kind: 'done' };
  },
  commands: (params) => [meet(params)],
  undo: ({ resource }) => ({
    kind: 'impossible',
    because: `the blocks of ${resource} that differed were overwritten`,
  }),
});

/**
 * DRBD 9: takes what differs without parting. Drivers before 9.0.29 refuse the option, and nothing is
 * changed then.
 */
export const invalidateDifferences = defineStep<CopyDifferences>({
  id: 'drbd.invalidate-differences',
  params: paramsSchema,
  effect: () => 'destroys',
  touches: devicesOf,
  tell: ({ resource, from, loses }) => ({
    title: `copy what differs from ${from}`,
    on: resource,
    loses,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(invalidate(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    if (isCopied(look.side)) return { kind: 'done' };
    if (look.side.link !== 'in touch') {
      return { kind: 'refused', because: `${params.resource} is ${look.side.connection} by now` };
    }
    return mayBeTarget(look.side, params) ?? { kind: 'notYet' };
  },
  commands: (params) => [invalidate(params)],
  undo: ({ resource }) => ({
    kind: 'impossible',
    because: `the blocks of ${resource} that differed were overwritten`,
  }),
});

function mayBeTarget(
  { role, volumes }: SideNow,
  { resource }: CopyDifferences,
): Verdict | undefined {
  if (role !== 'Secondary') return { kind: 'refused', because: `it is ${role} again` };
  const bad = volumes.find(({ peerDisk }) => peerDisk !== 'UpToDate');
  if (!bad) return undefined;
  return { kind: 'refused', because: `the other side of ${resource} is ${bad.peerDisk} by now` };
}

function part(params: CopyDifferences): Command<'changes'> {
  return drbdadm('changes', 'disconnect', connectionOf(params));
}

function meet(params: CopyDifferences): Command<'destroys'> {
  return drbdadm('destroys', 'connect', connectionOf(params));
}

/** `RES:PEER` says from whom: drbdadm makes `--sync-from-peer-node-id` of it (seen with drbd-utils 9.22). */
function invalidate(params: CopyDifferences): Command<'destroys'> {
  return drbdadm('destroys', 'invalidate', '--reset-bitmap=no', connectionOf(params));
}

/** Makes the side that is right Primary for as long as the other takes from it. */
export const promoteSource = defineStep<z.infer<typeof sideSchema>>({
  id: 'drbd.promote-source',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({
    title: 'make it Primary while the other takes from it',
    on: resource,
  }),
  preview: ({ resource }) => ({ kind: 'commands', lines: [`drbdadm primary ${resource}`] }),
  check: (host, params) => isPrimary(host, params),
  commands: ({ resource }) => [drbdadm('changes', 'primary', resource)],
  undo: ({ resource }) => ({
    kind: 'commands',
    says: `make ${resource} Secondary`,
    commands: [drbdadm('changes', 'secondary', resource)],
  }),
});

async function isPrimary(host: Reader, params: z.infer<typeof sideSchema>): Promise<Verdict> {
  const look = await lookAtSide(host, params);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const bad = look.side.volumes.find(({ disk }) => disk !== 'UpToDate');
  if (bad) return { kind: 'refused', because: `its disk is ${bad.disk}` };
  return { kind: look.side.role === 'Primary' ? 'done' : 'notYet' };
}
