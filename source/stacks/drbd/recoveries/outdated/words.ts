import { bytes, clockTime } from '../../../../core/units.js';
import { shortUuid } from '../../generations.js';
import type { LogLine } from '../../read/kernel-log.js';
import { clockOf, linesAbout, verdictOf } from '../../verdict.js';
import type { UpPlace } from '../look.js';
import type { Judged } from './judge.js';

type Old = Extract<Judged, { readonly ok: true }>;

const BECAME_OLD = /disk\( \S+ -> (?:Outdated|Inconsistent) \)/;

/** When its data became old, by our clock: the driver's own words, else when the link was lost. */
export function oldSince({ end }: UpPlace): number | undefined {
  const line: LogLine | undefined = linesAbout(end).findLast(({ text }) => BECAME_OLD.test(text));
  return (line && clockOf(end, line)) ?? verdictOf({ ends: [end] }).lostAt;
}

/** What is known of the old data, in words. */
export function stateWords({ old, peer, isTorn }: Old): string {
  const since = oldSince(old);
  const when = since === undefined ? '' : ` since ${clockTime(since)}`;
  const disks = old.side.volumes.map(({ disk }) => disk).join(', ');
  const generation = old.side.volumes
    .flatMap(({ generations }) => (generations ? [shortUuid(generations.current)] : []))
    .join(', ');
  const of = generation === '' ? '' : ` (data generation ${generation})`;
  const means = isTorn
    ? 'A copying into it was broken off: old and new blocks lie mixed on it'
    : `Its data is whole in itself, as it was when ${peer} went on without it`;
  return `${old.host} is ${disks}${when}${of}, and ${peer} is not connected. ${means}.`;
}

/** What is lost or may be wrong when it is taken as good, a sentence each. */
export function lossWords({ old, peer, isTorn }: Old): readonly string[] {
  const since = oldSince(old);
  const when = since === undefined ? 'since it was last up to date' : `since ${clockTime(since)}`;
  const { changedKiB } = old.side;
  const known =
    changedKiB === null || changedKiB === 0
      ? 'how much is not known here'
      : `at least ${bytes(changedKiB * 1024)} were still to be copied`;
  const torn = `Files on ${old.host} may be damaged anywhere: ${known} when the copying broke off. A file system check is needed, and what it finds may be lost.`;
  return [
    `All that ${peer} wrote ${when} is lost to those who use it, ${isTorn ? 'in part' : known}.`,
    ...(isTorn ? [torn] : []),
    `When ${peer} comes back, both have data of their own: a split brain, in which one side's is given up.`,
  ];
}
