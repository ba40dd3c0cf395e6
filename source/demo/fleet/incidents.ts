import type { Incident } from '../../core/incident.js';
import { cutLink, healLink } from './drbd/loss.js';
import { CHUNK_ID } from './first-mounts.js';
import { damageDisk } from './lizardfs.js';
import { killMetadataServer, recoverMaster } from './metadata-servers.js';
import { hang, kill, revive } from './machines.js';
import { enlargeDisk, fillFileSystem, loseMount, restoreMount } from './mounts.js';
import { setPath, setPortal } from './san.js';
import { nineIncidents } from './nine/incidents.js';
import { nineOf } from './nine/state.js';
import { rocksIncidents } from './rocks/incidents.js';
import { stopChunkserver, stopOsd } from './daemons.js';
import { healSplitBrain, makeSplitBrain, releaseResource } from './drbd/split-brain.js';
import { machineNamed, type Fleet, type Machine } from './state.js';
import { xapiIncidents } from './xapi-incidents.js';

/** What can be made to happen in a fleet; what breaks something stands before what mends it. */
export function incidentsOf(fleet: Fleet): readonly Incident[] {
  if (fleet.rocks) return rocksIncidents(fleet);
  if (nineOf(fleet)) return nineIncidents(fleet);
  if (fleet.drbd.resources.length === 0) return bare(fleet);
  return [
    ...drbd(fleet),
    ...lizardfs(fleet),
    ...ceph(fleet),
    ...san(fleet),
    ...fileSystems(fleet),
    ...xapiIncidents(fleet),
    ...hosts(fleet),
  ];
}

/** A fleet on which nothing is installed has hosts that can be cut off, and no more. */
function bare(fleet: Fleet): readonly Incident[] {
  const cut = (offline: boolean) => () => {
    for (const machine of fleet.machines) machine.offline = offline;
  };
  return [
    incident('internet-cut', 'take the internet away', 'No repository is reached.', cut(true)),
    incident('internet-back', 'give the internet back', 'Repositories answer again.', cut(false)),
  ];
}

function incident(id: string, title: string, says: string, run: () => void): Incident {
  return { id, title, says, run };
}

function drbd(fleet: Fleet): readonly Incident[] {
  return [
    incident(
      'link-cut',
      'cut the link between kvm-1 and kvm-2',
      'Both go on alone; it is noticed after six seconds.',
      () => cutLink(fleet),
    ),
    incident(
      'link-heal',
      'put the link between kvm-1 and kvm-2 back',
      'They meet again: a resync where one wrote, a split brain where both did.',
      () => healLink(fleet),
    ),
    incident(
      'split-brain-make',
      'make a split brain of r0',
      'The link goes for five seconds and both sides write.',
      () => makeSplitBrain(fleet),
    ),
    incident(
      'release-r0',
      'stop the machines of kvm-2 and unmount /srv/vms',
      'kvm-2 no longer uses r0, so that it can give way in a split brain.',
      () => releaseResource(fleet, 'kvm-2'),
    ),
    incident(
      'split-brain-heal',
      'mend the split brain of r0',
      'kvm-2 gives up its changes and is brought to the data of kvm-1.',
      () => healSplitBrain(fleet),
    ),
  ];
}

function lizardfs(fleet: Fleet): readonly Incident[] {
  return [
    incident(
      'chunkserver-stop',
      'stop the chunkserver of lfs-3',
      'Chunks fall below their goal and are copied to the other two.',
      () => stopChunkserver(fleet, 'lfs-3', true),
    ),
    incident(
      'chunkserver-start',
      'start the chunkserver of lfs-3',
      'Its copies count again; those too many are deleted.',
      () => stopChunkserver(fleet, 'lfs-3', false),
    ),
    incident(
      'master-kill',
      'kill the master on xs-1',
      'The file system hangs; its shadow on xs-2 has every change.',
      () => killMetadataServer(fleet, 'xs-1'),
    ),
    incident(
      'master-start',
      'start the master on xs-1 again, from its change logs',
      'It goes on where it was; nothing asks whether another took its place.',
      () => recoverMaster(fleet, 'xs-1'),
    ),
    incident(
      'disk-damage',
      'damage a chunk disk of xs-2',
      'The chunkserver marks it damaged; its chunks lose a copy.',
      () => damageDisk(fleet, 'xs-2:1', true),
    ),
    incident(
      'disk-mend',
      'make the damaged chunk disk of xs-2 good',
      'Its copies count again.',
      () => damageDisk(fleet, 'xs-2:1', false),
    ),
  ];
}

function ceph(fleet: Fleet): readonly Incident[] {
  const monitors = (running: boolean) => {
    for (const monitor of fleet.ceph.monitors.slice(1)) monitor.running = running;
  };
  return [
    incident('osd-stop', 'stop osd.1 on ceph-2', 'A third of the copies is away.', () =>
      stopOsd(fleet, 1, true),
    ),
    incident('osd-start', 'start osd.1 on ceph-2', 'What was written meanwhile is recovered.', () =>
      stopOsd(fleet, 1, false),
    ),
    incident(
      'quorum-stop',
      'stop two of the three Ceph monitors',
      'No quorum: every question to the cluster waits.',
      () => monitors(false),
    ),
    incident('quorum-start', 'start the Ceph monitors again', 'They elect a leader.', () =>
      monitors(true),
    ),
  ];
}

function san(fleet: Fleet): readonly Incident[] {
  const [, second] = fleet.san.portals;
  const portal = second?.address ?? '';
  return [
    incident('path-pull', 'pull a path of san-1', 'One path of eight fails.', () =>
      setPath(fleet, 'sdc', false),
    ),
    incident('path-restore', 'put the path of san-1 back', 'The checker takes it up again.', () =>
      setPath(fleet, 'sdc', true),
    ),
    incident(
      'portal-pull',
      `take the portal ${portal} away from san-1`,
      'Half of all paths fail, and their iSCSI sessions wait.',
      () => setPortal(fleet, portal, false),
    ),
    incident('portal-restore', `give the portal ${portal} back`, 'The sessions log in again.', () =>
      setPortal(fleet, portal, true),
    ),
  ];
}

function fileSystems(fleet: Fleet): readonly Incident[] {
  return [
    incident(
      'file-system-fill',
      'fill /srv/data of san-1',
      'A backup that nobody deletes takes all but two parts in a hundred.',
      () => fillFileSystem(fleet, 'san-1', '/srv/data', 0.98),
    ),
    incident(
      'file-system-clear',
      'make room in /srv/data of san-1',
      'The old backup is gone.',
      () => fillFileSystem(fleet, 'san-1', '/srv/data', 0.63),
    ),
    incident(
      'mount-lose',
      'unmount /srv/backup of san-1',
      'As after a start without its disk: fstab names it, and it is not there.',
      () => loseMount(fleet, 'san-1', '/srv/backup'),
    ),
    incident(
      'disk-enlarge',
      'put a disk of twice the size beneath a chunk disk of lfs-3',
      'A copy on a larger disk took its place; the file system on it is as large as before.',
      () => enlargeDisk(fleet, 'lfs-3', `/mnt/${CHUNK_ID}_15373b`),
    ),
    incident('mount-restore', 'mount /srv/backup of san-1 again', 'What fstab says is so.', () =>
      restoreMount(fleet, 'san-1', '/srv/backup'),
    ),
  ];
}

function hosts(fleet: Fleet): readonly Incident[] {
  const on = (name: string, run: (machine: Machine) => void) => () => {
    const machine = machineNamed(fleet, name);
    if (machine) run(machine);
  };
  return [
    incident('host-kill', 'kill kvm-2', 'It is gone at once; its peer notices later.', () =>
      kill(fleet, 'kvm-2'),
    ),
    incident('host-revive', 'boot kvm-2 again', 'It comes up, connects and is resynced.', () =>
      revive(fleet, 'kvm-2'),
    ),
    incident('host-hang', 'hang xs-2', 'It accepts connections and never answers.', () =>
      hang(fleet, 'xs-2'),
    ),
    incident('host-unhang', 'let xs-2 answer again', 'It goes on where it stopped.', () =>
      revive(fleet, 'xs-2'),
    ),
    incident(
      'host-slow',
      'make ceph-1 slow, or fast again',
      'It answers three seconds late.',
      on('ceph-1', (machine) => {
        machine.latency = machine.latency > 0 ? 0 : 3000;
      }),
    ),
    incident(
      'host-garbage',
      'make lfs-3 talk garbage, or sense again',
      'Whatever it is asked, it prints noise and escape sequences.',
      on('lfs-3', (machine) => {
        machine.garbled = !machine.garbled;
      }),
    ),
    incident(
      'command-hang',
      'hang multipathd on san-1, or let it answer again',
      'That command alone never ends; all else answers.',
      on('san-1', ({ stuck }) => {
        if (!stuck.delete('multipathd')) stuck.add('multipathd');
      }),
    ),
  ];
}
