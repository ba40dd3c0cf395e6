import type { Command, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { lookAtGeneration } from './metadata.js';
import {
  devicesOf,
  drbdadm,
  lookAtSide,
  sideSchema,
  type SideNow,
  type SideParams,
} from './side.js';
import { sidesSeen } from './wait.js';

/**
 * `-- --clear-bitmap new-current-uuid` before 8.4. With volumes that have numbers in the file it wants to
 * know which (drbd-utils 9.22 ends with 1 otherwise).
 */
function skip({ driver, resource }: SideParams): Command<'changes'> {
  return driver === '8.3'
    ? drbdadm('changes', '--', '--clear-bitmap', 'new-current-uuid', resource)
    : drbdadm('changes', 'new-current-uuid', '--clear-bitmap', `${resource}/0`);
}

/**
 * Declares both disks alike without copying: right only for disks that hold nothing, so only where
 * nobody has ever written through DRBD (the metadata are as create-md made them).
 */
export const skipFirstSync = defineStep<SideParams>({
  id: 'drbd.skip-first-sync',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({
    title: 'declare both sides alike: they hold nothing, so nothing is copied',
    on: resource,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(skip(params).argv)] }),
  check: checkSkip,
  commands: (params) => [skip(params)],
  wait: {
    every: 500,
    atMost: 30_000,
    progress: async (host, params) => {
      const look = await lookAtSide(host, params);
      return look.ok ? { says: sidesSeen(host.name, look.side) } : undefined;
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

async function checkSkip(host: Reader, params: SideParams): Promise<Verdict> {
  const look = await lookAtSide(host, params);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const { side } = look;
  if (side.link === 'in touch' && both(side, 'UpToDate')) return { kind: 'done' };
  if (side.link !== 'in touch' || !both(side, 'Inconsistent') || side.role !== 'Secondary') {
    const because = `both sides must be connected, Secondary and Inconsistent; ${sidesSeen(host.name, side)}`;
    return { kind: 'refused', because };
  }
  return neverUsed(host, params.resource);
}

function both({ volumes }: SideNow, state: string): boolean {
  return volumes.every(({ disk, peerDisk }) => disk === state && peerDisk === state);
}

/** Not yet done, if the metadata are as create-md made them; else refused. */
async function neverUsed(host: Reader, resource: string): Promise<Verdict> {
  const generation = await lookAtGeneration(host, resource);
  if (generation.kind === 'not known') return { kind: 'cannotTell', because: generation.because };
  if (generation.kind === 'there' && generation.neverUsed) return { kind: 'notYet' };
  return {
    kind: 'refused',
    because: `${resource} has been in use before: its data is no longer what create-md left`,
  };
}

/** `--overwrite-data-of-peer` before 8.4; tools of 9 drop it without a word. */
function force({ driver, resource }: SideParams): Command<'changes'> {
  return driver === '8.3'
    ? drbdadm('changes', '--', '--overwrite-data-of-peer', 'primary', resource)
    : drbdadm('changes', 'primary', '--force', resource);
}

/**
 * Makes the data of this side the data of the resource. Only where nobody has ever written through
 * DRBD, and never against a side that has good data: DRBD itself would take a torn copy for good.
 */
export const declareGood = defineStep<SideParams>({
  id: 'drbd.declare-good',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'make it Primary; what is on its disk counts', on: resource }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(force(params).argv)] }),
  check: checkGood,
  commands: (params) => [force(params)],
  undo: ({ resource }) => ({
    kind: 'commands',
    says: `make ${resource} Secondary`,
    commands: [drbdadm('changes', 'secondary', resource)],
  }),
});

async function checkGood(host: Reader, params: SideParams): Promise<Verdict> {
  const look = await lookAtSide(host, params);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const { side } = look;
  const isGood = side.volumes.every(({ disk }) => disk === 'UpToDate');
  if (isGood && side.role === 'Primary') return { kind: 'done' };
  if (isGood) return { kind: 'notYet' };
  if (side.volumes.some(({ peerDisk }) => peerDisk === 'UpToDate' || peerDisk === 'Consistent')) {
    const because = `the other side has good data already; ${sidesSeen(host.name, side)}`;
    return { kind: 'refused', because };
  }
  return neverUsed(host, params.resource);
}
