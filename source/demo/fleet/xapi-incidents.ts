import type { Incident } from '../../core/incident.js';
import { machineNamed, type Fleet, type Machine } from './state.js';
import {
  bindSr,
  FIRST_LOCATION,
  FIRST_SR,
  FIRST_UNIT,
  firstPbd,
  fixedUuid,
  setAttached,
  unbindSr,
} from './xapi.js';
import { lizardMount } from './first-mounts.js';

/** The machine that it happens to. */
const VICTIM = 'xs-2';
const POINT = '/mnt/lizardfs';

/** What can happen to the repositories of the pool. */
export function xapiIncidents(fleet: Fleet): readonly Incident[] {
  const plug = (attached: boolean) => () => {
    const found = firstPbd(fleet, VICTIM);
    if (found) setAttached(fleet, found.pool, found.pbd, attached);
  };
  const unit = (enabled: boolean) => () => {
    const machine = machineNamed(fleet, VICTIM);
    if (enabled) machine?.enabled.add(FIRST_UNIT);
    else machine?.enabled.delete(FIRST_UNIT);
  };
  const point = (run: (machine: Machine) => void) => () => {
    const machine = machineNamed(fleet, VICTIM);
    if (machine) run(machine);
  };
  return [
    {
      id: 'pbd-unplug',
      title: `unplug the repository of ${VICTIM}`,
      says: 'The pool detaches it there; its virtual machines run on the other host.',
      run: plug(false),
    },
    {
      id: 'pbd-plug',
      title: `plug the repository of ${VICTIM}`,
      says: 'It is attached again.',
      run: plug(true),
    },
    {
      id: 'hook-lose',
      title: `an update takes the boot hook of ${VICTIM} away`,
      says: 'Nothing is wrong until the next reboot.',
      run: unit(false),
    },
    {
      id: 'hook-restore',
      title: `give ${VICTIM} its boot hook back`,
      says: 'It is enabled again.',
      run: unit(true),
    },
    {
      id: 'location-lose',
      title: `boot ${VICTIM} without its LizardFS mount`,
      says: 'The repository is attached to the empty folder, and a disk is written into it.',
      run: point((machine) => loseLocation(fleet, machine)),
    },
    {
      id: 'location-restore',
      title: `mount LizardFS on ${VICTIM} and plug the repository again`,
      says: 'The repository shows its disks again.',
      run: point((machine) => restoreLocation(fleet, machine)),
    },
  ];
}

/** As after a boot without a hook: the repository is bound to the folder of the machine's own disk. */
export function loseLocation(fleet: Fleet, machine: Machine): void {
  unbindSr(machine, FIRST_SR);
  machine.mounts = machine.mounts.filter(({ target }) => target !== POINT);
  bindSr(machine, FIRST_SR, FIRST_LOCATION);
  firstPbd(fleet, machine.name)?.pool.strays.set(machine.name, [`${fixedUuid('c5f2b781', 9)}.vhd`]);
}

function restoreLocation(fleet: Fleet, machine: Machine): void {
  const found = firstPbd(fleet, machine.name);
  if (!found) return;
  setAttached(fleet, found.pool, found.pbd, false);
  if (!machine.mounts.some(({ target }) => target === POINT)) machine.mounts.push(lizardMount());
  setAttached(fleet, found.pool, found.pbd, true);
}
