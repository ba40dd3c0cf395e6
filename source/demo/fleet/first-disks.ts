import type { Disk } from './state.js';

const GIB = 1024 ** 3;

/** A SATA disk by its letter; what differs from the usual one is in `more`. */
export function disk(letter: string, n: number, size: number, more: Partial<Disk>): Disk {
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

/** The disk that a machine runs from: one part, its root. */
export function bootDisk(n: number, type: string): Disk {
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
export function xenDisks(n: number): Disk[] {
  const blank = (letter: string) => disk(letter, n, 250_059_350_016, {});
  return [bootDisk(n, 'ext3'), chunkDisk('b', n), chunkDisk('c', n), blank('d'), blank('e')];
}

/** A boot disk and two chunk disks. */
export function chunkDisks(n: number): Disk[] {
  return [bootDisk(n, 'ext4'), chunkDisk('b', n), chunkDisk('c', n)];
}

/** A boot disk, and the disks beneath r0 and r1. */
export function kvmDisks(n: number): Disk[] {
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

/** A boot disk and that of an OSD. */
export function cephDisks(n: number): Disk[] {
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

/** A boot disk alone; the rest is imported. */
export function sanDisks(): Disk[] {
  return [bootDisk(9, 'ext4')];
}
