import { reads, type Command } from '../core/host.js';
import { notThis, parsed, type Parsed } from '../core/parsed.js';
import { linesOf } from '../core/text.js';

/** A volume group. */
export interface VolumeGroup {
  readonly name: string;
  readonly sizeBytes: number;
  readonly freeBytes: number;
  /** Its UUID, and what its volumes are made of: only where they were asked for (`lvmRoomCommand`). */
  readonly uuid?: string;
  readonly extentBytes?: number;
  /** How many of its physical volumes are not there. */
  readonly missing: number;
}

/** A physical volume. */
export interface PhysicalVolume {
  /** `/dev/sda3`, or `[unknown]` (`unknown device` of old) where its disk is gone. */
  readonly device: string;
  /** Empty: in no group. */
  readonly group: string;
  readonly missing: boolean;
}

/** A logical volume. */
export interface LogicalVolume {
  readonly group: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** lvs(8): ten letters. */
  readonly attributes: string;
  /** `linear`, `raid1`, `thin-pool`, `snapshot`. */
  readonly layout: string;
  readonly origin: string;
  /** 0 to 1: how much of a snapshot's or a thin pool's room is taken. */
  readonly dataShare: number | null;
  readonly metadataShare: number | null;
}

/** All that LVM says of a host. */
export interface Lvm {
  readonly groups: readonly VolumeGroup[];
  readonly physical: readonly PhysicalVolume[];
  readonly logical: readonly LogicalVolume[];
}

/** Quoted names before quoted values, alike from LVM 2.02.40 on. */
const FORM = '--noheadings --nameprefixes --nosuffix --units b';
/**
 * Never waits for a lock that a running change holds, and never writes: before 2.03 a look could
 * repair metadata. (`--readonly` would not ask the kernel, and so not how full a snapshot is.)
 */
const QUIET = "--config 'global { wait_for_locks=0 metadata_read_only=1 }'";

export const FIELDS = {
  vgs: 'vg_name,vg_size,vg_free,vg_missing_pv_count',
  pvs: 'pv_name,vg_name,pv_attr',
  lvs: 'vg_name,lv_name,lv_size,lv_attr,segtype,origin,data_percent,metadata_percent',
};

/**
 * LVM reads the labels on the disks, which the kernel does not keep in memory: where nothing of LVM
 * is in sight (no volume is active and udev knows no physical volume) it is not asked at all.
 */
function script(fields: typeof FIELDS): string {
  return [
    // They complain of every descriptor that a shell left open.
    'export LVM_SUPPRESS_FD_WARNINGS=1',
    'command -v vgs >/dev/null 2>&1 || { echo "no tools"; exit 0; }',
    'grep -qs "^LVM-" /sys/block/dm-*/dm/uuid || ls /dev/disk/by-id/lvm-pv-uuid-* >/dev/null 2>&1 || { echo "no volumes"; exit 0; }',
    ...Object.entries(fields).map(
      ([tool, names]) => `${tool} ${QUIET} ${FORM} -o ${names} || exit`,
    ),
  ].join('\n');
}

/** Asks LVM for its groups, physical and logical volumes. */
export function lvmCommand(): Command<'reads'> {
  return reads(['sh', '-c', script(FIELDS)], 20_000);
}

/** Asks the same with the size of an extent and the UUID of each group, for those who are about to make a volume. */
export function lvmRoomCommand(): Command<'reads'> {
  const fields = { ...FIELDS, vgs: `${FIELDS.vgs},vg_extent_size,vg_uuid` };
  return reads(['sh', '-c', script(fields)], 20_000);
}

type Fields = ReadonlyMap<string, string>;

/** Reads the lines of vgs, pvs and lvs in their machine form, in whatever order. */
export function parseLvm(text: string): Parsed<Lvm> {
  const groups = new Map<string, VolumeGroup>();
  const physical: PhysicalVolume[] = [];
  const logical = new Map<string, LogicalVolume>();
  const unread: string[] = [];
  const lines = linesOf(text).filter((line) => line.trim() !== '');
  for (const line of lines) {
    const fields: Fields = new Map(
      [...line.matchAll(/LVM2_([A-Z_]+)='([^']*)'/g)].map(([, key = '', value = '']) => [
        key,
        value,
      ]),
    );
    if (fields.has('LV_NAME')) {
      const volume = logicalOf(fields);
      // A volume of several segments has a line for each.
      logical.set(`${volume.group}/${volume.name}`, volume);
    } else if (fields.has('PV_NAME')) physical.push(physicalOf(fields));
    else if (fields.has('VG_NAME')) groups.set(fields.get('VG_NAME') ?? '', groupOf(fields));
    else if (!/^\s*(?:no tools|no volumes|WARNING: Locking disabled.*)$/.test(line)) {
      unread.push(line);
    }
  }
  if (lines.length > 0 && unread.length === lines.length) {
    return notThis(1, "LVM2_VG_NAME='…' as `vgs --noheadings --nameprefixes` prints it");
  }
  const value = { groups: [...groups.values()], physical, logical: [...logical.values()] };
  return parsed(value, unread);
}

function groupOf(fields: Fields): VolumeGroup {
  const uuid = fields.get('VG_UUID');
  const extentBytes = sizeOf(fields.get('VG_EXTENT_SIZE'));
  return {
    name: fields.get('VG_NAME') ?? '',
    sizeBytes: sizeOf(fields.get('VG_SIZE')),
    freeBytes: sizeOf(fields.get('VG_FREE')),
    ...(extentBytes > 0 && { extentBytes }),
    ...(uuid !== undefined && { uuid }),
    missing: Number(fields.get('VG_MISSING_PV_COUNT') ?? 0) || 0,
  };
}

function physicalOf(fields: Fields): PhysicalVolume {
  const device = fields.get('PV_NAME') ?? '';
  // pvs(8): the third letter is `m` for a missing one.
  const missing = fields.get('PV_ATTR')?.[2] === 'm' || device.includes('unknown');
  return { device, group: fields.get('VG_NAME') ?? '', missing };
}

function logicalOf(fields: Fields): LogicalVolume {
  return {
    group: fields.get('VG_NAME') ?? '',
    name: fields.get('LV_NAME') ?? '',
    sizeBytes: sizeOf(fields.get('LV_SIZE')),
    attributes: fields.get('LV_ATTR') ?? '',
    layout: fields.get('SEGTYPE') ?? '',
    origin: fields.get('ORIGIN') ?? '',
    dataShare: shareOf(fields.get('DATA_PERCENT') ?? fields.get('SNAP_PERCENT')),
    metadataShare: shareOf(fields.get('METADATA_PERCENT')),
  };
}

const UNITS = 'bkmgtpe';

/** Bytes as they are; `<6.59g` of captures without `--units b` as nearly as they were printed. */
function sizeOf(text = ''): number {
  const [, number = '', unit = 'b'] = /^<?([\d.]+)([bkmgtpe]?)$/i.exec(text.trim()) ?? [];
  return (Number(number) || 0) * 1024 ** Math.max(0, UNITS.indexOf(unit.toLowerCase() || 'b'));
}

function shareOf(text = ''): number | null {
  return /^\d+(?:[.,]\d+)?$/.test(text.trim()) ? Number(text.replace(',', '.')) / 100 : null;
}
