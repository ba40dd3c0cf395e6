import { reads, type Command } from '../../core/host.js';
import { parsed, type Parsed } from '../../core/parsed.js';
import { linesOf } from '../../core/text.js';

/** A multipath map as the kernel has it, whatever the daemon says. */
export interface KernelMap {
  /** `dm-0`. */
  readonly dm: string;
  readonly name: string;
  readonly wwid: string;
  readonly sizeBytes: number | null;
  /** The devices of its paths: `sda`. */
  readonly members: readonly string[];
}

/** A SCSI disk as the kernel has it. */
export interface KernelDisk {
  /** `sda`. */
  readonly device: string;
  readonly hctl: string | null;
  /** `naa.6…`, `eui.…`, `t10.…`; null before kernel 3.15 and for disks that have none. */
  readonly wwid: string | null;
}

/** What /sys knows of multipath maps and SCSI disks. */
export interface KernelDisks {
  readonly maps: readonly KernelMap[];
  readonly disks: readonly KernelDisk[];
}

const SCRIPT = [
  "grep -sH '' /sys/block/dm-*/dm/name /sys/block/dm-*/dm/uuid /sys/block/dm-*/size /sys/block/sd*/device/wwid",
  'ls -d /sys/block/dm-*/slaves/* /sys/block/sd*/device/scsi_device/* 2>/dev/null',
  'true',
].join('; ');

/**
 * Sizes, addresses and identities out of /sys, where the kernel keeps them in memory: nothing here
 * touches a disk, so it is answered while `multipath -ll` waits on a dying path.
 */
export function kernelDisksCommand(): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT]);
}

type Facts = Map<string, string>;

/** Reads what the script above prints: `path:value` and plain paths. */
export function parseKernelDisks(text: string): Parsed<KernelDisks> {
  const dms = new Map<string, Facts>();
  const disks = new Map<string, Facts>();
  const slaves = new Map<string, string[]>();
  const unread: string[] = [];
  for (const line of linesOf(text)) {
    const [, block = '', rest = ''] = /^\/sys\/block\/([^/]{1,60})\/(.*)$/.exec(line) ?? [];
    const slave = /^slaves\/(.+)$/.exec(rest)?.[1];
    const hctl = /^device\/scsi_device\/(.+)$/.exec(rest)?.[1];
    const colon = rest.indexOf(':');
    if (slave !== undefined) listOf(slaves, block).push(slave);
    else if (hctl !== undefined) factsOf(disks, block).set('hctl', hctl);
    else if (colon < 0) unread.push(line);
    else {
      const facts = factsOf(block.startsWith('dm-') ? dms : disks, block);
      const value = rest.slice(colon + 1).trim();
      if (value !== '') facts.set(rest.slice(0, colon), value);
    }
  }
  return parsed(
    {
      maps: [...dms].flatMap(([dm, facts]) => kernelMap(dm, facts, slaves.get(dm) ?? [])),
      disks: [...disks].map(([device, facts]) => ({
        device,
        hctl: facts.get('hctl') ?? null,
        wwid: facts.get('device/wwid') ?? null,
      })),
    },
    unread,
  );
}

/** Device-mapper's UUID tells what a dm device is: `mpath-WWID`, `LVM-…`. */
function kernelMap(dm: string, facts: Facts, members: readonly string[]): KernelMap[] {
  const uuid = facts.get('dm/uuid') ?? '';
  if (!uuid.startsWith('mpath-')) return [];
  const wwid = uuid.slice('mpath-'.length);
  const sectors = Number(facts.get('size') ?? Number.NaN);
  return [
    {
      dm,
      name: facts.get('dm/name') ?? wwid,
      wwid,
      // /sys counts in 512-byte sectors, whatever the disk's own.
      sizeBytes: Number.isSafeInteger(sectors) ? sectors * 512 : null,
      members,
    },
  ];
}

function factsOf(map: Map<string, Facts>, key: string): Facts {
  const found = map.get(key);
  if (found) return found;
  const facts: Facts = new Map();
  map.set(key, facts);
  return facts;
}

function listOf(map: Map<string, string[]>, key: string): string[] {
  const found = map.get(key);
  if (found) return found;
  const list: string[] = [];
  map.set(key, list);
  return list;
}

/**
 * Disks that carry one identity and belong to no multipath map: one disk seen twice without
 * multipath, or two disks with one id. Only NAA and EUI names are compared: they are unique by
 * standard, while makers' `t10` texts repeat on cheap and virtual disks.
 */
export function loneTwins(kernel: KernelDisks): readonly (readonly KernelDisk[])[] {
  const members = new Set(kernel.maps.flatMap((map) => map.members));
  const byId = new Map<string, KernelDisk[]>();
  for (const disk of kernel.disks) {
    if (disk.wwid === null || !/^(?:naa|eui)\./.test(disk.wwid)) continue;
    const list = byId.get(disk.wwid);
    if (list) list.push(disk);
    else byId.set(disk.wwid, [disk]);
  }
  return [...byId.values()].filter(
    (disks) => disks.length > 1 && !disks.some(({ device }) => members.has(device)),
  );
}
