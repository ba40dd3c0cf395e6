import type { Stack } from '../../core/stack.js';
import { diagnose } from './diagnose.js';
import { graph } from './graph.js';
import { inspectors } from './inspectors.js';
import { pane } from './pane/pane.js';
import { databaseProbe } from './probes/database.js';
import { devicesProbe, sessionsProbe } from './probes/devices.js';
import { machinesProbe, mapsProbe, messagesProbe } from './probes/frontend.js';
import { localProbe } from './probes/local.js';
import { targetsProbe } from './probes/targets.js';
import { permissionsProbe, volumesProbe } from './probes/volumes.js';
import { stuckMapRecovery } from './recovery/recovery.js';
import { ROCKS } from './roll.js';
import { steps } from './steps/index.js';
import { assignNas } from './wizards/assign-nas/index.js';
import { images } from './wizards/images/index.js';
import { prepareNas } from './wizards/prepare-nas/index.js';

/** Virtual disks of a Rocks cluster: ZFS volumes on NAS hosts, mapped and copied to VM containers. */
export const imgstorage: Stack = {
  id: 'imgstorage',
  title: 'img-storage',
  presence: {
    programs: [],
    paths: [
      ROCKS,
      ...['/etc/init.d/img-storage-nas', '/opt/rocks/bin/img-storage-nas'],
      ...['/etc/init.d/img-storage-vm', '/opt/rocks/bin/img-storage-vm'],
    ],
  },
  probes: [
    localProbe,
    databaseProbe,
    targetsProbe,
    sessionsProbe,
    devicesProbe,
    volumesProbe,
    permissionsProbe,
    machinesProbe,
    messagesProbe,
    mapsProbe,
  ],
  inspectors,
  diagnose,
  graph,
  pane,
  steps,
  wizards: [prepareNas, assignNas, images],
  recoveries: [stuckMapRecovery(Date.now)],
};
