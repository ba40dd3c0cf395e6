import { nfsOn } from '../fleet/nfs.js';
import { modulesOf } from '../fleet/modules.js';
import type { Machine } from '../fleet/state.js';
import { etab } from '../programs/nfs/exportfs.js';

/** What nfsd and exportfs show of themselves. */
export function nfsFiles(machine: Machine): readonly [string, string][] {
  if (!modulesOf(machine).has('nfsd') && nfsOn(machine).exports.length === 0) return [];
  const { exports, threads } = nfsOn(machine);
  return [
    ['/proc/fs/nfsd/threads', `${threads}\n`],
    ['/var/lib/nfs/etab', etab(exports)],
  ];
}
