import { z } from 'zod';
import { reads, type Reader } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep, type Progress, type StepKind, type Verdict } from '../core/step.js';
import { linesOf } from '../core/text.js';
import { beginWork, lookAtWork, stopWork, type WorkNow } from './in-background.js';
import { mountedAt } from './mounted-at.js';

const folder = z
  .string()
  .regex(/^\/(?:[^\p{Cc}]*[^\p{Cc}/])?$/u, 'it must be a folder')
  .refine((path) => !path.split('/').includes('..'), 'it must not lead upwards');

const paramsSchema = z.strictObject({
  source: folder,
  /** A mount point: without its file system the copy would fill the disk beneath. */
  target: folder,
  /** Tells this copy from any other on the host. */
  id: z.uuid(),
});

/** The parameters of `files.copy` and `files.wait-copied`. */
export type CopyFiles = z.infer<typeof paramsSchema>;

/**
 * Everything that a file has: owners by number, links, ACLs, attributes, holes. What mkfs made is no
 * file of anybody's. Mounts beneath the source stay out.
 */
const RSYNC = ['rsync', '-aHAXSx', '--numeric-ids', '--exclude=/lost+found'];

function rsync({ source, target }: Pick<CopyFiles, 'source' | 'target'>): readonly string[] {
  const slash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);
  return [...RSYNC, '--no-inc-recursive', '--info=progress2', '--', slash(source), slash(target)];
}

function stateFolder({ id }: CopyFiles): string {
  return `/run/holdfast-copy-${id}`;
}

function lookAtCopy(host: Reader, params: CopyFiles): Promise<WorkNow | string> {
  return lookAtWork(host, stateFolder(params));
}

/** Begins to copy a folder into a file system; the copying goes on by itself on the host. */
export const copyFiles = defineStep<CopyFiles>({
  id: 'files.copy',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ target }) => [{ kind: 'mount-point', path: target }],
  tell: ({ source, target }) => ({ title: 'begin to copy', on: `${source} → ${target}` }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(rsync(params))] }),
  check: checkBegun,
  commands: (params) => [beginWork(stateFolder(params), rsync(params))],
  undo: (params) => ({
    kind: 'commands',
    says: 'stop copying; what was copied stays, the source is as it was',
    commands: [stopWork(stateFolder(params))],
  }),
});

async function checkBegun(host: Reader, params: CopyFiles): Promise<Verdict> {
  const now = await lookAtCopy(host, params);
  if (typeof now === 'string') return { kind: 'cannotTell', because: now };
  if (now.state !== 'none') return { kind: 'done' };
  const mounted = await mountedAt(host, params.target);
  if (mounted.kind === 'not known') return { kind: 'cannotTell', because: mounted.because };
  if (mounted.kind === 'nothing') {
    return { kind: 'refused', because: `nothing is mounted at ${params.target}` };
  }
  const there = await host.run(reads(['test', '-d', params.source]));
  return there.kind === 'exited' && there.code === 0
    ? { kind: 'notYet' }
    : { kind: 'refused', because: `there is no folder ${params.source}` };
}

/** What steps have in common that look how far a copy is. */
const looking: Pick<StepKind<CopyFiles>, 'effect' | 'touches' | 'commands' | 'undo'> = {
  effect: () => 'reads',
  touches: () => [],
  commands: () => [],
  undo: () => ({ kind: 'nothing' }),
};

/** Waits until a copy has ended well, however long it takes. */
export const waitCopied = defineStep<CopyFiles>({
  id: 'files.wait-copied',
  params: paramsSchema,
  ...looking,
  tell: ({ source, target }) => ({ title: 'wait until it is copied', on: `${source} → ${target}` }),
  preview: () => ({ kind: 'looks', lines: ['rsync has ended with 0'] }),
  check: checkCopied,
  wait: {
    every: 2000,
    atMost: 14 * 24 * 3600 * 1000,
    progress: async (host, params) => {
      const now = await lookAtCopy(host, params);
      return typeof now === 'string' ? undefined : copyProgress(now.last);
    },
  },
});

async function checkCopied(host: Reader, params: CopyFiles): Promise<Verdict> {
  const now = await lookAtCopy(host, params);
  if (typeof now === 'string') return { kind: 'cannotTell', because: now };
  if (now.state === 'runs') return { kind: 'notYet' };
  const again = 'what was copied stays: make the plan again to copy the rest';
  if (now.state !== 'ended') {
    return {
      kind: 'refused',
      because: `the copying was broken off (did the host restart?); ${again}`,
    };
  }
  if (now.code === 0) return { kind: 'done' };
  return { kind: 'refused', because: `rsync ended with ${now.code}: ${now.last}; ${again}` };
}

/** `  1,234,567  12%    3.21MB/s    0:00:12 (xfr#1, to-chk=…)`: rsync(1), `--info=progress2`. */
export function copyProgress(line: string): Progress {
  const [, amount, share, rate, h, m, s] =
    /^([\d,.]+\w?)\s+(\d+)%\s+(\S+\/s)\s+(\d+):(\d\d):(\d\d)/.exec(line.trim()) ?? [];
  if (amount === undefined || share === undefined) return { says: 'rsync lists the files' };
  return {
    share: Number(share) / 100,
    says: `${share} %, ${rate ?? ''}`,
    secondsLeft: Number(h) * 3600 + Number(m) * 60 + Number(s),
  };
}

const sameSchema = z.strictObject({
  ...{ source: folder, target: folder },
  /** Whether every byte is read and compared, and not only sizes, times and rights. */
  bytes: z.boolean(),
});

/** The parameters of `files.see-same`. */
export type SeeSame = z.infer<typeof sameSchema>;

function dryRun({ source, target, bytes }: SeeSame): readonly string[] {
  const [program = 'rsync', ...words] = rsync({ source, target });
  const quiet = words.filter((word) => word !== '--info=progress2');
  return [program, '-n', '-i', ...(bytes ? ['--checksum'] : []), ...quiet];
}

/** Sees that a second look would copy nothing more: the copy is the same as its source. */
export const seeSame = defineStep<SeeSame>({
  id: 'files.see-same',
  params: sameSchema,
  effect: () => 'reads',
  touches: () => [],
  commands: () => [],
  undo: () => ({ kind: 'nothing' }),
  tell: ({ source, target }) => ({
    title: 'see that both are the same',
    on: `${source} ↔ ${target}`,
  }),
  preview: (params) => ({
    kind: 'looks',
    lines: [`${quoteAll(dryRun(params))}  must list nothing`],
  }),
  check: async (host, params) => {
    const outcome = await host.run(reads(dryRun(params), 6 * 3600 * 1000));
    if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
    const listed = linesOf(outcome.stdout).filter((line) => line.trim() !== '');
    if (outcome.code === 0 && listed.length === 0) return { kind: 'done' };
    const because =
      listed.length > 0
        ? `the source was changed while it was copied: ${listed[0]?.trim() ?? ''}${listed.length > 1 ? ` and ${listed.length - 1} more` : ''}; make the plan again to copy the rest`
        : `rsync ended with ${outcome.code}: ${linesOf(outcome.stderr).at(-1) ?? ''}`;
    return { kind: 'refused', because };
  },
});
