import { Now, type HostState, type Probe, type Reading } from '../../../source/core/probe.js';
import type { IscsiSession } from '../../../source/tools/iscsi-session.js';
import type { KernelDisks } from '../../../source/stacks/multipath/kernel-disks.js';
import type { MultipathMap, MultipathPath } from '../../../source/stacks/multipath/map.js';
import {
  disksProbe,
  mapsProbe,
  sessionsProbe,
  type HostMaps,
} from '../../../source/stacks/multipath/probes.js';

/** What is known of one host at a moment. */
export interface HostFacts {
  readonly maps?: readonly MultipathMap[];
  readonly more?: Partial<HostMaps>;
  readonly sessions?: readonly IscsiSession[];
  readonly disks?: KernelDisks;
  readonly addresses?: readonly string[];
}

const AT = Date.UTC(2026, 10, 20, 14, 2, 11);

/** A moment from plain facts. */
export function moment(hosts: Readonly<Record<string, HostFacts>>): Now {
  const readings: Reading<unknown>[] = [];
  for (const [host, { maps, more, sessions, disks }] of Object.entries(hosts)) {
    const said = { complaints: [], other: [] };
    if (maps) readings.push(fresh(mapsProbe, host, { maps, daemon: 'running', said, ...more }));
    if (sessions) readings.push(fresh(sessionsProbe, host, sessions));
    if (disks) readings.push(fresh(disksProbe, host, disks));
  }
  return new Now(AT, Object.entries(hosts).map(hostState), readings);
}

function hostState([name, { addresses }]: [string, HostFacts]): HostState {
  const survey = {
    ...{ hostname: name, addresses: addresses ?? [], kernel: '', os: '', clockOffset: 0 },
    ...{ bootId: '', root: true, present: new Set<string>() },
  };
  return { name, target: `root@${name}`, phase: 'up', since: AT, stacks: ['multipath'], survey };
}

export function fresh<T>(probe: Probe<T>, host: string, value: T): Reading<unknown> {
  return { probe, host, asked: [], kind: 'fresh', at: AT, value, unread: [] };
}

/** A path from its short form: `sda active ready`. */
export function path(text: string): MultipathPath {
  const [device = '', dmState = '', ...checker] = text.split(' ');
  return {
    ...{ hctl: '2:0:0:1', device, devt: '8:0', dmState },
    ...{ checkerState: checker.join(' '), deviceState: 'running' },
  };
}

export function map(paths: readonly string[], more: Partial<MultipathMap> = {}): MultipathMap {
  return {
    ...{ alias: 'dados', wwid: '3600', dm: 'dm-0', vendor: 'LAB', product: 'DISCO' },
    ...{ sizeBytes: 536870912, action: null, features: '0', hwhandler: '0' },
    ...{ queueing: false, retry: null, access: 'rw' },
    groups: [{ policy: 'service-time 0', priority: 1, state: 'active', paths: paths.map(path) }],
    ...more,
  };
}

/** A session with a disk behind it. */
export function session(
  sid: string,
  portal: string,
  device: string,
  standing: 'up' | 'down',
): IscsiSession {
  const up = standing === 'up';
  return {
    ...{ sid, portal, target: 'iqn.2004-10.example.lab:t', tpgt: 1, from: null },
    connectionState: up ? 'LOGGED IN' : 'TRANSPORT WAIT',
    sessionState: up ? 'LOGGED_IN' : 'FREE',
    internalState: up ? 'NO CHANGE' : 'REOPEN',
    disks: [{ device, hctl: `${sid}:0:0:1`, state: 'running' }],
  };
}
