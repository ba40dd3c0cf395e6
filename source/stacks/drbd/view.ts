import type { HostName } from '../../core/host.js';
import type { Known, Now } from '../../core/probe.js';
import type { Config, Devices, Identified, Log, Names, SolvedOnes } from './probes.js';
import type { ConfResource } from './read/configuration.js';
import type { Generations } from './read/generations.js';
import type { DrbdMount } from './read/mounts.js';
import type { Activity, LinkClass } from './states.js';

/** All that is known of DRBD at one moment, over all hosts, joined by resource. */
export interface View {
  readonly now: Now;
  readonly hosts: readonly HostView[];
  readonly resources: readonly Resource[];
}

/** DRBD on one host. */
export interface HostView {
  readonly host: HostName;
  readonly devices: Known<Devices>;
  readonly names: Known<Names> | undefined;
  readonly config: Known<Config> | undefined;
  readonly log: Known<Log> | undefined;
  readonly solved: Known<SolvedOnes> | undefined;
  readonly identifiers: Known<readonly Identified[]> | undefined;
  /** The resources that its configuration gives to this host; undefined if it could not be read. */
  readonly configured: readonly ConfResource[] | undefined;
}

/** A resource, with its side on each host. */
export interface Resource {
  /** The resource's name, or `drbd0` where no name could be had. */
  readonly name: string;
  /** The name, with its hosts where several clusters have a resource of that name. Unique. */
  readonly label: string;
  /** No name could be had: hosts are joined by the minor alone. */
  readonly byMinor: boolean;
  readonly replicas: readonly Replica[];
  readonly pairs: readonly Pair[];
}

/** A resource on one of our hosts. */
export interface Replica {
  readonly on: HostView;
  readonly host: HostName;
  readonly resource: string;
  /** False: `resource` was made from the minor, since no name could be had. */
  readonly named: boolean;
  /** The peers that are hosts of ours, as far as they are known. */
  readonly peerHosts: readonly HostName[];
  /** False: it is configured for this host, and the kernel does not have it. */
  readonly up: boolean;
  /** The newest round brought nothing: what stands here is old. */
  readonly stale: boolean;
  readonly role: string;
  readonly suspended: boolean;
  /** By what: `user`, `no-data`, `fencing`, `quorum`; empty before DRBD 9, which does not say. */
  readonly suspendedBy: readonly string[];
  readonly volumes: readonly Volume[];
  readonly links: readonly Link[];
}

/** A volume on one of our hosts. */
export interface Volume {
  readonly volume: number;
  readonly minor: number | null;
  readonly disk: string;
  /** Diskless on purpose. */
  readonly client: boolean;
  readonly quorum: boolean | null;
  /** The backing device, `/dev/vdb`. */
  readonly backing: string | null;
  readonly mounts: readonly DrbdMount[];
}

/** What one of our hosts says of one peer. */
export interface Link {
  readonly host: HostName;
  /** The peer as people know it: our name of the host, else its own, else its address. */
  readonly peer: string;
  /** How commands name the connection where a resource has several: the peer's own name; null: it has one. */
  readonly named: string | null;
  /** The peer, if it is one of our hosts. */
  readonly peerHost: HostName | undefined;
  /** The connection's word, in the kernel's spelling. */
  readonly connection: string;
  readonly state: LinkClass;
  readonly peerRole: string;
  readonly protocol: string | null;
  readonly congested: boolean;
  readonly volumes: readonly Leg[];
}

/** One volume towards one peer. */
export interface Leg {
  readonly volume: number;
  readonly minor: number | null;
  readonly localDisk: string;
  /** The word that says what is going on, in the kernel's spelling. */
  readonly word: string;
  readonly activity: Activity;
  readonly peerDisk: string;
  /** The peer is diskless on purpose. */
  readonly peerClient: boolean;
  readonly outOfSyncKiB: number | null;
  /** Who holds a resync back: `user`, `peer`, `dependency`. */
  readonly pausedBy: readonly string[];
  readonly progress: Progress | undefined;
  readonly generations: Generations | undefined;
}

/** How far a resync or verify is. Null where it is not printed. */
export interface Progress {
  /** 0 to 100. */
  readonly percent: number | null;
  readonly secondsLeft: number | null;
  readonly kibPerSecond: number | null;
  readonly stalled: boolean;
}

/** A connection with what is known of both its ends. */
export interface Pair {
  readonly ends: readonly End[];
}

/** One end of a connection, as its own host sees it. */
export interface End {
  readonly replica: Replica;
  readonly link: Link;
}

/** A resource's volume as people write it: `r0` where there is one, else `r0/1`. */
export function volumeName(resource: Resource | Replica, volume: number): string {
  const several =
    'volumes' in resource
      ? resource.volumes.length > 1
      : resource.replicas.some((replica) => replica.volumes.length > 1);
  const name = 'resource' in resource ? resource.resource : resource.label;
  return several ? `${name}/${volume}` : name;
}
