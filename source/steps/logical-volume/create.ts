import { z } from 'zod';
import type { Command, Outcome, Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { listed } from '../../core/text.js';
import { bytes } from '../../core/units.js';
import { lookAtVolume, lvmName, volumePath } from './volume.js';

const paramsSchema = z.strictObject({
  vg: lvmName,
  name: lvmName,
  /** A whole number of the group's extents. */
  sizeBytes: z.number().int().positive(),
  /** Tells this volume from any other of its name: it is a tag of it in LVM's metadata. */
  id: z.uuid(),
  /**
   * Signatures that the plan itself puts on it. With any other on it, undo leaves the volume: somebody
   * put data there since. `a copy`: another step of the plan sees to it that its data is elsewhere.
   */
  mayHold: z.union([z.literal('a copy'), z.array(z.string().regex(/^[\w.-]+$/))]).default([]),
});

/** The parameters of `lvm.create-volume`. */
export type CreateVolume = z.infer<typeof paramsSchema>;

/** What the volume is tagged with while lvcreate is at work, and once it has ended well. */
function tagsOf({ id }: CreateVolume): { readonly making: string; readonly made: string } {
  return { making: `holdfast_making_${id}`, made: `holdfast_${id}` };
}

/**
 * A volume that lvcreate had made when the host went down may have old signatures on it still. $1 the
 * group, $2 the volume, $3 the tag of one that is being made.
 */
const CLEAR =
  'if lvs --noheadings -o lv_tags -- "$1/$2" 2>/dev/null | tr , "\\n" | grep -qx " *$3 *"; then lvremove -f -- "$1/$2"; fi';

/** $1 the group, $2 the volume, $3 its path; then what may be on it. `lvremove -f` refuses what is open. */
const REMOVE = [
  'v=$1/$2 d=$3; shift 3',
  'for t in $(wipefs -n -p "$d" | sed "/^#/d; s/.*,//"); do',
  'k=; for m do [ "$t" = "$m" ] && k=1; done',
  '[ -n "$k" ] || { echo "$d holds $t by now, which an undo does not lose" >&2; exit 1; }; done',
  'exec lvremove -f -- "$v"',
].join('\n');

/** Makes a logical volume, its beginning wiped; one that this plan did not make is never touched. */
export const createVolume = defineStep<CreateVolume>({
  id: 'lvm.create-volume',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ vg }) => [{ kind: 'volume-group', name: vg }],
  tell: ({ vg, name, sizeBytes }) => ({
    title: 'make a logical volume',
    on: `${vg}/${name}  ${bytes(sizeBytes)}`,
  }),
  preview: (params) => ({
    kind: 'commands',
    lines: commands(params).map(({ argv }) => quoteAll(argv)),
  }),
  check,
  commands,
  explain,
  undo: (params) => ({
    kind: 'commands',
    says: `remove ${params.vg}/${params.name}, unless it is in use${unlessHolds(params)}`,
    commands: [remove(params)],
  }),
});

function unlessHolds({ mayHold }: CreateVolume): string {
  if (mayHold === 'a copy') return '';
  return ` or holds ${mayHold.length > 0 ? `more than ${listed(mayHold)}` : 'anything'} by then`;
}

function remove({ vg, name, mayHold }: CreateVolume): Command<'changes'> {
  return mayHold === 'a copy'
    ? command(['lvremove', '-f', '--', `${vg}/${name}`])
    : command(['sh', '-c', REMOVE, 'sh', vg, name, volumePath(vg, name), ...mayHold]);
}

async function check(host: Reader, params: CreateVolume): Promise<Verdict> {
  const { vg, name, sizeBytes } = params;
  const look = await lookAtVolume(host, vg, name);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const { volume } = look;
  const { making, made } = tagsOf(params);
  if (!volume || volume.tags.includes(making)) return { kind: 'notYet' };
  if (!volume.tags.includes(made)) {
    return { kind: 'refused', because: `${vg}/${name} is there, and this plan did not make it` };
  }
  if (volume.sizeBytes === sizeBytes) return { kind: 'done' };
  const because = `${vg}/${name} has ${volume.sizeBytes} bytes by now, not ${sizeBytes} as reviewed`;
  return { kind: 'refused', because };
}

/** `-W y -y` answers the question whether an old signature is wiped; without a terminal it is No. */
function commands(params: CreateVolume): readonly Command<'changes'>[] {
  const { vg, name, sizeBytes } = params;
  const { making, made } = tagsOf(params);
  const lvcreate = ['lvcreate', '-y', '-W', 'y', '-n', name, '-L', `${sizeBytes}b`];
  return [
    command(['sh', '-c', CLEAR, 'sh', vg, name, making]),
    command([...lvcreate, '--addtag', making, '--', vg]),
    command(['lvchange', '--deltag', making, '--addtag', made, '--', `${vg}/${name}`]),
  ];
}

function explain(outcome: Outcome, { vg, sizeBytes }: CreateVolume): string | undefined {
  return outcome.kind === 'exited' && outcome.stderr.includes('insufficient free space')
    ? `${vg} has less than ${bytes(sizeBytes)} free by now`
    : undefined;
}

function command(argv: readonly string[]): Command<'changes'> {
  return { argv, effect: 'changes', deadline: 120_000 };
}
