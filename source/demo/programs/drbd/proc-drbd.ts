import { inTouch, peerOf, upOn } from '../../fleet/drbd/side.js';
import type { Fleet, Machine } from '../../fleet/state.js';
import type { Replica, Resource, Resync, Verify } from '../../fleet/drbd/state.js';

/** The source version that the 8.4.11 module of Debian 12 names. */
const HEADER = 'version: 8.4.11 (api:1/proto:86-101)\nsrcversion: F73C670A7EC572DB9CF3E5B \n';

/** What /proc/drbd says on a machine (drbd_proc.c of 8.4). */
export function procDrbd(fleet: Fleet, machine: Machine): string {
  const devices = upOn(fleet, machine.name).map(({ resource, self }) =>
    device(fleet, resource, self),
  );
  return HEADER + devices.join('');
}

function device(fleet: Fleet, resource: Resource, self: Replica): string {
  const { roles, disks } = pairs(resource, self);
  const protocol = self.connection === 'StandAlone' ? ' ' : 'C';
  const resync = inTouch(self) ? resource.resync : undefined;
  const work = resync ?? (inTouch(self) ? resource.verify : undefined);
  const n = (value: number) => Math.round(value);
  const counters = [
    `ns:${n(self.sent)} nr:${n(self.received)} dw:${n(self.written)} dr:${n(self.read)}`,
    `al:${self.activityLog} bm:0 lo:0 pe:${resync ? 3 : 0} ua:0 ap:0 ep:1 wo:f oos:${wholeBits(self.outOfSync)}`,
  ].join(' ');
  const head = ` ${resource.minor}: cs:${self.connection} ro:${roles} ds:${disks} ${protocol} ${flagsOf(resource, self)}\n`;
  return `${head}    ${counters}\n${work ? progress(fleet, self, work) : ''}`;
}

/** Who pauses a resync: this side or the other. */
function flagsOf(resource: Resource, self: Replica): string {
  const peer = inTouch(self) && peerOf(resource, self).paused;
  return `r-${peer ? 'p' : '-'}${self.paused ? 'u' : '-'}--`;
}

/** Both roles and both disk states, this side first. */
export function pairs(resource: Resource, self: Replica): { roles: string; disks: string } {
  const peer = inTouch(self) ? peerOf(resource, self) : undefined;
  return {
    roles: `${self.role}/${peer?.role ?? 'Unknown'}`,
    disks: `${self.disk}/${peer?.disk ?? 'DUnknown'}`,
  };
}

/** The two lines of a resync: a bar of twentieths, amounts, time left and rates. */
function progress(fleet: Fleet, self: Replica, sync: Resync | Verify): string {
  if (self.connection.startsWith('Paused')) return '';
  const word = self.connection.startsWith('Verify') ? 'verified: ' : "sync'ed:";
  const left = wholeBits(sync.left);
  const tenths = Math.floor(((sync.total - left) * 1000) / sync.total);
  const filled = Math.floor(tenths / 50);
  const bar = `${'='.repeat(Math.max(0, filled - 1))}>${'.'.repeat(20 - filled)}`;
  const percent = `${String(Math.floor(tenths / 10)).padStart(3)}.${tenths % 10}`;
  // Above 4 GiB the kernel counts in MiB.
  const [amounts, unit] =
    sync.total > 4 * 1024 * 1024
      ? [`${Math.floor(left / 1024)}/${Math.floor(sync.total / 1024)}`, 'M']
      : [`${left}/${sync.total}`, 'K'];
  const seconds = Math.floor(left / sync.rate);
  const two = (value: number) => String(value).padStart(2, '0');
  const finish = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const ran = (fleet.clock.now - sync.began) / 1000;
  const average = ran > 0 ? Math.round((sync.total - left) / ran) : 0;
  const want = /SyncTarget|Verify/.test(self.connection) ? ` want: ${grouped(sync.rate)}` : '';
  return (
    `\t[${bar}] ${word}${percent}% (${amounts})${unit}\n` +
    `\tfinish: ${finish} speed: ${grouped(sync.rate)} (${grouped(average)})${want} K/sec\n`
  );
}

/** The bitmap counts in 4 KiB. */
export function wholeBits(kib: number): number {
  return Math.ceil(kib / 4) * 4;
}

/** With a comma after each three digits, as the kernel does. */
function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}
