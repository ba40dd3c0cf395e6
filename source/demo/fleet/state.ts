import type { Millis } from '../../core/host.js';
import type { Ceph } from './ceph-state.js';
import type { Clock } from './clock.js';
import type { Drbd } from './drbd/state.js';
import type { LizardFs } from './lizardfs-state.js';
import type { Rocks } from './rocks/state.js';
import type { San } from './san-state.js';
import type { Signature } from './signature.js';
import type { XapiPool } from './xapi-state.js';

export type { Signature } from './signature.js';

/** What a machine is for, which decides what is installed on it. */
export type Kind =
  | 'xenserver'
  | 'kvm'
  | 'ceph'
  | 'san'
  | 'chunkserver'
  | 'bare-xen'
  | 'bare-debian'
  | 'rocks-frontend'
  | 'rocks-nas'
  | 'rocks-container';

/** A disk or a part of one. Sizes are bytes. */
export interface Disk {
  /** `sda`. */
  readonly name: string;
  /** `8:0`. */
  readonly majMin: string;
  size: number;
  readonly type: 'disk' | 'part';
  readonly vendor?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly wwn?: string;
  readonly tran?: string;
  readonly hctl?: string;
  readonly rotates: boolean;
  signature?: Signature;
  readonly parts: Disk[];
}

/** A mounted file system; sizes are bytes. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: string;
  /** As statfs(2) tells it: without what the file system needs for itself. */
  size: number;
  used: number;
  /** The folder of the file system that is mounted, where it is not the whole of it. */
  readonly root?: string;
}

/** A line of a kernel's log. */
export interface LogLine {
  readonly at: Millis;
  readonly text: string;
}

/** One simulated machine. */
export interface Machine {
  readonly name: string;
  readonly kind: Kind;
  /** Its address in the simulated network; it is reached on loopback. */
  readonly address: string;
  /** `uname -r`. */
  readonly kernel: string;
  /** PRETTY_NAME of its os-release. */
  readonly os: string;
  bootId: string;
  bootedAt: Millis;
  /** Dead machines refuse connections; hung ones accept them and never answer. */
  reach: 'up' | 'dead' | 'hung';
  /** How much later than at once it answers, in ms. */
  latency: Millis;
  /** Its answers are noise. */
  garbled: boolean;
  /** Programs that never end when started. */
  readonly stuck: Set<string>;
  readonly disks: Disk[];
  mounts: Mount[];
  /** What its fstab names when it is first found, mounted by then or not. */
  readonly firstMounts: readonly Mount[];
  /** Units of systemd, and whether they are active. */
  readonly services: Map<string, boolean>;
  /** Those of them that are started at boot. */
  readonly enabled: Set<string>;
  /** Command lines of processes that stand out. */
  readonly processes: string[];
  readonly vms: VirtualMachine[];
  readonly log: LogLine[];
  /** Packages that were installed since the fleet began, by name: their version. */
  readonly packages: Map<string, string>;
  /** What /etc/exports says when the machine is first found. */
  firstExports?: string;
  /** It reaches nothing outside of the fleet. */
  offline: boolean;
}

/** A virtual machine that a hypervisor knows. */
export interface VirtualMachine {
  readonly name: string;
  running: boolean;
  /** The file or device of its disk. */
  readonly disk: string;
}

/** Everything simulated, at one moment of its own time. */
export interface Fleet {
  readonly clock: Clock;
  readonly machines: readonly Machine[];
  readonly drbd: Drbd;
  readonly lizardfs: LizardFs;
  readonly ceph: Ceph;
  readonly san: San;
  pools: readonly XapiPool[];
  /** Undefined: none of the machines belongs to a Rocks cluster. */
  readonly rocks?: Rocks;
  /** Told when a machine's reach changed. */
  readonly onReach: Set<(machine: Machine) => void>;
  /** Where the next made-up identifier comes from. */
  seed: bigint;
  /** Lets simulated time pass. */
  advance(ms: Millis): void;
}

/** The machine of that name, or undefined. */
export function machineNamed(fleet: Fleet, name: string): Machine | undefined {
  return fleet.machines.find((machine) => machine.name === name);
}

/** Whether a machine of that name runs and takes part in its clusters. */
export function isAlive(fleet: Fleet, name: string): boolean {
  return machineNamed(fleet, name)?.reach === 'up';
}

/** Adds a line to a machine's kernel log. */
export function logLine(fleet: Fleet, machine: string, text: string): void {
  machineNamed(fleet, machine)?.log.push({ at: fleet.clock.now, text });
}

/** 16 hexadecimal digits that differ from all before; the same in each run. */
export function madeUp(fleet: Fleet): string {
  const mask = 0xffffffffffffffffn;
  fleet.seed = (fleet.seed * 6364136223846793005n + 1442695040888963407n) & mask;
  const mixed = (fleet.seed ^ (fleet.seed >> 29n)) & mask;
  return mixed.toString(16).toUpperCase().padStart(16, '0');
}
