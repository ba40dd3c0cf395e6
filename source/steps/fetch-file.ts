import { z } from 'zod';
import { reads, type Command, type Reader } from '../core/host.js';
import { showCommand } from '../core/quote.js';
import { defineStep, type Verdict } from '../core/step.js';
import { linesOf } from '../core/text.js';

const url = z.string().regex(/^(?:https?|ftp):\/\/[^\s'"\\]+$/);

const fetchSchema = z.strictObject({
  url,
  path: z.string().startsWith('/'),
  /** What the file must have in it; an error page or a torn one has not. */
  holds: z.string().min(1),
});

/** The parameters of `file.fetch`. */
export type FetchFile = z.infer<typeof fetchSchema>;

/** `-f`: a page that says "not found" is no file. Only what is whole and of its kind is put in place. */
const FETCH = [
  'set -e',
  't="$2.holdfast-new.$$"',
  'trap \'rm -f "$t"\' EXIT',
  'curl -fsSL --connect-timeout 15 --max-time 120 -o "$t" "$1"',
  'grep -qF -e "$3" "$t" || { echo "what $1 gave is not what was expected: it does not hold $3" >&2; exit 65; }',
  'chmod 644 "$t"',
  'mv -f "$t" "$2"',
].join('\n');

/** Has a host fetch a file that is not there yet; one that is there already is left alone. */
export const fetchFile = defineStep<FetchFile>({
  id: 'file.fetch',
  params: fetchSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ path }) => ({ title: 'fetch the file', on: path }),
  preview: (params) => ({ kind: 'commands', lines: [showCommand(fetching(params).argv)] }),
  check: async (host, { path, holds }) => {
    const look =
      'if [ ! -e "$1" ]; then echo absent; elif grep -qF -e "$2" "$1"; then echo there; else echo other; fi';
    const outcome = await host.run(reads(['sh', '-c', look, 'sh', path, holds]));
    if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
    const found = outcome.stdout.trim();
    if (found === 'there') return { kind: 'done' };
    if (found === 'absent') return { kind: 'notYet' };
    return { kind: 'refused', because: `${path} is there and does not hold ${holds}` };
  },
  commands: (params) => [fetching(params)],
  undo: ({ path }) => ({
    kind: 'commands',
    says: `take ${path} away`,
    commands: [{ argv: ['rm', '-f', '--', path], effect: 'changes', deadline: 10_000 }],
  }),
});

function fetching({ url: from, path, holds }: FetchFile): Command<'changes'> {
  return {
    argv: ['sh', '-c', FETCH, 'sh', from, path, holds],
    effect: 'changes',
    deadline: 150_000,
  };
}

const reachSchema = z.strictObject({ url });

/** The parameters of `network.reach`. */
export type Reach = z.infer<typeof reachSchema>;

/** Before anything is changed: a host that cannot reach a URL would be left half way. */
export const reachUrl = defineStep<Reach>({
  id: 'network.reach',
  params: reachSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ url: to }) => ({ title: 'see that it is reached', on: to }),
  preview: (params) => ({ kind: 'looks', lines: [showCommand(reaching(params).argv)] }),
  check: checkReach,
  commands: () => [],
  undo: () => ({ kind: 'nothing' }),
});

async function checkReach(host: Reader, params: Reach): Promise<Verdict> {
  const outcome = await host.run(reaching(params));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  if (outcome.code === 0) return { kind: 'done' };
  const why = linesOf(outcome.stderr).at(-1)?.trim() ?? `it ended with ${outcome.code}`;
  return { kind: 'refused', because: `${params.url} is not reached from this host: ${why}` };
}

/** Hosts have one or the other. */
function reaching({ url: to }: Reach): Command<'reads'> {
  const script =
    'if command -v curl >/dev/null 2>&1; then curl -fsSL --connect-timeout 15 --max-time 25 -o /dev/null "$1"; else wget -q -T 15 -t 1 -O /dev/null "$1"; fi';
  return reads(['sh', '-c', script, 'sh', to], 30_000);
}
