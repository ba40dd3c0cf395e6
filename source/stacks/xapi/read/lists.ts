import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { parseMap, parseRecords, refOf, sizeOf, type XeRecord } from './records.js';

/** A pool. A host that is in no pool is one of its own. */
export interface Pool {
  readonly uuid: string;
  /** Empty: it was never given one. */
  readonly name: string;
  /** UUID of the host that is its master. */
  readonly master?: string;
  readonly defaultSr?: string;
  readonly lines: readonly string[];
}

/** A host of a pool. */
export interface PoolHost {
  readonly uuid: string;
  readonly name: string;
  /** Its address in the management network. */
  readonly address: string;
  /** It may start virtual machines; false: maintenance. */
  readonly enabled: boolean;
  /** The master hears from it; undefined: not told. */
  readonly live?: boolean;
  /** `XCP-ng 8.2.1`, with the build where one is told. */
  readonly version: string;
  readonly lines: readonly string[];
}

/** A storage repository. Sizes are bytes. */
export interface Sr {
  readonly uuid: string;
  readonly name: string;
  /** `file`, `nfs`, `ext`, `lvmoiscsi`, `iso`, `udev` … */
  readonly type: string;
  readonly contentType: string;
  readonly shared: boolean;
  /** Undefined: it is not known, or the repository has none. */
  readonly size?: number;
  readonly used?: number;
  readonly lines: readonly string[];
}

/** What connects a host to a storage repository. */
export interface Pbd {
  readonly uuid: string;
  /** UUIDs. */
  readonly host: string;
  readonly sr: string;
  /** `location`, `server`, `serverpath`, `device` … */
  readonly config: ReadonlyMap<string, string>;
  readonly attached: boolean;
  readonly lines: readonly string[];
}

/** A virtual disk image. */
export interface Vdi {
  readonly uuid: string;
  readonly name: string;
  readonly sr: string;
}

/** A virtual machine's use of a disk. */
export interface Vbd {
  readonly uuid: string;
  readonly vm: string;
  readonly vmName: string;
  readonly vdi: string;
  /** The machine runs and has it open. */
  readonly attached: boolean;
}

/** The fields that are asked for: all are in XenServer 6 already; one that is not is left out by it. */
export const FIELDS = {
  pools: ['uuid', 'name-label', 'master', 'default-SR'],
  hosts: ['uuid', 'name-label', 'address', 'enabled', 'host-metrics-live', 'software-version'],
  srs: [
    'uuid',
    'name-label',
    'type',
    'content-type',
    'shared',
    'physical-size',
    'physical-utilisation',
  ],
  pbds: ['uuid', 'host-uuid', 'sr-uuid', 'device-config', 'currently-attached'],
  vdis: ['uuid', 'name-label', 'sr-uuid'],
  vbds: ['uuid', 'vm-uuid', 'vm-name-label', 'vdi-uuid', 'currently-attached'],
} as const;

/** Reads a list of one kind; a record without a UUID is not of that kind and counts as not understood. */
function listOf<T>(
  text: string,
  of: (record: XeRecord, uuid: string) => T | undefined,
): Parsed<readonly T[]> {
  const records = parseRecords(text);
  if (!records.ok) return records;
  const unread = [...records.unread];
  const things = records.value.flatMap((record) => {
    const uuid = refOf(record, 'uuid');
    const thing = uuid === undefined ? undefined : of(record, uuid);
    if (thing === undefined) unread.push(...record.lines);
    return thing === undefined ? [] : [thing];
  });
  if (things.length === 0 && records.value.length > 0) {
    return notThis(1, 'records of this kind, each with its uuid');
  }
  return parsed(things, unread);
}

/** `xe pool-list`. */
export function parsePools(text: string): Parsed<readonly Pool[]> {
  return listOf(text, (record, uuid) => {
    const master = refOf(record, 'master');
    const defaultSr = refOf(record, 'default-SR');
    return {
      uuid,
      name: record.get('name-label'),
      ...(master !== undefined && { master }),
      ...(defaultSr !== undefined && { defaultSr }),
      lines: record.lines,
    };
  });
}

/** `xe host-list`. */
export function parseHosts(text: string): Parsed<readonly PoolHost[]> {
  return listOf(text, (record, uuid) => {
    const live = record.get('host-metrics-live');
    const software = parseMap(record.get('software-version'));
    const words = ['product_brand', 'product_version', 'build_number'].map((key) =>
      software.get(key),
    );
    return {
      uuid,
      name: record.get('name-label') || uuid,
      address: record.get('address'),
      enabled: record.get('enabled') !== 'false',
      ...((live === 'true' || live === 'false') && { live: live === 'true' }),
      version: words.filter((word) => word !== undefined && word !== '').join(' '),
      lines: record.lines,
    };
  });
}

/** `xe sr-list`. */
export function parseSrs(text: string): Parsed<readonly Sr[]> {
  return listOf(text, (record, uuid) => {
    const size = sizeOf(record, 'physical-size');
    const used = sizeOf(record, 'physical-utilisation');
    return {
      uuid,
      name: record.get('name-label'),
      type: record.get('type'),
      contentType: record.get('content-type'),
      shared: record.get('shared') === 'true',
      ...(size !== undefined && { size, used: used ?? 0 }),
      lines: record.lines,
    };
  });
}

/** `xe pbd-list`; of old versions, whose field is called `host`, too. */
export function parsePbds(text: string): Parsed<readonly Pbd[]> {
  return listOf(text, (record, uuid) => {
    const host = refOf(record, 'host-uuid') ?? refOf(record, 'host');
    const sr = refOf(record, 'sr-uuid');
    if (host === undefined || sr === undefined) return undefined;
    const attached = record.get('currently-attached') === 'true';
    const config = parseMap(record.get('device-config'));
    return { uuid, host, sr, config, attached, lines: record.lines };
  });
}

/** `xe vdi-list`. */
export function parseVdis(text: string): Parsed<readonly Vdi[]> {
  return listOf(text, (record, uuid) => {
    const sr = refOf(record, 'sr-uuid');
    return sr === undefined ? undefined : { uuid, name: record.get('name-label'), sr };
  });
}

/** `xe vbd-list`; an empty drive uses no disk and is left out. */
export function parseVbds(text: string): Parsed<readonly Vbd[]> {
  const all = listOf(text, (record, uuid) => ({
    uuid,
    vm: refOf(record, 'vm-uuid') ?? '',
    vmName: record.get('vm-name-label'),
    vdi: refOf(record, 'vdi-uuid') ?? '',
    attached: record.get('currently-attached') === 'true',
  }));
  if (!all.ok) return all;
  return parsed(
    all.value.filter(({ vm, vdi }) => vm !== '' && vdi !== ''),
    all.unread,
  );
}
