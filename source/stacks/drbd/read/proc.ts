import { reads } from '../../../core/host.js';
import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import type { Tool } from '../../../core/tool.js';
import { NOT_LOADED } from './drbdsetup.js';
import { eachLine, LONGEST_LINE } from './lines.js';
import { readProgress, readRate, type ProcSync } from './proc-progress.js';

/** What `/proc/drbd` says. */
export interface ProcDrbd {
  /** `8.4.11`; null where the line is missing, as some 8.0 builds had it. */
  readonly version: string | null;
  /** In the order printed. DRBD 9 prints none: there the devices come from `drbdsetup status`. */
  readonly devices: readonly ProcDevice[];
  /** DRBD 9 only: the names of the loaded transports; empty before. */
  readonly transports: readonly string[];
}

/** A minor. One that is not configured has a number and its state, nothing more. */
export type ProcDevice = UnconfiguredDevice | ConfiguredDevice;

/** `2: cs:Unconfigured`. */
export interface UnconfiguredDevice {
  readonly minor: number;
  readonly connection: string;
}

/** A configured minor; all states in the kernel's own spelling. */
export interface ConfiguredDevice extends UnconfiguredDevice {
  /** `Primary`, `Secondary`, `Unknown`. */
  readonly localRole: string;
  readonly peerRole: string;
  readonly localDisk: string;
  readonly peerDisk: string;
  /** `A`, `B` or `C`; null without a network configuration (StandAlone), where a blank is printed. */
  readonly protocol: string | null;
  /**
   * Four characters up to 8.3.0, five from 8.3.1, six from 8.3.9: `s` or `r` (I/O suspended or
   * running), `a`, `p`, `u` (a resync paused by a dependency, the peer, the user), why it is
   * congested, `s` (activity log suspended). Empty if none were printed.
   */
  readonly flags: string;
  /** KiB that differ or may differ; null where it is not printed (before 8.2.2). */
  readonly outOfSyncKiB: number | null;
  /** The numbers of the counters' line as printed: `ns nr dw dr` in KiB, `pe ua ap` in requests. */
  readonly counters: Readonly<Record<string, number>>;
  /** How writes are ordered: `b` barriers, `f` flushes, `d` drain, `n` none; null before 8.2.7. */
  readonly writeOrder: string | null;
  /** Only while a resync or a verify runs. */
  readonly sync?: ProcSync;
}

/** Whether a minor is more than a number. */
export function isConfigured(device: ProcDevice): device is ConfiguredDevice {
  return 'localRole' in device;
}

const DEVICE = /^\s{0,8}(\d{1,7}): cs:(\S+)(.*)$/;
const STATES =
  /^\s+(?:ro|st):([^\s/]+)\/([^\s/]+)\s+ds:([^\s/]+)\/([^\s/]+)(?:\s+([A-Z])(?=\s|$))?(?:\s+(\S+))?\s*$/;
const VERSION = /^version:\s+(\S+)/;
/** Lines that belong to the file and say nothing about a device's state. */
const PLAIN =
  /^(?:GIT-hash:|srcversion:|built-in\b|\s+(?:resync|act_log):\s+used:|\s+blocked on activity log:|\s*$)/;

/**
 * Reads `/proc/drbd` of DRBD 8.0 to 8.4, and the header that DRBD 9 leaves there. `st:` became
 * `ro:` in 8.3.0. Source: the kernel's drbd_proc.c of these versions, and captures.
 */
export function parseProcDrbd(text: string): Parsed<ProcDrbd> {
  const reader = new ProcReader();
  for (const line of eachLine(text)) reader.take(line);
  return reader.result();
}

class ProcReader {
  #version: string | null = null;
  #isProc = false;
  #transports: readonly string[] = [];
  readonly #devices: ProcDevice[] = [];
  readonly #unread: string[] = [];

  take(line: string): void {
    if (line.length > LONGEST_LINE) this.#unread.push(line);
    else if (PLAIN.test(line)) this.#isProc ||= line.trim() !== '';
    else if (!this.#takeHeader(line) && !this.#takeDevice(line) && !this.#takeDetail(line)) {
      this.#unread.push(line);
    }
  }

  result(): Parsed<ProcDrbd> {
    if (!this.#isProc) return notThis(1, 'the version line or a device of /proc/drbd');
    const value = {
      version: this.#version,
      devices: this.#devices,
      transports: this.#transports,
    };
    return parsed(value, this.#unread);
  }

  #takeHeader(line: string): boolean {
    const version = VERSION.exec(line)?.[1];
    if (version !== undefined) this.#version = version;
    else if (line.startsWith('Transports (')) {
      const names = line.slice(line.indexOf('):') + 2).replace(/\([^()]*\)/g, ' ');
      this.#transports = names.split(/\s+/).filter((name) => name !== '');
    } else return false;
    this.#isProc = true;
    return true;
  }

  #takeDevice(line: string): boolean {
    const [, minor, connection, rest] = DEVICE.exec(line) ?? [];
    if (minor === undefined || connection === undefined || rest === undefined) return false;
    if (connection === 'Unconfigured' && rest.trim() === '') {
      this.#devices.push({ minor: Number(minor), connection });
      this.#isProc = true;
      return true;
    }
    const [, localRole, peerRole, localDisk, peerDisk, protocol, flags] = STATES.exec(rest) ?? [];
    if (!localRole || !peerRole || !localDisk || !peerDisk) return false;
    this.#devices.push({
      minor: Number(minor),
      connection,
      localRole,
      peerRole,
      localDisk,
      peerDisk,
      protocol: protocol ?? null,
      flags: flags ?? '',
      outOfSyncKiB: null,
      counters: {},
      writeOrder: null,
    });
    this.#isProc = true;
    return true;
  }

  /** Lines that belong to the device above them. */
  #takeDetail(line: string): boolean {
    const device = this.#devices.at(-1);
    if (!device || !isConfigured(device)) return false;
    const changed = withCounters(device, line) ?? withSync(device, line);
    if (!changed) return false;
    this.#devices[this.#devices.length - 1] = changed;
    return true;
  }
}

function withCounters(device: ConfiguredDevice, line: string): ConfiguredDevice | undefined {
  if (!/^\s+ns:\d/.test(line)) return undefined;
  const counters: Record<string, number> = {};
  let writeOrder: string | null = null;
  for (const word of line.trim().split(/\s+/)) {
    const [, key, value] = /^([a-z]{2,3}):(\w+)$/.exec(word) ?? [];
    if (key === undefined || value === undefined) return undefined;
    if (key === 'wo') writeOrder = value;
    else if (/^\d+$/.test(value)) counters[key] = Number(value);
    else return undefined;
  }
  return { ...device, counters, writeOrder, outOfSyncKiB: counters.oos ?? null };
}

function withSync(device: ConfiguredDevice, line: string): ConfiguredDevice | undefined {
  const progress = readProgress(line);
  if (progress) return { ...device, sync: progress };
  if (!device.sync) return undefined;
  const rate = readRate(line);
  return rate && { ...device, sync: { ...device.sync, ...rate } };
}

/** `cat /proc/drbd`: needs no root, and answers while drbdadm's configuration is broken. */
export const procDrbd: Tool<[], ProcDrbd> = {
  command: () => reads(['cat', '/proc/drbd']),
  parse: parseProcDrbd,
  explain: (outcome) =>
    outcome.kind === 'exited' && outcome.code !== 0 && /No such file/i.test(outcome.stderr)
      ? { absent: NOT_LOADED }
      : undefined,
};

/** Debian 12, kernel 6.1: a resync of 256 MB. */
export const procSample = `version: 8.4.11 (api:1/proto:86-101)
srcversion: F73C670A7EC572DB9CF3E5B 
 0: cs:SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent C r-----
    ns:4788 nr:0 dw:0 dr:8192 al:8 bm:0 lo:0 pe:7 ua:44 ap:0 ep:1 wo:f oos:257940
	[>....................] sync'ed:  3.2% (257940/262100)K
	finish: 0:02:55 speed: 1,384 (1,384) K/sec
`;
