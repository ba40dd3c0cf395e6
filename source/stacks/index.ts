import type { Stack } from '../core/stack.js';
import { ceph } from './ceph/index.js';
import { disks } from './disks/index.js';
import { drbd } from './drbd/index.js';
import { imgstorage } from './imgstorage/index.js';
import { libvirt } from './libvirt/index.js';
import { lizardfs } from './lizardfs/index.js';
import { multipath } from './multipath/index.js';
import { nfs } from './nfs/index.js';
import { ocfs2 } from './ocfs2/index.js';
import { proxmox } from './proxmox/index.js';
import { xapi } from './xapi/index.js';

/** Every storage system that Holdfast knows, in the order of its panes: the only such list. */
export const stacks: readonly Stack[] = [
  lizardfs,
  drbd,
  ocfs2,
  ceph,
  multipath,
  imgstorage,
  nfs,
  xapi,
  proxmox,
  libvirt,
  disks,
];
