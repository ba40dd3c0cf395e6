import { quote } from '../../core/quote.js';
import { diskById } from '../fleet/lvm.js';
import { GATEWAY } from '../fleet/nics.js';
import { NFT_CONF } from '../fleet/nft.js';
import { XENSERVER } from '../fleet/packet-filter.js';
import { BINARY } from '../fleet/software.js';
import type { Fleet, Kind, Machine } from '../fleet/state.js';
import { FIRST_STORAGES } from '../programs/proxmox/pvesm.js';
import { firstCluster } from '../fleet/ocfs2.js';
import { nineOf } from '../fleet/nine/state.js';
import { packageFiles } from '../fleet/software.js';
import { firstConf } from '../programs/drbd/conf/first.js';
import { fileText } from '../programs/drbd/nine/text.js';
import { poolFiles } from './pool-files.js';
import { rocksFiles } from './rocks-files.js';

/** The files of a machine as it is first found; what is changed later stays changed. */
export function firstFiles(fleet: Fleet, machine: Machine): Record<string, string> {
  return {
    '/etc/hostname': `${machine.name}\n`,
    '/etc/hosts': hosts(fleet),
    '/etc/motd': MOTD,
    '/etc/os-release': osRelease(machine),
    '/etc/fstab': fstab(machine),
    '/root/.bashrc': '',
    '/run/systemd/system/session-1.scope': '# This is a transient unit file.\n',
    ...devices(machine),
    ...packageFiles(machine),
    ...BY_KIND[machine.kind](fleet, machine),
    ...(machine.firstExports !== undefined && { '/etc/exports': machine.firstExports }),
  };
}

const MOTD = `
This machine is simulated. It is part of Holdfast's demo: nothing here is real,
and nothing that is done here touches anything outside of it.

`;

function hosts(fleet: Fleet): string {
  const lines = fleet.machines.map(({ address, name, kind }) => {
    if (kind.startsWith('rocks-')) return `${address} ${name}.local ${name}`;
    return `${address} ${name}${name === 'xs-1' && kind === 'xenserver' ? ' mfsmaster' : ''}`;
  });
  return `127.0.0.1 localhost\n${lines.join('\n')}\n`;
}

function osRelease({ os, kind }: Machine): string {
  const xen = { xenserver: '8.2.1', 'bare-xen': '7.6.0' } as const;
  const id =
    kind === 'xenserver' || kind === 'bare-xen'
      ? `ID="xenenterprise"\nVERSION_ID="${xen[kind]}"`
      : kind.startsWith('rocks-')
        ? 'ID="centos"\nVERSION_ID="7"'
        : `ID=debian\nVERSION_ID="${kind === 'bare-debian' ? '11' : '12'}"`;
  return `PRETTY_NAME=${quote(os)}\n${id}\n`.replaceAll("'", '"');
}

function fstab(machine: Machine): string {
  const lines = machine.firstMounts.map(({ source, target, type }) => {
    if (target === '/') return `${uuidOf(machine, source)} / ${type} errors=remount-ro 0 1`;
    if (target.startsWith('/run/sr-mount/')) return '';
    if (type === 'fuse') return `mfsmount ${target} fuse mfsmaster=mfsmaster,_netdev,nofail 0 0`;
    if (target.startsWith('/mnt/ata-')) {
      return `/dev/disk/by-id/${target.slice('/mnt/'.length)} ${target} ext4 defaults,nofail 0 2`;
    }
    // DRBD's are mounted by hand, on the side that is Primary.
    const when = source.startsWith('/dev/drbd') ? 'noauto,' : '';
    return `${source} ${target} ${type} ${when}_netdev,nofail 0 0`;
  });
  const said = lines.filter((line) => line !== '');
  return `# /etc/fstab: static file system information.\n${said.join('\n')}\n`;
}

function uuidOf(machine: Machine, device: string): string {
  const parts = machine.disks.flatMap(({ parts }) => parts);
  return `UUID=${parts.find(({ name }) => `/dev/${name}` === device)?.signature?.uuid ?? ''}`;
}

/** Device nodes, and what /sys says of the disks. */
function devices(machine: Machine): Record<string, string> {
  const files: Record<string, string> = {};
  for (const disk of machine.disks) {
    files[`/dev/${disk.name}`] = '';
    files[`/sys/block/${disk.name}/size`] = `${Math.floor(disk.size / 512)}\n`;
    files[`/sys/block/${disk.name}/queue/rotational`] = disk.rotates ? '1\n' : '0\n';
    for (const part of disk.parts) files[`/dev/${part.name}`] = '';
  }
  return files;
}

/** The names under which udev shows disks: path and target. */
export function firstLinks(machine: Machine): readonly (readonly [string, string])[] {
  return machine.disks.map((disk) => [diskById(disk), `../../${disk.name}`] as const);
}

/** What a node of DRBD 9 has of it. */
function nineFiles(fleet: Fleet): Record<string, string> {
  const { resources = [] } = nineOf(fleet) ?? {};
  if (resources.length === 0) return {};
  return Object.fromEntries(
    resources.flatMap((resource) => [
      [`/etc/drbd.d/${resource.name}.res`, fileText(fleet, resource)],
      [`/dev/drbd${resource.minor}`, ''],
    ]),
  );
}

const BY_KIND: Readonly<Record<Kind, (fleet: Fleet, machine: Machine) => Record<string, string>>> =
  {
    xenserver: (fleet, machine) => ({
      '/etc/sysconfig/iptables': XENSERVER,
      ...chunkserverFiles(machine),
      ...poolFiles(fleet, machine),
      '/etc/mfs/mfsmaster.cfg': `PERSONALITY = ${machine.name === 'xs-1' ? 'master' : 'shadow'}\nMASTER_HOST = mfsmaster\nADMIN_PASSWORD = simulated\n`,
      '/etc/mfs/mfsexports.cfg': '10.20.0.0/24 / rw,alldirs,maproot=0\n10.20.0.0/24 . rw\n',
      '/etc/mfs/mfsgoals.cfg': '2 2 : _ _\n3 3 : _ _ _\n',
      '/etc/mfs/mfsmount.cfg': 'mfsmaster=mfsmaster\n',
      '/var/lib/mfs/metadata.mfs': 'LIZM 2.9',
    }),
    chunkserver: (_, machine) => chunkserverFiles(machine),
    'bare-xen': (fleet, machine) => ({
      '/etc/sysconfig/iptables': XENSERVER,
      ...poolFiles(fleet, machine),
      '/etc/yum.repos.d/CentOS-Base.repo': centosBase(),
    }),
    'bare-debian': (_, { name }) => ({
      '/etc/apt/sources.list':
        'deb http://deb.debian.org/debian bullseye main\ndeb http://download.proxmox.com/debian/pve bullseye pve-no-subscription\n',
      '/etc/nftables.conf': NFT_CONF,
      '/etc/pve/storage.cfg': FIRST_STORAGES,
      [`/etc/pve/nodes/${name}/lrm_status`]: '',
    }),
    kvm: (fleet, { name, address }) => ({
      '/etc/network/interfaces': interfaces(address),
      ...firstConf(fleet, name),
      ...nineFiles(fleet),
      ...(fleet.drbd.resources.length > 0 && ocfs2(fleet)),
      '/var/lib/libvirt/images/debian-12.iso': '',
    }),
    ceph: (fleet) => ({
      '/etc/ceph/ceph.conf': `[global]\nfsid = ${fleet.ceph.fsid}\nmon_initial_members = ceph-1, ceph-2, ceph-3\nmon_host = 10.20.0.31,10.20.0.32,10.20.0.33\npublic_network = 10.20.0.0/24\n`,
      '/etc/ceph/ceph.client.admin.keyring': '[client.admin]\n\tkey = AQ-this-key-is-simulated==\n',
    }),
    'rocks-frontend': rocksFiles,
    'rocks-nas': rocksFiles,
    'rocks-container': rocksFiles,
    san: (fleet) => ({
      '/etc/iscsi/initiatorname.iscsi': `InitiatorName=${fleet.san.initiator}\n`,
      '/etc/multipath.conf': multipathConf(fleet),
      ...Object.fromEntries(
        fleet.san.maps.flatMap(({ alias, dm }) => [
          [`/dev/mapper/${alias}`, ''],
          [`/dev/${dm}`, ''],
        ]),
      ),
    }),
  };

/** What shows that a tool is a program of its own, or a script that calls itself. */
const CLIENT_FILES = {
  '/usr/bin/lizardfs': BINARY,
  '/usr/bin/mfssetgoal':
    '#!/usr/bin/env bash\n\ntool=$(basename $0)\n\n${tool/lizardfs/lizardfs } "$@"\n',
  '/sbin/mount.fuse': BINARY,
};

/** As XenServer 7 has it: the mirrors of its release have gone to the vault. */
function centosBase(): string {
  const section = (id: string, title: string): string =>
    `[${id}]\nname=CentOS-$releasever - ${title}\nmirrorlist=http://mirrorlist.centos.org/?release=$releasever&arch=$basearch&repo=${id === 'base' ? 'os' : id}\n#baseurl=http://mirror.centos.org/centos/$releasever/${id === 'base' ? 'os' : id}/$basearch/\ngpgcheck=1\nexclude=kernel*\n`;
  return [
    '# CentOS-Base.repo',
    section('base', 'Base'),
    section('updates', 'Updates'),
    section('extras', 'Extras'),
  ].join('\n');
}

function chunkserverFiles(machine: Machine): Record<string, string> {
  const disks = machine.mounts.filter(({ target }) => target.startsWith('/mnt/ata-'));
  return {
    ...CLIENT_FILES,
    '/etc/mfs/mfschunkserver.cfg': 'MASTER_HOST = mfsmaster\nLABEL = _\n',
    '/etc/mfs/mfshdd.cfg': disks.map(({ target }) => `${target}\n`).join(''),
  };
}

/** Only the card of the house is known at first. */
function interfaces(address: string): string {
  const own = `auto eth0\niface eth0 inet static\n    address ${address}/24\n    gateway ${GATEWAY}\n`;
  return `auto lo\niface lo inet loopback\n\n${own}`;
}

function ocfs2({ machines }: Fleet): Record<string, string> {
  const { name: cluster, nodes } = firstCluster(machines);
  const stanzas = nodes.map(({ name, number, address }) =>
    [
      'node:',
      'ip_port = 7777',
      `ip_address = ${address}`,
      `number = ${number}`,
      `name = ${name}`,
      `cluster = ${cluster}`,
    ].join('\n\t'),
  );
  const head = `cluster:\n\tnode_count = ${nodes.length}\n\tname = ${cluster}`;
  return {
    '/etc/ocfs2/cluster.conf': `${[head, ...stanzas].join('\n\n')}\n`,
    '/etc/default/o2cb': `O2CB_ENABLED=true\nO2CB_BOOTCLUSTER=${cluster}\nO2CB_HEARTBEAT_THRESHOLD=31\n`,
  };
}

function multipathConf(fleet: Fleet): string {
  const maps = fleet.san.maps.map(
    ({ alias, wwid }) => `\tmultipath {\n\t\twwid ${wwid}\n\t\talias ${alias}\n\t}\n`,
  );
  return `defaults {\n\tfind_multipaths strict\n\tno_path_retry 5\n}\nmultipaths {\n${maps.join('')}}\n`;
}
