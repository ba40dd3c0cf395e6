import type { Millis } from '../../core/host.js';
import { cutLink, healLink, noticeLoss } from './drbd/loss.js';
import { addOnVolumes, mountOn } from './drbd/on-volumes.js';
import { promote } from './drbd/roles.js';
import { replicaOn } from './drbd/side.js';
import type { Resource } from './drbd/state.js';
import { bareKvmFleet } from './first-state.js';
import { setSideFiles, type SideFile } from './side-files.js';
import { machineNamed, type Fleet } from './state.js';

const VOLUMES = [
  { name: 'r0', minor: 0, port: 7788, gib: 40, current: '5879F08F637B4E90', target: '/srv/data' },
  { name: 'r1', minor: 1, port: 7789, gib: 20, current: '356DE45851D9908C', target: '/srv/mail' },
] as const;

/** Two hosts, one of which serves two file systems from DRBD on logical volumes. */
export function failoverFleet(now: Millis): Fleet {
  const fleet = bareKvmFleet(now);
  for (const volume of VOLUMES) addOnVolumes(fleet, volume);
  return fleet;
}

/**
 * The link is cut; kvm-2 takes kvm-1 for dead and serves both file systems as well, until somebody sees
 * it and unmounts them there.
 */
export function failOver(fleet: Fleet): void {
  const second = machineNamed(fleet, 'kvm-2');
  cutLink(fleet);
  noticeLoss(fleet);
  fleet.advance(60_000);
  for (const { name, target } of VOLUMES) {
    const made = fleet.drbd.resources.find((one) => one.name === name);
    const replica = made && replicaOn(made, 'kvm-2');
    if (!replica) continue;
    promote(fleet, made, replica);
    mountOn(second, made, target);
  }
  fleet.advance(7 * 60_000);
  if (second) second.mounts = second.mounts.filter(({ source }) => !source.startsWith('/dev/drbd'));
  healLink(fleet);
  fleet.advance(4 * 60_000);
  for (const made of fleet.drbd.resources) writeFiles(fleet, made);
}

/** What each side wrote while it was alone. */
function writeFiles(fleet: Fleet, made: Resource): void {
  const at = Math.floor(fleet.clock.now / 1000);
  const before = oldFiles(at);
  const changes: Readonly<Record<string, readonly SideFile[]>> =
    made.name === 'r0' ? data(at) : mail(at);
  for (const replica of made.replicas) {
    const own = changes[replica.machine] ?? [];
    const names = new Set(own.map(({ path }) => path));
    const files = [...before.filter(({ path }) => !names.has(path)), ...own];
    // kvm-2 cleared away what had grown old.
    const kept =
      replica.machine === 'kvm-2' ? files.filter(({ path }) => path !== 'tmp/export.csv') : files;
    setSideFiles(fleet, made.name, replica, kept);
  }
}

function file(
  inode: number,
  path: string,
  size: number,
  changed: number,
  owned = '644 0:0',
): SideFile {
  return { inode, path, type: 'f', size, changed, owned };
}

function oldFiles(at: number): readonly SideFile[] {
  const day = 86_400;
  const folders = ['', 'projects', 'projects/tower', 'tmp', 'home', 'home/anna', 'home/ben'];
  return [
    ...folders.map((path, index): SideFile => ({
      ...{ inode: 2 + index, path, type: 'd', size: 4096, changed: at - 90 * day },
      owned: '755 0:0',
    })),
    ...Array.from({ length: 1204 }, (_, index) =>
      file(
        100 + index,
        `projects/tower/sheet-${String(index).padStart(4, '0')}.dwg`,
        48_211 + index * 97,
        at - 30 * day - index * 600,
        '664 1001:100',
      ),
    ),
    file(2000, 'projects/plan.ods', 81_204, at - 2 * day, '664 1001:100'),
    file(2001, 'home/anna/notes.txt', 1_204, at - 3 * day, '600 1001:1001'),
    file(2002, 'home/ben/.profile', 807, at - 80 * day, '644 1002:1002'),
    file(2003, 'tmp/export.csv', 912_000, at - day, '644 33:33'),
  ];
}

/** r0: people worked on both sides, most of them on kvm-1. */
function data(at: number): Readonly<Record<string, readonly SideFile[]>> {
  return {
    'kvm-1': [
      file(2000, 'projects/plan.ods', 84_377, at - 130, '664 1001:100'),
      file(2001, 'home/anna/notes.txt', 1_377, at - 410, '600 1001:1001'),
      file(2010, 'projects/tower/cover letter.odt', 22_110, at - 320, '664 1001:100'),
      file(2011, 'projects/tower/sheet-1204.dwg', 51_002, at - 95, '664 1001:100'),
      file(2012, 'home/anna/scan-0419.pdf', 2_411_882, at - 260, '600 1001:1001'),
    ],
    'kvm-2': [
      file(2000, 'projects/plan.ods', 82_950, at - 380, '664 1002:100'),
      file(2010, 'home/ben/invoice-2207.pdf', 118_404, at - 505, '600 1002:1002'),
      file(2011, 'home/ben/invoice-2208.pdf', 117_991, at - 390, '600 1002:1002'),
    ],
  };
}

/** r1: nobody used kvm-1's any more. */
function mail(at: number): Readonly<Record<string, readonly SideFile[]>> {
  const box = (n: number, ago: number): SideFile =>
    file(
      3000 + n,
      `home/ben/Maildir/new/${at - ago}.M${n}P411.kvm`,
      4_210 + n * 733,
      at - ago,
      '600 1002:1002',
    );
  return {
    'kvm-1': [box(1, 640)],
    'kvm-2': Array.from({ length: 14 }, (_, index) => box(index + 1, 610 - index * 27)),
  };
}
