import { z } from 'zod';
import type { Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { diskAt, diskPlace, type DiskPlace } from './disk-at.js';

const paramsSchema = z.strictObject({
  ...diskPlace,
  /** What the master then says of the disk: it is marked for removal, or not listed any more. */
  then: z.enum(['marked', 'gone']),
  service: z.string().min(1),
  argv: z.array(z.string()).min(1),
});

/** The parameters of `lizardfs.reload-disks`. */
export type ReloadDisks = z.infer<typeof paramsSchema>;

/** Has a chunkserver read its list of disks again; only what it tells the master then is believed. */
export const reloadDisks = defineStep<ReloadDisks>({
  id: 'lizardfs.reload-disks',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ service, then }) => ({
    title: then === 'marked' ? 'let it begin to drain the disk' : 'let it give up the disk',
    on: service,
  }),
  preview: ({ argv, then, path }) => ({
    kind: 'commands',
    lines: [
      `${quoteAll(argv)}  then the master must ${then === 'marked' ? `have ${path} marked for removal` : `list ${path} no more`}`,
    ],
  }),
  check,
  commands: ({ argv }) => [{ argv, effect: 'changes', deadline: 120_000 }],
  wait: {
    every: 1000,
    atMost: 120_000,
    progress: () => Promise.resolve({ says: 'waiting for the master to show it' }),
  },
  undo: () => ({ kind: 'nothing' }),
});

async function check(host: Reader, params: ReloadDisks & DiskPlace): Promise<Verdict> {
  const seen = await diskAt(host, params);
  if (!seen.ok) return { kind: 'cannotTell', because: seen.because };
  const { disk, server } = seen;
  if (!server) return { kind: 'cannotTell', because: 'the master does not have its chunkserver' };
  if (params.then === 'gone') return { kind: disk ? 'notYet' : 'done' };
  if (!disk) return { kind: 'refused', because: `the master does not list ${params.path}` };
  return { kind: disk.toDelete ? 'done' : 'notYet' };
}
