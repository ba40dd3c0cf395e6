import type { HostName, Reader } from './host.js';

/**
 * Storage that a step writes on or takes into use. Files are not meant: a step that edits
 * `/etc/fstab` does not touch the disk on which it lies.
 */
export type Touch =
  /** A block device, by any path that leads to it: what is on it may be gone afterwards. */
  | { readonly kind: 'overwrites'; readonly path: string }
  /** A block device, by any path: it is used as what it is (a DRBD device is connected). */
  | { readonly kind: 'uses'; readonly path: string }
  /** An LVM volume group: volumes are made in it or taken away. */
  | { readonly kind: 'volume-group'; readonly name: string }
  /** What is mounted at a path, and what fstab says is to be. */
  | { readonly kind: 'mount-point'; readonly path: string }
  /** What a folder lies on, where the folder becomes storage: disks of virtual machines lie in it. */
  | { readonly kind: 'folder'; readonly path: string };

/** A touch that is not to be, and why, in words that name the device. */
export interface Forbidden {
  readonly touch: Touch;
  readonly because: string;
}

/**
 * Asks the hosts whether any of these touches is forbidden, whoever wrote the plan: by what the
 * devices are now, not by the names in the plan. Never rejects; what cannot be judged is forbidden.
 *
 * @param on the host whose storage is touched
 * @param hosts all hosts that can be asked: one of them may use the same disk
 */
export type Protection = (
  touches: readonly Touch[],
  on: HostName,
  hosts: ReadonlyMap<HostName, Reader>,
) => Promise<Forbidden | undefined>;
