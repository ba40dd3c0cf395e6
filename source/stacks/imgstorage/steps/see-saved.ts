import { z } from 'zod';
import { reads, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import { snapshotName, volumeName, zvolPath } from '../../../steps/zfs/names.js';
import { lookIntoMemory } from '../../../tools/snapshot-memory.js';

const paramsSchema = z.strictObject({
  /**
   * The container's own volume, and since when it must not have been written on: since a snapshot that the
   * NAS has as well, or, where it was never received whole, since the review, by what it referred to then.
   * Null: there is none.
   */
  volume: z
    .union([
      z.strictObject({ name: volumeName, snapshot: snapshotName }),
      z.strictObject({ name: volumeName, referenced: z.number().int().nonnegative() }),
    ])
    .nullable(),
  /** What was written beside it; null: there is none. */
  memory: volumeName.nullable(),
});

/** The parameters of `imgstorage.see-saved`. */
export type SeeSaved = z.infer<typeof paramsSchema>;

/**
 * Sees, right before volumes of a container are destroyed, that they hold nothing which the NAS does not
 * have: nothing was written since the snapshot that both have, and nothing lies beside that is not merged.
 */
export const seeSaved = defineStep<SeeSaved>({
  id: 'imgstorage.see-saved',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ volume, memory }) => ({
    title: 'see that they hold nothing that the NAS does not have',
    on: [volume?.name, memory].filter((name) => name != null).join(', '),
  }),
  preview: ({ volume, memory }) => ({
    kind: 'looks',
    lines: [
      ...(volume ? [`${quoteAll(getArgv(volume))}  must say ${wanted(volume)}`] : []),
      ...(memory === null ? [] : [`${zvolPath(memory)}: nothing in its tables that is not merged`]),
    ],
  }),
  check: async (host, { volume, memory }) => {
    const verdicts = await Promise.all([
      volume ? writtenSince(host, volume) : done,
      memory === null ? done : isMerged(host, memory),
    ]);
    return verdicts.find(({ kind }) => kind !== 'done') ?? done;
  },
  commands: () => [],
  undo: () => ({ kind: 'nothing' }),
});

const done: Verdict = { kind: 'done' };

type Volume = NonNullable<SeeSaved['volume']>;

function getArgv(volume: Volume): readonly string[] {
  const property = 'snapshot' in volume ? `written@${volume.snapshot}` : 'referenced';
  return ['zfs', 'get', '-H', '-p', '-o', 'value', property, volume.name];
}

function wanted(volume: Volume): string {
  return 'snapshot' in volume ? '0' : String(volume.referenced);
}

async function writtenSince(host: Reader, volume: Volume): Promise<Verdict> {
  const { name } = volume;
  const outcome = await host.run(reads(getArgv(volume)));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const said = outcome.stdout.trim();
  if (outcome.code !== 0 || !/^\d+$/.test(said)) {
    const because = linesOf(outcome.stderr)[0]?.trim() ?? `zfs says ${said} of ${name}`;
    return { kind: 'cannotTell', because };
  }
  if (said === wanted(volume)) return done;
  const because =
    'snapshot' in volume
      ? `${bytes(Number(said))} were written to ${name} since ${volume.snapshot}, and the NAS does not have them: make the plan again`
      : `${name} refers to ${said} bytes by now, not to ${wanted(volume)} as reviewed: it was written on, make the plan again`;
  return { kind: 'refused', because };
}

async function isMerged(host: Reader, name: string): Promise<Verdict> {
  const look = await lookIntoMemory(host, zvolPath(name));
  if (!look.ok) return { kind: 'cannotTell', because: `${name}: ${look.because}` };
  const { valid, bytes: left, more } = look.memory;
  if (valid && left === 0) return done;
  const much = `${more ? 'more than ' : ''}${bytes(left)}`;
  const because = `${name} holds ${much} that are merged into nothing: make the plan again`;
  return { kind: 'refused', because };
}
