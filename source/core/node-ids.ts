import type { HostName } from './host.js';

/**
 * `kind:identity`, or `kind:host/path` for a thing of one host. What several stacks speak of has
 * its id from here, so that they mean the same thing without knowing each other.
 */
export type NodeId = string;

/** The node of a host itself, on which everything of that host stands. */
export function hostNode(host: HostName): NodeId {
  return `host:${host}`;
}

/**
 * A block device of one host by any of its names, as a tool printed it: `/dev/sda`, `sda`,
 * `cciss!c0d0`, `/dev/mapper/vg-lv`. Which names mean the same device, a fragment says by its
 * aliases. A name that is no path is one in /dev, where the kernel writes `!` for `/` (sysfs).
 */
export function deviceNode(host: HostName, name: string): NodeId {
  const path = name.startsWith('/') ? name : `/dev/${name.replaceAll('!', '/')}`;
  return `device:${host}${plainPath(path)}`;
}

/** What is mounted at a path of a host. */
export function mountNode(host: HostName, path: string): NodeId {
  return `mount:${host}${plainPath(path)}`;
}

/**
 * A folder of a host, for those who know only its path. The graph lets it stand on the mount that
 * it lies in.
 */
export function folderNode(host: HostName, path: string): NodeId {
  return `${FOLDER}${host}${plainPath(path)}`;
}

const FOLDER = 'folder:';

/** The mounts that a folder may lie in, nearest first: its own path, its parent's, … `/`. */
export function mountsOf(id: NodeId): readonly NodeId[] {
  const slash = id.indexOf('/');
  if (!id.startsWith(FOLDER) || slash < 0) return [];
  const host = id.slice(FOLDER.length, slash);
  const mounts: NodeId[] = [];
  for (let path = id.slice(slash); path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    mounts.push(mountNode(host, path));
  }
  return [...new Set([...mounts, mountNode(host, '/')])];
}

/** One disk or LUN, by whatever hosts and paths it is reached. */
export function diskNode(wwid: string): NodeId {
  return `disk:${plainWwid(wwid)}`;
}

/**
 * A World Wide Name as all tools can be made to write it: lsblk's and udev's `0x6001405…`, sysfs'
 * `naa.6001405…` and the `36001405…` of scsi_id and multipath (the type of the designator before
 * it, 3 for NAA: SPC-4, 7.8.6.1) become `6001405…`. What is none of these stays, in small letters.
 */
export function plainWwid(wwid: string): string {
  const text = wwid.trim().toLowerCase();
  const bare = text.replace(/^(?:0x|naa\.)/, '');
  return /^3(?:[235][\da-f]{15}|6[\da-f]{31})$/.test(bare) ? bare.slice(1) : bare;
}

/**
 * Whether it names one disk. An NAA 6 name has 32 digits; util-linux before 2.25 printed only the
 * first 16 (`ID_WWN`), which all LUNs of one array may share.
 */
export function isWholeWwid(wwid: string): boolean {
  const plain = plainWwid(wwid);
  return plain !== '' && !/^0*$/.test(plain) && !/^6[\da-f]{15}$/.test(plain);
}

/** One slash between two names, none at the end. */
function plainPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}
