import type { Failure } from '../../../core/failure.js';
import type { HostName, Outcome } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';

/** Why a cluster gave no answer, where Ceph's own words tell it. */
export type NoAnswer = 'no quorum' | 'no key' | 'refused';

/** A failure to be answered, and which of the known kinds it is. */
interface Known {
  readonly kind: NoAnswer;
  readonly what: string;
  readonly means: string;
  readonly todo: string;
}

const KNOWN: readonly Known[] = [
  {
    kind: 'no quorum',
    what: 'no Ceph monitor answers',
    means:
      'Either the monitors have no majority, or none can be reached from here. Without a quorum nothing can be opened or mapped, and I/O stops as soon as the map changes.',
    todo: 'Look at the monitors on their hosts: `systemctl status ceph-mon@$(hostname -s)`, and whether ports 3300 and 6789 can be reached from here.',
  },
  {
    kind: 'no key',
    what: 'there is no key for Ceph on this host',
    means: '`ceph` found no keyring for client.admin, so the monitors were not asked.',
    todo: 'Put a keyring in /etc/ceph/ceph.client.admin.keyring, or name a host that has one. `profile read-only` suffices for Holdfast.',
  },
  {
    kind: 'refused',
    what: 'the Ceph monitors refuse the key of this host',
    means:
      'The key in the keyring is not the one that the cluster knows, or it lacks the right to read.',
    todo: 'Compare the keyring with `ceph auth get client.admin` on a monitor. `profile read-only` suffices for Holdfast.',
  },
];

/** Which of the known kinds a failure is: the seam between the reading and the rules. */
export function noAnswerOf(failure: Failure): NoAnswer | undefined {
  return KNOWN.find(({ what }) => what === failure.what)?.kind;
}

/**
 * What it means that `ceph` did not answer, by its own words (seen on 16.2.15). Without a monitor
 * `--connect-timeout` ends it with `timed out` (or `[errno 110] RADOS timed out`) and exit 1, so
 * it is not the host that is slow.
 */
export function explainNoAnswer(
  outcome: Outcome,
  host: HostName,
): { readonly absent: string } | { readonly failure: Failure } | undefined {
  if (outcome.kind !== 'exited' || outcome.code === 0) return undefined;
  const said = `${outcome.stderr}\n${outcome.stdout}`;
  if (said.includes('error calling conf_read_file')) {
    return { absent: 'there is no /etc/ceph/ceph.conf on this host' };
  }
  const kind = kindOf(outcome.code, said);
  const known = KNOWN.find((one) => one.kind === kind);
  if (!known) return undefined;
  const { what, means, todo } = known;
  return { failure: { what, where: host, means: `${means}${quoted(said)}`, todo } };
}

function kindOf(code: number, said: string): NoAnswer | undefined {
  if (/timed out|TimedOut|Cluster connection aborted|Connection timed out/.test(said)) {
    return 'no quorum';
  }
  if (/unable to find a keyring|no keyring found|error connecting to the cluster/.test(said)) {
    return code === 13 || /permission denied/i.test(said) ? 'refused' : 'no key';
  }
  if (code === 13 || /EACCES|permission denied/i.test(said)) return 'refused';
  return undefined;
}

/** Ceph's own last line, for those who search for it. */
function quoted(said: string): string {
  const last = linesOf(said).findLast((line) => line.trim() !== '');
  return last === undefined ? '' : ` Ceph says: ${last.trim()}`;
}
