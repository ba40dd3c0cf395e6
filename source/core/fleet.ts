import type { HostName } from './host.js';

/** How commands become root on a host. */
export type Become =
  /** They run as the user who logs in. */
  | 'none'
  /** `sudo -n`: never asks. */
  | 'sudo'
  /** `sudo` with a password that is asked once and kept in memory. */
  | 'sudo-password';

/** A host as an administrator named it. */
export interface HostEntry {
  readonly name: HostName;
  /** Where it is; the name itself when OpenSSH's config or the resolver knows it. */
  readonly address: string;
  /** Left out: what OpenSSH's config says, else 22. */
  readonly port?: number;
  /** Left out: what OpenSSH's config says, else the user who runs Holdfast. */
  readonly user?: string;
  readonly become: Become;
  /** How it is reached: over SSH, on this very machine, or answered from a recording's folder. */
  readonly via: 'ssh' | 'local' | 'recorded';
  /** Ids of the stacks on it; left out: found by looking. */
  readonly stacks?: readonly string[];
}

/** A named group of hosts that is watched together. */
export interface Cluster {
  readonly name: string;
  readonly hosts: readonly HostEntry[];
  /** Nothing that changes a host is offered, and that cannot be left from inside. */
  readonly readOnly: boolean;
  /**
   * Disks that no plan may touch, each by a name in /dev/disk/by-id, its WWN or its serial number;
   * what stands on them is meant as well.
   */
  readonly neverTouch: readonly string[];
}

/** `user@address:port` without what is not set. */
export function targetOf(entry: HostEntry): string {
  if (entry.via !== 'ssh')
    return entry.via === 'local' ? 'this machine' : `recording ${entry.address}`;
  const user = entry.user === undefined ? '' : `${entry.user}@`;
  const address = entry.address.includes(':') ? `[${entry.address}]` : entry.address;
  const port = entry.port === undefined || entry.port === 22 ? '' : `:${entry.port}`;
  return `${user}${address}${port}`;
}
