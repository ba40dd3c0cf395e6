import type { Stack } from '../../core/stack.js';
import { diagnose } from './diagnose.js';
import { graph } from './graph.js';
import { inspectors } from './inspectors.js';
import { pane } from './pane/pane.js';
import { disksProbe } from './probes/disks.js';
import { localProbe } from './probes/local.js';
import { poolProbe } from './probes/pool.js';
import { storageProbe } from './probes/storage.js';
import { emptyFolder } from './recoveries/empty-folder.js';
import { hookLost } from './recoveries/hook-lost.js';
import { pbdUnplugged } from './recoveries/pbd-unplugged.js';
import { steps } from './steps/index.js';
import { bootHook } from './wizards/boot-hook/index.js';
import { storageRepository } from './wizards/storage-repository/index.js';

/** Pools of XenServer and XCP-ng hosts: their storage repositories and what lies beneath them. */
export const xapi: Stack = {
  id: 'xapi',
  title: 'XenServer',
  presence: { programs: [], paths: ['/etc/xensource-inventory'] },
  probes: [localProbe, poolProbe, storageProbe, disksProbe],
  inspectors,
  diagnose,
  graph,
  pane,
  steps,
  wizards: [storageRepository, bootHook],
  recoveries: [pbdUnplugged(Date.now), emptyFolder(Date.now), hookLost],
};
