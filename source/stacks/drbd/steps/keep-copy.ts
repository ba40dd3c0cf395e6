import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { bytes } from '../../../core/units.js';
import { resourceName } from './side.js';

/** LVM's own rule for names (lvm(8)); a dash must not come first. */
const lvmName = z.string().regex(/^[A-Za-z0-9_.+][A-Za-z0-9_.+-]{0,120}$/);

/** The parameters, checked: names of LVM and DRBD go into commands. */
export const keepCopyParams = z.strictObject({
  resource: resourceName,
  /** The words after `drbdsetup` that ask for the data generation: `get-gi 0`. */
  identify: z.array(z.string().regex(/^[\w./:@+-]+$/)).min(2),
  vg: lvmName,
  lv: lvmName,
  /** The name of the copy. */
  name: lvmName,
  sizeBytes: z.number().int().positive(),
  /** The first 15 digits of the data generation that is copied (the last bit is only the role). */
  generation: z.string().regex(/^[0-9A-F]{15}$/),
});

/** The parameters of `drbd.keep-copy`. */
export type KeepCopy = z.infer<typeof keepCopyParams>;

/**
 * Takes the copy away only while the data it was made of is still on the disk: once the changes are
 * discarded, the copy is all that is left of them, and an undo must not lose it.
 */
const REMOVE = [
  'test -e /proc/drbd || exit 1',
  'want=$1 copy=$2; shift 2; g=$(drbdsetup "$@") || exit 1',
  'case $g in "$want"*) exec lvremove -f -- "$copy" ;; esac',
  'echo "$copy is kept: the data that it was made of is no longer on the disk"',
].join('\n');

/** Keeps the victim's data as an LVM snapshot of what the replica stands on. */
export const keepCopy = defineStep<KeepCopy>({
  id: 'drbd.keep-copy',
  params: keepCopyParams,
  effect: () => 'changes',
  touches: ({ vg }) => [{ kind: 'volume-group', name: vg }],
  tell: ({ resource, vg, name, sizeBytes }) => ({
    title: `keep a copy of the data (${bytes(sizeBytes)} for what changes)`,
    on: `${resource} → ${vg}/${name}`,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(snapshot(params).argv)] }),
  check,
  commands: (params) => [snapshot(params)],
  undo: ({ vg, name, identify, generation }) => ({
    kind: 'commands',
    says: `take the copy ${vg}/${name} away, unless the data was discarded: then it stays`,
    commands: [
      {
        argv: ['sh', '-c', REMOVE, 'sh', generation, `${vg}/${name}`, ...identify],
        effect: 'changes',
        deadline: 60_000,
      },
    ],
  }),
});

function snapshot({ vg, lv, name, sizeBytes }: KeepCopy): Command<'changes'> {
  const size = `${sizeBytes}b`;
  return {
    argv: ['lvcreate', '-s', '-n', name, '-L', size, '--', `${vg}/${lv}`],
    effect: 'changes',
    deadline: 120_000,
  };
}

async function check(host: Reader, { vg, lv, name }: KeepCopy): Promise<Verdict> {
  const form = ['--noheadings', '--separator', '|', '-o', 'lv_name,origin,lv_attr'];
  const outcome = await host.run(reads(['lvs', ...form, '--', vg], 20_000));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  if (outcome.code !== 0) {
    return { kind: 'cannotTell', because: outcome.stderr.trim() || `lvs does not know ${vg}` };
  }
  const rows = outcome.stdout.split('\n').map((line) => line.trim().split('|'));
  const found = rows.find(([known]) => known === name);
  if (!found) return { kind: 'notYet' };
  const [, origin, attributes = ''] = found;
  if (origin !== lv) return { kind: 'refused', because: `${vg}/${name} is no copy of ${lv}` };
  // The fifth character is the state: I and S are snapshots that overflowed (lvs(8)).
  if (/^.{4}[IS]/.test(attributes)) return { kind: 'refused', because: `${vg}/${name} is invalid` };
  return { kind: 'done' };
}
