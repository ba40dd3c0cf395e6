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
