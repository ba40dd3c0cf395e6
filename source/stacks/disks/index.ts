import type { Stack } from '../../core/stack.js';
import { findings } from './findings.js';
import { graph } from './graph.js';
import { disksInspectors } from './inspectors.js';
import { disksPane } from './pane/pane.js';
import { localVolume } from './wizards/local-volume/index.js';
import { arraysProbe, devicesProbe, lvmProbe, usageProbe } from './probes.js';

/** Disks, arrays, LVM, file systems, mounts and swap: what every other storage system stands on. */
export const disks: Stack = {
  id: 'disks',
  title: 'Disks',
  presence: { programs: ['lsblk'], paths: [] },
  everywhere: true,
  probes: [devicesProbe, arraysProbe, usageProbe, lvmProbe],
  inspectors: disksInspectors,
  diagnose: findings,
  graph,
  pane: disksPane,
  wizards: [localVolume],
};
