import type { Millis } from '../../core/host.js';
import { cephDisks, chunkDisks, kvmDisks, sanDisks, xenDisks } from './first-disks.js';
import { chunkMounts, dataMount, sanMounts, vmMount } from './first-mounts.js';
import { install } from './software.js';
import type { Disk, Kind, Machine, Mount, VirtualMachine } from './state.js';
import { FIRST_UNIT } from './xapi.js';

const GIB = 1024 ** 3;
const DEBIAN = { kernel: '6.1.0-28-amd64', os: 'Debian GNU/Linux 12 (bookworm) (simulated)' };
const XENSERVER = { kernel: '4.19.0+1', os: 'XCP-ng 8.2.1 (simulated)' };

const ROCKS = { kernel: '3.10.0-693.5.2.el7.x86_64', os: 'CentOS Linux 7 (Core) (simulated)' };

const SYSTEMS: Readonly<Record<Kind, { readonly kernel: string; readonly os: string }>> = {
  xenserver: XENSERVER,
  kvm: DEBIAN,
  ceph: DEBIAN,
  san: DEBIAN,
  chunkserver: DEBIAN,
  'bare-xen': { kernel: '4.4.0+10', os: 'XenServer 7.6.0 (simulated)' },
  'bare-debian': { kernel: '5.15.107-2-pve', os: 'Debian GNU/Linux 11 (bullseye) (simulated)' },
  'rocks-frontend': ROCKS,
  'rocks-nas': ROCKS,
  'rocks-container': ROCKS,
};

/** The days a machine has been up, so that they differ. */
const UPTIME: Readonly<Record<Kind, number>> = {
  xenserver: 92,
  kvm: 41,
  ceph: 12,
  san: 133,
  chunkserver: 77,
  'bare-xen': 3,
  'bare-debian': 5,
  'rocks-frontend': 212,
  'rocks-nas': 187,
  'rocks-container': 64,
};

/** The machines as they are when nothing is wrong. */
export function firstMachines(now: Millis): readonly Machine[] {
  return [
    machine(now, 'xs-1', 'xenserver', 11, { mounts: chunkMounts('xs-1'), disks: xenDisks(1) }),
    machine(now, 'xs-2', 'xenserver', 12, { mounts: chunkMounts('xs-2'), disks: xenDisks(2) }),
    machine(now, 'lfs-3', 'chunkserver', 13, {
      mounts: chunkMounts('lfs-3'),
      disks: chunkDisks(3),
    }),
    machine(now, 'kvm-1', 'kvm', 21, {
      mounts: [...vmMount(), dataMount()],
      disks: kvmDisks(1),
      packages: ['ocfs2-tools'],
      vms: vms(1),
    }),
    machine(now, 'kvm-2', 'kvm', 22, {
      ...{ mounts: vmMount(), disks: kvmDisks(2), vms: vms(2) },
      packages: ['ocfs2-tools'],
    }),
    ...[1, 2, 3].map((n) => machine(now, `ceph-${n}`, 'ceph', 30 + n, { disks: cephDisks(n) })),
    machine(now, 'san-1', 'san', 41, { mounts: sanMounts(), disks: sanDisks() }),
  ];
}

/** Three hosts with a disk each that DRBD 9 keeps alike. */
export function nineMachines(now: Millis): readonly Machine[] {
  return [1, 2, 3].map((n) =>
    machine(now, `kvm-${n}`, 'kvm', 20 + n, { disks: kvmDisks(n).slice(0, 2) }),
  );
}

interface Parts {
  readonly mounts?: Mount[];
  readonly disks: Disk[];
  readonly vms?: VirtualMachine[];
  /** Installed and started beside what its kind has. */
  readonly packages?: readonly string[];
}

/** A machine of a kind, up and idle. */
export function machine(
  now: Millis,
  name: string,
  kind: Kind,
  last: number,
  parts: Parts,
): Machine {
  const root = rootMount(kind);
  const serial = String(last).padStart(12, '0');
  const made: Machine = {
    name,
    kind,
    address: `10.20.0.${last}`,
    ...SYSTEMS[kind],
    bootId: `5d1e7c1a-40f7-4b02-9d3e-${serial}`,
    bootedAt: now - UPTIME[kind] * 86_400_000 - last * 61_000,
    reach: 'up',
    latency: 0,
    garbled: false,
    stuck: new Set(),
    disks: parts.disks,
    mounts: [root, ...(parts.mounts ?? [])],
    firstMounts: [root, ...(parts.mounts ?? [])],
    services: new Map(SERVICES[kind].map((unit) => [unit, true])),
    enabled: new Set(SERVICES[kind]),
    processes: [...PROCESSES[kind]],
    vms: parts.vms ?? [],
    log: [],
    packages: new Map(),
    offline: false,
  };
  install(made, parts.packages ?? []);
  for (const unit of made.services.keys()) made.services.set(unit, true);
  return made;
}

const SERVICES: Readonly<Record<Kind, readonly string[]>> = {
  xenserver: ['xapi', 'lizardfs-master', 'lizardfs-chunkserver', 'sshd', FIRST_UNIT],
  chunkserver: ['lizardfs-chunkserver', 'ssh'],
  kvm: ['drbd', 'libvirtd', 'ssh'],
  ceph: ['ssh'],
  san: ['iscsid', 'multipathd', 'ssh'],
  'bare-xen': ['xapi', 'sshd'],
  'bare-debian': ['ssh', 'nftables', 'pve-cluster', 'pvedaemon', 'pve-firewall'],
  'rocks-frontend': ['rabbitmq-server', 'foundation-mysql', 'httpd', 'sshd'],
  'rocks-nas': ['tgtd', 'img-storage-nas', 'sshd'],
  'rocks-container': ['iscsid', 'libvirtd', 'img-storage-vm', 'sshd'],
};

const PROCESSES: Readonly<Record<Kind, readonly string[]>> = {
  xenserver: [
    '/opt/xensource/bin/xapi',
    '/usr/sbin/mfsmaster -c /etc/mfs/mfsmaster.cfg start',
    '/usr/sbin/mfschunkserver -c /etc/mfs/mfschunkserver.cfg start',
    'mfsmount /mnt/lizardfs -H mfsmaster',
  ],
  chunkserver: ['/usr/sbin/mfschunkserver -c /etc/mfs/mfschunkserver.cfg start'],
  kvm: ['/usr/sbin/libvirtd'],
  ceph: [],
  san: ['/sbin/iscsid', '/sbin/multipathd -d -s'],
  'bare-xen': ['/opt/xensource/bin/xapi'],
  'bare-debian': [],
  'rocks-frontend': [
    '/usr/lib64/erlang/erts-5.10.4/bin/beam.smp -W w -sname rabbit@frontend',
    '/opt/rocks/mysql/libexec/mysqld --defaults-file=/opt/rocks/etc/my.cnf',
  ],
  'rocks-nas': [],
  'rocks-container': [],
};

function rootMount(kind: Kind): Mount {
  const source = kind === 'ceph' ? '/dev/vda1' : '/dev/sda1';
  const type = kind.includes('xen') ? 'ext3' : 'ext4';
  return { source, target: '/', type, options: 'rw,relatime', size: 18 * GIB, used: 6.2 * GIB };
}

function vms(n: number): VirtualMachine[] {
  const vm = (name: string, running: boolean) => ({
    name,
    running,
    disk: `/srv/vms/${name}.qcow2`,
  });
  return n === 1
    ? [vm('web-1', true), vm('web-2', true), vm('backup', false)]
    : [vm('mail', true), vm('db-test', true)];
}
