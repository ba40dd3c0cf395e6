import type { Stack } from '../../core/stack.js';
import { aliases } from './wizards/aliases/index.js';
import { chunkDisks } from './wizards/chunk-disks/index.js';
import { growDisks } from './wizards/grow-disks/index.js';
import { install } from './wizards/install/index.js';
import { masters } from './wizards/masters/index.js';
import { diagnose } from './findings/diagnose.js';
import { graph } from './graph.js';
import { inspectors } from './inspectors.js';
import { pane } from './pane/pane.js';
import { clusterProbe } from './probes/cluster.js';
import { localProbe } from './probes/local.js';
import { diskDrain } from './recoveries/disk-drain/recovery.js';
import { lostMaster } from './recoveries/lost-master/recovery.js';
import { missingChunks } from './recoveries/missing-chunks/recovery.js';
import { emptyMetadata } from './steps/empty-metadata.js';
import { moveEdit } from './steps/move-edit.js';
import { promote } from './steps/promote.js';
import { reloadDisks } from './steps/reload-disks.js';
import { waitForChunkservers } from './steps/wait-for-chunkservers.js';
import { waitForGrowth } from './steps/wait-for-growth.js';
import { waitForDrain } from './steps/wait-for-drain.js';
import { waitForDisks } from './steps/wait-for-disks.js';
import { waitForMasters } from './steps/wait-for-masters.js';
import { mountClient } from './steps/mount-client.js';
import { setAside } from './steps/set-aside.js';
import { setGoal } from './steps/set-goal.js';
import { mountWizard } from './wizards/mount/index.js';
import { vmMounts } from './wizards/vm-mounts/index.js';
import { nameAndFirewall } from './wizards/name-and-firewall/index.js';

/** LizardFS; SaunaFS, which grew out of it and answers alike; and MooseFS, where it came from. */
export const lizardfs: Stack = {
  id: 'lizardfs',
  title: 'LizardFS',
  presence: {
    programs: [
      'lizardfs-admin',
      'saunafs-admin',
      'lizardfs-probe',
      'mfscli',
      'mfsmaster',
      'mfschunkserver',
      'mfsmetalogger',
      'mfsmount',
      'sfsmaster',
      'sfschunkserver',
      'sfsmount',
    ],
    paths: ['/etc/lizardfs', '/etc/saunafs', '/etc/mfs'],
  },
  probes: [localProbe, clusterProbe],
  inspectors,
  diagnose,
  graph,
  pane,
  steps: [
    waitForDisks,
    waitForMasters,
    waitForChunkservers,
    waitForDrain,
    waitForGrowth,
    emptyMetadata,
    mountClient,
    setGoal,
    moveEdit,
    setAside,
    promote,
    reloadDisks,
  ],
  // In the order in which a bare host becomes part of a cluster.
  wizards: [
    install,
    masters,
    nameAndFirewall,
    chunkDisks,
    mountWizard,
    vmMounts,
    aliases,
    growDisks,
  ],
  recoveries: [lostMaster, missingChunks, diskDrain],
};
