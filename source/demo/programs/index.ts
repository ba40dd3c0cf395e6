import type { Kind } from '../fleet/state.js';
import { ceph } from './ceph/ceph.js';
import { drbdadm } from './drbd/drbdadm.js';
import { drbdsetup } from './drbd/drbdsetup.js';
import { mfschunkserver } from './lizardfs/mfschunkserver.js';
import { mfsmaster } from './lizardfs/mfsmaster.js';
import { lizardfsAdmin } from './lizardfs/lizardfs-admin.js';
import { iscsiadm } from './multipath/iscsiadm.js';
import { multipath } from './multipath/multipath.js';
import { multipathd } from './multipath/multipathd.js';
import type { Program } from './program.js';
import { date, dmesg, getent, hostname, id, ip, uname, uptime } from './system/identity.js';
import { blkid, lsblk } from './system/block.js';
import { mkfsExt4, mkfsXfs, wipefs } from './system/file-systems.js';
import { findmnt } from './system/findmnt.js';
import { df, mount, umount } from './system/mounts.js';
import { chown, stat } from './system/owners.js';
import { pgrep, ps } from './system/processes.js';
import { systemctl } from './system/systemctl.js';
import { virsh } from './system/virsh.js';
import { xe } from './system/xe.js';

/** What every machine has beside the shell's own commands. */
const COMMON: Readonly<Record<string, Program>> = {
  blkid,
  chown,
  date,
  df,
  dmesg,
  findmnt,
  getent,
  hostname,
  id,
  ip,
  lsblk,
  'mkfs.ext4': mkfsExt4,
  'mkfs.xfs': mkfsXfs,
  mount,
  pgrep,
  ps,
  stat,
  systemctl,
  umount,
  uname,
  uptime,
  wipefs,
};

const INSTALLED: Readonly<Record<Kind, Readonly<Record<string, Program>>>> = {
  xenserver: {
    'lizardfs-admin': lizardfsAdmin,
    'lizardfs-probe': lizardfsAdmin,
    mfschunkserver,
    mfsmaster,
    xe,
  },
  chunkserver: { mfschunkserver },
  kvm: { drbdadm, drbdsetup, virsh },
  ceph: { ceph },
  san: { iscsiadm, multipath, multipathd },
};

/** The simulated programs on a machine of this kind. */
export function programsOf(kind: Kind): ReadonlyMap<string, Program> {
  return new Map(Object.entries({ ...COMMON, ...INSTALLED[kind] }));
}
