import { reads, type Command, type Outcome } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';

/** Why there is no answer where the module is not loaded. */
export const NOT_LOADED = 'the DRBD module is not loaded';

/**
 * A question to drbdsetup that changes nothing. By itself every drbdsetup command, `status` too,
 * loads the kernel module where it is missing (seen with drbd-utils 9.22): a reader must not, so it
 * is asked only where `/proc/drbd` is there.
 */
export function drbdsetup(...words: readonly string[]): Command<'reads'> {
  return reads(['sh', '-c', `test -e /proc/drbd && exec drbdsetup ${quoteAll(words)}`]);
}

/** The no of the test that comes before it. */
export function explainNotLoaded(outcome: Outcome): { readonly absent: string } | undefined {
  const refused = outcome.kind === 'exited' && outcome.code === 1 && outcome.stderr === '';
  return refused && outcome.stdout === '' ? { absent: NOT_LOADED } : undefined;
}
