import type { Stack } from '../../core/stack.js';
import { diagnose } from './diagnose.js';
import { graph } from './graph.js';
import { inspectors } from './inspectors.js';
import { pane } from './pane/pane.js';
import { stuck } from './recoveries/stuck/index.js';
import { steps } from './steps/index.js';
import { clusterWizard } from './wizards/cluster/index.js';
import { devicesProbe, logProbe, nodeProbe } from './probes.js';

/** OCFS2 on its own cluster, o2cb: a file system that several hosts have mounted at a time. */
export const ocfs2: Stack = {
  id: 'ocfs2',
  title: 'OCFS2',
  presence: { programs: ['o2cb', 'mounted.ocfs2'], paths: ['/etc/ocfs2/cluster.conf'] },
  probes: [nodeProbe, devicesProbe, logProbe],
  inspectors,
  diagnose,
  graph,
  pane,
  steps,
  wizards: [clusterWizard],
  recoveries: [stuck(Date.now)],
};
