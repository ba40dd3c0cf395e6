import type { Stack } from '../../core/stack.js';
import { diagnose } from './diagnose.js';
import { graph } from './graph.js';
import { inspectors } from './inspectors.js';
import { pane } from './pane.js';
import { serverProbe } from './probes.js';
import { steps } from './steps/index.js';
import { exportsWizard } from './wizards/exports/index.js';

/** What hosts export by NFS, and who is there. */
export const nfs: Stack = {
  id: 'nfs',
  title: 'NFS',
  presence: { programs: ['exportfs'], paths: ['/etc/exports'] },
  probes: [serverProbe],
  inspectors,
  diagnose,
  graph,
  pane,
  steps,
  wizards: [exportsWizard],
};
