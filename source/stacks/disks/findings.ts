import type { Finding } from '../../core/finding.js';
import type { Now } from '../../core/probe.js';
import { fileSystemFindings } from './rules/file-systems.js';
import { fstabFindings } from './rules/fstab.js';
import { lvmFindings } from './rules/lvm.js';
import { raidFindings } from './rules/raid.js';
import { hostDisks } from './view.js';

const made = new WeakMap<Now, readonly Finding[]>();

/** All that is wrong with arrays, volumes, file systems and fstab; made once for a moment. */
export function findings(now: Now): readonly Finding[] {
  const before = made.get(now);
  if (before) return before;
  const found = hostDisks(now).flatMap((view) => [
    ...(view.arrays ? raidFindings(view.host, view.arrays.value, view.arrays) : []),
    ...(view.lvm ? lvmFindings(view.host, view.lvm.value, view.lvm) : []),
    ...fileSystemFindings(view.fileSystems, now.at),
    ...fstabFindings(view),
  ]);
  made.set(now, found);
  return found;
}
