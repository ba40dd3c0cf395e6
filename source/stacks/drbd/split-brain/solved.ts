import type { Millis, Reader } from '../../../core/host.js';
import { ask } from '../../../core/tool.js';
import { bytes, clockTime } from '../../../core/units.js';
import { kernelLog, uptime, type LogLine } from '../read/kernel-log.js';
import type { End } from '../view.js';

/** A split brain that is over: one side was chosen, by DRBD's own rules or by hand. */
export interface Solved {
  readonly minor: number;
  readonly by: 'policy' | 'hand';
  /** Whose changes were discarded, seen from the host whose log it is. */
  readonly discarded: 'this side' | 'the other side';
  /** KiB that were copied over it; null where the log does not say. */
  readonly kib: number | null;
  /** Seconds since boot. */
  readonly at: number | null;
}

/** Source: drbd_receiver.c (`drbd_sync_handshake`) of 8.3 to 9; seen with 8.4.11. */
const SOLVED =
  /Split-Brain detected[^!]*?(manually|automatically) solved\. Sync from (this|peer) node/i;
const BEGAN = /Began resync as Sync(?:Source|Target) \(will sync (\d+) KB/;

/** The newest split brain of a volume that was solved; undefined: the log knows of none. */
export function lastSolved(lines: readonly LogLine[], minor: number): Solved | undefined {
  const own = lines.filter((line) => line.minor === minor);
  const at = own.findLastIndex(({ text }) => SOLVED.test(text));
  const line = own[at];
  if (!line) return undefined;
  const [, how, from] = SOLVED.exec(line.text) ?? [];
  const began = own.slice(at).flatMap(({ text }) => BEGAN.exec(text)?.[1] ?? [])[0];
  return {
    minor,
    by: how?.toLowerCase() === 'manually' ? 'hand' : 'policy',
    discarded: from === 'this' ? 'the other side' : 'this side',
    kib: began === undefined ? null : Number(began),
    at: line.at,
  };
}

/**
 * What became of a split brain that is over, a sentence for each volume; empty: the logs know of none.
 * The kernel log is asked here: while all is in touch the watch does not read it. Never rejects.
 */
export async function tellSolved(
  ends: readonly End[],
  hosts: ReadonlyMap<string, Reader>,
  now: Millis,
): Promise<readonly string[]> {
  for (const { replica, link } of ends) {
    const host = hosts.get(replica.host);
    if (!host) continue;
    const [log, up] = await Promise.all([ask(host, kernelLog), ask(host, uptime)]);
    if (log.kind !== 'value') continue;
    const told = replica.volumes.flatMap(({ minor }) => {
      const solved = minor === null ? undefined : lastSolved(log.value, minor);
      return solved ? [words(solved, replica.host, link.peer, clock(solved, up, now))] : [];
    });
    if (told.length > 0) return told;
  }
  return [];
}

function clock(
  { at }: Solved,
  up: Awaited<ReturnType<typeof ask<[], number>>>,
  now: Millis,
): Millis | undefined {
  return at === null || up.kind !== 'value' ? undefined : now - (up.value - at) * 1000;
}

function words(
  { minor, by, discarded, kib }: Solved,
  host: string,
  peer: string,
  at: Millis | undefined,
): string {
  const when = at === undefined ? 'Before' : `At ${clockTime(at)}`;
  const how =
    by === 'policy'
      ? 'DRBD solved a split brain by its after-sb rules'
      : 'a split brain was solved by hand';
  const [loser, winner] = discarded === 'this side' ? [host, peer] : [peer, host];
  const much = kib === null ? '' : ` ${bytes(kib * 1024)} were overwritten there.`;
  return `${when} ${how}: what ${loser} had written to /dev/drbd${minor} was discarded, ${winner} was the source.${much}`;
}
