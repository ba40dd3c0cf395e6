import type { Machine } from './state.js';

/** An export as the kernel has it. */
export interface SimulatedExport {
  readonly path: string;
  /** `*`: the world. */
  readonly client: string;
  readonly options: readonly string[];
}

/** What a machine serves by NFS. */
export interface Nfs {
  /** In the order in which they were told. */
  exports: readonly SimulatedExport[];
  /** Threads of nfsd. */
  threads: number;
}

const served = new WeakMap<Machine, Nfs>();

/** The NFS server of a machine; one that was never started serves nothing. */
export function nfsOn(machine: Machine): Nfs {
  const nfs = served.get(machine) ?? { exports: [], threads: 0 };
  served.set(machine, nfs);
  return nfs;
}
