import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { tagOf } from '../../../steps/logical-volume/snapshot.js';
import { lvmName, volumePath } from '../../../steps/logical-volume/volume.js';

const paramsSchema = z.strictObject({
  vg: lvmName,
  /** A snapshot with this plan's tag: on anything else it would break a cluster's file system. */
  name: lvmName,
  lv: lvmName,
  id: z.uuid(),
});

/** The parameters of `drbd.own-ocfs2-copy`. */
export type OwnCopy = z.infer<typeof paramsSchema>;

/**
 * $1 the snapshot as LVM calls it, $2 its tag, $3 its path. Its UUID is the name under which the
 * cluster knows the file system: a mount under it hangs in the kernel while the original is mounted.
 * fsck.ocfs2 replays the journals, and ends with 1 where it mended what a snapshot in full flight has.
 */
const OWN = [
  'lvs --noheadings -o lv_tags -- "$1" | tr , "\\n" | grep -qx " *$2 *" || { echo "$1 is not of this plan" >&2; exit 9; }',
  'yes | tunefs.ocfs2 --cloned-volume "$3" || exit 3',
  'fsck.ocfs2 -fy "$3"; [ "$?" -le 1 ] || exit 4',
  'yes | tunefs.ocfs2 -M local "$3"',
].join('\n');

/** $1 the device. A device that is not there is none that was made one's own. */
const LOOK =
  'command -v tunefs.ocfs2 >/dev/null || { echo missing; exit 0; }; tunefs.ocfs2 -Q "features %M %H %O\\n" "$1" 2>/dev/null || :';

/** Makes a snapshot of OCFS2 a file system of its own, of one host: only then can it be mounted. */
export const ownOcfs2Copy = defineStep<OwnCopy>({
  id: 'drbd.own-ocfs2-copy',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ vg }) => [{ kind: 'volume-group', name: vg }],
  tell: ({ vg, name }) => ({
    title: 'give the snapshot a UUID of its own, and no cluster',
    on: `${vg}/${name}`,
  }),
  preview: (params) => ({
    kind: 'commands',
    lines: [
      ['tunefs.ocfs2', '--cloned-volume', device(params)],
      ['fsck.ocfs2', '-fy', device(params)],
      ['tunefs.ocfs2', '-M', 'local', device(params)],
    ].map(quoteAll),
  }),
  check,
  commands: (params) => [own(params)],
  // It goes with the snapshot.
  undo: () => ({ kind: 'nothing' }),
});

async function check(host: Reader, params: OwnCopy): Promise<Verdict> {
  const outcome = await host.run(reads(['sh', '-c', LOOK, 'sh', device(params)], 20_000));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  if (outcome.stdout.trim() === 'missing') {
    return { kind: 'refused', because: 'tunefs.ocfs2 is not installed (ocfs2-tools)' };
  }
  return { kind: /^features .*\blocal\b/m.test(outcome.stdout) ? 'done' : 'notYet' };
}

function own(params: OwnCopy): Command<'changes'> {
  const { vg, name } = params;
  const argv = ['sh', '-c', OWN, 'sh', `${vg}/${name}`, tagOf(params), device(params)];
  return { argv, effect: 'changes', deadline: 3_600_000 };
}

function device({ vg, name }: OwnCopy): string {
  return volumePath(vg, name);
}
