import { quote } from './quote.js';
import { reads, type Command, type Millis } from './host.js';
import type { Presence, Stack } from './stack.js';
import type { Survey } from './probe.js';
import { linesOf } from './text.js';

/**
 * One look at a host: who it is, what time it has, and which of the programs and paths that
 * stacks ask after are there. `command -v` and `test -e` are POSIX; the rest is read from /proc.
 */
export function surveyCommand(stacks: readonly Stack[]): Command<'reads'> {
  const programs = wanted(stacks, (presence) => presence.programs);
  const paths = wanted(stacks, (presence) => presence.paths);
  const script = [
    'echo "hostname $(uname -n)"',
    'echo "kernel $(uname -sr)"',
    'echo "root $(id -u)"',
    'echo "clock $(date +%s.%N)"',
    'echo "boot $(cat /proc/sys/kernel/random/boot_id 2>/dev/null)"',
    'echo "os $(. /etc/os-release 2>/dev/null && echo "$PRETTY_NAME")"',
    'for a in $(hostname -I 2>/dev/null || ip -o addr show scope global 2>/dev/null | sed \'s,.* inet6* \\([^ /]*\\).*,\\1,\'); do echo "address $a"; done',
    `for p in ${programs.map(quote).join(' ')}; do command -v "$p" >/dev/null 2>&1 && echo "present $p"; done`,
    `for p in ${paths.map(quote).join(' ')}; do test -e "$p" && echo "present $p"; done`,
    'true',
  ].join('; ');
  return reads(['sh', '-c', script], 8000);
}

function wanted(stacks: readonly Stack[], pick: (p: Presence) => readonly string[]): string[] {
  const all = stacks.flatMap((stack) => pick(stack.presence));
  // An empty list in a `for` is an error in some shells.
  return all.length > 0 ? [...new Set(all)] : ['-'];
}

/**
 * Reads what the survey printed. Lines of any other kind (a chatty login script) are passed over:
 * the survey is our own, so there is nothing in it to be surprised by.
 *
 * @param between when the command was sent and when its answer came, by our clock
 */
export function parseSurvey(
  stdout: string,
  between: { readonly sent: Millis; readonly received: Millis },
): Survey {
  const facts = new Map<string, string>();
  const present = new Set<string>();
  const addresses: string[] = [];
  for (const line of linesOf(stdout)) {
    const blank = line.indexOf(' ');
    const key = blank < 0 ? line : line.slice(0, blank);
    const value = blank < 0 ? '' : line.slice(blank + 1).trim();
    if (key === 'present') present.add(value);
    else if (key === 'address') addresses.push(value);
    else facts.set(key, value);
  }
  const clock = Number.parseFloat(facts.get('clock') ?? '') * 1000;
  return {
    hostname: facts.get('hostname') ?? '',
    addresses,
    kernel: facts.get('kernel') ?? '',
    os: facts.get('os') ?? '',
    clockOffset: Number.isFinite(clock) ? Math.round(outside(clock, between)) : 0,
    bootId: facts.get('boot') ?? '',
    root: facts.get('root') === '0',
    present,
  };
}

/** How far a time lies outside of a span: within it, a slow answer says nothing of the clock. */
function outside(
  clock: Millis,
  { sent, received }: { readonly sent: Millis; readonly received: Millis },
): Millis {
  if (clock < sent) return clock - sent;
  return Math.max(0, clock - received);
}

/**
 * The stacks of a host: those that a person named for it, else those of which something is there. What
 * is on any host is added to what was named: a storage system that was named stands on it.
 */
export function stacksOn(
  survey: Survey,
  stacks: readonly Stack[],
  told?: readonly string[],
): readonly string[] {
  const found = stacks.filter(({ presence }) =>
    [...presence.programs, ...presence.paths].some((sign) => survey.present.has(sign)),
  );
  if (!told) return found.map(({ id }) => id);
  const base = found.filter(({ everywhere }) => everywhere === true).map(({ id }) => id);
  return [...new Set([...told, ...base])];
}
