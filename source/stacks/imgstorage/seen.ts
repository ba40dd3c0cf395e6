import type { HostName } from '../../core/host.js';
import { isKnown, type Known, type Now, type Probe } from '../../core/probe.js';

/** What a host told, or why it is not known: a thing that was not looked for is not missing. */
export type Seen<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** The newest answer failed: this is old. */
      readonly stale: boolean;
      readonly reading: Known<T>;
    }
  | { readonly ok: false; readonly because: string };

/** What a probe brought from a host. */
export function seenOf<T>(
  now: Now,
  probe: Probe<T>,
  host: HostName | undefined,
  name: string,
): Seen<T> {
  if (host === undefined) return { ok: false, because: `${name} is not among the hosts` };
  const reading = now.of(probe).find((one) => one.host === host);
  if (!reading) return { ok: false, because: `${host} has not answered yet` };
  if (isKnown(reading)) {
    return { ok: true, value: reading.value, stale: reading.kind === 'stale', reading };
  }
  const because = reading.kind === 'absent' ? reading.because : reading.failure.what;
  return { ok: false, because: `${host}: ${because}` };
}

/** A part of what was seen. */
export function partOf<T, P>(
  seen: Seen<T>,
  pick: (value: T) => P | undefined,
  none: string,
): Seen<P> {
  if (!seen.ok) return seen;
  const value = pick(seen.value);
  if (value === undefined) return { ok: false, because: none };
  return { ...seen, value, reading: { ...seen.reading, value } };
}

/** The first that fits in a list that was seen; undefined: there is none, or it is not known. */
export function findIn<T>(seen: Seen<readonly T[]>, fits: (one: T) => boolean): T | undefined {
  return seen.ok ? seen.value.find(fits) : undefined;
}
