import { reads, type Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Progress, type StepKind, type Verdict } from '../../core/step.js';
import { linesOf } from '../../core/text.js';
import { bytes } from '../../core/units.js';
import { copySchema, far, lookAtCopy, type CopyNow, type ZfsCopy } from './copy-state.js';
import { lookAtVolume, snapshotOf } from './volume.js';

/** What steps have in common that look how far a copy is, and how it came out. */
const looking: Pick<StepKind<ZfsCopy>, 'params' | 'effect' | 'touches' | 'commands' | 'undo'> = {
  params: copySchema,
  effect: () => 'reads',
  touches: () => [],
  commands: () => [],
  undo: () => ({ kind: 'nothing' }),
};

/** Waits until a snapshot was taken over whole, however long it takes. */
export const waitCopied = defineStep<ZfsCopy>({
  id: 'zfs.wait-copied',
  ...looking,
  tell: ({ to, snapshot }) => ({ title: 'wait until it is taken over', on: `${to}@${snapshot}` }),
  preview: ({ to, snapshot }) => ({ kind: 'looks', lines: [`${to}@${snapshot} is there`] }),
  check: checkCopied,
  wait: {
    every: 2000,
    atMost: 14 * 24 * 3600 * 1000,
    progress: async (host, params) => {
      const now = await lookAtCopy(host, params);
      return typeof now === 'string' ? undefined : progressOf(now);
    },
  },
});

/** A snapshot that is received shows only when all of it is there (zfs-receive(8)). */
async function checkCopied(host: Reader, params: ZfsCopy): Promise<Verdict> {
  // In this order: what has ended by the first look is there by the second.
  const now = await lookAtCopy(host, params);
  const look = await lookAtVolume(host, params.to);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  if (look.beneath.some((one) => snapshotOf(params.to, one) === params.snapshot)) {
    return { kind: 'done' };
  }
  if (typeof now === 'string') return { kind: 'cannotTell', because: now };
  if (now.state === 'runs') return { kind: 'notYet' };
  const why =
    now.state === 'ended'
      ? `it was broken off: ${now.last === '' ? 'without a word' : now.last}`
      : 'it was broken off (did the host restart?)';
  const because = `${why}. ${params.from.host} still has all of it, and nothing of it is left in ${params.to}: undo, or make the plan again.`;
  return { kind: 'refused', because };
}

/** How far it is, by what the receiver has read of what `zfs send -nv` foretold. */
export function progressOf(now: CopyNow): Progress | undefined {
  if (now.state !== 'runs') return undefined;
  const { received, size } = now;
  if (received === null) return { says: 'the other host prepares it' };
  if (size === null) return { says: `${bytes(received)} taken over` };
  // The stream has headers of its own, so that it is a little more than was foretold.
  const share = Math.min(0.99, received / size);
  return { says: `${bytes(received)} of ${bytes(size)} taken over`, share };
}

/** Sees that both hosts have the very same snapshot: it keeps its number when it is received. */
export const seeSameSnapshot = defineStep<ZfsCopy>({
  id: 'zfs.see-same',
  ...looking,
  tell: ({ from, to, snapshot }) => ({
    title: 'see that both have the same data',
    on: `${from.host}:${from.volume}@${snapshot} ↔ ${to}`,
  }),
  preview: (params) => ({
    kind: 'looks',
    lines: [...askBoth(params)].map((argv) => quoteAll(argv)),
  }),
  check: async (host, params) => {
    const [here, there] = askBoth(params);
    const [own, other] = await Promise.all([guidBy(host, here), guidBy(host, there)]);
    if (!own.ok) return { kind: 'cannotTell', because: own.because };
    if (!other.ok) return { kind: 'cannotTell', because: other.because };
    return own.guid === other.guid
      ? { kind: 'done', says: `guid ${own.guid}` }
      : {
          kind: 'refused',
          because: `${params.to}@${params.snapshot} is not the one of ${params.from.host}: guid ${own.guid}, there ${other.guid}`,
        };
  },
});

function askBoth(params: ZfsCopy): readonly [readonly string[], readonly string[]] {
  const words = (volume: string): readonly string[] => {
    return ['get', '-H', '-p', '-o', 'value', 'guid', `${volume}@${params.snapshot}`];
  };
  return [['zfs', ...words(params.to)], far(params, words(params.from.volume))];
}

type Guid =
  { readonly ok: true; readonly guid: string } | { readonly ok: false; readonly because: string };

async function guidBy(host: Reader, argv: readonly string[]): Promise<Guid> {
  const outcome = await host.run(reads(argv, 30_000));
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  const guid = outcome.stdout.trim();
  if (outcome.code === 0 && /^\d+$/.test(guid)) return { ok: true, guid };
  const said = linesOf(outcome.stderr).at(-1)?.trim();
  return { ok: false, because: said ?? `it ended with exit code ${outcome.code}` };
}
