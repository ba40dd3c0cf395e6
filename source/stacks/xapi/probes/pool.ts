import type { Probe } from '../../../core/probe.js';
import { FIELDS, parseHosts, parsePools, type Pool, type PoolHost } from '../read/lists.js';
import { askBoth, listCommand, poolOf, type Question } from './xe.js';

/** A pool and its hosts. */
export interface PoolView {
  readonly pool?: Pool;
  readonly hosts: readonly PoolHost[];
}

/** `xe pool-list` and `xe host-list`. */
export const poolQuestions: {
  readonly pools: Question<Pool>;
  readonly hosts: Question<PoolHost>;
} = {
  pools: { command: listCommand('pool-list', FIELDS.pools), parse: parsePools },
  hosts: { command: listCommand('host-list', FIELDS.hosts), parse: parseHosts },
};

/** One host of each pool: who is in it. It changes seldom. */
export const poolProbe: Probe<PoolView> = {
  id: 'xapi.pool',
  title: 'hosts of the pool',
  every: 30_000,
  scope: 'cluster',
  clusterOf: poolOf,
  read: (host) =>
    askBoth(host, poolQuestions.pools, poolQuestions.hosts, ([pool], hosts) => ({
      ...(pool && { pool }),
      hosts,
    })),
};
