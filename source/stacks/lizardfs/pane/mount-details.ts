import type { Details } from '../../../core/pane.js';
import { queries } from '../tools/admin.js';
import type { Mount } from '../tools/mounts.js';
import { details, facts, line } from './facts.js';
import type { Scene } from './scene.js';

/** A mount laid open. */
export function mountDetails(scene: Scene, mount: Mount): Details {
  const { session, ip, mountPoint, version, rootFolder, rootUid, rootGid } = mount;
  return details(scene, `lizardfs.session:${session}`, {
    title: `${scene.seen.words.title} › mount ${mountPoint} on ${scene.seen.hostAt(ip) ?? ip}`,
    state: mount.readOnly ? 'mounted read-only' : 'mounted',
    blocks: [
      facts([
        ['client', scene.seen.hostAt(ip) ?? ip],
        ['address', ip],
        ['mount point', mountPoint],
        ['folder that is its root', rootFolder],
        ['client version', version],
        ['session', String(session)],
        ['root maps to', `user ${rootUid}, group ${rootGid}`],
        mount.mapAll
          ? ['all others map to', `user ${mount.mapAllUid}, group ${mount.mapAllGid}`]
          : undefined,
        ['bound to its address', mount.restrictedIp ? 'yes' : 'no'],
        ['everyone may change quotas', mount.allCanChangeQuota ? 'yes' : 'no'],
      ]),
    ],
    commands: line(scene, 'all mounts', queries.mounts),
  });
}
