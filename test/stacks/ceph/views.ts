import { Now, type HostState, type Probe, type Reading } from '../../../source/core/probe.js';
import type { Failure } from '../../../source/core/failure.js';
import { statusProbe } from '../../../source/stacks/ceph/probes.js';
import { parseStatus, type CephStatus } from '../../../source/stacks/ceph/read/status.js';
import { viewOfOne, type View } from '../../../source/stacks/ceph/view.js';
import { RECORDED_AT } from '../../support/recordings.js';

/** The parts of `ceph -s -f json` that a test sets; the rest is a healthy cluster of ten OSDs. */
export interface Said {
  readonly status?: string;
  readonly checks?: Readonly<Record<string, unknown>>;
  readonly quorum?: readonly number[];
  readonly mons?: number;
  readonly osds?: Readonly<Record<string, number>>;
  readonly pgmap?: Readonly<Record<string, unknown>>;
  readonly manager?: boolean;
  readonly progress?: Readonly<Record<string, unknown>>;
}

/** A check as `ceph -s` has it since Octopus. */
export function check(
  severity: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): unknown {
  return { severity, summary: { message, count: 1 }, muted: false, ...more };
}

/** A status as Ceph would print it. */
export function said(parts: Said = {}): CephStatus {
  const text = JSON.stringify({
    fsid: 'e67e9d4c-2ecb-4518-979f-21edf9fe30e6',
    health: { status: parts.status ?? 'HEALTH_OK', checks: parts.checks ?? {}, mutes: [] },
    quorum: parts.quorum ?? [0, 1, 2],
    quorum_names: (parts.quorum ?? [0, 1, 2]).map((rank) => `mon${rank + 1}`),
    monmap: { epoch: 1, num_mons: parts.mons ?? 3 },
    osdmap: { num_osds: 10, num_up_osds: 10, num_in_osds: 10, ...parts.osds },
    pgmap: {
      pgs_by_state: [{ state_name: 'active+clean', count: 128 }],
      num_pgs: 128,
      bytes_used: 100,
      bytes_avail: 900,
      bytes_total: 1000,
      ...parts.pgmap,
    },
    mgrmap: { available: parts.manager ?? true, num_standbys: 1 },
    progress_events: parts.progress ?? {},
  });
  const result = parseStatus(text);
  if (!result.ok) throw new Error(result.expected);
  return result.value;
}

/** A status as the rules see it. */
export function view(parts: Said = {}): View {
  return viewOfOne(nowOf([]), said(parts));
}

/** A moment with these readings. */
export function nowOf(
  readings: readonly Reading<unknown>[],
  hosts: readonly HostState[] = [],
  at = RECORDED_AT,
): Now {
  return new Now(at, hosts, readings);
}

/** A fresh reading. */
export function fresh<T>(probe: Probe<T>, host: string, value: T): Reading<T> {
  return { probe, host, asked: [], kind: 'fresh', at: RECORDED_AT, value, unread: [] };
}

/** A status that is old because the newest round failed. */
export function stale(host: string, value: CephStatus, failure: Failure): Reading<CephStatus> {
  const times = { at: RECORDED_AT - 42_000, failedAt: RECORDED_AT };
  return {
    probe: statusProbe,
    host,
    asked: [],
    kind: 'stale',
    ...times,
    value,
    unread: [],
    failure,
  };
}

/** A host of ours. */
export function host(name: string, phase: HostState['phase'] = 'up'): HostState {
  return { name, target: `root@${name}`, phase, since: RECORDED_AT - 60_000, stacks: ['ceph'] };
}
