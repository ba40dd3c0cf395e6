import { z } from 'zod';
import type { Command, Outcome, Reader } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep, type Verdict } from '../core/step.js';
import { bytes } from '../core/units.js';
import {
  fileSystemSizeCommand,
  GROWING,
  parseFileSystemSize,
  roomToGrow,
  type FileSystemSize,
} from '../tools/file-system-size.js';

const paramsSchema = z.strictObject({
  /** Any path of the device beneath; best one that stays with it. */
  device: z.string().regex(/^\/dev\/[\w./:@+=,#-]+$/, 'no path of a device'),
  /** Where the file system is mounted: it grows only while it is. */
  target: z.string().startsWith('/'),
  type: z.enum(GROWING),
  /** Of the file system that was reviewed. */
  uuid: z.string().min(1),
  /** What the review showed: the size of the file system and of its device. */
  fromBytes: z.number().positive(),
  deviceBytes: z.number().positive(),
});

/** The parameters of `file-system.grow`. */
export type GrowFileSystem = z.infer<typeof paramsSchema>;

/**
 * Lets a mounted file system take all of its device. It never shrinks one: no size is given, a
 * device that is smaller is refused, and neither ext4 nor xfs can be shrunk while it is mounted
 * (resize2fs(8), xfs_growfs(8)). Broken off it is simply smaller than it could be, and grows on.
 */
export const growFileSystem = defineStep<GrowFileSystem>({
  id: 'file-system.grow',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ target }) => [{ kind: 'mount-point', path: target }],
  tell: ({ target, type, fromBytes, deviceBytes }) => ({
    title: `grow ${type}`,
    on: `${target}  ${bytes(fromBytes)} to ${bytes(deviceBytes)}`,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(grow(params).argv)] }),
  check,
  commands: (params) => [grow(params)],
  explain,
  undo: ({ target }) => ({
    kind: 'impossible',
    because: `${target} stays as large as it is: it cannot be made smaller while it is mounted`,
  }),
});

async function check(host: Reader, params: GrowFileSystem): Promise<Verdict> {
  const { device, target, type } = params;
  const outcome = await host.run(fileSystemSizeCommand(device, target, type));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const size = parseFileSystemSize(outcome.stdout, target);
  const other = otherThing(size, params);
  if (other !== undefined) return { kind: 'refused', because: other };
  if (size.bytes === undefined) {
    const program = type === 'ext4' ? 'dumpe2fs' : 'xfs_info';
    return { kind: 'cannotTell', because: `${program} does not tell how large it is` };
  }
  if (roomToGrow(size) === 0) return { kind: 'done' };
  if (size.hasErrors) {
    return {
      kind: 'refused',
      because: `ext4 has met errors on ${device}: unmount it and run e2fsck first`,
    };
  }
  return { kind: 'notYet' };
}

/** What is not as it was reviewed. */
function otherThing(
  { device, mounted, bytes: own = 0 }: FileSystemSize,
  params: GrowFileSystem,
): string | undefined {
  const { target, type, uuid, deviceBytes } = params;
  if (!device) return `there is no device ${params.device}`;
  if (!mounted) return `nothing is mounted at ${target}`;
  if (mounted.number !== device.number) {
    return `what is mounted at ${target} is not on ${params.device}`;
  }
  if (mounted.uuid !== uuid || mounted.type !== type) {
    return `another file system is mounted at ${target} (${mounted.type}, UUID ${mounted.uuid || 'none'})`;
  }
  if (mounted.readOnly) return `${target} is mounted read-only`;
  if (device.bytes < deviceBytes) {
    return `${params.device} is smaller than reviewed: ${bytes(device.bytes)} instead of ${bytes(deviceBytes)}`;
  }
  return own > device.bytes
    ? `the file system (${bytes(own)}) is larger than its device (${bytes(device.bytes)})`
    : undefined;
}

function grow({ device, target, type }: GrowFileSystem): Command<'changes'> {
  const argv = type === 'ext4' ? ['resize2fs', device] : ['xfs_growfs', '-d', target];
  // A large ext4 that was made small gets new inode tables, group by group.
  return { argv, effect: 'changes', deadline: 3_600_000 };
}

/** The words of e2fsprogs 1.47 and xfsprogs 6.1. */
function explain(outcome: Outcome, { target, device }: GrowFileSystem): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  if (/does not support online resizing|No reserved GDT|resize_inode/i.test(outcome.stderr)) {
    return `ext4 at ${target} was made without room to grow while it is mounted: unmount it, then \`e2fsck -f ${device}\` and \`resize2fs ${device}\``;
  }
  if (outcome.stderr.includes('Permission denied to resize')) {
    return `the kernel does not let ext4 at ${target} grow: it has met errors, or this is a container without CAP_SYS_RESOURCE`;
  }
  if (/is not a mounted XFS filesystem|is not an XFS/.test(outcome.stderr)) {
    return `${target} was unmounted after it was looked at`;
  }
  return undefined;
}
