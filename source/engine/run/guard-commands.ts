import type { Command, Millis, Outcome } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { linesOf } from '../../core/text.js';

/**
 * A guard on its host: a folder in /run, which a restart empties. Of `armed` the console makes
 * `confirmed` or the host's timer makes `fired`; a rename succeeds for one of them only, so that who
 * comes second knows that he is late.
 */
const FOLDER = '/run/holdfast-guard';

/** Run by the host itself, $1 the guard's folder. */
const FIRE = [
  'd=$1',
  'mv "$d/armed" "$d/fired" 2>/dev/null || exit 0',
  'sh "$d/put-back" > "$d/log" 2>&1',
  'echo $? > "$d/ends"',
  'mv "$d/ends" "$d/ended"',
].join('\n');

/**
 * $1 the guard's folder, $2 seconds, $3 the name of a unit, $4 what fires; what puts the change back
 * comes on standard input. A timer of systemd outlives the session (`--on-active` and
 * `--timer-property` are of systemd 218; without AccuracySec a timer may be a minute late). Where
 * there is none, a sleeper in a session of its own does.
 */
const ARM = [
  'set -e; umask 077',
  'mkdir -p "${1%/*}"; mkdir "$1"',
  'cat > "$1/put-back"; [ -s "$1/put-back" ]',
  'printf "%s\\n" "$4" > "$1/fire"',
  ': > "$1/armed"',
  'if ! systemd-run --quiet --unit="$3" --on-active="$2" --timer-property=AccuracySec=100ms sh "$1/fire" "$1" >/dev/null 2>&1; then',
  '  nohup setsid sh -c \'sleep "$2"; exec sh "$1/fire" "$1"\' sh "$1" "$2" </dev/null >/dev/null 2>&1 &',
  'fi',
  'echo armed',
].join('\n');

/** How the guard stands, in one word, and behind `fired` how its put-back ended and its last words. */
const LOOK = [
  'd=$1',
  'if [ -e "$d/confirmed" ]; then echo confirmed',
  'elif [ -e "$d/ended" ]; then echo "fired $(cat "$d/ended")"; tail -n 1 "$d/log"',
  'elif [ -e "$d/fired" ]; then echo firing',
  'elif [ -e "$d/armed" ]; then echo armed',
  'else echo gone; fi',
].join('\n');

const CONFIRM = `mv "$1/armed" "$1/confirmed" 2>/dev/null || true\n${LOOK}`;
const FIRE_NOW = `[ ! -e "$1/fire" ] || sh "$1/fire" "$1"\n${LOOK}`;

/** The tools of firewalls and networks lie in sbin, which a session may not have. */
const PATH = 'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin; export PATH';

/** How a guard stands on its host. */
export type GuardState =
  /** Its time runs. */
  | { readonly kind: 'armed' }
  | { readonly kind: 'confirmed' }
  /** The change is being put back at this moment. */
  | { readonly kind: 'firing' }
  /** The change was put back; by what exit code and with which last words. */
  | { readonly kind: 'fired'; readonly exit: number; readonly says: string }
  /** It never was, or the host has restarted since. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'not known'; readonly because: string };

/** Arms a guard that runs `fires` after so many s: it prints `armed`, and from then on its time runs. */
export function armCommand(
  name: string,
  fires: readonly string[],
  seconds: number,
): Command<'changes'> {
  const argv = script(ARM, name, String(seconds), `holdfast-guard-${name}`, FIRE);
  return {
    argv,
    effect: 'changes',
    input: `${PATH}\n${quoteAll(fires)}\n`,
    deadline: 20_000,
  };
}

/** Whether a guard is armed, by what `armCommand` gave. */
export function isArmed(outcome: Outcome): boolean {
  return (
    outcome.kind === 'exited' && outcome.code === 0 && linesOf(outcome.stdout).at(-1) === 'armed'
  );
}

/** Asks how a guard stands. */
export function lookCommand(name: string): Command<'reads'> {
  return { argv: script(LOOK, name), effect: 'reads', deadline: 10_000 };
}

/** Disarms a guard, unless it fired already; tells how it stands then. */
export function confirmCommand(name: string): Command<'changes'> {
  return { argv: script(CONFIRM, name), effect: 'changes', deadline: 10_000 };
}

/** Lets a guard fire at once; tells how it stands then. */
export function fireCommand(name: string, deadline: Millis): Command<'changes'> {
  return { argv: script(FIRE_NOW, name), effect: 'changes', deadline };
}

/** Reads what looking, confirming and firing print. */
export function guardState(outcome: Outcome): GuardState {
  if (outcome.kind !== 'exited') return { kind: 'not known', because: outcome.reason };
  const [first = '', says = ''] = linesOf(outcome.stdout);
  const [word = '', exit = ''] = first.split(' ');
  switch (word) {
    case 'armed':
    case 'confirmed':
    case 'firing':
    case 'gone':
      return { kind: word };
    case 'fired':
      return { kind: 'fired', exit: Number(exit), says };
    default: {
      const because = linesOf(outcome.stderr).at(-1) ?? `it said ${JSON.stringify(first)}`;
      return { kind: 'not known', because };
    }
  }
}

function script(text: string, name: string, ...args: readonly string[]): readonly string[] {
  return ['sh', '-c', text, 'sh', `${FOLDER}/${name}`, ...args];
}
