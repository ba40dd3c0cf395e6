import type { Millis } from '../../core/host.js';
import { bootDisk, disk } from './first-disks.js';
import { machine } from './first-machines.js';
import { lvmUuid } from './lvm.js';
import type { Disk, Machine } from './state.js';

const GIB = 1024 ** 3;

/** Two XenServers in a pool and a Proxmox host, with blank disks, and nothing installed. */
export function bareMachines(now: Millis): readonly Machine[] {
  const disks = (n: number, root: string): Disk[] => [
    bootDisk(n, root),
    ...['b', 'c'].map((letter) => disk(letter, n, 250_059_350_016, {})),
  ];
  return [
    machine(now, 'xs-1', 'bare-xen', 11, { disks: disks(1, 'ext3') }),
    machine(now, 'xs-2', 'bare-xen', 12, { disks: disks(2, 'ext3') }),
    machine(now, 'lfs-3', 'bare-debian', 13, {
      disks: disks(3, 'ext4'),
      vms: ['web', 'mail'].map((name) => ({
        name,
        running: name === 'web',
        disk: `/var/lib/vz/images/${name}.qcow2`,
      })),
    }),
  ];
}

/** Virtual machine hosts with room in a volume group; DRBD is installed, and has nothing. */
export function bareKvmMachines(now: Millis, count: number): readonly Machine[] {
  const disks = (n: number): Disk[] => [
    bootDisk(n, 'ext4'),
    disk('b', n, 500 * GIB, {
      model: 'HGST HUS724050AL',
      rotates: true,
      signature: { type: 'LVM2_member', uuid: lvmUuid(`1537${n}b`) },
    }),
  ];
  return Array.from({ length: count }, (_, index) => index + 1).map((n) =>
    machine(now, `kvm-${n}`, 'kvm', 20 + n, { disks: disks(n), packages: ['rsync'] }),
  );
}
