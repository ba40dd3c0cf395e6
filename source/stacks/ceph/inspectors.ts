import { defineInspector, type Inspector } from '../../core/inspector.js';
import { Now } from '../../core/probe.js';
import { findingsOf } from './diagnose.js';
import type { Health } from './read/health.js';
import { parseHealthDetail } from './read/health-detail.js';
import { parseOsdTree, type OsdTree } from './read/osd-tree.js';
import { readPlacement } from './read/pgmap.js';
import { SAMPLE_DETAIL, SAMPLE_STATUS, SAMPLE_TREE } from './samples.js';
import { parseStatus, type CephStatus } from './read/status.js';
import { viewOfOne } from './view.js';

/** A captured output has no hosts and no moment. */
const nowhere = new Now(0, [], []);

/** The outputs that `holdfast inspect` reads. */
export const inspectors: readonly Inspector[] = [
  defineInspector({
    id: 'ceph.status-json',
    reads: 'ceph -s -f json',
    sample: SAMPLE_STATUS,
    parse: parseStatus,
    findings: (status) => findingsOf(viewOfOne(nowhere, status)),
  }),
  defineInspector({
    id: 'ceph.health-detail-json',
    reads: 'ceph health detail -f json',
    sample: SAMPLE_DETAIL,
    parse: parseHealthDetail,
    findings: (health) => findingsOf(viewOfOne(nowhere, onlyHealth(health))),
  }),
  defineInspector({
    id: 'ceph.osd-tree-json',
    reads: 'ceph osd tree -f json',
    sample: SAMPLE_TREE,
    parse: parseOsdTree,
    findings: (tree) => findingsOf({ ...viewOfOne(nowhere, onlyTree(tree)), tree }),
  }),
];

/** A status of which only the health is known. */
function onlyHealth({ status, checks }: Health): CephStatus {
  return { ...nothing, health: status, checks };
}

/** A status of which only the OSDs are known. */
function onlyTree({ osds }: OsdTree): CephStatus {
  const counts = {
    up: osds.filter((osd) => osd.up).length,
    in: osds.filter((osd) => osd.in).length,
    total: osds.length,
  };
  return { ...nothing, osds: counts };
}

const nothing: CephStatus = {
  fsid: null,
  health: null,
  checks: [],
  monitors: null,
  quorumNames: [],
  osds: null,
  remappedPgs: 0,
  manager: null,
  flags: [],
  progress: [],
  ...readPlacement(undefined),
};
