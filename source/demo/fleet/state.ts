import type { Millis } from '../../core/host.js';
import type { Clock } from './clock.js';
import type { MetadataServer } from './metadata-state.js';
import type { Rocks } from './rocks/state.js';
import type { XapiPool } from './xapi-state.js';

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

/** What stands at the beginning of a block device. */
export interface Signature {
  readonly type: string;
  readonly uuid: string;
  readonly label?: string;
  /** How much of the device its superblock takes, where that is not all of it. */
  bytes?: number;
}

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

/** How a DRBD replica stands with its peer, as the kernel says it. */
export type ConnectionState =
  'StandAlone' | 'NetworkFailure' | 'WFConnection' | 'Connected' | 'SyncSource' | 'SyncTarget';

/** One machine's side of a resource. Amounts are KiB. */
export interface Replica {
  readonly machine: string;
  role: 'Primary' | 'Secondary';
  /** The role it takes when the machine boots. */
  readonly bootRole: 'Primary' | 'Secondary';
  connection: ConnectionState;
  disk: 'UpToDate' | 'Outdated' | 'Inconsistent' | 'Diskless';
  outOfSync: number;
  sent: number;
  received: number;
  written: number;
  read: number;
  activityLog: number;
  /** Generation identifiers: 16 hexadecimal digits each. */
  current: string;
  bitmap: string;
  history: readonly [string, string];
  /** It was told to connect and give up its own changes. */
  discards: boolean;
}

/** A resynchronisation under way. Amounts are KiB, the rate KiB/s. */
export interface Resync {
  readonly source: string;
  readonly total: number;
  left: number;
  readonly rate: number;
  readonly began: Millis;
}

/** A DRBD resource of one volume on two machines. */
export interface Resource {
  readonly name: string;
  readonly minor: number;
  readonly port: number;
  /** KiB. */
  readonly size: number;
  /** The disk beneath, the same name on both: `/dev/sdb`. */
  readonly backing: string;
  readonly twoPrimaries: boolean;
  /** What each Primary writes, KiB/s. */
  readonly writes: number;
  readonly replicas: readonly [Replica, Replica];
  resync?: Resync;
}

/** The DRBD pair. */
export interface Drbd {
  readonly resources: Resource[];
  linkCut: boolean;
}

/** A disk of a chunkserver. Bytes. */
export interface ChunkDisk {
  /** `xs-1:0`. */
  readonly id: string;
  readonly path: string;
  total: number;
  damaged: boolean;
  /** Marked by `*`: its chunks are copied to other servers. */
  draining?: boolean;
  lastError: Millis;
  /** A disk new to the chunkserver is read through until then. */
  readonly scannedAt?: Millis;
}

/** A LizardFS chunkserver. */
export interface Chunkserver {
  readonly machine: string;
  readonly label: string;
  running: boolean;
  /** As the master sees it. */
  connected: boolean;
  /** The address of the master that it looks for, as it was when its config was read. */
  master: string;
  disks: readonly ChunkDisk[];
}

/** Chunks of one goal whose copies lie on the same disks. */
export interface ChunkGroup {
  readonly goal: string;
  readonly wanted: number;
  /** Ids of disks. */
  readonly holders: readonly string[];
  count: number;
}

/** A LizardFS installation. */
export interface LizardFs {
  readonly version: string;
  readonly metadataServers: MetadataServer[];
  readonly chunkservers: Chunkserver[];
  groups: ChunkGroup[];
  /** Chunks copied or deleted per second. */
  readonly pace: number;
  /** Bytes of an average chunk. */
  readonly chunkSize: number;
  /** Each talks to the master that it was mounted from, and hangs without it. */
  readonly mounts: readonly {
    readonly machine: string;
    readonly target: string;
    readonly master: string;
  }[];
  /** The newest that any metadata server has. */
  readonly metadataVersion: number;
  /** Work left over between steps of time. */
  owed: number;
}

/** A Ceph monitor or manager daemon. */
export interface CephDaemon {
  readonly name: string;
  readonly machine: string;
  running: boolean;
}

/** An object storage daemon. */
export interface Osd {
  readonly id: number;
  readonly machine: string;
  running: boolean;
  /** As the monitors see it. */
  up: boolean;
  in: boolean;
  /** When it last came up or went down. */
  since: Millis;
  /** When it was last seen to differ from what the monitors think. */
  noticed?: Millis;
  /** Objects written while it was away. */
  missing: number;
}

/** A Ceph cluster of three-copy pools. */
export interface Ceph {
  readonly fsid: string;
  readonly monitors: readonly CephDaemon[];
  readonly managers: readonly CephDaemon[];
  readonly osds: readonly Osd[];
  readonly objects: number;
  /** Bytes. */
  readonly objectSize: number;
  readonly osdSize: number;
  /** Bytes per second of the clients. */
  readonly reads: number;
  readonly writes: number;
  epoch: number;
  election: number;
  electedAt: Millis;
  managerSince: Millis;
  /** Objects brought back since the last recovery began. */
  recovered: number;
  /** Placement groups have fewer copies than they should since then. */
  undersizedSince?: Millis;
  /** The ranks that were in quorum when last looked at. */
  electorate: string;
}

/** A path of a multipath map. */
export interface Path {
  readonly dev: string;
  readonly majMin: string;
  /** `2:0:0:1`. */
  readonly hctl: string;
  readonly session: number;
  readonly map: string;
  pulled: boolean;
  /** As the path checker last saw it. */
  usable: boolean;
}

/** A multipath map. */
export interface MultipathMap {
  readonly alias: string;
  readonly wwid: string;
  /** `dm-0`. */
  readonly dm: string;
  readonly size: number;
  readonly lun: number;
  faults: number;
}

/** An iSCSI session. */
export interface Session {
  readonly sid: number;
  readonly portal: string;
  readonly iface: string;
  readonly ip: string;
  readonly host: number;
  connected: boolean;
}

/** What one machine imports over iSCSI. */
export interface San {
  readonly machine: string;
  readonly target: string;
  readonly initiator: string;
  readonly portals: { readonly address: string; up: boolean }[];
  readonly sessions: readonly Session[];
  readonly maps: readonly MultipathMap[];
  readonly paths: readonly Path[];
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
