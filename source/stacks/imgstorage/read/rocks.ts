import { parsed, type Parsed } from '../../../core/parsed.js';
import { parseRocksTable, type TableRow } from './rocks-table.js';

/** A line of `rocks list host storagemap NAS`. What an older roll does not tell is undefined. */
export interface MapEntry {
  readonly zvol: string;
  readonly zpool: string | null;
  readonly host: string | null;
  readonly remotePool?: string | null;
  readonly target: string | null;
  /** `mapped`, `unmapped`, `NAS->VM`, `NAS<-VM`, `NAS<-VM sched`. */
  readonly state: string;
  /** How long the copy is under way, in seconds. */
  readonly seconds: number | null;
  /** When the next scheduled copy is due, as it is written: `Thu 14:02.11`. */
  readonly next?: string | null;
  readonly locked?: boolean;
}

/** Reads the storage map in the manual's layout and in today's. */
export function parseStorageMap(text: string): Parsed<readonly MapEntry[]> {
  return rowsOf(text, [], 'ZVOL', (row, has) => {
    const zvol = row.get('ZVOL');
    const state = row.get('STATE');
    if (zvol == null || state == null) return undefined;
    return {
      zvol,
      zpool: row.get('ZPOOL') ?? null,
      host: row.get(has('REMOTEHOST') ? 'REMOTEHOST' : 'HOST') ?? null,
      ...(has('REMOTEPOOL') && { remotePool: row.get('REMOTEPOOL') ?? null }),
      target: row.get('TARGET') ?? null,
      state,
      seconds: secondsOf(row.get('TIME')),
      ...(has('NEXTSYNC') && { next: row.get('NEXTSYNC') ?? null }),
      ...(has('LOCKED') && { locked: row.get('LOCKED') === 'True' }),
    };
  });
}

/** A line of `rocks list host storagedev HOST`. */
export interface DeviceEntry {
  /** The image; `volume0`, … where it is a disk over iSCSI alone. */
  readonly zvol: string;
  readonly device: string | null;
  /** The target of device mapper: `snapshot`, `snapshot-merge`, `linear`. */
  readonly status: string | null;
  readonly gigabytes: number | null;
  readonly disk: string | null;
  readonly started: boolean | null;
  /** `9099712/73400320 17760`. */
  readonly synced: string | null;
  readonly seconds: number | null;
  readonly sync?: string | null;
  readonly target?: string | null;
}

/** Reads a container's devices in the manual's layout and in today's. */
export function parseStorageDevices(text: string): Parsed<readonly DeviceEntry[]> {
  const blanks = ['SIZE (GB)', 'BLOCK DEV', 'IS STARTED'];
  return rowsOf(text, blanks, 'STATUS', (row, has) => {
    const zvol = row.get(has('VOLUME') ? 'VOLUME' : 'ZVOL');
    if (zvol == null) return undefined;
    const [size, started] = [row.get('SIZE (GB)'), row.get('IS STARTED')];
    return {
      zvol,
      device: row.get(has('DEVICE') ? 'DEVICE' : 'LVM') ?? null,
      status: row.get('STATUS') ?? null,
      gigabytes: size == null ? null : Number(size),
      disk: row.get('BLOCK DEV') ?? null,
      started: started == null ? null : /^(?:1|True)$/.test(started),
      synced: row.get('SYNCED') ?? null,
      seconds: secondsOf(row.get('TIME')),
      ...(has('SYNC') && { sync: row.get('SYNC') ?? null }),
      ...(has('TARGET') && { target: row.get('TARGET') ?? null }),
    };
  });
}

/** A disk of a virtual machine and the NAS that it is given. */
export interface VmNas {
  readonly vm: string;
  /** Null: its disk is a file on its container. */
  readonly nas: string | null;
  readonly zpool: string | null;
}

/** Reads `rocks list host vm nas`; a row for each disk, of which the roll uses the first. */
export function parseVmNas(text: string): Parsed<readonly VmNas[]> {
  return rowsOf(text, [], 'NAS', (row) => {
    const vm = row.get('VM-HOST');
    if (vm == null) return undefined;
    return { vm, nas: row.get('NAS') ?? null, zpool: row.get('ZPOOL') ?? null };
  });
}

/** A virtual machine and the container that it is placed on. */
export interface VmPlace {
  readonly vm: string;
  readonly container: string | null;
}

/** Reads `rocks list host vm`: of its columns only the ones that all versions have. */
export function parseVmPlaces(text: string): Parsed<readonly VmPlace[]> {
  return rowsOf(text, [], 'VM-HOST', (row) => {
    const vm = row.get('VM-HOST');
    return vm == null ? undefined : { vm, container: row.get('HOST') ?? null };
  });
}

/** An attribute that Rocks has for a host. */
export interface HostAttribute {
  readonly host: string;
  readonly name: string;
  readonly value: string;
}

/** Reads lines of `rocks list host attr`, the heading among them. */
export function parseAttributes(text: string): Parsed<readonly HostAttribute[]> {
  return rowsOf(text, [], 'ATTR', (row) => {
    const [host, name] = [row.get('HOST'), row.get('ATTR')];
    return host == null || name == null ? undefined : { host, name, value: row.get('VALUE') ?? '' };
  });
}

/** `0:32:05`; `1 day, 3:02:00` (Python's str of a timedelta), in seconds. */
function secondsOf(text: string | null | undefined): number | null {
  const [, days = '0', hours, minutes, seconds] =
    /^(?:(\d+) days?, )?(\d+):(\d\d):(\d\d)$/.exec(text ?? '') ?? [];
  if (hours === undefined) return null;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}

function rowsOf<T>(
  text: string,
  titles: readonly string[],
  known: string,
  make: (row: TableRow, has: (title: string) => boolean) => T | undefined,
): Parsed<readonly T[]> {
  const table = parseRocksTable(text, titles, known);
  if (!table.ok) return table;
  const unread = [...table.unread];
  const rows = table.value.flatMap((row): T[] => {
    const made = make(row, (title) => row.has(title));
    if (made === undefined) {
      unread.push([...row.values()].map((cell) => cell ?? '-').join(' '));
      return [];
    }
    return [made];
  });
  return parsed(rows, unread);
}
