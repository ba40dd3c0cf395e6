import type { Finding } from '../../../core/finding.js';
import type { Now } from '../../../core/probe.js';
import { clean } from '../../../core/text.js';
import { duration } from '../../../core/units.js';
import { messagesProbe } from '../probes/frontend.js';
import { phaseOf, type Phase } from '../phase.js';
import type { Lock } from '../read/database.js';
import type { Image } from '../view.js';
import { aboutImage, shellWord } from './make.js';

/** A call that nobody answers for so long is held for dead even where its queue cannot be seen. In seconds. */
const PATIENCE = 300;

/** Where the lock stays on purpose until a copy or a merge is over; whoever called has long been answered. */
const KEPT: ReadonlySet<Phase> = new Set(['sending', 'merging', 'returning', 'copying back']);

/** How a lock stands. */
export interface LockState {
  readonly lock: Lock;
  /** By the NAS's own clock, in seconds; undefined: not known. */
  readonly age?: number;
  /** Whether whoever waits for the answer is still there; undefined: RabbitMQ could not be asked. */
  readonly caller?: 'there' | 'gone';
  /** It is held, and nothing goes on that it is held for. */
  readonly stuck: boolean;
}

/** How the lock of an image stands; undefined: there is none. */
export function lockState(now: Now, image: Image): LockState | undefined {
  const { lock, nas } = image;
  if (!lock) return undefined;
  const age = nas.at === null ? undefined : Math.max(0, nas.at - lock.since);
  const caller = callerOf(now, lock);
  const phase = phaseOf(image);
  const waiting = !KEPT.has(phase);
  const old = (age ?? 0) > PATIENCE && caller !== 'there';
  const stuck = phase === 'not returned' || (waiting && (caller === 'gone' || old));
  return {
    lock,
    stuck,
    ...(age !== undefined && { age }),
    ...(caller && { caller }),
  };
}

function callerOf(now: Now, { replyTo }: Lock): LockState['caller'] {
  const fresh = now.of(messagesProbe).filter((reading) => reading.kind === 'fresh');
  if (fresh.length === 0) return undefined;
  return fresh.some(({ value }) => value.queues.some(({ name }) => name === replyTo))
    ? 'there'
    : 'gone';
}

/** A lock with nothing behind it: every call for the image is refused as busy. */
export function lockFindings(now: Now, image: Image): readonly Finding[] {
  const state = lockState(now, image);
  const phase = phaseOf(image);
  if (!state?.stuck || phase === 'not returned' || phase === 'interrupted') return [];
  const since = state.age === undefined ? '' : ` for ${duration(state.age)}`;
  const why =
    state.caller === 'gone'
      ? `The queue of whoever called, ${clean(state.lock.replyTo)}, is gone, so nobody waits for the answer.`
      : 'Nothing is copied or merged meanwhile.';
  return [
    aboutImage(image, {
      code: 'IMGSTORAGE_LOCK_HELD',
      severity: 'alert',
      title: 'image locked by a dead call',
      says: `${image.subject} is locked${since}, and nothing goes on. ${why}`,
      means: `Each call for it waits or is refused (“ZVol ${clean(image.zvol)} is busy”): it cannot be mapped, unmapped or removed.`,
      todo: 'Let the guide find what the call left half done, and release the lock last. The lock alone is not the fault.',
      // A call between two messages looks the same for a moment.
      onlyAfter: 20_000,
    }),
  ];
}

/** The container's daemon waits for the device to be closed, and does nothing else meanwhile. */
export function unmapFindings(image: Image): readonly Finding[] {
  const { far } = image;
  const open = far?.device?.open ?? 0;
  if (phaseOf(image) !== 'unmapping' || !far || open === 0) return [];
  const where = clean(far.container.name);
  return [
    aboutImage(image, {
      code: 'IMGSTORAGE_UNMAP_WAITS',
      severity: 'warning',
      title: 'unmapping waits for an open device',
      says: `${where} is to unmap ${image.subject}, but /dev/mapper/${clean(far.device?.name ?? '')} is open ${open === 1 ? 'once' : `${open} times`}.`,
      means: `img-storage-vm on ${where} waits until it is closed and takes no other call, and no merge there goes on.`,
      todo: `See who has it open (fuser -v ${shellWord(`/dev/mapper/${far.device?.name ?? ''}`)}) and shut that guest down.`,
      remedies: [],
      onlyAfter: 15_000,
    }),
  ];
}
