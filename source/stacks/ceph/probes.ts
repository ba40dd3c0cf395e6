import { reads } from '../../core/host.js';
import type { Probe } from '../../core/probe.js';
import { ask, type Tool } from '../../core/tool.js';
import { explainNoAnswer } from './read/access.js';
import { parseHealthDetail } from './read/health-detail.js';
import type { Health } from './read/health.js';
import { parseOsdTree, type OsdTree } from './read/osd-tree.js';
import { parseStatus, type CephStatus } from './read/status.js';

/** Without a monitor `ceph` would wait 300 s; told to give up after 5 it ends at 5.5 s. */
const CEPH = ['ceph', '--connect-timeout', '5'];
/** More than `ceph` itself waits, so that its own words arrive and not our deadline. */
const DEADLINE = 12_000;

/** `ceph -s`: the cluster in one answer. */
export const statusTool: Tool<[], CephStatus> = {
  command: () => reads([...CEPH, '-s', '-f', 'json'], DEADLINE),
  parse: parseStatus,
  explain: explainNoAnswer,
};

/** `ceph health detail`: the things that each health check is about. */
export const healthDetailTool: Tool<[], Health> = {
  command: () => reads([...CEPH, 'health', 'detail', '-f', 'json'], DEADLINE),
  parse: parseHealthDetail,
  explain: explainNoAnswer,
};

/** `ceph osd tree`: the OSDs and the hosts they are on. */
export const osdTreeTool: Tool<[], OsdTree> = {
  command: () => reads([...CEPH, 'osd', 'tree', '-f', 'json'], DEADLINE),
  parse: parseOsdTree,
  explain: explainNoAnswer,
};

/** One call costs the host that answers 0.2 s of CPU and 50 MB: one host is asked, not all. */
export const statusProbe: Probe<CephStatus> = {
  id: 'ceph.status',
  title: 'Ceph status',
  every: 5000,
  scope: 'cluster',
  read: (host) => ask(host, statusTool),
};

/** Asked less often: it only adds names to what the status says. */
export const healthDetailProbe: Probe<Health> = {
  id: 'ceph.health-detail',
  title: 'Ceph health in detail',
  every: 15_000,
  scope: 'cluster',
  read: (host) => ask(host, healthDetailTool),
};

/** Asked less often: OSDs seldom move. */
export const osdTreeProbe: Probe<OsdTree> = {
  id: 'ceph.osd-tree',
  title: 'Ceph OSDs',
  every: 15_000,
  scope: 'cluster',
  read: (host) => ask(host, osdTreeTool),
};
