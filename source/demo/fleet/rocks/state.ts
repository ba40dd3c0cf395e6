import type { Millis } from '../../../core/host.js';
import type { Fleet, LogLine, Machine } from '../state.js';
import type { Message } from './roll/messages.js';
import type { ContainerTables, NasTables } from './tables.js';

/** What the blocks of an image say, as far as it matters: whose they are, and how much was written. */
export interface Content {
  readonly image: string;
  /** How often the guest wrote; the larger, the newer. */
  readonly writes: number;
  /** A merge or a copy stopped half way: neither the one nor the other. */
  readonly torn?: true;
}

/** What a dm snapshot keeps in its second volume, and finds there again. */
export interface CowStore {
  readonly image: string;
  /** Chunks of 16 sectors that were written since the snapshot was made. */
  chunks: number;
  /** With them, the content is this new; without, it was that of the origin then. */
  writes: number;
  readonly base: number;
  /** Some of them have gone into an origin already: into the one that they belong to, or not. */
  merging?: { readonly fits: boolean };
  state: 'valid' | 'invalid' | 'overflow';
}

export interface ZfsSnapshot {
  readonly name: string;
  /** The same for a snapshot and for what was received of it. */
  readonly guid: string;
  readonly at: Millis;
  readonly content: Content | undefined;
  /** Bytes that it differs from the one before. */
  readonly delta: number;
}

/** A ZFS volume or file system. Sizes are bytes. */
export interface Dataset {
  /** `tank/vm-0-vol`; of a pool its own name. */
  readonly name: string;
  readonly type: 'filesystem' | 'volume';
  readonly created: Millis;
  readonly size: number;
  readonly sparse: boolean;
  /** `zd16`; undefined: a file system. */
  readonly zd?: string;
  referenced: number;
  /** Since its newest snapshot. */
  written: number;
  content?: Content | undefined;
  cow?: CowStore | undefined;
  readonly snapshots: ZfsSnapshot[];
}

export interface Pool {
  readonly name: string;
  readonly size: number;
  readonly disks: readonly string[];
  /** The pool's own first. */
  readonly datasets: Dataset[];
  /** What `zfs allow` gave, by user. */
  readonly allowed: Map<string, Set<string>>;
}

/** What device mapper makes of a device. */
export type MapperTable =
  | {
      readonly target: 'snapshot' | 'snapshot-merge';
      /** Sectors. */
      readonly sectors: number;
      /** Paths as they were given. */
      readonly origin: string;
      readonly cow: string;
      /** With `O` the kernel tells an overflow as such. */
      readonly persistent: 'P' | 'PO';
    }
  | { readonly target: 'linear'; readonly sectors: number; readonly device: string };

export interface MapperDevice {
  readonly name: string;
  readonly minor: number;
  table: MapperTable;
  inactive?: MapperTable | undefined;
  suspended: boolean;
}

/** A target of tgtd with one volume behind it. */
export interface Target {
  readonly tid: number;
  readonly iqn: string;
  /** `/dev/tank/vm-0-vol`; undefined: it has no disk yet. */
  path: string | undefined;
  /** The addresses that may log in. */
  readonly allowed: string[];
}

/** A session of a container with a target. */
export interface Session {
  readonly sid: number;
  readonly iqn: string;
  /** The machine that serves it, and how it was called. */
  readonly nas: string;
  /** `sdc`. */
  readonly disk: string;
  readonly host: number;
}

/** A message handler of the roll, one at a time. */
export interface Daemon {
  /** Changes with each start: what an earlier one began does not end. */
  run: number;
  /** A handler that does not return keeps all other messages waiting. */
  busy: boolean;
  readonly inbox: Message[];
  /** What it does with a message; 'blocks': its handler does not return by itself. */
  hear: (message: Message) => 'blocks' | undefined;
  /** The timer of its loop is still armed: an exception that nobody caught ends it. */
  loops: boolean;
}

interface StorageParts {
  readonly machine: string;
  readonly pools: Pool[];
  readonly devices: MapperDevice[];
  readonly targets: Target[];
  readonly sessions: Session[];
  /** Portals by target, as discovery left them. */
  readonly records: Map<string, string>;
  readonly daemon: Daemon;
  /** What its daemon's scripts told syslog. */
  readonly messages: LogLine[];
}

export interface NasNode extends StorageParts {
  readonly role: 'nas';
  readonly database: NasTables;
}

export interface ContainerNode extends StorageParts {
  readonly role: 'container';
  readonly database: ContainerTables;
}

/** A host that stores images, or one that runs guests on them. */
export type StorageNode = NasNode | ContainerNode;

/** Data on its way from one host to another, or into a volume. Bytes. */
export interface Transfer {
  /** Where it arrives: `nas-0-0:tank/vm-0-vol`. */
  readonly into: string;
  /** What it reads from. */
  readonly from: string;
  readonly total: number;
  done: number;
  /** Bytes a second. */
  readonly rate: number;
  /** Whether both ends are still there. */
  readonly lives: () => boolean;
  readonly end: (whole: boolean) => void;
}

/** A virtual machine as the frontend's database has it. */
export interface Guest {
  readonly name: string;
  readonly container: string;
  readonly gigabytes: number;
  nas: string | undefined;
  pool: string | undefined;
}

/** A Rocks cluster with the img-storage roll. */
export interface Rocks {
  /** `first`: as the manual of 2014 shows it; `current`: the roll of Rocks 7. */
  readonly roll: 'first' | 'current';
  readonly frontend: string;
  readonly nodes: readonly StorageNode[];
  /** By host, those of the whole cluster under the empty name. */
  readonly attributes: Map<string, Map<string, string>>;
  readonly guests: Guest[];
  readonly transfers: Transfer[];
  /** Those who wait for an answer, by the name of their queue. */
  readonly waiting: Map<string, (reply: Reply) => void>;
}

/** What a daemon answers, apart from the words that only it knows. */
export interface Reply {
  readonly status: 'success' | 'error';
  readonly action?: string;
  readonly error?: string;
  readonly bdev?: string;
  readonly body?: unknown;
}

/** The storage of a machine of a Rocks cluster. */
export function nodeOf(fleet: Fleet, machine: Machine | string): StorageNode | undefined {
  const name = typeof machine === 'string' ? machine : machine.name;
  return fleet.rocks?.nodes.find((node) => node.machine === name);
}

/** The volume that an image is: `vm-0` has `vm-0-vol`. */
export function volumeOf({ name }: Pick<Guest, 'name'>): string {
  return `${name}-vol`;
}

/** An attribute of a host, or of the whole cluster. */
export function attributeOf(rocks: Rocks, host: string, name: string): string | undefined {
  return rocks.attributes.get(host)?.get(name) ?? rocks.attributes.get('')?.get(name);
}
