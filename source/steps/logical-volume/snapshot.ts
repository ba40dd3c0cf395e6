import { z } from 'zod';
import { reads, type Command, type Outcome, type Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { linesOf } from '../../core/text.js';
import { bytes } from '../../core/units.js';
import { lvmName } from './volume.js';

const ownSchema = z.strictObject({
  vg: lvmName,
  /** What it is a snapshot of. */
  lv: lvmName,
  name: lvmName,
  /** Tells this snapshot from any other of its name: it is a tag of it in LVM's metadata. */
  id: z.uuid(),
});

/** Which snapshot, as steps and looks name it. */
export type OwnSnapshot = z.infer<typeof ownSchema>;

const takeSchema = ownSchema.extend({
  /** Room for what changes on the origin, and on the snapshot itself, while it is there. */
  sizeBytes: z.number().int().positive(),
});

/** The parameters of `lvm.snapshot`. */
export type TakeSnapshot = z.infer<typeof takeSchema>;

/** How a snapshot stands. */
export type SnapshotNow =
  | { readonly kind: 'none' }
  /** `filled`: the share of its room that is used, 0 to 1. */
  | { readonly kind: 'there'; readonly filled: number | undefined }
  | { readonly kind: 'overflowed' }
  /** One of that name that this plan did not make. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'not known'; readonly because: string };

/** Looks at a snapshot. The fifth letter of the attributes is its state (lvs(8)). */
export async function lookAtSnapshot(host: Reader, own: OwnSnapshot): Promise<SnapshotNow> {
  const columns = 'lv_name,origin,lv_attr,snap_percent,lv_tags';
  const argv = ['lvs', '--noheadings', '--separator', '|', '-o', columns, '--', own.vg];
  const outcome = await host.run(reads(argv, 20_000));
  if (outcome.kind !== 'exited') return { kind: 'not known', because: outcome.reason };
  if (outcome.code !== 0) {
    const said = linesOf(outcome.stderr).at(-1)?.trim();
    return { kind: 'not known', because: said ?? `lvs ended with exit code ${outcome.code}` };
  }
  const rows = linesOf(outcome.stdout).map((line) => line.trim().split('|'));
  const found = rows.find(([name]) => name === own.name);
  if (!found) return { kind: 'none' };
  const [, origin, attributes = '', filled = '', tags = ''] = found;
  if (origin !== own.lv || !tags.split(',').includes(tagOf(own))) return { kind: 'foreign' };
  if (/^.{4}[IS]/.test(attributes)) return { kind: 'overflowed' };
  return { kind: 'there', filled: filled === '' ? undefined : Number(filled) / 100 };
}

/** The tag by which LVM knows whose it is. */
export function tagOf({ id }: Pick<OwnSnapshot, 'id'>): string {
  return `holdfast_${id}`;
}

/** Takes a snapshot of a volume, as it is at that instant; the volume goes on unchanged. */
export const takeSnapshot = defineStep<TakeSnapshot>({
  id: 'lvm.snapshot',
  params: takeSchema,
  effect: () => 'changes',
  touches: ({ vg }) => [{ kind: 'volume-group', name: vg }],
  tell: ({ vg, lv, name, sizeBytes }) => ({
    title: `take a snapshot, ${bytes(sizeBytes)}`,
    on: `${vg}/${lv} → ${vg}/${name}`,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(create(params).argv)] }),
  check: async (host, params): Promise<Verdict> => {
    const now = await lookAtSnapshot(host, params);
    return now.kind === 'none' ? { kind: 'notYet' } : (amiss(now, params) ?? { kind: 'done' });
  },
  commands: (params) => [create(params)],
  explain: (outcome: Outcome, { vg, sizeBytes }) =>
    outcome.kind === 'exited' && outcome.stderr.includes('insufficient free space')
      ? `${vg} has less than ${bytes(sizeBytes)} free by now`
      : undefined,
  undo: (params) => ({
    kind: 'commands',
    says: `remove the snapshot ${params.vg}/${params.name}`,
    commands: [remove(params)],
  }),
});

/** Takes a snapshot away that the same plan made; no other, and none that is mounted. */
export const removeSnapshot = defineStep<OwnSnapshot>({
  id: 'lvm.remove-snapshot',
  params: ownSchema,
  effect: () => 'changes',
  touches: ({ vg }) => [{ kind: 'volume-group', name: vg }],
  tell: ({ vg, name }) => ({ title: 'remove the snapshot', on: `${vg}/${name}` }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(remove(params).argv)] }),
  check: async (host, params): Promise<Verdict> => {
    const now = await lookAtSnapshot(host, params);
    if (now.kind === 'none') return { kind: 'done' };
    if (now.kind === 'overflowed') return { kind: 'notYet' };
    return amiss(now, params) ?? { kind: 'notYet' };
  },
  commands: (params) => [remove(params)],
  undo: () => ({ kind: 'nothing' }),
});

function amiss(now: SnapshotNow, { vg, lv, name }: OwnSnapshot): Verdict | undefined {
  switch (now.kind) {
    case 'none':
    case 'there':
      return undefined;
    case 'overflowed':
      return { kind: 'done', says: overflowSays(vg, name) };
    case 'foreign': {
      const because = `${vg}/${name} is there, and this plan did not make it as a snapshot of ${lv}`;
      return { kind: 'refused', because };
    }
    case 'not known':
      return { kind: 'cannotTell', because: now.because };
  }
}

/** What it means that a snapshot has overflowed. */
export function overflowSays(vg: string, name: string): string {
  return `the snapshot ${vg}/${name} is full and of no use any more: more was written in that time than it has room for`;
}

function create({ vg, lv, name, sizeBytes, id }: TakeSnapshot): Command<'changes'> {
  const size = ['-L', `${sizeBytes}b`, '--addtag', tagOf({ id })];
  const argv = ['lvcreate', '-s', '-n', name, ...size, '--', `${vg}/${lv}`];
  return { argv, effect: 'changes', deadline: 120_000 };
}

function remove({ vg, name }: OwnSnapshot): Command<'changes'> {
  const argv = ['lvremove', '-f', '--', `${vg}/${name}`];
  return { argv, effect: 'changes', deadline: 120_000 };
}
