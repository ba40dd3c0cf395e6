import type { Stack } from '../../core/stack.js';
import { diagnose } from './diagnose.js';
import { graph } from './graph.js';
import { inspectors } from './inspectors.js';
import { draw } from './pane/rows.js';
import { metrics, running, summary } from './pane/totals.js';
import { standaloneRecovery } from './recoveries/standalone/recovery.js';
import { verifyDifferencesRecovery } from './recoveries/verify-differences/recovery.js';
import { slowResyncRecovery } from './recoveries/slow-resync/recovery.js';
import { diskFailedRecovery } from './recoveries/disk-failed/recovery.js';
import { outdatedRecovery } from './recoveries/outdated/recovery.js';
import { peerLostRecovery } from './recoveries/peer-lost/recovery.js';
import { splitBrainRecovery } from './split-brain/recovery.js';
import { steps } from './steps/index.js';
import { clusterNetwork } from './wizards/cluster-network/index.js';
import { grow } from './wizards/grow/index.js';
import { moveIn } from './wizards/move-in/index.js';
import { replaceNode } from './wizards/replace-node/index.js';
import { replicatedVolume } from './wizards/replicated-volume/index.js';
import {
  configProbe,
  devicesProbe,
  identifiersProbe,
  logProbe,
  namesProbe,
  solvedProbe,
} from './probes.js';

/** DRBD 8.0 to 9: replicated block devices. */
export const drbd: Stack = {
  id: 'drbd',
  title: 'DRBD',
  presence: { programs: ['drbdadm', 'drbdsetup'], paths: ['/proc/drbd', '/etc/drbd.conf'] },
  probes: [devicesProbe, namesProbe, identifiersProbe, logProbe, configProbe, solvedProbe],
  inspectors,
  diagnose,
  graph,
  pane: { summary, draw, running, metrics },
  steps,
  wizards: [clusterNetwork, replicatedVolume, grow, moveIn, replaceNode],
  recoveries: [
    splitBrainRecovery,
    peerLostRecovery,
    diskFailedRecovery,
    outdatedRecovery,
    standaloneRecovery,
    verifyDifferencesRecovery,
    slowResyncRecovery,
  ].map((recovery) => recovery(Date.now)),
};
