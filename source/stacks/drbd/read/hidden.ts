import { reads, type Command, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { hidingProgram, type SecretLines } from '../../../tools/secret-lines.js';
import { drbdsetup } from './drbdsetup.js';
import { settingsInShow, type Settings } from './settings.js';

/** The statement of DRBD's configuration that must not be seen. */
export const SECRET_LINES: SecretLines = { keys: ['shared-secret'], form: 'statement' };

/**
 * drbdadm's complaints, `drbd.d/r0.res:2: Parse error: ';' expected, but got 'battery'`: it quotes the word
 * at which it stopped. Where the line that it names, or the one before, is that of a secret, or cannot be
 * read, what is quoted stays on the host. Relative names begin in /etc. Source: drbdadm_parser.c of 9.22.
 */
const COMPLAINT = [
  '{ line[NR] = $0 }',
  'match($0, /^[^ :]+:[0-9]+:/) {',
  'split($0, at, ":"); f = at[1]; if (f !~ /^\\//) f = "/etc/" f',
  'for (i = 1; i <= at[2]; i++) { if ((getline text < f) <= 0) { hide = 1; break }',
  'if (i >= at[2] - 1 && text ~ /secret/) hide = 1 }',
  'close(f) }',
  'END { for (i = 1; i <= NR; i++) { if (hide) gsub(/[\'"].*[\'"]/, "(not shown)", line[i]); print line[i] } }',
].join('\n');

/**
 * A reading command of DRBD's tools of whose output no more leaves the host than the awk program prints.
 * It ends as the command does; one that fails runs again for its complaint.
 */
export function filtered(
  program: string,
  argv: readonly string[],
  deadline = 30_000,
): Command<'reads'> {
  const asked = quoteAll(argv);
  const script = [
    `o=$(${asked} 2>/dev/null); r=$?`,
    '[ -z "$o" ] || printf "%s\\n" "$o" | awk "$1"',
    `[ "$r" = 0 ] || ${asked} 2>&1 >/dev/null | awk "$2" >&2`,
    'exit $r',
  ];
  return reads(['sh', '-c', script.join('\n'), 'sh', program, COMPLAINT], deadline);
}

const HIDING = hidingProgram(SECRET_LINES);

/**
 * `drbdadm dump`: the configuration files, checked, without their secrets. If one file is broken it fails
 * as a whole, with `file:line: …` on standard error: exit 10 for syntax, options and duplicates.
 */
export function dumpHidden(): Command<'reads'> {
  return filtered(HIDING, ['drbdadm', 'dump']);
}

/** `drbdsetup show`, which prints the secret of each connection: without it. Never loads the module. */
export function showHidden(...resource: readonly string[]): Command<'reads'> {
  return filtered(HIDING, drbdsetup('show', ...resource).argv);
}

/** What the kernel runs a resource with; undefined where it could not be asked. */
export async function askKernel(host: Reader, resource: string): Promise<Settings | undefined> {
  const outcome = await host.run(showHidden(resource));
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  return settingsInShow(outcome.stdout, resource);
}
