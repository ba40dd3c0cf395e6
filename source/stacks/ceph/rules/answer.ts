import type { Evidence, Finding } from '../../../core/finding.js';
import type { Now } from '../../../core/probe.js';
import { quoteLines } from '../../../core/evidence.js';
import { clean, count, listed } from '../../../core/text.js';
import { quorumNode } from '../nodes.js';
import { healthDetailProbe, osdTreeProbe, statusProbe } from '../probes.js';
import type { Unanswered, View } from '../view.js';

/**
 * What it means that no host of ours got an answer from the cluster. One host without a key is no
 * finding while another one has it. Hosts that do not answer themselves are no matter of Ceph's.
 */
export function noAnswer(
  now: Now,
  missing: readonly Unanswered[],
  last: View | undefined,
): readonly Finding[] {
  const lost = missing.filter(({ kind }) => kind === 'no quorum');
  if (lost.length > 0) return [noQuorum(now, lost, last)];
  const keyless = missing.filter(({ kind }) => kind === 'no key' || kind === 'refused');
  return keyless.length > 0 ? [noAccess(now, keyless)] : [];
}

function noQuorum(now: Now, lost: readonly Unanswered[], last: View | undefined): Finding {
  const names = last?.status.quorumNames ?? [];
  const were = names.length === 0 ? '' : ` The quorum was ${listed(names)} when it last answered.`;
  return {
    ...common(now, lost),
    code: 'CEPH_NO_QUORUM',
    severity: 'alert',
    title: 'Ceph has no quorum',
    says: `No Ceph monitor answers ${asked(lost)}.${were}`,
    about: last ? [quorumNode(last.status)] : [],
    explains: true,
  };
}

function noAccess(now: Now, keyless: readonly Unanswered[]): Finding {
  const isRefused = keyless.some(({ kind }) => kind === 'refused');
  return {
    ...common(now, keyless),
    code: 'CEPH_NO_ACCESS',
    severity: 'warning',
    title: 'Ceph cannot be read',
    says: isRefused
      ? `The Ceph monitors refuse the key of ${listed(keyless.map(({ host }) => host))}.`
      : `There is no key for Ceph on ${listed(keyless.map(({ host }) => host))}.`,
    about: [],
  };
}

function asked(lost: readonly Unanswered[]): string {
  const [only] = lost;
  return lost.length === 1 && only ? only.host : `any of ${count(lost.length, 'host')}`;
}

type Common = Omit<Finding, 'code' | 'severity' | 'title' | 'says' | 'about'>;

function common(now: Now, missing: readonly Unanswered[]): Common {
  const failure = missing[0]?.failure;
  return {
    subject: 'cluster',
    hosts: missing.map(({ host }) => host),
    means: failure?.means ?? '',
    todo: failure?.todo ?? '',
    evidence: said(now),
    remedies: [],
    covers: [statusProbe.id, healthDetailProbe.id, osdTreeProbe.id],
  };
}

/** What `ceph` itself printed. */
function said(now: Now): readonly Evidence[] {
  return now
    .of(statusProbe)
    .filter(({ kind }) => kind !== 'fresh')
    .flatMap((reading) => quoteLines(reading, (line) => line.trim() !== ''))
    .slice(0, 3)
    .map((evidence) => ({ ...evidence, lines: evidence.lines.map(clean) }));
}
