import { z } from 'zod';
import { reads, type Command, type Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { bytes } from '../../core/units.js';
import { lookAtMapped, mapperName, unmerged, whoHas, type Mapped } from './mapped.js';

const SECTOR = 512;
const DAY = 24 * 3600 * 1000;

const devicePath = z.string().regex(/^\/dev\/[\w./:@+=,-]+$/, 'no path of a device');

const paramsSchema = z.strictObject({
  name: mapperName,
  sectors: z.number().int().positive(),
  /** What is merged into. */
  origin: devicePath,
  /** What a snapshot wrote aside. */
  memory: devicePath,
  /** Sectors of one chunk, as the snapshot was made with. */
  chunk: z.number().int().positive(),
});

/** The parameters of `device-mapper.merge`. */
export type Merge = z.infer<typeof paramsSchema>;

function table({ sectors, origin, memory, chunk }: Merge): string {
  return `0 ${sectors} snapshot-merge ${origin} ${memory} P ${chunk}`;
}

/**
 * Begins to merge what a snapshot wrote aside into what it was made of. The kernel goes on by itself
 * (Documentation/admin-guide/device-mapper/snapshot.rst), what was merged is struck off in the memory,
 * and origin and memory are the same data together at every instant: broken off, it can be begun again.
 */
export const merge = defineStep<Merge>({
  id: 'device-mapper.merge',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ origin, memory }) => [
    { kind: 'overwrites', path: origin },
    { kind: 'overwrites', path: memory },
  ],
  tell: ({ origin, memory }) => ({
    title: 'begin to merge what was written aside',
    on: `${memory} → ${origin}`,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(create(params).argv)] }),
  check,
  commands: (params) => [create(params)],
  explain: (outcome, { origin }) =>
    outcome.kind === 'exited' && /Invalid argument|busy/i.test(outcome.stderr)
      ? `the kernel refused it: \`dmesg | tail\` says why; ${origin} may be in use, or what was written aside is not valid`
      : undefined,
  undo: ({ name, origin }) => ({
    kind: 'commands',
    says: `stop merging; what reached ${origin} stays there, the rest stays aside, and nothing is lost`,
    commands: [remove({ name })],
  }),
});

function create(params: Merge): Command<'changes'> {
  const argv = ['dmsetup', 'create', params.name, '--table', table(params)];
  return { argv, effect: 'changes', deadline: 60_000 };
}

async function check(host: Reader, params: Merge): Promise<Verdict> {
  const [look, origin, memory] = await Promise.all([
    lookAtMapped(host, params.name),
    numberOf(host, params.origin),
    numberOf(host, params.memory),
  ]);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  if (origin === undefined || memory === undefined) {
    const gone = origin === undefined ? params.origin : params.memory;
    return { kind: 'refused', because: `there is no block device ${gone}` };
  }
  const { device } = look;
  if (!device) return { kind: 'notYet' };
  if (device.table === table({ ...params, origin, memory })) return { kind: 'done' };
  const because = `${params.name} is there already and is another device: ${device.table}`;
  return { kind: 'refused', because };
}

/** `8:32`; stat prints it in hexadecimal. */
async function numberOf(host: Reader, path: string): Promise<string | undefined> {
  const outcome = await host.run(reads(['stat', '-L', '-c', '%F %t %T', path]));
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  const [, major, minor] =
    /^block special file ([0-9a-f]+) ([0-9a-f]+)$/.exec(outcome.stdout.trim()) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return `${Number.parseInt(major, 16)}:${Number.parseInt(minor, 16)}`;
}

const waitSchema = z.strictObject({
  name: mapperName,
  /** Sectors that were still to be merged when the plan was made. */
  from: z.number().int().nonnegative(),
});

/** The parameters of `device-mapper.wait-merged`. */
export type WaitMerged = z.infer<typeof waitSchema>;

/** Waits until all that was written aside is merged, however long that takes. */
export const waitMerged = defineStep<WaitMerged>({
  id: 'device-mapper.wait-merged',
  params: waitSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ name, from }) => ({
    title: `wait until ${bytes(from * SECTOR)} are merged`,
    on: name,
  }),
  preview: ({ name }) => ({
    kind: 'looks',
    lines: [`dmsetup status ${name}: as many sectors allocated as its own tables take`],
  }),
  check: checkMerged,
  commands: () => [],
  wait: {
    every: 2000,
    atMost: 14 * DAY,
    progress: async (host, { name, from }) => {
      const look = await lookAtMapped(host, name);
      const left = look.ok ? unmerged(look.device?.filling) : undefined;
      if (left === undefined) return undefined;
      const says = `${bytes(left * SECTOR)} left to merge`;
      return from === 0 ? { says } : { says, share: Math.min(1, Math.max(0, 1 - left / from)) };
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

async function checkMerged(host: Reader, { name }: WaitMerged): Promise<Verdict> {
  const look = await lookAtMapped(host, name);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const { device } = look;
  if (!device) return { kind: 'refused', because: `${name} is gone: the merge was broken off` };
  const odd = oddMerge(device);
  if (odd !== undefined) return { kind: 'refused', because: odd };
  return { kind: unmerged(device.filling) === 0 ? 'done' : 'notYet' };
}

/** Why a device will never have merged all; undefined: it may. */
function oddMerge({ name, table: live, filling, suspended }: Mapped): string | undefined {
  if (!/^0 \d+ snapshot-merge /.test(live)) return `${name} does not merge: its table is ${live}`;
  if (filling?.kind === 'broken') {
    return `the kernel gave the merge of ${name} up: ${filling.word}; its log says which disk failed`;
  }
  return suspended ? `the I/O of ${name} is suspended, and its merge with it` : undefined;
}

const endSchema = z.strictObject({ name: mapperName });

/** The parameters of `device-mapper.end-merge`. */
export type EndMerge = z.infer<typeof endSchema>;

/** Takes the device of a merge away that has merged all: origin alone has the data then. */
export const endMerge = defineStep<EndMerge>({
  id: 'device-mapper.end-merge',
  params: endSchema,
  effect: () => 'changes',
  touches: ({ name }) => [{ kind: 'uses', path: `/dev/mapper/${name}` }],
  tell: ({ name }) => ({ title: 'end the merge: all of it is done', on: name }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(remove(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtMapped(host, params.name);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const { device } = look;
    if (!device) return { kind: 'done' };
    const odd = oddMerge(device);
    if (odd !== undefined) return { kind: 'refused', because: odd };
    if (unmerged(device.filling) !== 0) {
      return { kind: 'refused', because: `${params.name} has not merged all yet` };
    }
    if (device.open === 0) return { kind: 'notYet' };
    return { kind: 'refused', because: `${params.name} is in use: ${await whoHas(host, device)}` };
  },
  commands: (params) => [remove(params)],
  undo: () => ({ kind: 'nothing' }),
});

function remove({ name }: EndMerge): Command<'changes'> {
  return { argv: ['dmsetup', 'remove', '--retry', name], effect: 'changes', deadline: 60_000 };
}
