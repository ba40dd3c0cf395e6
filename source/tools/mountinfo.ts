import { unescapeOctal } from './block-lines.js';

/** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface MountEntry {
  /** `major:minor` of the device; for btrfs and what has no device a number of its own. */
  readonly number: string;
  /** What of the file system is mounted: `/`, or a folder for a bind mount. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly source: string;
  /** Of this mount: `rw`, `noatime`. */
  readonly options: readonly string[];
  /** Of the file system: `rw`, `errors=remount-ro`; the kernel's own `ro` after an error is here. */
  readonly superOptions: readonly string[];
}

/** Reads one line; undefined: it is none. */
export function parseMountLine(line: string): MountEntry | undefined {
  const fields = line.split(' ');
  // Optional fields stand before the dash, and their number differs.
  const dash = fields.indexOf('-', 6);
  const [, , number = '', root = '', point = '', options = ''] = fields;
  const [type = '', source = '', superOptions = ''] = fields.slice(dash + 1);
  if (dash < 0 || !/^\d+:\d+$/.test(number) || !point.startsWith('/')) return undefined;
  return {
    number,
    root: unescapeOctal(root),
    point: unescapeOctal(point),
    type,
    source: unescapeOctal(source),
    options: options.split(','),
    superOptions: superOptions.split(','),
  };
}

/** The kernel's own windows and what lives in memory for the system: they store nothing. */
const KERNEL_TYPES = new Set(
  `autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl hugetlbfs
   mqueue nfsd nsfs proc pstore ramfs rootfs rpc_pipefs securityfs selinuxfs sysfs tracefs xenfs`.split(
    /\s+/,
  ),
);

/** Whether something is stored there, be it in memory or on another machine. */
export function storesData({ type }: MountEntry): boolean {
  return !KERNEL_TYPES.has(type);
}
