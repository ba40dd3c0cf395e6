import { z } from 'zod';
import type { Command, Outcome, Reader } from '../../../core/host.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { drbdadm, devicesOf, lookAtSide, sideSchema, type SideParams } from './side.js';

/**
 * What an `up` that failed or was killed left behind (Unconfigured, or a disk without a connection) is
 * taken down first: over it `up` ends with 1. `down` of what is not up ends with 0.
 */
function up({ resource }: SideParams): readonly Command<'changes'>[] {
  return [drbdadm('changes', 'down', resource), drbdadm('changes', 'up', resource)];
}

const paramsSchema = sideSchema.extend({
  /**
   * When undo may take it down: while its backing device holds nothing but metadata (its path), or
   * while the other side has everything that is on it. Left out: whenever it is not in use.
   */
  undoneWhile: z
    .union([z.literal('the peer has it'), z.string().regex(/^\/dev\/[\w./:@+=,#-]+$/)])
    .optional(),
});

/** The parameters of `drbd.up`. */
export type BringUp = z.infer<typeof paramsSchema>;

/** $1 the backing device. */
const BLANK =
  'for t in $(wipefs -n -p "$1" | sed "/^#/d; s/.*,//"); do [ "$t" = drbd ] || { echo "$1 holds $t by now, which an undo does not lose" >&2; exit 1; }; done';

/** $1 the resource; each of its volumes says `OWN/PEER`. */
const COPIED =
  'for s in $(drbdadm dstate "$1"); do case $s in Inconsistent/*|Diskless/*|*/UpToDate) ;; *) echo "only this side has the data of $1 ($s), which an undo does not lose" >&2; exit 1;; esac; done';

/** `secondary` is refused while somebody has the device open; `down` alone is not always. */
function down({ resource, undoneWhile }: BringUp): readonly Command<'changes'>[] {
  const look =
    undoneWhile === 'the peer has it'
      ? [['sh', '-c', COPIED, 'sh', resource]]
      : undoneWhile === undefined
        ? []
        : [['sh', '-c', BLANK, 'sh', undoneWhile]];
  return [
    ...look.map((argv): Command<'changes'> => ({ argv, effect: 'changes', deadline: 30_000 })),
    drbdadm('changes', 'secondary', resource),
    drbdadm('changes', 'down', resource),
  ];
}

/**
 * Brings a resource up as the configuration has it: its disk attached, its connection begun. Whether
 * the peer is let in is what `drbd.wait-connected` waits for: a side that DRBD refused stands alone and
 * is up all the same, and can be taken down again.
 */
export const bringUp = defineStep<BringUp>({
  id: 'drbd.up',
  params: paramsSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'bring it up', on: resource }),
  preview: (params) => ({
    kind: 'commands',
    lines: up(params).map(({ argv }) => argv.join(' ')),
  }),
  check,
  commands: up,
  explain,
  undo: (params) => ({
    kind: 'commands',
    says: `take ${params.resource} down, unless it is in use or ${
      params.undoneWhile === 'the peer has it' ? 'has what the peer lacks' : 'holds data by then'
    }`,
    commands: down(params),
  }),
});

async function check(host: Reader, params: SideParams): Promise<Verdict> {
  const look = await lookAtSide(host, params);
  if (!look.ok) {
    return look.isDown ? { kind: 'notYet' } : { kind: 'cannotTell', because: look.because };
  }
  const lost = look.side.volumes.find(({ disk }) => disk === 'Diskless' || disk === 'Failed');
  return lost
    ? { kind: 'refused', because: `${params.resource} is up without its disk` }
    : { kind: 'done' };
}

function explain(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  if (outcome.code === 10 && outcome.stderr.includes('not available')) {
    return 'its address is not one of this host';
  }
  return outcome.code === 20 && /modprobe|module/i.test(outcome.stderr)
    ? 'the kernel has no module drbd'
    : undefined;
}
