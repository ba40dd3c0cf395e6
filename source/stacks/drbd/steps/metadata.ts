import { z } from 'zod';
import { reads, type Command, type Outcome, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf, listed } from '../../../core/text.js';
import { lookAtDevice } from '../../../tools/device.js';
import { closedBecause, heldBy } from '../../../tools/disk-gate.js';
import { drbdadm, sideSchema } from './side.js';

const path = z.string().regex(/^\/dev\/[\w./:@+=,#-]+$/, 'no path of a device');

const paramsSchema = sideSchema.extend({
  /** The volume's data, as the configuration names it. */
  backing: path,
  /** What was reviewed; anything else now is another disk. */
  sizeBytes: z.number().int().positive(),
  /** Where the metadata is kept: behind the data, or on a device of its own. */
  metadata: z.union([z.literal('internal'), path]),
  /** The signatures that may be there: a file system that stays, or metadata that is replaced. */
  accepted: z.array(z.string()),
  /** The device UUID of old metadata that is replaced (libblkid's UUID of `drbd`); left out: none. */
  replaces: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
});

/** The parameters of `drbd.create-metadata`. */
export type CreateMetadata = z.infer<typeof paramsSchema>;

/** The generation of data that metadata begin with: nobody has written anything yet. */
const NEVER_USED = '0000000000000004';

/** What a resource's metadata on a host tell of its data, whether it is up or down. */
export type GenerationLook =
  | { readonly kind: 'none' }
  | { readonly kind: 'there'; readonly neverUsed: boolean }
  | { readonly kind: 'not known'; readonly because: string };

/**
 * Asks for the generation of a resource's data. `get-gi` ends with 1 and no word where there are no
 * metadata; with 1, 10 or 20 and a word where the configuration does not work (seen with 9.22).
 */
export async function lookAtGeneration(host: Reader, resource: string): Promise<GenerationLook> {
  const outcome = await host.run(reads(['drbdadm', 'get-gi', resource], 20_000));
  if (outcome.kind !== 'exited') return { kind: 'not known', because: outcome.reason };
  const [, current] = /^([0-9A-Fa-f]{16}):/m.exec(outcome.stdout) ?? [];
  if (outcome.code === 0 && current !== undefined) {
    return { kind: 'there', neverUsed: current === NEVER_USED };
  }
  const said = linesOf(outcome.stderr).find((line) => line.trim() !== '');
  if (said === undefined || /No valid meta ?data/i.test(said)) return { kind: 'none' };
  return { kind: 'not known', because: said.trim() };
}

/**
 * Writes DRBD's metadata. `--force` answers the questions of create-md, which without a terminal are
 * No; what they ask is settled by the check: the same disk, nothing on it but what was accepted, and
 * nobody using it. A file system that reaches into the metadata's place is refused by create-md
 * itself (exit 40), also with `--force`.
 */
export const createMetadata = defineStep<CreateMetadata>({
  id: 'drbd.create-metadata',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ backing, metadata }) =>
    [backing, ...(metadata === 'internal' ? [] : [metadata])].map((one) => ({
      kind: 'overwrites',
      path: one,
    })),
  tell: ({ resource, backing, metadata, replaces }) => ({
    title: "write DRBD's metadata",
    on: `${resource}, ${metadata === 'internal' ? `at the end of ${backing}` : `on ${metadata}`}`,
    ...(replaces !== undefined && { loses: `the metadata of another resource on ${backing}` }),
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(create(params).argv)] }),
  check,
  commands: (params) => [create(params)],
  explain,
  undo: ({ resource, backing }) => ({
    kind: 'commands',
    says: `wipe DRBD's metadata of ${resource}; the data on ${backing} is not touched`,
    // The old order of words: wipe-md takes no option by itself (seen with drbd-utils 9.22).
    commands: [drbdadm('changes', '--', '--force', 'wipe-md', resource)],
  }),
});

async function check(host: Reader, params: CreateMetadata): Promise<Verdict> {
  const generation = await lookAtGeneration(host, params.resource);
  if (generation.kind === 'not known') return { kind: 'cannotTell', because: generation.because };
  if (generation.kind === 'there' && params.replaces === undefined) return { kind: 'done' };
  const look = await lookAtDevice(host, params.backing);
  if (!look.ok) return { kind: 'refused', because: look.because };
  const { tree, device } = look;
  const isOld = device.signatures.includes('drbd') && device.uuid === params.replaces;
  if (generation.kind === 'there' && !isOld) return { kind: 'done' };
  if (device.sizeBytes !== params.sizeBytes) {
    const because = `${params.backing} has ${device.sizeBytes} bytes by now, not ${params.sizeBytes} as reviewed`;
    return { kind: 'refused', because };
  }
  const closed = closedBecause(tree, device);
  if (closed !== undefined) return { kind: 'refused', because: closed };
  const unexpected = heldBy(tree, device).filter((type) => !params.accepted.includes(type));
  if (unexpected.length === 0) return { kind: 'notYet' };
  return {
    kind: 'refused',
    because: `${params.backing} holds ${listed(unexpected)}, which was not accepted`,
  };
}

function create({ driver, resource }: CreateMetadata): Command<'changes'> {
  return driver === '8.3'
    ? drbdadm('changes', '--', '--force', 'create-md', resource)
    : drbdadm('changes', 'create-md', '--force', resource);
}

/** create-md's exit codes as drbd-utils 9.22 ended with them. */
function explain(outcome: Outcome, { backing }: CreateMetadata): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  if (outcome.code === 40) {
    return `what is on ${backing} reaches to its end, where the metadata are to be: make the volume larger, shrink the file system, or keep the metadata on a device of their own. Nothing was written`;
  }
  return /is configured!|Device or resource busy/.test(outcome.stderr)
    ? `${backing} was taken into use after it was looked at; nothing was written on it`
    : undefined;
}
