import type { Incident } from '../../../core/incident.js';
import { kill, revive } from '../machines.js';
import type { Fleet } from '../state.js';
import {
  askToMap,
  askToUnmap,
  breakOff,
  burst,
  clearPool,
  device,
  fillPool,
  FRESH,
  HERE,
  LOCAL,
  NAS,
  restart,
  runGuest,
} from './happenings.js';
import { nodeOf } from './nodes.js';
import { resumeDevice, suspendDevice } from './storage/mapper.js';

const GIB = 2 ** 30;
/** A map is answered by then, and its guest can start. */
const MAPPED_AFTER = 8000;
/** Whoever waits for an unmap gives up, in ms. */
const PATIENCE = 5000;

/** What can happen to the storage maps of a Rocks cluster. */
export function rocksIncidents(fleet: Fleet): readonly Incident[] {
  const merge = (suspended: boolean) => () => {
    const node = nodeOf(fleet, HERE);
    if (!node) return;
    if (suspended) suspendDevice(node, device(FRESH));
    else resumeDevice(fleet, node, device(FRESH));
  };
  return [
    {
      id: 'image-map',
      title: `map ${FRESH} to ${HERE}, and start its guest`,
      says: 'Its image is copied to the container while the guest works on the NAS.',
      run: () => {
        askToMap(fleet);
        fleet.clock.after(MAPPED_AFTER, () => runGuest(fleet, FRESH, true));
      },
    },
    {
      id: 'image-burst',
      title: `let ${FRESH} write 1 GiB at once`,
      says: 'It is written beside the image, and merged when the copy is there.',
      run: () => burst(fleet, GIB),
    },
    {
      id: 'merge-suspend',
      title: `suspend the device of ${FRESH}`,
      says: 'Its merge stands still, and its guest waits for its disk.',
      run: merge(true),
    },
    {
      id: 'merge-resume',
      title: `resume the device of ${FRESH}`,
      says: 'The merge goes on where it stood.',
      run: merge(false),
    },
    {
      id: 'unmap-break',
      title: `break off an unmap of ${LOCAL}`,
      says: 'It waits for the guest, whoever asked gives up, and the lock stays.',
      run: () => {
        const queue = askToUnmap(fleet, LOCAL);
        fleet.clock.after(PATIENCE, () => breakOff(fleet, queue));
      },
    },
    {
      id: 'nas-restart',
      title: `restart the daemon of ${NAS}`,
      says: 'What it was sending is sent by nobody any more.',
      run: () => restart(fleet, NAS, 'img-storage-nas'),
    },
    {
      id: 'pool-fill',
      title: `fill the pool of ${HERE}`,
      says: 'What is written beside an image soon has no room.',
      run: () => fillPool(fleet),
    },
    {
      id: 'pool-clear',
      title: `make room in the pool of ${HERE}`,
      says: 'The volume that took it is destroyed.',
      run: () => clearPool(fleet),
    },
    {
      id: 'container-kill',
      title: `kill ${HERE}`,
      says: 'It is gone at once, with what only its volumes had.',
      run: () => kill(fleet, HERE),
    },
    {
      id: 'container-revive',
      title: `boot ${HERE} again`,
      says: 'It comes up without the devices that it had.',
      run: () => revive(fleet, HERE),
    },
  ];
}
