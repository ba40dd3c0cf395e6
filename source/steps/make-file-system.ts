import { z } from 'zod';
import type { Command, Reader } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep, type Verdict } from '../core/step.js';
import { listed } from '../core/text.js';
import { bytes } from '../core/units.js';
import { blockingUse, lookAtDevice, signaturesOn } from '../tools/device.js';

const paramsSchema = z.strictObject({
  /** `/dev/disk/by-id/…`: a name that stays with the disk. */
  device: z.string().startsWith('/dev/'),
  type: z.enum(['ext4', 'xfs']),
  /** Given to the new file system, so that it can be told from any other. */
  uuid: z.uuid(),
  /** What the review showed; anything else now is another disk. */
  serial: z.string(),
  sizeBytes: z.number().positive(),
  /** The signatures whose loss was accepted by name; empty: the disk was blank. */
  accepted: z.array(z.string()),
});

/** The parameters of `disk.make-file-system`. */
export type MakeFileSystem = z.infer<typeof paramsSchema>;

/**
 * Makes a file system. mkfs.ext4 without a terminal overwrites a PV, a GPT or another file system
 * without asking and exits 0, so the check before it is the only wall: the same disk, nothing on it
 * but what was accepted, nobody holding it.
 */
export const makeFileSystem = defineStep<MakeFileSystem>({
  id: 'disk.make-file-system',
  params: paramsSchema,
  effect: () => 'destroys',
  tell: ({ device, type, accepted, sizeBytes }) => ({
    title: `make ${type}`,
    on: `${device}  ${bytes(sizeBytes)}`,
    ...(accepted.length > 0 && { loses: `${listed(accepted)} on ${device}` }),
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(mkfs(params).argv)] }),
  check,
  commands: (params) => [mkfs(params)],
  undo: ({ device }) => ({
    kind: 'impossible',
    because: `the file system on ${device} stays: what was there before cannot be brought back`,
  }),
});

async function check(host: Reader, params: MakeFileSystem): Promise<Verdict> {
  const look = await lookAtDevice(host, params.device);
  if (!look.ok) return { kind: 'refused', because: look.because };
  const { facts } = look;
  if (facts.serial !== params.serial || facts.sizeBytes !== params.sizeBytes) {
    const was = `serial ${params.serial || 'none'}, ${bytes(params.sizeBytes)}`;
    const is = `serial ${facts.serial || 'none'}, ${bytes(facts.sizeBytes)}`;
    return { kind: 'refused', because: `it is another disk than reviewed: ${is}; it was ${was}` };
  }
  if (facts.uuid === params.uuid) return { kind: 'done' };
  const use = blockingUse(facts);
  if (use !== undefined) return { kind: 'refused', because: use };
  const unexpected = signaturesOn(facts).filter((type) => !params.accepted.includes(type));
  if (unexpected.length > 0) {
    return { kind: 'refused', because: `it holds ${listed(unexpected)}, which was not accepted` };
  }
  return { kind: 'notYet' };
}

/** `-F` and `-f` because the questions they answer have been answered by the check. */
function mkfs({ device, type, uuid }: MakeFileSystem): Command<'destroys'> {
  const argv =
    type === 'ext4'
      ? ['mkfs.ext4', '-F', '-U', uuid, device]
      : ['mkfs.xfs', '-f', '-m', `uuid=${uuid}`, device];
  return { argv, effect: 'destroys', deadline: 3_600_000 };
}
