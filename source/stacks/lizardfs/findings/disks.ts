import type { Finding } from '../../../core/finding.js';
import { count } from '../../../core/text.js';
import { bytes, duration } from '../../../core/units.js';
import { diskNode } from '../nodes.js';
import type { Disk } from '../tools/disks.js';
import { hostsAt, type Context } from './context.js';

/** An error older than this, in ms, is history: the counter is kept until the daemon restarts. */
const RECENT = 24 * 3600 * 1000;

/** What is wrong with disks, or under way on them. */
export function diskFindings(disks: readonly Disk[], context: Context): readonly Finding[] {
  return disks.flatMap((disk) => {
    const found: Finding[] = [];
    if (disk.damaged) found.push(damaged(disk, context));
    // A damaged disk's errors are the reason that it is damaged: said once.
    else if (isRecent(disk, context)) found.push(errors(disk, context));
    if (disk.toDelete) found.push(removal(disk, context));
    if (disk.scanning) found.push(scanning(disk, context));
    return found;
  });
}

function isRecent({ lastErrorAt }: Disk, { at }: Context): boolean {
  if (lastErrorAt === 0) return false;
  // A time ahead of ours is a clock that runs ahead, not an old error.
  return at === undefined || at - lastErrorAt * 1000 < RECENT;
}

type Common = Pick<Finding, 'subject' | 'hosts' | 'evidence' | 'remedies' | 'about'>;

function common({ server, path }: Disk, context: Context): Common {
  return {
    subject: `${server} ${path}`,
    hosts: hostsAt(context, [server]),
    evidence: context.quote(
      (line) =>
        line.startsWith(`${server} ${path} `) || line.startsWith(`disks:|${server}:${path}|`),
    ),
    remedies: ['lizardfs.disk-drain'],
    about: [diskNode(server, path)],
  };
}

function damaged(disk: Disk, context: Context): Finding {
  const { server, path, totalBytes, chunks } = disk;
  const missing = totalBytes === 0;
  return {
    ...common(disk, context),
    code: 'LIZARDFS_DISK_DAMAGED',
    severity: 'alert',
    title: missing ? 'disk missing' : 'disk damaged',
    says: missing
      ? `The chunkserver ${server} cannot use ${path}: it has no size there.`
      : `The chunkserver ${server} took ${path} out of use after errors${chunks > 0 ? `; ${count(chunks, 'chunk part')} were on it` : ''}.`,
    means: missing
      ? 'The folder does not exist, is not mounted, or belongs to another user.'
      : 'Nothing on it is served any more. Chunks without another copy are lost as long as it is away.',
    todo: missing
      ? 'Mount the disk, give it to the user of the chunkserver, and reload the chunkserver.'
      : 'Look at the kernel log and SMART. After a cure reload the chunkserver; else replace the disk.',
    explains: true,
  };
}

function errors(disk: Disk, context: Context): Finding {
  const age =
    context.at === undefined
      ? ''
      : `, ${duration((context.at - disk.lastErrorAt * 1000) / 1000)} ago`;
  return {
    ...common(disk, context),
    code: 'LIZARDFS_DISK_ERRORS',
    severity: 'warning',
    title: 'disk has errors',
    says: `${disk.path} of ${disk.server} failed${atChunk(disk)}${age}.`,
    means: 'After a few errors in a short time the chunkserver takes the disk out of use.',
    todo: 'Look at the kernel log and SMART of the disk before it gets worse.',
  };
}

function atChunk({ lastErrorChunk }: Disk): string {
  return lastErrorChunk === undefined ? '' : ` at chunk ${lastErrorChunk}`;
}

function removal(disk: Disk, context: Context): Finding {
  const { server, path, chunks, usedBytes, removable } = disk;
  return {
    ...common(disk, context),
    code: 'LIZARDFS_DISK_REMOVAL',
    severity: 'warning',
    title: 'disk marked for removal',
    says: `${path} of ${server} is marked for removal; ${count(chunks, 'chunk part')} are on it, ${bytes(usedBytes)}.`,
    means:
      removable === true
        ? 'Every chunk on it has enough copies on other disks.'
        : 'Its chunks are copied to other disks. Nothing new is written to it.',
    todo:
      removable === true
        ? 'The disk can be taken out of the list of disks, and then out of the host.'
        : 'Wait until no chunk part is on it before it is taken out: they count as good copies, so no goal shows them as missing.',
  };
}

function scanning(disk: Disk, context: Context): Finding {
  return {
    ...common(disk, context),
    code: 'LIZARDFS_DISK_SCANNING',
    severity: 'warning',
    title: 'disk being scanned',
    says: `${disk.server} looks through ${disk.path}.`,
    means: 'Chunks on it that have not been seen yet count as missing until the scan is over.',
    todo: 'Wait for the scan before anything is concluded from the numbers of chunks.',
    heals: true,
  };
}
