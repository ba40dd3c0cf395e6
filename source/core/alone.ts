import { SBIN_PATH } from './batch.js';
import { quoteAll, splitWords } from './quote.js';

/**
 * One command that does not travel in a batch, because it changes something or takes input, as a
 * POSIX shell script. It says the mark on both of its streams before the command begins: what comes
 * before is a login script's or sudo's, and without it the command never started.
 *
 * From then on nobody need listen: a link that is cut must not end mkfs in the middle at the next
 * line that it prints. A signal that is ignored stays so over exec (POSIX, exec).
 *
 * @param mark a word that no output contains by chance
 */
export function aloneScript(argv: readonly string[], mark: string): string {
  return `LC_ALL=C; export LC_ALL; PATH=${SBIN_PATH}:$PATH; export PATH; echo ${mark}; echo ${mark} >&2; trap '' PIPE; exec ${quoteAll(argv)}`;
}

/** A script taken apart again. */
export interface Alone {
  readonly mark: string;
  readonly argv: readonly string[];
}

/**
 * The command that a script stands for, or undefined if it is none of ours. For machines that
 * answer without a real shell: they say `<mark>\n` on stdout and on stderr first.
 */
export function readAlone(script: string): Alone | undefined {
  const found = /; echo (\w+); echo \1 >&2; trap '' PIPE; exec /.exec(script);
  if (found?.[1] === undefined) return undefined;
  const words = splitWords(script.slice(found.index + found[0].length));
  return { mark: found[1], argv: words.map(({ word }) => word) };
}
