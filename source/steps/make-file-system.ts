import { z } from 'zod';
import type { Command, Outcome, Reader } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep, type Undo, type Verdict } from '../core/step.js';
import { listed } from '../core/text.js';
import { bytes } from '../core/units.js';
import type { BlockDevice } from '../tools/block-devices.js';
import { lookAtDevice } from '../tools/device.js';
import { closedBecause, heldBy } from '../tools/disk-gate.js';

const paramsSchema = z.strictObject({
  /** `/dev/disk/by-id/…`: a name that stays with the disk. */
  device: z.string().regex(/^\/dev\/[\w./:@+=,#-]+$/, 'no path of a device'),
  type: z.enum(['ext4', 'xfs']),
  /** Given to the new file system, so that it can be told from any other. */
  uuid: z.uuid(),
  /** What the review showed; anything else now is another disk. */
  serial: z.string(),
  wwn: z.string(),
  sizeBytes: z.number().positive(),
  /** The signatures whose loss was accepted by name; empty: the disk was blank. */
  accepted: z.array(z.string()),
});

/** The parameters of `disk.make-file-system`. */
export type MakeFileSystem = z.infer<typeof paramsSchema>;

/**
 * Makes a file system. mkfs.ext4 without a terminal overwrites a PV, a GPT or another file system
 * without asking and exits 0, so the check before it is the wall: the same disk, nothing on it but
 * what was accepted, nobody using it, judged as the wizard judges disks. What comes into use between
 * the check and mkfs the kernel tells mkfs, unless it is a process that opened it without O_EXCL.
 */
export const makeFileSystem = defineStep<MakeFileSystem>({
  id: 'disk.make-file-system',
  params: paramsSchema,
  effect: () => 'destroys',
  touches: ({ device }) => [{ kind: 'overwrites', path: device }],
  tell: ({ device, type, accepted, sizeBytes }) => ({
    title: `make ${type}`,
    on: `${device}  ${bytes(sizeBytes)}`,
    ...(accepted.length > 0 && { loses: `${listed(accepted)} on ${device}` }),
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(mkfs(params).argv)] }),
  check,
  commands: (params) => [mkfs(params)],
  explain,
  undo: stays,
});

function check(host: Reader, params: MakeFileSystem): Promise<Verdict> {
  return checkMaking(host, params, {
    other: (device) => otherDisk(device, params),
    isFinished: ({ unfinished }) => !unfinished,
  });
}

/** A file system that a step makes, whatever program makes it. */
export type Making = Pick<MakeFileSystem, 'device' | 'uuid' | 'accepted'> & {
  /** As libblkid calls it. */
  readonly type: string;
};

/**
 * Whether a file system may be made on a device: it is the one that was reviewed, nobody uses it, and it
 * holds nothing but what was accepted. What the same step made is done, if it came to its end.
 */
export async function checkMaking(
  host: Reader,
  making: Making,
  is: {
    /** Why it is not the device that was reviewed. */
    readonly other: (device: BlockDevice) => string | undefined;
    /** Whether the step's own file system was made to its end. */
    readonly isFinished: (device: BlockDevice) => boolean | Promise<boolean>;
  },
): Promise<Verdict> {
  const look = await lookAtDevice(host, making.device);
  if (!look.ok) return { kind: 'refused', because: look.because };
  const { tree, device } = look;
  const other = is.other(device);
  if (other !== undefined) return { kind: 'refused', because: other };
  const own = device.uuid === making.uuid && device.signatures.includes(making.type);
  if (own && (await is.isFinished(device))) return { kind: 'done' };
  const closed = closedBecause(tree, device);
  if (closed !== undefined) return { kind: 'refused', because: closed };
  // What a mkfs of this very step left when it was killed needs nobody's acceptance.
  const accepted = own ? [...making.accepted, making.type] : making.accepted;
  const unexpected = heldBy(tree, device).filter((type) => !accepted.includes(type));
  if (unexpected.length === 0) return { kind: 'notYet' };
  return { kind: 'refused', because: `it holds ${listed(unexpected)}, which was not accepted` };
}

/** What undo does about a file system that was made: nothing. */
export function stays({ device }: Pick<Making, 'device'>): Undo {
  const because = `the file system on ${device} stays: what was there before cannot be brought back`;
  return { kind: 'impossible', because };
}

function otherDisk(device: BlockDevice, params: MakeFileSystem): string | undefined {
  const is = identity(device);
  const was = identity(params);
  return is === was ? undefined : `it is another disk than reviewed: ${is}; it was ${was}`;
}

function identity(disk: Pick<BlockDevice, 'serial' | 'wwn' | 'sizeBytes'>): string {
  const size = `${bytes(disk.sizeBytes)} (${disk.sizeBytes})`;
  return `serial ${disk.serial || 'none'}, WWN ${disk.wwn || 'none'}, ${size}`;
}

/** The words of e2fsprogs 1.47 and xfsprogs 6.1, tried on a mounted, a swapped on and a held disk. */
function explain(outcome: Outcome, { device }: MakeFileSystem): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  if (/is mounted; will not make|contains a mounted filesystem/.test(outcome.stderr)) {
    // It says so of swap as well.
    return `${device} was mounted or swapped on after it was looked at; nothing was written on it`;
  }
  if (/is apparently in use by the system|Device or resource busy/.test(outcome.stderr)) {
    return `${device} was taken into use after it was looked at (the kernel says that something holds it); nothing was written on it`;
  }
  return undefined;
}

/** `-F` and `-f` because the questions they answer have been answered by the check. */
function mkfs({ device, type, uuid }: MakeFileSystem): Command<'destroys'> {
  const argv =
    type === 'ext4'
      ? ['mkfs.ext4', '-F', '-U', uuid, device]
      : ['mkfs.xfs', '-f', '-m', `uuid=${uuid}`, device];
  return { argv, effect: 'destroys', deadline: 3_600_000 };
}
