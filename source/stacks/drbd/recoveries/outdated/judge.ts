import type { DownPlace, Standing, UpPlace } from '../look.js';
import { missed, type Miss } from '../miss.js';

/** A side with old or torn data, alone. */
export type Judged =
  | {
      readonly ok: true;
      readonly old: UpPlace;
      /** Its data is not consistent in itself: a resync into it was broken off. */
      readonly isTorn: boolean;
      readonly peer: string;
      /** The other side, where its host answers and it is only down. */
      readonly down: readonly DownPlace[];
    }
  | Miss;

const OLD = new Set(['Outdated', 'Inconsistent', 'Consistent']);

/** Judges whether a side has old data and nobody to mend it. Pure. */
export function judge({ resource, named, places }: Standing): Judged {
  const up = places.filter((place) => place.kind === 'up');
  const old = up.filter(({ side }) => side.volumes.some(({ disk }) => OLD.has(disk)));
  const found = old.find(({ host }) => host === named) ?? old[0];
  const miss = (verdict: string, happened: string, todo: string): Miss =>
    missed(verdict, happened, todo, resource);
  if (!found) {
    return miss(
      'not outdated',
      `No side of ${resource.name} that answered is Outdated or Inconsistent.`,
      'There is nothing to force here.',
    );
  }
  if (found.end.replica.stale) {
    return miss('not known', `What is known of ${resource.name} is old.`, 'Ask again.');
  }
  if (found.end.link.state === 'in touch') {
    return miss(
      'connected',
      `${found.host} is ${found.side.connection} to ${found.end.link.peer}.`,
      'A side that is connected is brought up to date by its peer, if that one has good data: look at the resync. If both are new and empty, use the wizard drbd.replicated-volume.',
    );
  }
  const other = up.find((place) => place !== found);
  if (other) {
    return miss(
      'both up, not connected',
      `${found.host} is ${found.side.connection}, ${other.host} ${other.side.connection}: both are up and do not talk.`,
      `Mend the connection: ${other.host} brings ${found.host} up to date then. Nothing is forced while it is there.`,
    );
  }
  return {
    ok: true,
    old: found,
    isTorn: found.side.volumes.some(({ disk }) => disk === 'Inconsistent'),
    peer: places.find((place) => place !== found)?.host ?? found.end.link.peer,
    down: places.filter((place) => place.kind === 'down'),
  };
}
