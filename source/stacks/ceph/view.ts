import type { Failure } from '../../core/failure.js';
import type { HostName, Millis } from '../../core/host.js';
import { isKnown, type Known, type Now, type Probe, type Reading } from '../../core/probe.js';
import { noAnswerOf, type NoAnswer } from './read/access.js';
import { NO_CODE, type Check, type Health } from './read/health.js';
import type { OsdTree } from './read/osd-tree.js';
import { healthDetailProbe, osdTreeProbe, statusProbe } from './probes.js';
import type { CephStatus } from './read/status.js';

/** All that is known of the cluster at one moment. */
export interface View {
  readonly now: Now;
  readonly status: CephStatus;
  /** Who answered, and when. */
  readonly host: HostName;
  readonly at: Millis;
  /** Why the status is old, if it is. */
  readonly stale?: Failure;
  /** The manager is gone: placement groups, usage and rates stand still since then. */
  readonly frozen: boolean;
  /** The checks with the lines of detail that `ceph health detail` gave for them. */
  readonly checks: readonly Check[];
  readonly tree?: OsdTree;
}

/** What is known of the cluster, or undefined if it never answered. */
export function viewOf(now: Now): View | undefined {
  const status = best(now, statusProbe);
  if (!status) return undefined;
  const tree = best(now, osdTreeProbe)?.value;
  return {
    now,
    status: status.value,
    host: status.host,
    at: status.at,
    frozen: isFrozen(status.value),
    checks: withDetails(status.value.checks, best(now, healthDetailProbe)?.value),
    ...(status.kind === 'stale' && { stale: status.failure }),
    ...(tree && { tree }),
  };
}

/** A cluster seen in one captured output alone, for `holdfast inspect`. */
export function viewOfOne(now: Now, status: CephStatus): View {
  const frozen = isFrozen(status);
  return { now, status, host: '', at: now.at, frozen, checks: status.checks };
}

/** A host that was asked for the status and did not give it. */
export interface Unanswered {
  readonly host: HostName;
  readonly failure: Failure;
  readonly kind: NoAnswer | undefined;
}

/** Why the newest round brought no status; empty where any host gave it. */
export function unanswered(now: Now): readonly Unanswered[] {
  const readings = now.of(statusProbe);
  if (readings.some(({ kind }) => kind === 'fresh')) return [];
  return readings.flatMap((reading) => {
    const failure = failureOf(reading);
    return failure ? [{ host: reading.host, failure, kind: noAnswerOf(failure) }] : [];
  });
}

function failureOf(reading: Reading<unknown>): Failure | undefined {
  return reading.kind === 'failed' || reading.kind === 'stale' ? reading.failure : undefined;
}

/** The freshest reading of a probe of which one host answers for all. */
function best<T>(now: Now, probe: Probe<T>): Known<T> | undefined {
  const age = (reading: Known<T>): number =>
    reading.kind === 'fresh' ? Number.MAX_SAFE_INTEGER : reading.at;
  return now
    .of(probe)
    .filter(isKnown)
    .sort((a, b) => age(b) - age(a))[0];
}

/**
 * Seen on 16.2.15: for 20 to 60 s after the manager died nothing in `ceph -s` tells; then its map
 * says `available: false` and health says MGR_DOWN, at times the one before the other.
 */
function isFrozen(status: CephStatus): boolean {
  return status.manager?.available === false || status.checks.some((c) => c.code === 'MGR_DOWN');
}

/** Details are read less often, so that they may be of a moment ago; they only add names. */
function withDetails(checks: readonly Check[], health: Health | undefined): readonly Check[] {
  if (!health) return checks;
  return checks.map((check) => {
    const same = health.checks.find(
      ({ code, summary }) =>
        code === check.code && (check.code !== NO_CODE || summary === check.summary),
    );
    return same ? { ...check, details: same.details } : check;
  });
}
