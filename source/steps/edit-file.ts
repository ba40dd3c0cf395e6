import { createHash } from 'node:crypto';
import { createTwoFilesPatch } from 'diff';
import { z } from 'zod';
import type { Command, Reader } from '../core/host.js';
import { reads } from '../core/host.js';
import { quote } from '../core/quote.js';
import { secretsNamedIn } from '../core/secret.js';
import { defineStep, type Verdict } from '../core/step.js';
import { linesOf } from '../core/text.js';
import {
  hideSecrets,
  hidingProgram,
  keepingProgram,
  secretLinesSchema,
  secretPlaces,
} from '../tools/secret-lines.js';
import { devicesNamed } from './named-devices.js';

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/);

/** What an edit of a file needs to know. */
const paramsSchema = z
  .strictObject({
    path: z.string().startsWith('/'),
    /** The text that was reviewed; null where there was no file. */
    before: z.string().nullable(),
    after: z.string(),
    /** Of a new file, octal; an old one keeps its own, unless the file holds secrets. */
    mode: z
      .string()
      .regex(/^[0-7]{3,4}$/)
      .default('644'),
    /**
     * The format's own checker, run on the new text before it takes effect; the word `{}` stands for
     * the file that holds it. Its exit code decides: `["findmnt", "--verify", "-F", "{}"]`.
     */
    checker: z.array(z.string()).optional(),
    /**
     * Run once an undo has put the file back: a daemon that must let go of what the file named before
     * the steps beneath are undone, since undo goes backwards.
     */
    afterUndo: z.array(z.string()).min(1).optional(),
    /**
     * Lines that hold secrets. `before` has them hidden; `after` has them hidden where they are kept, and
     * a secret's placeholder where one is new. Kept ones are put back on the host itself, and all sums
     * are of the hidden text.
     */
    secrets: secretLinesSchema.optional(),
    /** Who must own the file: a daemon that reads it again without being root. */
    owner: z.strictObject({ user: name, group: name }).optional(),
  })
  .superRefine((params, context) => {
    const because = secretsFault(params);
    if (because !== undefined) context.addIssue({ code: 'custom', message: because });
  });

/** The parameters of `file.edit`. */
export type EditFile = z.infer<typeof paramsSchema>;

/**
 * Why texts with secrets do not fit each other; undefined: they do. A secret that is there is never
 * replaced: the hidden text would be the same before and after, so nobody could tell whether it was
 * done, and undo could not bring it back.
 */
function secretsFault({ before, after, secrets }: z.input<typeof paramsSchema>) {
  if (!secrets) return undefined;
  const there = before === null ? [] : secretPlaces(before, secrets);
  const then = secretPlaces(after, secrets);
  if (there.some(({ value, hidden }) => value !== hidden))
    return 'a secret of `before` is not hidden';
  const stays = new Set(then.filter(({ value, hidden }) => value === hidden).map(hiddenOf));
  if (there.some(({ hidden }) => !stays.has(hidden))) return 'a secret that is there is not kept';
  const known = new Set(there.map(hiddenOf));
  const open = then.filter(({ value, hidden }) => value !== hidden || !known.has(hidden));
  return open.some(({ value }) => !/^"?<<secret:[a-z0-9-]+>>"?$/.test(value))
    ? 'a secret of `after` is neither kept nor given'
    : undefined;
}

function hiddenOf({ hidden }: { readonly hidden: string }): string {
  return hidden;
}

/**
 * Writes the new text beside the file, lets the checker look at it, keeps a backup, and puts it in place by a
 * rename. $1 path, $2 the sum that the file must still have, $3 mode of a new file, $4 the sum of
 * the new text, $5 the checker as a line of shell, whose `$1` is the new text's file; empty: none;
 * $6 the owner, $7 and $8 the awk programs that hide secrets and that keep them; empty: none. The new
 * text comes on standard input.
 *
 * A text with secrets is read by nobody else from the first byte on; those that stay are put into it
 * here, so that they never leave the host.
 *
 * A link that is cut ends the input wherever it was, so only a text that is whole takes effect. An
 * edit that lost its console goes on and may meet its own repetition: each has a file of its own,
 * named by its process, and looks at the edited one again before it puts its own in place.
 *
 * `cp -p` first makes the new file with the old one's mode and owner; a label of SELinux is the old
 * one's too. `sync FILE` is of coreutils 8.24; older ones sync everything.
 */
const SCRIPT = [
  'set -e',
  'want=$2 mode=$3 new=$4 look=$5 own=$6 hide=$7 keep=$8',
  'f=$(readlink -f "$1") || { echo "the folder of $1 is not there" >&2; exit 73; }',
  'shown() { if [ -n "$hide" ]; then awk "$hide" "$1"; else cat "$1"; fi; }',
  'sum() { if [ -e "$1" ]; then shown "$1" | sha256sum | cut -d" " -f1; else echo absent; fi; }',
  // One look: between two, an edit of the same kind may end.
  'same() { now=$(sum "$f"); if [ "$now" = "$new" ]; then exit 0; fi; if [ "$now" != "$want" ]; then echo "$f changed since the review" >&2; exit 75; fi; }',
  't="$f.holdfast-new.$$"',
  'same',
  'trap \'rm -f "$t"\' EXIT',
  'for o in "$f".holdfast-new.*; do if [ ! -d "/proc/${o##*.}" ]; then rm -f "$o"; fi; done',
  'if [ "$want" = absent ]; then (umask 077; : > "$t"); chmod "$mode" "$t"; else cp -p "$f" "$t"; chcon --reference="$f" "$t" 2>/dev/null || :; fi',
  'if [ -n "$hide" ]; then chmod "$mode" "$t"; fi',
  'if [ -n "$own" ]; then chown "$own" "$t"; fi',
  'cat > "$t"',
  'if [ "$(sum "$t")" != "$new" ]; then echo "the new text of $f did not arrive whole" >&2; exit 74; fi',
  'if [ -n "$keep" ] && [ "$want" != absent ]; then v=$(awk "$keep" "$f" "$t" && echo .) || exit 76; printf %s "${v%.}" > "$t"; fi',
  'sync "$t" 2>/dev/null || sync',
  'if [ -n "$look" ]; then sh -c "$look" sh "$t" >&2; fi',
  'same',
  'b="$f.holdfast-$(date +%Y%m%d-%H%M%S)"',
  'if [ "$want" != absent ] && [ ! -e "$b" ]; then cp -p "$f" "$b"; fi',
  'mv -f "$t" "$f"',
  'sync "$(dirname "$f")" 2>/dev/null || sync',
].join('\n');

/** The file's sum, and the processes that are still about to edit it. $2 hides secrets, if there are any. */
const LOOK = [
  'if [ ! -e "$1" ]; then echo absent; elif [ -n "$2" ]; then [ -r "$1" ] || exit 1; awk "$2" "$1" | sha256sum; else sha256sum < "$1" || exit 1; fi',
  'f=$(readlink -f "$1") || exit 0',
  'for t in "$f".holdfast-new.*; do p=${t##*.}; if grep -q holdfast-new "/proc/$p/cmdline" 2>/dev/null; then echo "busy $p"; fi; done',
].join('\n');

/** Edits a file: atomically, with a backup, refused if another hand changed it since the review. */
export const editFile = defineStep<EditFile>({
  id: 'file.edit',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ path, checker, afterUndo }) => devicesNamed([path], checker, afterUndo),
  tell: ({ path, before, after }) => ({ title: title(path, before, after), on: path }),
  preview: ({ path, before, after }) => ({
    kind: 'diff',
    file: path,
    lines: diffLines(path, before ?? '', after),
  }),
  check,
  commands: (params) => [write(params)],
  undo: (params) =>
    params.before === null
      ? {
          kind: 'commands',
          says: `take ${params.path} away`,
          commands: [remove(params), ...after(params)],
        }
      : {
          kind: 'commands',
          says: `put ${params.path} back as it was`,
          commands: [
            write({ ...params, before: params.after, after: params.before }),
            ...after(params),
          ],
        },
});

async function check(host: Reader, params: EditFile): Promise<Verdict> {
  const { path, before, after } = params;
  const outcome = await host.run(reads(['sh', '-c', LOOK, 'sh', path, hiding(params)]));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const sum = outcome.stdout.split(/\s/)[0] ?? '';
  if (outcome.code !== 0 || sum === '') {
    return { kind: 'cannotTell', because: `${path} cannot be read: ${outcome.stderr.trim()}` };
  }
  if (sum === sumOf(after, params)) return { kind: 'done' };
  const [, busy] = /^busy (\d+)$/m.exec(outcome.stdout) ?? [];
  if (busy !== undefined) {
    const because = `an edit of ${path} that was begun before is still under way there (process ${busy})`;
    return { kind: 'cannotTell', because };
  }
  if (sum === sumOf(before, params)) return { kind: 'notYet' };
  return { kind: 'refused', because: `${path} was changed by another hand since the review` };
}

function write(params: EditFile): Command {
  const { path, before, after, mode, checker = [], owner, secrets } = params;
  const look = checker.map((word) => (word === '{}' ? '"$1"' : quote(word))).join(' ');
  const own = owner ? `${owner.user}:${owner.group}` : '';
  const argv = [
    ...['sh', '-c', SCRIPT, 'sh', path],
    ...[sumOf(before, params), mode, sumOf(after, params), look, own],
    ...[hiding(params), secrets ? keepingProgram(secrets) : ''],
  ];
  const names = secrets ? secretsNamedIn(after) : [];
  return {
    argv,
    effect: 'changes',
    input: after,
    deadline: 60_000,
    ...(names.length > 0 && { secrets: names }),
  };
}

function remove(params: EditFile): Command {
  const { path, after } = params;
  const script =
    'hide=$3; shown() { if [ -n "$hide" ]; then awk "$hide" "$1"; else cat "$1"; fi; }; test "$(shown "$1" | sha256sum | cut -d" " -f1)" = "$2" && rm "$1"';
  return {
    argv: ['sh', '-c', script, 'sh', path, sumOf(after, params), hiding(params)],
    effect: 'changes',
    deadline: 20_000,
  };
}

function hiding({ secrets }: EditFile): string {
  return secrets ? hidingProgram(secrets) : '';
}

function after({ afterUndo }: EditFile): readonly Command[] {
  return afterUndo ? [{ argv: afterUndo, effect: 'changes', deadline: 60_000 }] : [];
}

/** The sum of a text as the host may tell it: with its secrets hidden. */
function sumOf(text: string | null, { secrets }: Pick<EditFile, 'secrets'>): string {
  if (text === null) return 'absent';
  const shown = secrets ? hideSecrets(text, secrets) : text;
  return createHash('sha256').update(shown).digest('hex');
}

function title(path: string, before: string | null, after: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (before === null) return `make ${name}`;
  const lines = diffLines(path, before, after);
  const added = lines.filter((line) => line.startsWith('+')).length;
  const taken = lines.filter((line) => line.startsWith('-')).length;
  const parts = [added > 0 ? `+${added}` : '', taken > 0 ? `−${taken}` : ''];
  return `${name}  ${parts.filter((part) => part !== '').join(' ')}`.trimEnd();
}

/** The hunks of a unified diff, without the lines before them that name the files. */
function diffLines(path: string, before: string, after: string): readonly string[] {
  const lines = linesOf(createTwoFilesPatch(path, path, before, after, '', '', { context: 2 }));
  const first = lines.findIndex((line) => line.startsWith('@@'));
  return first < 0 ? [] : lines.slice(first);
}
