import type { SideVolume } from '../../split-brain/side.js';
import type { Place, Standing, UpPlace } from '../look.js';
import { missed, type Miss } from '../miss.js';

/** Which side lost which disk, and the side that carries it. */
export type Judged =
  | {
      readonly ok: true;
      readonly failed: UpPlace;
      readonly volume: SideVolume;
      /** The resource has several volumes: they are named by their numbers. */
      readonly several: boolean;
      readonly other: Place | undefined;
    }
  | Miss;

const LOST = new Set(['Diskless', 'Failed', 'Detaching']);

/** The volumes of a side that have lost their disk; those that are without one on purpose are none. */
export function lostVolumes({ side, end }: UpPlace): readonly SideVolume[] {
  const onPurpose = new Set(
    end.replica.volumes.filter(({ client }) => client).map(({ volume }) => volume),
  );
  return side.volumes.filter(({ disk, volume }) => LOST.has(disk) && !onPurpose.has(volume));
}

/** Judges which disk failed. One volume at a time: the worst for the host that was named. Pure. */
export function judge({ resource, named, places }: Standing): Judged {
  const up = places.filter((place) => place.kind === 'up');
  const without = up.filter((place) => lostVolumes(place).length > 0);
  const failed = without.find(({ host }) => host === named) ?? without[0];
  const [volume] = failed ? lostVolumes(failed) : [];
  if (!failed || !volume) {
    const words = up.map(({ host, side }) => {
      return `${host} ${side.volumes.map(({ disk }) => disk).join(', ')}`;
    });
    return missed(
      'no disk lost',
      `${resource.name}: ${words.join('; ') || 'it is up nowhere that answered'}.`,
      'There is nothing to replace here.',
      resource,
    );
  }
  if (failed.end.replica.stale) {
    return missed('not known', `What is known of ${resource.name} is old.`, 'Ask again.', resource);
  }
  const other = places.find((place) => place !== failed);
  return { ok: true, failed, volume, several: failed.side.volumes.length > 1, other };
}

/** Why there is nothing good to copy from; undefined: the other side has it all. */
export function noGoodPeer({
  failed,
  volume,
  other,
}: Extract<Judged, { ok: true }>): string | undefined {
  const leg = failed.end.link.volumes.find((one) => one.volume === volume.volume);
  const peer = failed.end.link.peer;
  if (failed.end.link.state !== 'in touch') {
    return `${failed.host} is ${failed.side.connection}: bring ${peer} back first (drbd.peer-lost), since it has the only copy.`;
  }
  if (leg?.peerDisk !== 'UpToDate') {
    return `The disk of ${peer} is ${leg?.peerDisk ?? 'not known'}: no side has good data, and nothing is overwritten before that is settled.`;
  }
  if (other?.kind === 'up' && !other.side.target.ok) return other.side.target.because;
  return undefined;
}
