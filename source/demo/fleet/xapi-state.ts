/** A host as its pool knows it. */
export interface XapiHost {
  readonly uuid: string;
  readonly machine: string;
  enabled: boolean;
}

/** A storage repository. */
export interface XapiSr {
  readonly uuid: string;
  readonly name: string;
  readonly type: string;
  readonly contentType: string;
  readonly shared: boolean;
}

/** What connects a host to a repository. */
export interface XapiPbd {
  readonly uuid: string;
  /** UUIDs. */
  readonly host: string;
  readonly sr: string;
  readonly config: ReadonlyMap<string, string>;
  attached: boolean;
}

/** A virtual machine with one disk. */
export interface XapiVm {
  readonly uuid: string;
  readonly name: string;
  /** UUID of its disk, and of the repository that the disk is on. */
  readonly vdi: string;
  readonly sr: string;
  /** UUID of the host that it runs on; undefined: halted. */
  host?: string;
}

/** A pool: one database, which every member answers from. */
export interface XapiPool {
  readonly uuid: string;
  readonly name: string;
  readonly hosts: XapiHost[];
  /** UUIDs. */
  readonly master: string;
  defaultSr: string;
  readonly srs: XapiSr[];
  readonly pbds: XapiPbd[];
  readonly vms: XapiVm[];
  /** Files that were written to a folder on a machine's own disk, by machine. */
  readonly strays: Map<string, readonly string[]>;
}
