import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import {
  defineStep,
  type Progress,
  type StepKind,
  type Undo,
  type Verdict,
} from '../../../core/step.js';
import { percent } from '../../../core/units.js';
import { beginWork, lookAtWork, stopWork } from '../../../steps/in-background.js';
import { lookAtSnapshot, overflowSays } from '../../../steps/logical-volume/snapshot.js';
import { lvmName } from '../../../steps/logical-volume/volume.js';
import { resourceName } from '../steps/side.js';
import { comparisonFolder, type Compared } from './place.js';

/** Which side of a comparison is read, and from which snapshot. */
export const sideWorkSchema = z.strictObject({
  resource: resourceName,
  volume: z.number().int().nonnegative(),
  /** Tells this comparison from any other; the snapshot has it as well. */
  id: z.uuid(),
  /** The first 15 digits of the data generation that is read: what is found holds for it alone. */
  generation: z.string().regex(/^[0-9A-F]{15}$/),
  vg: lvmName,
  lv: lvmName,
  name: lvmName,
});

/** The parameters of the steps that read a side. */
export type SideWork = z.infer<typeof sideWorkSchema>;

/** Where the work keeps how far it is. */
function workFolder(params: SideWork): string {
  return `${comparisonFolder(params)}/work-${params.id}`;
}

/**
 * What every script ends with: where the snapshot was full before all was read, what was read is worth
 * nothing. The head comes last, so that what is there with a head is whole.
 *
 * $1 the folder, $2 the id, $3 the generation, $4 the snapshot; $k the kind.
 */
const CONCLUDE = [
  'a=$(lvs --noheadings -o lv_attr -- "$4" | tr -d " ")',
  'case $a in ????[IS]*|"") echo "the snapshot $4 was full before all was read" >&2; exit 7;; esac',
  'printf "id %s\\ngeneration %s\\nat %s\\nkind %s\\n" "$2" "$3" "$(date +%s)" "$k" >"$1/head.new"',
  'mv "$1/head.new" "$1/head"',
].join('\n');

/** What every script begins with: what others might read has no business with names of files. */
const BEGIN = 'set -e; umask 077; mkdir -p "$1"; chmod 700 "$1"; rm -f "$1/head"';

/** How a kind of step reads a side. */
interface Reading {
  /** Of what is left behind: `files`, `blocks`. */
  readonly leaves: string;
  /** In shell; $1 to $4 as above, then its own words. */
  readonly script: string;
  readonly words: readonly string[];
}

function argvOf(params: SideWork, { leaves, script, words }: Reading): readonly string[] {
  const { id, generation, vg, name } = params;
  const text = [BEGIN, `k=${leaves}`, script, CONCLUDE].join('\n');
  const own = [comparisonFolder(params), id, generation, `${vg}/${name}`];
  return ['sh', '-c', text, 'sh', ...own, ...words];
}

/** What the steps have in common that begin to read a side; the reading goes on by itself. */
export function beginReading<P extends SideWork>(
  reading: (params: P) => Reading,
): Pick<StepKind<P>, 'effect' | 'touches' | 'check' | 'commands' | 'undo'> {
  return {
    effect: () => 'changes',
    touches: () => [],
    check: async (host, params): Promise<Verdict> => {
      const now = await lookAtReading(host, params);
      switch (now.kind) {
        // Whoever waits for one that failed tells why; what it left is taken away by undo.
        case 'failed':
        case 'read':
        case 'runs':
          return { kind: 'done' };
        case 'none':
          return { kind: 'notYet' };
        case 'not known':
          return { kind: 'cannotTell', because: now.because };
      }
    },
    commands: (params) => [beginWork(workFolder(params), argvOf(params, reading(params)))],
    undo: forget,
  };
}

/** Waits until a side was read to its end, and never longer than its snapshot has room. */
export const waitRead = defineStep<SideWork>({
  id: 'drbd.wait-read',
  params: sideWorkSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ resource, volume }) => ({
    title: 'wait until it is read',
    on: `${resource}, volume ${volume}`,
  }),
  preview: (params) => ({
    kind: 'looks',
    lines: [`what was read is whole, in ${comparisonFolder(params)}; the snapshot has room`],
  }),
  check: async (host, params): Promise<Verdict> => {
    const now = await lookAtReading(host, params);
    switch (now.kind) {
      case 'read':
        return { kind: 'done' };
      case 'runs':
        return { kind: 'notYet' };
      case 'none': {
        const because = 'the reading was broken off (did the host restart?): compare again';
        return { kind: 'refused', because };
      }
      case 'failed':
        return { kind: 'refused', because: now.because };
      case 'not known':
        return { kind: 'cannotTell', because: now.because };
    }
  },
  commands: () => [],
  wait: { every: 2000, atMost: 7 * 24 * 3600 * 1000, progress },
  undo: () => ({ kind: 'nothing' }),
});

/** How far the reading of a side is. */
type ReadingNow =
  | { readonly kind: 'read' }
  | { readonly kind: 'runs'; readonly last: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly because: string }
  | { readonly kind: 'not known'; readonly because: string };

async function lookAtReading(host: Reader, params: SideWork): Promise<ReadingNow> {
  const script = 'cat "$1/head" 2>/dev/null || :';
  const head = await host.run(reads(['sh', '-c', script, 'sh', comparisonFolder(params)]));
  if (head.kind !== 'exited') return { kind: 'not known', because: head.reason };
  if (head.stdout.startsWith(`id ${params.id}\n`)) return { kind: 'read' };
  const now = await lookAtWork(host, workFolder(params));
  if (typeof now === 'string') return { kind: 'not known', because: now };
  switch (now.state) {
    case 'none':
    case 'gone':
      return { kind: 'none' };
    case 'runs':
      return { kind: 'runs', last: now.last };
    case 'ended': {
      const why = now.last === '' ? `exit code ${now.code}` : now.last;
      return { kind: 'failed', because: `it was not read to its end: ${why}` };
    }
  }
}

/** How full the snapshot is says whether it lasts. */
async function progress(host: Reader, params: SideWork): Promise<Progress> {
  const [now, snapshot] = await Promise.all([
    lookAtReading(host, params),
    lookAtSnapshot(host, params),
  ]);
  const says = now.kind === 'runs' && now.last !== '' ? now.last : 'being read';
  if (snapshot.kind === 'overflowed') return { says: overflowSays(params.vg, params.name) };
  if (snapshot.kind !== 'there' || snapshot.filled === undefined) return { says };
  return { says: `${says}; snapshot ${percent(snapshot.filled)} full` };
}

function forget(params: SideWork): Undo {
  return {
    kind: 'commands',
    says: 'forget what was read',
    commands: [stopWork(workFolder(params)), dropCommand(params)],
  };
}

/** The folder above goes with the last of them. */
const DROP = 'rm -rf -- "$1"; rmdir -- "${1%/*}" 2>/dev/null || :';

/** Takes away what a comparison left on a host. */
export function dropCommand(compared: Compared): Command<'changes'> {
  const argv = ['sh', '-c', DROP, 'sh', comparisonFolder(compared)];
  return { argv, effect: 'changes', deadline: 20_000 };
}
