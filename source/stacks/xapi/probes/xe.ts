import { outcomeFailure, type Failure } from '../../../core/failure.js';
import {
  reads,
  type Command,
  type HostName,
  type Outcome,
  type Reader,
} from '../../../core/host.js';
import { hostByAddress } from '../../../core/lookup.js';
import type { Parsed } from '../../../core/parsed.js';
import type { Answer, Now } from '../../../core/probe.js';
import { readOutput } from '../../../core/tool.js';
import { explainXe } from '../read/errors.js';
import { localProbe } from './local.js';

/** A list of xe. It waits on the pool's master, which may be busy. */
export function listCommand(
  list: string,
  params: readonly string[],
  ...filters: readonly string[]
): Command<'reads'> {
  return reads(['xe', list, ...filters, `params=${params.join(',')}`], 15_000);
}

/** A list, and how its answer is read. */
export interface Question<T> {
  readonly command: Command<'reads'>;
  readonly parse: (text: string) => Parsed<readonly T[]>;
}

/** Asks for a list. Never rejects. */
export async function askList<T>(
  host: Reader,
  { command, parse }: Question<T>,
): Promise<Answer<readonly T[]>> {
  const outcome = await host.run(command);
  if (outcome.kind === 'exited' && outcome.code === 0) {
    return readOutput(host, command, parse(outcome.stdout));
  }
  if (outcome.kind === 'exited' && outcome.code === 127) {
    return { kind: 'absent', because: 'xe is not installed' };
  }
  return { kind: 'failed', failure: xeFailure(host.name, command, outcome) };
}

/** Asks for two lists, which travel together; one without the other is no answer. */
export async function askBoth<A, B, V>(
  host: Reader,
  first: Question<A>,
  second: Question<B>,
  join: (first: readonly A[], second: readonly B[]) => V,
): Promise<Answer<V>> {
  const [one, other] = await Promise.all([askList(host, first), askList(host, second)]);
  if (one.kind !== 'value') return one;
  if (other.kind !== 'value') return other;
  const unread = [...one.unread, ...other.unread];
  return { kind: 'value', value: join(one.value, other.value), unread };
}

/** A failed `xe`, in its own words. */
export function xeFailure(host: HostName, command: Command, outcome: Outcome): Failure {
  const general = outcomeFailure(host, command, outcome);
  const said = explainXe(outcome);
  if (said === undefined) return general;
  const away =
    /Connection refused|lost contact|HOST_IS_SLAVE|HOST_STILL_BOOTING|still booting/i.test(said);
  return {
    ...general,
    means: said,
    todo: away
      ? 'xapi does not run here, or the pool has no master: `systemctl status xapi`, `cat /etc/xensource/pool.conf`.'
      : 'Ask the same by hand on the pool’s master.',
  };
}

/**
 * The pool of a host, by the name of its master: of our host that is the master, or its address.
 * pool.conf names the master's address on every other host. Not known: it said nothing of it yet,
 * or is no host of a pool.
 */
export function poolOf(now: Now, host: HostName): string | undefined {
  const local = now.known(localProbe).find((reading) => reading.host === host)?.value;
  if (!local?.role) return undefined;
  if (local.role.kind === 'master') return host;
  return hostByAddress(now, local.role.master) ?? local.role.master;
}
