/**
 * A multipath map as `multipath -ll` or `multipathd show maps json` describes it. Every field is
 * always there, so that scripts find one shape; `null` means that the grammar which was read does
 * not print it (or prints that it does not know).
 */
export interface MultipathMap {
  readonly alias: string;
  /** Equal to the alias where only one of them is printed. */
  readonly wwid: string;
  /** `dm-0`; `nvme0n1` for a native NVMe map. Null in the oldest grammar, and while a map is made. */
  readonly dm: string | null;
  /** Null in the oldest grammar and for a map without paths. Trailing blanks are taken off. */
  readonly vendor: string | null;
  readonly product: string | null;
  /** Rounded to two digits by `multipath -ll`; null in the JSON, which has no size. */
  readonly sizeBytes: number | null;
  /** What `multipathd` was about to do: `create`, `reload`; null when nothing. */
  readonly action: string | null;
  /** `1 queue_if_no_path`. */
  readonly features: string | null;
  /** `1 alua`. */
  readonly hwhandler: string | null;
  /** Whether I/O waits while there is no path, by the features; null where they are not printed. */
  readonly queueing: boolean | null;
  /**
   * How long it waits, as `multipathd` puts it: `on`, `off`, `5 chk`, `12 sec` (time left), `-`
   * (not set). Only in the JSON.
   */
  readonly retry: string | null;
  /** `rw`, `ro`, `undef`; null before 0.4.8. */
  readonly access: string | null;
  readonly groups: readonly PathGroup[];
}

/** Paths that are used together; another group takes over when all of them fail. */
export interface PathGroup {
  /** `service-time 0`. */
  readonly policy: string | null;
  readonly priority: number | null;
  /** `active`, `enabled`, `disabled`, `undef`. */
  readonly state: string | null;
  readonly paths: readonly MultipathPath[];
}

/** One way to the disk. */
export interface MultipathPath {
  /** SCSI host:channel:target:lun; `#:#:#:#` where multipath does not know it; null in the JSON. */
  readonly hctl: string | null;
  /** `sda`; null where multipath prints `-`: the device is gone. */
  readonly device: string | null;
  /** `8:16`. */
  readonly devt: string | null;
  /** What the kernel holds: `active`, `failed`, `undef`. */
  readonly dmState: string | null;
  /** What the checker found: `ready`, `faulty`, `ghost`, `i/o pending`, … */
  readonly checkerState: string | null;
  /** `running`, `offline`; null until 0.4.8. */
  readonly deviceState: string | null;
}

/** What a path is worth, by its three states together. */
export type Condition =
  /** Carries I/O, or would at once (a passive path of an active/passive array: `ghost`). */
  | 'usable'
  | 'lost'
  /** Up, but not trusted: shaky, delayed, or its checker timed out. */
  | 'wavering'
  /** Nobody has looked yet: `i/o pending`, `undef`. */
  | 'unchecked'
  /** It is in a state that this program does not know. */
  | 'unknown';

const LOST = new Set(['faulty', 'disconnected']);
const WAVERING = new Set(['shaky', 'delayed', 'i/o timeout']);
const UNCHECKED = new Set(['i/o pending', 'undef']);
const DEVICE_STATES = new Set([
  ...['running', 'offline', 'unknown', 'orphan', 'n/a', 'undef', 'pending'],
  // What the kernel says in /sys/block/*/device/state, which some versions print through.
  ...['blocked', 'transport-offline', 'quiesce', 'created', 'created-blocked', 'cancel', 'deleted'],
  // Controllers of native NVMe multipath.
  ...['live', 'new', 'resetting', 'connecting', 'deleting', 'deleting (no IO)', 'dead'],
]);

/**
 * What a path is worth. Usable is the strict rule of the monitors that administrators trust: the
 * kernel says active and the checker says ready or ghost. State words: multipath-tools'
 * libmultipath/print.c and checkers.h.
 */
export function conditionOf(path: MultipathPath): Condition {
  const { dmState, checkerState } = path;
  if (dmState === 'n/a') return nativeCondition(path);
  const checked = checkedCondition(checkerState);
  switch (dmState) {
    case 'active':
      return checked;
    case 'failed':
      return checked === 'wavering' ? 'wavering' : 'lost';
    case 'undef':
    case null:
      return checked === 'usable' ? 'unchecked' : checked;
    default:
      return 'unknown';
  }
}

function checkedCondition(checkerState: string | null): Condition {
  if (checkerState === 'ready' || checkerState === 'ghost') return 'usable';
  if (checkerState === null || UNCHECKED.has(checkerState)) return 'unchecked';
  if (LOST.has(checkerState)) return 'lost';
  return WAVERING.has(checkerState) ? 'wavering' : 'unknown';
}

/** Native NVMe multipath has no device mapper and no checker: the controller's state is all. */
function nativeCondition({ deviceState }: MultipathPath): Condition {
  if (deviceState === 'live') return 'usable';
  return deviceState !== null && DEVICE_STATES.has(deviceState) ? 'lost' : 'unknown';
}

const ACCESS = new Set(['rw', 'ro', 'undef']);
const GROUP_STATES = new Set([
  ...['active', 'enabled', 'disabled', 'undef', 'n/a'],
  // Native NVMe: asymmetric access of a namespace.
  ...['optimized', 'non-optimized', 'inaccessible', 'persistent-loss', 'change'],
]);

/** The states in a map that this program does not know, as `sdb checker bananas`. */
export function strangeStates(map: MultipathMap): readonly string[] {
  const strange: string[] = [];
  if (map.access !== null && !ACCESS.has(map.access)) strange.push(`access ${map.access}`);
  for (const group of map.groups) {
    if (group.state !== null && !GROUP_STATES.has(group.state)) {
      strange.push(`group ${group.state}`);
    }
    for (const path of group.paths) strange.push(...strangePath(path));
  }
  return strange;
}

function strangePath(path: MultipathPath): string[] {
  const { dmState, checkerState, deviceState } = path;
  const name = path.device ?? path.devt ?? 'path';
  const strange: string[] = [];
  if (conditionOf(path) === 'unknown') {
    strange.push(`${name} ${[dmState, checkerState].filter((s) => s !== null).join(' ')}`);
  }
  if (deviceState !== null && !DEVICE_STATES.has(deviceState)) {
    strange.push(`${name} device ${deviceState}`);
  }
  return strange;
}

/** How a path is called: its device, or its number where the device is gone. */
export function pathName(path: MultipathPath): string {
  return path.device ?? path.devt ?? '?';
}

/** What of a size multipath prints: `512M`, `2.0G`, `10 GB`; a bare number is sectors (NVMe). */
export function sizeInBytes(text: string): number | null {
  const found = /^(\d{1,15}(?:\.\d{1,6})?) ?([KMGTPE]?)i?B?$/.exec(text);
  if (!found) return null;
  const [, digits = '', unit = ''] = found;
  if (unit === '') return Number(digits) * 512;
  return Math.round(Number(digits) * 1024 ** ('KMGTPE'.indexOf(unit) + 1));
}

/** Whether a map's features make I/O wait while there is no path. */
export function queuesIfNoPath(features: string | null): boolean | null {
  return features === null || features === 'n/a' ? null : features.includes('queue_if_no_path');
}

/** Whether I/O waits right now while there is no path: multipathd may have given up waiting. */
export function queuesNow(map: MultipathMap): boolean {
  return map.queueing === true && map.retry !== 'off';
}
