import { programsIn } from '../fleet/software.js';
import type { Kind, Machine } from '../fleet/state.js';
import { ceph } from './ceph/ceph.js';
import { drbdadm } from './drbd/drbdadm.js';
import { drbdsetup } from './drbd/drbdsetup.js';
import { mountedOcfs2, o2cb } from './drbd/ocfs2.js';
import { mfschunkserver } from './lizardfs/mfschunkserver.js';
import { callsItself, lizardfsTool } from './lizardfs/goal-tool.js';
import { mfsmaster, versionOnly } from './lizardfs/mfsmaster.js';
import { lizardfsAdmin } from './lizardfs/lizardfs-admin.js';
import { mfsmount } from './lizardfs/mfsmount.js';
import { iscsiadm } from './multipath/iscsiadm.js';
import { lvchange, lvcreate, lvextend, lvremove } from './lvm/changes.js';
import { lvs, pvs, vgs } from './lvm/reports.js';
import { multipath } from './multipath/multipath.js';
import { multipathd } from './multipath/multipathd.js';
import { aptCache, aptGet, dpkg, dpkgQuery } from './packages/apt.js';
import { curl } from './packages/curl.js';
import { rpm, yum } from './packages/yum.js';
import type { Program } from './program.js';
import { pct, pveFirewall, qm } from './proxmox/node.js';
import { pvesm } from './proxmox/pvesm.js';
import { dmsetup } from './rocks/storage/dmsetup.js';
import { iscsiadm as iscsiadmOfRoll } from './rocks/storage/iscsiadm.js';
import { od } from './rocks/storage/memory.js';
import { rabbitmqctl } from './rocks/rabbitmqctl.js';
import { ssh, starts, su, timeout } from './rocks/remote.js';
import { rocks } from './rocks/rocks.js';
import { chkconfig, isSysV, service as rocksService } from './rocks/services.js';
import { pythonSqlite, sqlite3 } from './rocks/sqlite3.js';
import { tgtadm, tgtSetupLun } from './rocks/storage/tgtadm.js';
import { zfs } from './rocks/storage/zfs.js';
import { zpool } from './rocks/storage/zpool.js';
import { date, dmesg, getent, hostname, id, uname, uptime } from './system/identity.js';
import { blkid, lsblk } from './system/block.js';
import { mkfsExt4, mkfsXfs, wipefs } from './system/file-systems.js';
import { iptables, iptablesRestore, iptablesSave, service } from './system/iptables.js';
import { nft } from './system/nft.js';
import { findmnt } from './system/findmnt.js';
import { dumpe2fs, resize2fs, xfsGrowfs, xfsInfo } from './system/growing.js';
import { ifquery, ifup } from './system/ifupdown.js';
import { ip } from './system/ip.js';
import { ping } from './system/ping.js';
import { udevadm } from './system/udev.js';
import { fuser } from './system/fuser.js';
import { dd } from './system/dd.js';
import { df, mount, mountpoint, umount } from './system/mounts.js';
import { chown, stat } from './system/owners.js';
import { pgrep, ps } from './system/processes.js';
import { systemctl } from './system/systemctl.js';
import { systemdRun } from './system/systemd-run.js';
import { virsh } from './libvirt/virsh.js';
import { python } from './xapi/python.js';
import { xe } from './xapi/xe.js';

/** What every machine has beside the shell's own commands. */
const COMMON: Readonly<Record<string, Program>> = {
  blkid,
  chown,
  date,
  dd,
  df,
  dmesg,
  dumpe2fs,
  findmnt,
  fuser,
  getent,
  hostname,
  id,
  ip,
  lsblk,
  'mkfs.ext4': mkfsExt4,
  'mkfs.xfs': mkfsXfs,
  mount,
  mountpoint,
  pgrep,
  ping,
  ps,
  resize2fs,
  stat,
  systemctl,
  'systemd-run': systemdRun,
  udevadm,
  umount,
  uname,
  uptime,
  wipefs,
  xfs_growfs: xfsGrowfs,
  xfs_info: xfsInfo,
};

/** Of the client's package; mount starts it, nobody else here. */
const CLIENT: Readonly<Record<string, Program>> = {
  lizardfs: lizardfsTool,
  mfsmount,
  mfssetgoal: callsItself,
  mfsgetgoal: callsItself,
};

/** What XenServer brings. */
const DOM0: Readonly<Record<string, Program>> = {
  iptables,
  'iptables-restore': iptablesRestore,
  'iptables-save': iptablesSave,
  python,
  service,
  xe,
};

/** What every host of a Rocks cluster has. */
const ROCKS: Readonly<Record<string, Program>> = {
  chkconfig,
  env: starts,
  nohup: starts,
  od,
  python: pythonSqlite,
  rocks,
  service: rocksService,
  setsid: starts,
  sqlite3,
  ssh,
  su,
  timeout,
};

const INSTALLED: Readonly<Record<Kind, Readonly<Record<string, Program>>>> = {
  xenserver: {
    ...DOM0,
    'lizardfs-admin': lizardfsAdmin,
    'lizardfs-probe': lizardfsAdmin,
    mfschunkserver,
    ...CLIENT,
  },
  chunkserver: { mfschunkserver, ...CLIENT },
  kvm: {
    drbdadm,
    drbdsetup,
    ifquery,
    ifup,
    lvchange,
    lvcreate,
    lvextend,
    lvremove,
    lvs,
    'mounted.ocfs2': mountedOcfs2,
    o2cb,
    pvs,
    vgs,
    virsh,
  },
  ceph: { ceph },
  san: { iscsiadm, multipath, multipathd },
  'rocks-frontend': { ...ROCKS, rabbitmqctl },
  'rocks-nas': { ...ROCKS, tgtadm, 'tgt-setup-lun': tgtSetupLun, zfs, zpool },
  'rocks-container': {
    ...ROCKS,
    dmsetup,
    iscsiadm: iscsiadmOfRoll,
    virsh,
    zfs,
    zpool,
  },
  'bare-xen': { ...DOM0, curl, rpm, yum },
  'bare-debian': {
    'apt-cache': aptCache,
    'apt-get': aptGet,
    curl,
    dpkg,
    'dpkg-query': dpkgQuery,
    nft,
    pct,
    'pve-firewall': pveFirewall,
    pvesm,
    qm,
  },
};

/** What packages bring; those that only have to be there do nothing. */
const PACKAGED: Readonly<Record<string, Program>> = {
  'lizardfs-admin': lizardfsAdmin,
  'lizardfs-probe': lizardfsAdmin,
  mfschunkserver,
  mfsmaster,
  mfsmetalogger: versionOnly,
  mfsmount: (call) =>
    call.args.some((arg) => /^(?:-V|-v|--version)$/.test(arg)) ? versionOnly(call) : mfsmount(call),
  mfssetgoal: (call) => lizardfsTool({ ...call, args: ['setgoal', ...call.args] }),
  mfsgetgoal: (call) => lizardfsTool({ ...call, args: ['getgoal', ...call.args] }),
};

/** The simulated programs on a machine, with those of its packages. */
export function programsOf(machine: Machine): ReadonlyMap<string, Program> {
  const missing = new Set(isSysV(machine) ? ['systemctl', 'systemd-run', 'findmnt'] : []);
  const added = programsIn(machine).map((name) => [name, PACKAGED[name]] as const);
  return new Map([
    ...Object.entries({ ...COMMON, ...INSTALLED[machine.kind] }).filter(([name]) => {
      return !missing.has(name);
    }),
    ...added.flatMap(([name, program]): [string, Program][] => (program ? [[name, program]] : [])),
  ]);
}
