import type { Command, Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { copySchema, far, lookAtCopy, sendWords, stateFolder, type ZfsCopy } from './copy-state.js';
import { zvolPath } from './names.js';
import { lookAtVolume, snapshotOf, UNUSED, whoUses } from './volume.js';

/**
 * $1 the folder, $2 the volume, $3 a line that asks for the size; then the words that send. `zfs
 * receive` takes all of it or nothing: what was broken off leaves no trace in the volume.
 */
const RUN = [
  'd=$1 v=$2 size=$3; shift 3; : >"$d/errors"',
  'sh -c "$size" </dev/null 2>&1 | sed -n "s/^size[[:blank:]]*\\([0-9]*\\)$/\\1/p" >"$d/size"',
  '{ "$@" </dev/null 2>>"$d/errors"; echo $? >"$d/sent"; } | { sh -c \'echo $$ >"$1/receiver"; exec zfs receive "$2"\' sh "$d" "$v" 2>>"$d/errors"; echo $? >"$d/ended"; }',
  'mv "$d/ended" "$d/received"',
].join('\n');

/** $1 what is run, $2 the folder, $3 the volume, then what else is run is given: it gets a session of its own, and outlives a console. */
const START = [
  UNUSED,
  'set -e',
  'unused "$3"',
  'run=$1 d=$2; shift; mkdir -p -m 700 "$d"; rm -f "$d"/*',
  'setsid sh -c "$run" sh "$@" </dev/null >/dev/null 2>&1 & echo $! >"$d/pid.new"',
  'mv "$d/pid.new" "$d/pid"',
].join('\n');

/** $1 the folder: whoever sends, receives and waits for both. */
const STOP =
  'p=$(cat "$1/pid" 2>/dev/null) && grep -q holdfast-zfs "/proc/$p/cmdline" 2>/dev/null && { kill -- "-$p" 2>/dev/null || kill "$p"; }; rm -rf "$1"';

/**
 * Begins to take a snapshot over from another host, asked for by the host that receives it. Never with
 * `-F`: a volume that was written on since is not overwritten, ZFS refuses it. One that is open it does not
 * refuse, so that is looked at here.
 */
export const copySnapshot = defineStep<ZfsCopy>({
  id: 'zfs.copy',
  params: copySchema,
  effect: () => 'changes',
  touches: ({ to }) => [{ kind: 'overwrites', path: zvolPath(to) }],
  tell: ({ from, to, snapshot, since }) => ({
    title:
      since === null
        ? 'begin to take it over whole'
        : `begin to take over what is newer than ${since}`,
    on: `${from.host}:${from.volume}@${snapshot} → ${to}`,
  }),
  preview: (params) => ({
    kind: 'commands',
    lines: [`${quoteAll(far(params, sendWords(params)))} | zfs receive ${params.to}`],
  }),
  check: checkBegun,
  commands: (params) => [start(params)],
  undo: ({ to, since, ...params }) => ({
    kind: 'commands',
    says:
      since === null
        ? `stop; half of it leaves nothing behind, and a ${to} that arrived whole stays`
        : `stop; half of it leaves nothing behind, and what arrived whole stays in ${to}, which had only older data`,
    commands: [
      { argv: ['sh', '-c', STOP, 'sh', stateFolder(params)], effect: 'changes', deadline: 30_000 },
    ],
  }),
});

async function checkBegun(host: Reader, params: ZfsCopy): Promise<Verdict> {
  const [now, look] = await Promise.all([lookAtCopy(host, params), lookAtVolume(host, params.to)]);
  if (typeof now === 'string') return { kind: 'cannotTell', because: now };
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const { volume, beneath } = look;
  const here = beneath.map((one) => snapshotOf(params.to, one));
  if (here.includes(params.snapshot) || now.state !== 'none') return { kind: 'done' };
  if (params.since === null && volume) {
    return { kind: 'refused', because: `there is a ${params.to} already` };
  }
  if (params.since !== null && here.at(-1) !== params.since) {
    const because = `the newest snapshot of ${params.to} is ${here.at(-1) ?? 'none'} by now, not ${params.since} as reviewed`;
    return { kind: 'refused', because };
  }
  return (volume && (await whoUses(host, volume))) ?? { kind: 'notYet' };
}

function start(params: ZfsCopy): Command<'changes'> {
  const [verb = '', ...rest] = sendWords(params);
  const size = quoteAll(far(params, [verb, '-nvP', ...rest]));
  const words = [stateFolder(params), params.to, size, ...far(params, sendWords(params))];
  return { argv: ['sh', '-c', START, 'sh', RUN, ...words], effect: 'changes', deadline: 30_000 };
}
