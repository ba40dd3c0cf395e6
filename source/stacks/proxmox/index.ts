import type { Stack } from '../../core/stack.js';
import { diagnose } from './findings.js';
import { graph } from './graph.js';
import { inspectors } from './inspectors.js';
import { pane } from './pane.js';
import { storagesProbe } from './probe.js';
import { storageWizard } from './storage-wizard.js';

/** The storages of Proxmox VE nodes. */
export const proxmox: Stack = {
  id: 'proxmox',
  title: 'Proxmox',
  presence: { programs: ['pvesm'], paths: [] },
  probes: [storagesProbe],
  inspectors,
  diagnose,
  graph,
  pane,
  wizards: [storageWizard],
};
