/*
 * Where the img-storage roll keeps its things, and how it names what it makes. Source: the roll's nodes/,
 * imgstoragenas.py and imgstoragevm.py, and tgt's tgt-setup-lun.
 */

/** The command of the frontend; it is not on the PATH of a shell that is no login. */
export const ROCKS = '/opt/rocks/bin/rocks';

/** The state of the daemons, on a NAS and on a container alike. */
export const DATABASE = '/opt/rocks/var/img_storage.db';

/** The configuration of the daemons. */
export const CONFIG = '/etc/imgstorage.conf';

/** What the daemons write down of every call. */
export const LOG = '/var/log/rocks/img-storage.log';

/** The memory of a snapshot on a container, beside its volume. */
export const TEMP_WRITE = '-temp-write';

/** What device mapper's device of an image has behind the image's name. */
export const SNAP = '-snap';

/** Before the name of each snapshot that the roll's scripts make. */
export const SNAPSHOT_PREFIX = 'IMG-STORAGE-';

/** The image of a virtual machine's first disk. */
export function imageOf(vm: string): string {
  return `${vm}-vol`;
}

/** The target that tgt-setup-lun makes for an image on a NAS. */
export function targetOf(nas: string, zvol: string): string {
  return `iqn.2001-04.com.${shortName(nas)}-${zvol}`;
}

/** A host's name without a network's domain: `nas-0-0.ibnet` is `nas-0-0`. */
export function shortName(name: string): string {
  return name.split('.')[0] ?? name;
}

/** The account by which NAS and containers reach each other and use their pools. */
export const ROLL_USER = 'img-storage';

/** What that account needs on every pool (manual of the roll). */
export const NEEDED_PERMISSIONS = [
  ...['create', 'destroy', 'hold', 'mount', 'receive', 'send', 'snapshot'],
] as const;
