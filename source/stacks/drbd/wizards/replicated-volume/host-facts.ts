import { reads, type Command } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import { rangeOf } from '../../../../tools/ipv4.js';

/** An IPv4 address of a network card. */
export interface CardAddress {
  readonly card: string;
  /** `192.0.2.129`. */
  readonly address: string;
  /** `25`. */
  readonly prefix: number;
  /** The way out of the host's networks goes by this card. */
  readonly isDefault: boolean;
}

/** What a host has of DRBD, as far as a new resource needs it. */
export interface DrbdHost {
  /** What it calls itself: configuration files know it by that. */
  readonly uname: string;
  /** By which name its udev knows it; undefined: that cannot be told. */
  readonly udevName?: string;
  readonly addresses: readonly CardAddress[];
  /** `8.4.11`; undefined: the kernel has no such module. */
  readonly kernel?: string;
  /** `9.22.0`; undefined: drbd-utils are not installed. */
  readonly utils?: string;
  /** Minors that the kernel knows. */
  readonly minors: readonly number[];
  /** TCP ports on which something listens, whatever the address. */
  readonly ports: readonly number[];
  /** Files in /etc/drbd.d. */
  readonly files: readonly string[];
  /** Programs that handlers may call, as far as they are there. */
  readonly handlers: readonly string[];
}

/** Where distributions have the programs that come with DRBD. */
export const NOTIFY = '/usr/lib/drbd/notify-split-brain.sh';
export const FENCE = ['/usr/lib/drbd/crm-fence-peer.9.sh', '/usr/lib/drbd/crm-fence-peer.sh'];

const SCRIPT = [
  'echo "uname $(uname -n)"',
  // systemd-udevd has a UTS namespace of its own (ProtectHostname=): it keeps the name of its start.
  // Its first process is the daemon, in cgroups of version 2 (since systemd 253 one deeper) and 1.
  'p=; for f in "" /udev; do for r in "" /systemd; do c=/sys/fs/cgroup$r/system.slice/systemd-udevd.service$f/cgroup.procs; [ -z "$p" ] && [ -r "$c" ] && read -r p < "$c"; done; done',
  '[ -n "$p" ] && n=$(nsenter -t "$p" -u uname -n 2>/dev/null) && echo "udev $n"',
  'ip -o -4 addr show scope global 2>/dev/null | while read -r _ c _ a _; do echo "address $c $a"; done',
  'ip -4 route show default 2>/dev/null | sed -n "s/.* dev \\([^ ]*\\).*/default \\1/p"',
  // Neither loads the module.
  'v=$(sed -n "s/^version: *\\([^ ]*\\).*/\\1/p" /proc/drbd 2>/dev/null); [ -n "$v" ] || v=$(modinfo -F version drbd 2>/dev/null); [ -n "$v" ] && echo "kernel $v"',
  'command -v drbdadm >/dev/null 2>&1 && echo "utils $(drbdadm --version 2>/dev/null | sed -n "s/^DRBDADM_VERSION=//p")"',
  'for d in /sys/block/drbd*; do [ -e "$d" ] && echo "minor ${d##*/drbd}"; done',
  'sed -n "s/^ *\\([0-9]*\\): cs:.*/minor \\1/p" /proc/drbd 2>/dev/null',
  // The kernel's own table: 0A is LISTEN, the port stands in hexadecimal behind the colon.
  'cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ l _ s _; do [ "$s" = 0A ] && echo "port ${l##*:}"; done',
  'for f in /etc/drbd.d/*; do [ -f "$f" ] && echo "file $f"; done',
  `for p in ${[NOTIFY, ...FENCE].join(' ')}; do [ -x "$p" ] && echo "handler $p"; done`,
  'true',
].join('\n');

/** Asks for it. */
export function drbdHostCommand(): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT], 30_000);
}

/** Reads what the script printed; other lines are a login script's. */
export function parseDrbdHost(stdout: string): DrbdHost {
  const lines = linesOf(stdout);
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) =>
      line.startsWith(`${key} `) ? [line.slice(key.length + 1).trim()] : [],
    );
  const defaults = of('default');
  const [kernel] = of('kernel');
  const [utils] = of('utils');
  const [udevName] = of('udev');
  return {
    uname: of('uname')[0] ?? '',
    ...(udevName !== undefined && { udevName }),
    addresses: of('address').flatMap((text) => {
      const [, card, address, prefix] = /^(\S+?)(?:@\S+)? ([\d.]+)\/(\d+)$/.exec(text) ?? [];
      return card === undefined || address === undefined
        ? []
        : [{ card, address, prefix: Number(prefix), isDefault: defaults.includes(card) }];
    }),
    ...(kernel !== undefined && { kernel }),
    ...(utils !== undefined && { utils: utils === '' ? 'of an unknown version' : utils }),
    minors: [...new Set(of('minor').map(Number))],
    ports: [...new Set(of('port').map((hex) => Number.parseInt(hex, 16)))],
    files: of('file'),
    handlers: of('handler'),
  };
}

/** By which generation of the driver a host's commands and states are written; undefined: too old, or none. */
export function driverOf({ kernel }: DrbdHost): '8.4' | '9' | undefined {
  const [major = 0, middle = 0] = (kernel ?? '').split('.').map(Number);
  if (major >= 9) return '9';
  return major === 8 && middle >= 4 ? '8.4' : undefined;
}

/** Whether two addresses are in one network. */
export function sameNetwork(a: CardAddress, b: CardAddress): boolean {
  const [one, other] = [rangeOf(a.address, a.prefix), rangeOf(b.address, b.prefix)];
  return a.prefix === b.prefix && one !== undefined && one.first === other?.first;
}
