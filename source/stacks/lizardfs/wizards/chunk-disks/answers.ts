import { z } from 'zod';
import type { Answers } from '../../../../core/wizard.js';

/** `xs-1:/dev/disk/by-id/ata-…`, or the same in parts. */
const diskSchema = z.union([
  z.string().min(1).describe('HOST:/dev/disk/by-id/NAME'),
  z.strictObject({
    host: z.string().min(1),
    device: z.string().startsWith('/dev/disk/by-id/'),
    accept: z
      .array(z.string().min(1))
      .default([])
      .describe('What is on the disk and may be lost, each by its name: ext4, gpt'),
  }),
]);

const folder = z
  .string()
  .regex(/^\/[A-Za-z0-9_.:@/-]+$/, 'it must be a folder, such as /mnt, without blanks');

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  disks: z.array(diskSchema).min(1, 'choose at least one disk'),
  accept: z
    .array(z.string().min(1))
    .default([])
    .describe('What may be lost, as `HOST:/dev/disk/by-id/NAME SIGNATURE`'),
  fileSystem: z.enum(['ext4', 'xfs']).default('ext4'),
  mountRoot: folder.default('/mnt'),
});

/** The answers, whole. */
export type ChunkDiskAnswers = z.infer<typeof answersSchema>;

/** A disk that was chosen, and what of it may be lost. */
export interface ChosenDisk {
  readonly key: string;
  readonly accept: readonly string[];
}

/** The disks of the answers, in whichever form they were given. */
export function chosenDisks({ disks, accept }: ChunkDiskAnswers): readonly ChosenDisk[] {
  return disks.map((disk) => {
    const key = typeof disk === 'string' ? disk : `${disk.host}:${disk.device}`;
    const own = typeof disk === 'string' ? [] : disk.accept;
    const named = accept
      .filter((one) => one.startsWith(`${key} `))
      .map((one) => one.slice(key.length + 1));
    return { key, accept: [...own, ...named] };
  });
}

/** The keys of the disks chosen so far, from answers that nobody validated yet. */
export function chosenKeys(answers: Answers): ReadonlySet<string> {
  const read = z.array(diskSchema).safeParse(answers.disks);
  const disks = read.success ? read.data : [];
  return new Set(
    disks.map((disk) => (typeof disk === 'string' ? disk : `${disk.host}:${disk.device}`)),
  );
}
