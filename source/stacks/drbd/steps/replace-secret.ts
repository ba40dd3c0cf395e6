import { createHash } from 'node:crypto';
import { createTwoFilesPatch } from 'diff';
import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { secretsNamedIn } from '../../../core/secret.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf } from '../../../core/text.js';
import { hideSecrets, hidingProgram } from '../../../tools/secret-lines.js';
import { SECRET_LINES } from '../read/hidden.js';
import { resourceName } from './side.js';

const paramsSchema = z.strictObject({
  resource: resourceName,
  path: z.string().regex(/^\/[\w./+-]+$/),
  /** The text that was reviewed, its secret hidden. */
  before: z.string(),
  /** The new text, with the placeholder of the new secret; without one: it has none then. */
  after: z.string(),
  /** Where the old file stays, its secret with it, until a person removes it. */
  kept: z.string().regex(/^\/[\w./+-]+$/),
  /** Holds the new text against all other files; the word `{}` stands for the file that holds it. */
  checker: z.array(z.string()).min(1),
});

/** The parameters of `drbd.replace-secret`. */
export type ReplaceSecret = z.infer<typeof paramsSchema>;

/**
 * $1 the file, $2 where the old one is kept, $3 the sum of the hidden text that it must have, $4 that of
 * the new one, $5 the awk program that hides; then the checker. The new text comes on standard input.
 *
 * The old file is kept as a second name of itself (`ln`), so that it is whole from the first instant, and
 * the new one takes the place of the first: until then both names are one file.
 */
const REPLACE = [
  'set -e; umask 077',
  'f=$1 k=$2 want=$3 new=$4 hide=$5; shift 5',
  'sum() { awk "$hide" "$1" | sha256sum | cut -d" " -f1; }',
  '[ "$(sum "$f")" = "$want" ] || { echo "$f changed since the review" >&2; exit 75; }',
  't="$f.holdfast-new.$$"; trap \'rm -f "$t"\' EXIT',
  'cat > "$t"; chmod 600 "$t"',
  '[ "$(sum "$t")" = "$new" ] || { echo "the new text of $f did not arrive whole" >&2; exit 74; }',
  'sync "$t" 2>/dev/null || sync',
  'n=$#; while [ "$n" -gt 0 ]; do w=$1; shift; [ "$w" = "{}" ] && w=$t; set -- "$@" "$w"; n=$((n - 1)); done',
  '"$@" >&2',
  '[ "$k" -ef "$f" ] || ln "$f" "$k"; chmod 600 "$k"',
  'mv -f "$t" "$f"; sync "$(dirname "$f")" 2>/dev/null || sync',
].join('\n');

/** $1 the file, $2 the old one; says the sum of what is shown of it, and how the two are to each other. */
const LOOK = [
  '[ -r "$1" ] || { echo "there is no $1" >&2; exit 66; }',
  'awk "$3" "$1" | sha256sum | cut -d" " -f1',
  'if [ ! -e "$2" ]; then echo alone; elif [ "$1" -ef "$2" ] || cmp -s "$1" "$2"; then echo same; else echo replaced; fi',
].join('\n');

/** $1 the file, $2 the old one, $3 the sum of the new one's hidden text, $4 the program that hides. */
const PUT_BACK = [
  '[ -e "$2" ] || exit 0',
  '[ "$(awk "$4" "$1" | sha256sum | cut -d" " -f1)" = "$3" ] || { echo "$1 was changed by another hand since" >&2; exit 75; }',
  'mv -f "$2" "$1"',
].join('\n');

/**
 * Puts a file in place in which a secret is another one than before. Its hidden text may be the same
 * before and after, so the old file is kept beside it: by that it can be told whether it was done, and
 * put back.
 */
export const replaceSecret = defineStep<ReplaceSecret>({
  id: 'drbd.replace-secret',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ path, after }) => ({
    title: secretsNamedIn(after).length > 0 ? 'put a new secret into it' : 'take its secret out',
    on: path,
  }),
  preview: ({ path, before, after }) => ({
    kind: 'diff',
    file: path,
    lines: linesOf(createTwoFilesPatch(path, path, before, after, '', '', { context: 2 })).filter(
      (line, index) => index >= 4 && line !== '',
    ),
  }),
  check,
  commands: (params) => [replace(params)],
  undo: ({ path, kept, after }) => ({
    kind: 'commands',
    says: `put ${path} back as it was, with its old secret`,
    commands: [script(PUT_BACK, [path, kept, sumOf(after), hidingProgram(SECRET_LINES)])],
  }),
});

async function check(host: Reader, params: ReplaceSecret): Promise<Verdict> {
  const { path, kept, before, after } = params;
  const outcome = await host.run(
    reads(['sh', '-c', LOOK, 'sh', path, kept, hidingProgram(SECRET_LINES)], 30_000),
  );
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const [sum, state] = outcome.stdout.trim().split(/\s+/);
  if (outcome.code !== 0 || state === undefined) {
    return { kind: 'cannotTell', because: `${path} cannot be read: ${outcome.stderr.trim()}` };
  }
  if (state === 'replaced' && sum === sumOf(after)) return { kind: 'done' };
  if (state !== 'replaced' && sum === sumOf(before)) return { kind: 'notYet' };
  return { kind: 'refused', because: `${path} was changed by another hand since the review` };
}

function replace(params: ReplaceSecret): Command<'changes'> {
  const { path, kept, before, after, checker } = params;
  const names = secretsNamedIn(after);
  return {
    ...script(REPLACE, [
      path,
      kept,
      sumOf(before),
      sumOf(after),
      hidingProgram(SECRET_LINES),
      ...checker,
    ]),
    input: after,
    ...(names.length > 0 && { secrets: names }),
  };
}

function script(text: string, words: readonly string[]): Command<'changes'> {
  return { argv: ['sh', '-c', text, 'sh', ...words], effect: 'changes', deadline: 60_000 };
}

/** The sum of a text as its host may tell it. */
function sumOf(text: string): string {
  return createHash('sha256').update(hideSecrets(text, SECRET_LINES)).digest('hex');
}
