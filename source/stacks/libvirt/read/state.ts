/** A storage pool (formatstorage(5) of libvirt). Sizes are bytes; 0 while it is not active. */
export interface Pool {
  readonly name: string;
  readonly uuid: string;
  /** `running`, `inactive`, `building`, `degraded`, `inaccessible` (virsh pool-info). */
  readonly state: string;
  readonly autostart: boolean;
  /** It is defined, and not gone once it is stopped. */
  readonly persistent: boolean;
  /** `dir`, `fs`, `netfs`, `logical`, … */
  readonly type: string;
  /** The folder where its volumes appear; empty for types that have none (rbd). */
  readonly target: string;
  /** The devices or the server's folder that it is made of. */
  readonly sources: readonly string[];
  readonly capacity: number;
  readonly allocation: number;
  readonly available: number;
}

/** An address of a network on the host, as it is written: `192.168.10.1` and `24`. */
export interface NetworkAddress {
  readonly address: string;
  readonly prefix: number;
  /** What DHCP gives out; undefined: it does not. */
  readonly dhcp?: { readonly from: string; readonly to: string };
}

/** A virtual network. */
export interface Network {
  readonly name: string;
  readonly uuid: string;
  readonly active: boolean;
  readonly autostart: boolean;
  readonly persistent: boolean;
  /** The bridge on the host; empty where there is none yet. */
  readonly bridge: string;
  /** Where it leads: `isolated` (to its guests and the host alone), `nat`, `route`, `bridge`, `open`, … */
  readonly forward: string;
  readonly addresses: readonly NetworkAddress[];
}

/** A disk of a guest, and what lies beneath it. */
export interface GuestDisk {
  /** `vda`. */
  readonly target: string;
  /** `disk`, `lun`, `cdrom` or `floppy`. */
  readonly device: string;
  /** The image, then those that it was made from, the nearest first. Empty: nothing is inserted. */
  readonly sources: readonly DiskSource[];
}

/** Where the bytes of a disk lie. */
export type DiskSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'block'; readonly path: string }
  | { readonly kind: 'volume'; readonly pool: string; readonly volume: string }
  /** On another machine, or a kind that came later: `rbd vms/web-1`. */
  | { readonly kind: 'other'; readonly says: string };

/** A guest: a domain in libvirt's words. */
export interface Guest {
  readonly name: string;
  readonly uuid: string;
  /** `running`, `paused`, `shut off`, … (virsh domstate). */
  readonly state: string;
  /** Why it is in that state: `I/O error`. */
  readonly reason: string;
  readonly disks: readonly GuestDisk[];
  /** Disks that libvirt says had an error, as it says it: `vda: no space`. */
  readonly diskErrors: readonly string[];
  /** Names of the networks of libvirt that it is on. */
  readonly networks: readonly string[];
}

/** Whether a guest has its disks open: it runs, or stands still. */
export function isLive({ state }: Guest): boolean {
  return state !== 'shut off' && state !== 'crashed';
}
