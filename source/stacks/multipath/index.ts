import type { Stack } from '../../core/stack.js';
import { multipathFindings } from './findings.js';
import { multipathGraph } from './graph.js';
import { multipathInspectors } from './inspectors.js';
import { multipathPane } from './pane.js';
import { disksProbe, mapsProbe, sessionsProbe } from './probes.js';

/** Multipath maps, their paths, and the iSCSI sessions and portals beneath them. */
export const multipath: Stack = {
  id: 'multipath',
  title: 'Multipath',
  // iscsiadm alone counts: a session without multipath is a disk with one path.
  presence: { programs: ['multipath', 'iscsiadm'], paths: [] },
  probes: [mapsProbe, sessionsProbe, disksProbe],
  inspectors: multipathInspectors,
  diagnose: multipathFindings,
  graph: multipathGraph,
  pane: multipathPane,
};
