import type { Millis, Reader } from '../../../core/host.js';
import { ask } from '../../../core/tool.js';
import { bytes, clockTime } from '../../../core/units.js';
import { kernelLog, uptime } from '../read/kernel-log.js';
import { lastSolved, type Solved } from '../read/solved.js';
import type { End } from '../view.js';

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
      return solved ? [solvedWords(solved, replica.host, link.peer, clock(solved, up, now))] : [];
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

/** What became of one, in a sentence or two. */
export function solvedWords(
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
