import type { Finding, Severity } from '../../../core/finding.js';
import { mountNode } from '../../../core/graph.js';
import { quote } from '../../../core/quote.js';
import type { Millis } from '../../../core/host.js';
import type { MountEntry } from '../../../tools/mountinfo.js';
import { blockNodes } from '../../../tools/block-graph.js';
import { bytes, duration, percent } from '../../../core/units.js';
import { inodeShare, usedShare } from '../read/usage.js';
import { turnedReadOnly, type FileSystem } from '../view.js';
import { make, quoted } from './make.js';

/** Full enough to be told, as a share of what everybody may take. */
const NEARLY = 0.9;
const FULL = 0.99;
/** Errors younger than this, in seconds, happen now. */
const RECENT = 86_400;

/** What is wrong with the file systems of a host. */
export function fileSystemFindings(
  fileSystems: readonly FileSystem[],
  now: Millis,
): readonly Finding[] {
  return fileSystems.flatMap((one) => [...readOnly(one), ...errors(one, now), ...full(one)]);
}

function base({ host, point, device }: FileSystem) {
  return { host, thing: point, about: [blockNodes.fileSystem(host, device.kernelName)] };
}

function readOnly(fs: FileSystem): readonly Finding[] {
  if (!turnedReadOnly(fs)) return [];
  const { host, point, type, device, mounts } = fs;
  return [
    make({
      ...base(fs),
      code: 'FILE_SYSTEM_READ_ONLY',
      severity: 'alert',
      title: 'file system turned read-only',
      says: `${point} (${type} on ${device.name}) was mounted for writing, and the kernel made it read-only.`,
      means: 'It met an error and was stopped before it did harm. Whatever writes there fails.',
      todo: 'Find the cause in the kernel log (`dmesg -T`) and mend the disk first. Then stop what uses it, unmount it, check it (`fsck`) and mount it again.',
      evidence: quoted(host, 'cat /proc/self/mountinfo', mounts.map(mountLine)),
      explains: true,
    }),
  ];
}

function errors(fs: FileSystem, now: Millis): readonly Finding[] {
  const { host, point, device, errors: found } = fs;
  if (!found || found.count === 0) return [];
  const age = found.lastAt === null ? null : now / 1000 - found.lastAt;
  const recent = age !== null && age < RECENT;
  return [
    make({
      ...base(fs),
      code: 'FILE_SYSTEM_ERRORS',
      severity: recent ? 'alert' : 'warning',
      title: 'file system has errors',
      says: `ext4 on ${device.name} (${point}) counted ${found.count} errors${age === null ? '' : `, the last ${duration(age)} ago`}.`,
      means:
        'It may be read-only although mount says rw, and what is written now may be lost. The count stays until the file system is checked.',
      todo: 'Look into the kernel log (`dmesg -T`) and at the disk. Stop what uses it, unmount it, and check it: `e2fsck -f`.',
      evidence: quoted(host, `cat /sys/fs/ext4/${device.kernelName}/errors_count`, [
        String(found.count),
      ]),
      explains: recent,
    }),
  ];
}

function full(fs: FileSystem): readonly Finding[] {
  const { host, point, use, device } = fs;
  if (!use) return [];
  const spaces = [
    { share: usedShare(use), what: 'space', left: bytes(use.availableBytes) },
    { share: inodeShare(use), what: 'inodes', left: `${use.inodesFree} inodes` },
  ];
  const worst = spaces.reduce((a, b) => (b.share > a.share ? b : a));
  if (worst.share < NEARLY) return [];
  const severity: Severity = worst.share >= FULL ? 'alert' : 'warning';
  const isFull = severity === 'alert';
  const ofInodes = worst.what === 'inodes';
  return [
    make({
      ...base(fs),
      about: [mountNode(host, point)],
      code: isFull ? 'FILE_SYSTEM_FULL' : 'FILE_SYSTEM_NEARLY_FULL',
      severity,
      title: `file system ${isFull ? 'full' : 'nearly full'}`,
      says: `${point} on ${device.name}: ${percent(worst.share)} of its ${worst.what} taken, ${worst.left} left.`,
      means: isFull
        ? 'Writes there fail. Virtual machines with disks on it stop or lose what they write.'
        : 'When it is full, writes there fail.',
      todo: ofInodes
        ? `Many small files took the inodes; find them: \`du --inodes -xd1 ${quote(point)}\`.`
        : `See what takes the room (\`du -xhd1 ${quote(point)}\`), make room or make it larger.`,
      evidence: quoted(host, `stat -f ${quote(point)}`, [
        `${bytes(use.usedBytes)} of ${bytes(use.sizeBytes)} used, ${bytes(use.availableBytes)} available`,
      ]),
    }),
  ];
}

function mountLine({
  number,
  root,
  point,
  options,
  type,
  source,
  superOptions,
}: MountEntry): string {
  return `${number} ${root} ${point} ${options.join(',')} - ${type} ${source} ${superOptions.join(',')}`;
}
