import type { Millis } from '../../core/host.js';
import { lvmUuid } from './lvm.js';
import { FIRST_SR, FIRST_UNIT, srMount } from './xapi.js';
import type { Disk, Kind, Machine, Mount, VirtualMachine } from './state.js';

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
      vms: vms(1),
    }),
    machine(now, 'kvm-2', 'kvm', 22, { mounts: vmMount(), disks: kvmDisks(2), vms: vms(2) }),
    ...[1, 2, 3].map((n) => machine(now, `ceph-${n}`, 'ceph', 30 + n, { disks: cephDisks(n) })),
    machine(now, 'san-1', 'san', 41, { mounts: sanMounts(), disks: sanDisks() }),
  ];
}

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

/** Two virtual machine hosts with room in a volume group; DRBD is installed, and has nothing. */
export function bareKvmMachines(now: Millis): readonly Machine[] {
  const disks = (n: number): Disk[] => [
    bootDisk(n, 'ext4'),
    disk('b', n, 500 * GIB, {
      model: 'HGST HUS724050AL',
      rotates: true,
      signature: { type: 'LVM2_member', uuid: lvmUuid(`1537${n}b`) },
    }),
  ];
  return [1, 2].map((n) => machine(now, `kvm-${n}`, 'kvm', 20 + n, { disks: disks(n) }));
}

interface Parts {
  readonly mounts?: Mount[];
  readonly disks: Disk[];
  readonly vms?: VirtualMachine[];
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
  return {
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
    services: new Map(SERVICES[kind].map((unit) => [unit, true])),
    enabled: new Set(SERVICES[kind]),
    processes: [...PROCESSES[kind]],
    vms: parts.vms ?? [],
    log: [],
    packages: new Map(),
    offline: false,
  };
}

const SERVICES: Readonly<Record<Kind, readonly string[]>> = {
  xenserver: ['xapi', 'lizardfs-master', 'lizardfs-chunkserver', 'sshd', FIRST_UNIT],
  chunkserver: ['lizardfs-chunkserver', 'ssh'],
  kvm: ['drbd', 'o2cb', 'ocfs2', 'libvirtd', 'ssh'],
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

function chunkMounts(name: string): Mount[] {
  const n = name.at(-1) ?? '0';
  const own = ['b', 'c'].map((letter): Mount => ({
    source: `/dev/sd${letter}`,
    target: `/mnt/${CHUNK_ID}_1537${n}${letter}`,
    type: 'ext4',
    options: 'rw,noatime',
    size: 229 * GIB,
    used: 91 * GIB,
  }));
  if (!name.startsWith('xs')) return own;
  const shared = lizardMount();
  return [...own, shared, { ...shared, target: srMount(FIRST_SR), root: '/sr' }];
}

/** LizardFS as the clients of the fleet have it mounted. */
export function lizardMount(): Mount {
  const options = 'rw,nosuid,nodev,relatime,user_id=0,group_id=0,allow_other';
  const shared = { source: 'mfs#mfsmaster:9421', target: '/mnt/lizardfs', type: 'fuse', options };
  return { ...shared, size: 1374 * GIB, used: 546 * GIB };
}

/** The model of the chunk disks, as /dev/disk/by-id writes it. */
export const CHUNK_ID = 'ata-CT250MX200SSD1';

function vmMount(): Mount[] {
  const options = 'rw,relatime,_netdev,heartbeat=none,nointr,data=ordered,errors=remount-ro';
  return [
    {
      source: '/dev/drbd0',
      target: '/srv/vms',
      type: 'ocfs2',
      options,
      size: 200 * GIB,
      used: 131 * GIB,
    },
  ];
}

function dataMount(): Mount {
  return {
    source: '/dev/drbd1',
    target: '/srv/data',
    type: 'ext4',
    options: 'rw,relatime',
    size: 98 * GIB,
    used: 57 * GIB,
  };
}

function sanMounts(): Mount[] {
  const options = 'rw,relatime,_netdev';
  return [
    {
      source: '/dev/mapper/data',
      target: '/srv/data',
      type: 'ext4',
      options,
      size: 492 * GIB,
      used: 311 * GIB,
    },
    {
      source: '/dev/mapper/backup',
      target: '/srv/backup',
      type: 'xfs',
      options,
      size: 1023 * GIB,
      used: 702 * GIB,
    },
  ];
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

function disk(letter: string, n: number, size: number, more: Partial<Disk>): Disk {
  const index = letter.charCodeAt(0) - 'a'.charCodeAt(0);
  return {
    name: `sd${letter}`,
    majMin: `8:${index * 16}`,
    size,
    type: 'disk',
    vendor: 'ATA',
    model: 'CT250MX200SSD1',
    serial: `1537${n}${letter}`,
    wwn: `0x500a0751${n}00000${letter.charCodeAt(0).toString(16)}`,
    tran: 'sata',
    hctl: `${index}:0:0:0`,
    rotates: false,
    parts: [],
    ...more,
  };
}

function bootDisk(n: number, type: string): Disk {
  const size = 20 * GIB;
  const uuid = `7a2f0c31-9be4-4c55-8d10-00000000000${n}`;
  const part: Disk = {
    name: 'sda1',
    majMin: '8:1',
    size: size - 2 ** 20,
    type: 'part',
    rotates: false,
    signature: { type, uuid },
    parts: [],
  };
  return disk('a', n, size, { model: 'INTEL SSDSC2BB12', parts: [part] });
}

function chunkDisk(letter: string, n: number): Disk {
  const uuid = `c41e9d20-77f3-4a0b-b1c8-0000000000${n}${letter}`;
  return disk(letter, n, 250_059_350_016, { signature: { type: 'ext4', uuid } });
}

/** A boot disk, two chunk disks and two blank ones to format. */
function xenDisks(n: number): Disk[] {
  const blank = (letter: string) => disk(letter, n, 250_059_350_016, {});
  return [bootDisk(n, 'ext3'), chunkDisk('b', n), chunkDisk('c', n), blank('d'), blank('e')];
}

function chunkDisks(n: number): Disk[] {
  return [bootDisk(n, 'ext4'), chunkDisk('b', n), chunkDisk('c', n)];
}

function kvmDisks(n: number): Disk[] {
  const backing = (letter: string, size: number, uuid: string): Disk =>
    disk(letter, n, size, {
      model: 'HGST HUS724020AL',
      rotates: true,
      signature: { type: 'drbd', uuid },
    });
  return [
    bootDisk(n, 'ext4'),
    backing('b', 200 * GIB, `b23651371f4600f${n}`),
    backing('c', 100 * GIB, `d1905e772ac3410${n}`),
  ];
}

function cephDisks(n: number): Disk[] {
  const virtual = (letter: string, minor: number, size: number, more: Partial<Disk>): Disk => ({
    name: `vd${letter}`,
    majMin: `254:${minor}`,
    size,
    type: 'disk',
    serial: `ceph-${n}-${letter}`,
    rotates: true,
    parts: [],
    ...more,
  });
  const uuid = `1be2c8d5-30a7-4f61-92f0-00000000003${n}`;
  const root: Disk = {
    name: 'vda1',
    majMin: '254:1',
    size: 20 * GIB - 2 ** 20,
    type: 'part',
    rotates: true,
    signature: { type: 'ext4', uuid },
    parts: [],
  };
  return [
    virtual('a', 0, 20 * GIB, { parts: [root] }),
    virtual('b', 16, 200 * GIB, { signature: { type: 'ceph_bluestore', uuid: '' } }),
  ];
}

function sanDisks(): Disk[] {
  return [bootDisk(9, 'ext4')];
}
