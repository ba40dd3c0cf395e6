import { pathWorks } from '../fleet/san.js';
import { FIRST_LOCATION, FIRST_SR, poolOn, srMount } from '../fleet/xapi.js';
import { modulesOf } from '../fleet/modules.js';
import { networkFiles } from './network-files.js';
import { metadataFiles } from './metadata-files.js';
import { rocksLiveFiles } from './rocks-files.js';
import type { Fleet, Machine } from '../fleet/state.js';
import { nineOf } from '../fleet/nine/state.js';
import { procNine } from '../programs/drbd/nine/text.js';
import { procDrbd } from '../programs/drbd/proc-drbd.js';
import { blockTree, flat } from '../programs/system/devices.js';
import { dmTable } from '../programs/multipath/kernel.js';

/** Files whose content is made of the machine's state at the moment of reading; undefined: gone. */
export function liveFiles(fleet: Fleet, machine: Machine): [string, string | undefined][] {
  const { clock } = fleet;
  const up = (clock.now - machine.bootedAt) / 1000;
  const files: [string, string | undefined][] = [
    ['/proc/uptime', `${up.toFixed(2)} ${(up * 3.4).toFixed(2)}\n`],
    ['/proc/mounts', procMounts(machine)],
    ['/proc/self/mounts', procMounts(machine)],
    ['/etc/mtab', procMounts(machine)],
    ['/proc/self/mountinfo', mountInfo(fleet, machine)],
    ['/proc/swaps', 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n'],
    ['/proc/mdstat', 'Personalities : \nunused devices: <none>\n'],
    ...networkFiles(machine),
    ['/proc/sys/kernel/random/boot_id', `${machine.bootId}\n`],
    ['/proc/sys/kernel/hostname', `${machine.name}\n`],
    ['/proc/loadavg', '0.31 0.28 0.24 1/412 4711\n'],
  ];
  if (nineOf(fleet)) files.push(['/proc/drbd', procNine(machine)]);
  else if (modulesOf(machine).has('drbd')) files.push(['/proc/drbd', procDrbd(fleet, machine)]);
  if (fleet.san.machine === machine.name) files.push(...sanFiles(fleet));
  files.push(...chunkLocks(fleet, machine), ...metadataFiles(fleet, machine));
  files.push(...unitLinks(machine), ...strays(fleet, machine), ...rocksLiveFiles(fleet, machine));
  return files;
}

const locked = new WeakMap<Machine, Set<string>>();

/**
 * The file by which a chunkserver shows that a disk is its own. It lies on the disk: unmounted, the
 * folder beneath is empty again.
 */
function chunkLocks({ lizardfs }: Fleet, machine: Machine): [string, string | undefined][] {
  const mounted = new Set(machine.mounts.map(({ target }) => target));
  const known = locked.get(machine) ?? new Set<string>();
  locked.set(machine, known);
  for (const server of lizardfs.chunkservers) {
    if (server.machine !== machine.name) continue;
    for (const { path } of server.disks) known.add(path.replace(/\/$/, ''));
  }
  return [...known].map((path) => [`${path}/.lock`, mounted.has(path) ? '' : undefined]);
}

const WANTS = '/etc/systemd/system/multi-user.target.wants';
const linked = new WeakMap<Machine, Set<string>>();

/** What `systemctl enable` leaves behind, for the units of the administrator's own. */
function unitLinks(machine: Machine): [string, string | undefined][] {
  const known = linked.get(machine) ?? new Set<string>();
  linked.set(machine, known);
  for (const unit of machine.enabled) if (unit.startsWith('sr-start-')) known.add(unit);
  return [...known].map((unit) => {
    return [`${WANTS}/${unit}.service`, machine.enabled.has(unit) ? '' : undefined];
  });
}

/**
 * Files that lie in a repository's folder on the machine's own disk: seen through the bind while that
 * is there, and in the folder itself while nothing is mounted over it. They are taken from the list
 * once they are written, so that what moves them is not undone.
 */
function strays(fleet: Fleet, machine: Machine): [string, string | undefined][] {
  const pool = poolOn(fleet, machine.name);
  const names = pool?.strays.get(machine.name) ?? [];
  const at = machine.mounts.some(({ target }) => target === '/mnt/lizardfs')
    ? srMount(FIRST_SR)
    : FIRST_LOCATION;
  pool?.strays.delete(machine.name);
  return names.map((name) => [`${at}/${name}`, 'simulated']);
}

/** proc(5): id, parent, device number, root, mount point, options, type, source, its options. */
function mountInfo(fleet: Fleet, machine: Machine): string {
  const devices = flat(blockTree(fleet, machine));
  const lines = machine.mounts.map(({ source, target, type, options, root = '/' }, index) => {
    const first = machine.mounts.findIndex((mount) => mount.source === source);
    const number = devices.find(({ path }) => path === source)?.majMin ?? `0:${40 + first}`;
    return `${25 + index} 1 ${number} ${root} ${target} ${options} - ${type} ${source} ${options}\n`;
  });
  return lines.join('');
}

function procMounts(machine: Machine): string {
  const escape = (text: string) => text.replaceAll(' ', '\\040');
  const mounts = machine.mounts.map(
    ({ source, target, type, options }) =>
      `${escape(source)} ${escape(target)} ${type} ${options} 0 0\n`,
  );
  return `proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n${mounts.join('')}`;
}

function sanFiles(fleet: Fleet): [string, string][] {
  const { san } = fleet;
  const maps = san.maps.flatMap((map): [string, string][] => [
    [`/sys/block/${map.dm}/dm/name`, `${map.alias}\n`],
    [`/sys/block/${map.dm}/dm/uuid`, `mpath-${map.wwid}\n`],
    [`/sys/block/${map.dm}/dm/table`, `${dmTable(map, san.paths)}\n`],
    [`/sys/block/${map.dm}/size`, `${map.size / 512}\n`],
    ...san.paths
      .filter((path) => path.map === map.alias)
      .map(({ dev }): [string, string] => [`/sys/block/${map.dm}/slaves/${dev}`, '']),
  ]);
  const paths = san.paths.flatMap((path): [string, string][] => {
    const wwid = san.maps.find(({ alias }) => alias === path.map)?.wwid ?? '';
    return [
      [`/sys/block/${path.dev}/device/wwid`, `naa.${wwid.slice(1)}\n`],
      [`/sys/block/${path.dev}/device/state`, 'running\n'],
      [`/sys/block/${path.dev}/device/scsi_device/${path.hctl}/uevent`, ''],
      [`/sys/block/${path.dev}/size`, pathWorks(fleet, path) ? '1\n' : '0\n'],
    ];
  });
  return [...maps, ...paths];
}
