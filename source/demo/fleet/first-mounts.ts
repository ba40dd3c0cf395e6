import { FIRST_SR, srMount } from './xapi.js';
import type { Mount } from './state.js';

const GIB = 1024 ** 3;

/** The chunk disks of a machine, and LizardFS itself on a XenServer. */
export function chunkMounts(name: string): Mount[] {
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

/** The file system of the guests, on r0. */
export function vmMount(): Mount[] {
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

/** The file system on r1. */
export function dataMount(): Mount {
  return {
    source: '/dev/drbd1',
    target: '/srv/data',
    type: 'ext4',
    options: 'rw,relatime',
    size: 98 * GIB,
    used: 57 * GIB,
  };
}

/** What the storage server has on its maps. */
export function sanMounts(): Mount[] {
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
