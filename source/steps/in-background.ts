import { reads, type Command, type Reader } from '../core/host.js';
import { linesOf } from '../core/text.js';

/**
 * $1 where it keeps how far it is; then the words of the work. It has a session of its own: neither a
 * link that is cut nor a console that is left ends it. What runs already is not begun again.
 */
const START = [
  'set -e',
  'd=$1; shift; mkdir -p -m 700 "$d"',
  'p=$(cat "$d/pid" 2>/dev/null) && [ ! -e "$d/exit" ] && grep -qaF -- "$d" "/proc/$p/cmdline" 2>/dev/null && exit 0',
  'rm -f "$d/exit"',
  'setsid sh -c \'d=$1; shift; "$@" >"$d/progress" 2>"$d/errors"; echo $? >"$d/exit.new"; mv "$d/exit.new" "$d/exit"\' sh "$d" "$@" </dev/null >/dev/null 2>&1 & echo $! >"$d/pid.new"',
  'mv "$d/pid.new" "$d/pid"',
].join('\n');

/**
 * $1 as before. `ended N` with the errors after it, `runs`, `gone`, or `none`; then how far it is. What is
 * not there any more may have ended since it was looked whether it has.
 */
const LOOK = [
  'd=$1; [ -e "$d/pid" ] || { echo none; exit 0; }',
  'ended() { if [ -e "$d/exit" ]; then echo "ended $(cat "$d/exit")"; tail -n 1 "$d/errors"; exit 0; fi; }',
  'ended; if grep -qaF -- "$d" "/proc/$(cat "$d/pid")/cmdline" 2>/dev/null; then echo runs; else ended; echo gone; fi',
  'tail -c 200 "$d/progress" 2>/dev/null | tr "\\r" "\\n" | grep . | tail -n 1',
].join('\n');

/** $1 as before: the work and whoever waits for it. */
const STOP =
  'p=$(cat "$1/pid" 2>/dev/null) && grep -qaF -- "$1" "/proc/$p/cmdline" 2>/dev/null && kill -- "-$p"; rm -rf "$1"';

/** How far work is that goes on by itself on a host. */
export interface WorkNow {
  readonly state: 'none' | 'runs' | 'ended' | 'gone';
  /** Its exit code, where it has ended. */
  readonly code: number;
  /** The last line that it said: of its errors once it has ended. */
  readonly last: string;
}

/**
 * Begins work that goes on by itself on the host, whatever becomes of the console.
 *
 * @param folder where it keeps how far it is; its name tells it from all other work
 */
export function beginWork(folder: string, argv: readonly string[]): Command<'changes'> {
  return { argv: ['sh', '-c', START, 'sh', folder, ...argv], effect: 'changes', deadline: 20_000 };
}

/** Ends work, and forgets it. */
export function stopWork(folder: string): Command<'changes'> {
  return { argv: ['sh', '-c', STOP, 'sh', folder], effect: 'changes', deadline: 20_000 };
}

/** Looks how far work is; a text says why that cannot be seen. */
export async function lookAtWork(host: Reader, folder: string): Promise<WorkNow | string> {
  const outcome = await host.run(reads(['sh', '-c', LOOK, 'sh', folder]));
  if (outcome.kind !== 'exited') return outcome.reason;
  const [head = '', last = ''] = linesOf(outcome.stdout);
  const [state, code] = head.split(' ');
  switch (state) {
    case 'none':
    case 'runs':
    case 'gone':
    case 'ended':
      return { state, code: Number(code ?? 0), last: last.trim() };
    default:
      return `how far it is cannot be seen: ${outcome.stderr.trim()}`;
  }
}
