import type { StatusPeer, StatusPeerVolume, StatusResource } from './read/status-json.js';
import { activityOf } from './states.js';

/**
 * A volume is copied from one peer at a time: towards the others that have good data DRBD 9 shows
 * `PausedSyncT` with `dependency`, which nobody set and nobody has to let go on (seen with 9.2.9).
 */
export function isQueued(
  resource: StatusResource,
  peer: StatusPeer,
  leg: StatusPeerVolume,
): boolean {
  if (activityOf(leg.replication) !== 'paused' || leg.resyncSuspended !== 'dependency')
    return false;
  return resource.peers.some(
    (other) =>
      other !== peer &&
      other.volumes.some(({ volume, replication }) => {
        return volume === leg.volume && ['syncing', 'starting'].includes(activityOf(replication));
      }),
  );
}
