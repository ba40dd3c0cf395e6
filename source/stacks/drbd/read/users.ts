import { reads, type Command, type Reader } from '../../../core/host.js';
import { quote } from '../../../core/quote.js';
import { clean, linesOf } from '../../../core/text.js';

/** Who has a DRBD device open. */
export interface User {
  readonly minor: number;
  /** In words: `/srv/pub (ocfs2)`, `process 812 qemu-system-x86_64 (guest web-1)`. */
  readonly what: string;
  /** The commands that make it let go, in their order, where they are known. */
  readonly release?: readonly { readonly says: string; readonly line: string }[];
  /** What a step can stop: a mount, a guest. Left out: nothing that is known. */
  readonly holds?:
    | { readonly kind: 'mount'; readonly path: string }
    | { readonly kind: 'guest'; readonly name: string };
}

/** What is known of who uses the devices of one host. */
export interface Use {
  readonly users: readonly User[];
  /** False: not everything could be looked at (not root, or the answer did not come). */
  readonly complete: boolean;
  /** Bytes written to the device since it came up, by minor (`/sys/block/drbdN/stat`, field 7). */
  readonly written: ReadonlyMap<number, number>;
}

/**
 * One script, because the facts must be of one moment. It never opens the device and never touches
 * a file system: mounts by device number from mountinfo (through device mapper as well), swap,
 * holders, exports of the kernel's iSCSI target, and processes by the links of their open files.
 */
const SCRIPT = [
  'mounted() { cat /proc/self/mountinfo 2>/dev/null | while read -r _ _ d _ at rest; do [ "$d" = "$2" ] && { t=${rest#* - }; echo "mount $1 ${t%% *} $at"; }; done; }',
  'for m do n=drbd$m',
  '[ -r /sys/block/$n/dev ] && mounted $m "$(cat /sys/block/$n/dev)"',
  'for h in /sys/block/$n/holders/*; do [ -e "$h" ] || continue; echo "holder $m $(cat "$h/dm/name" 2>/dev/null || echo "${h##*/}")"; mounted $m "$(cat "$h/dev")"; done',
  'grep -qs "^/dev/$n[[:space:]]" /proc/swaps && echo "swap $m"',
  'grep -lsx -e "/dev/$n" -e "/dev/drbd/by-[^ ]*" /sys/kernel/config/target/core/*/*/udev_path | while read -r f; do [ "$(readlink -f "$(cat "$f")")" = "/dev/$n" ] && echo "exported $m ${f%/udev_path}"; done',
  'find /proc/[0-9]*/fd -maxdepth 1 -lname "/dev/$n" 2>/dev/null | cut -d/ -f3 | sort -u | while read -r p; do echo "process $m $p $(tr "\\0" " " </proc/$p/cmdline | head -c 400)"; done',
  '[ -r /sys/block/$n/stat ] && echo "stat $m $(cat /sys/block/$n/stat)"',
  'done',
  'echo "root $(id -u)"; echo end',
].join('\n');

/** Asks who uses these minors. */
export function usersCommand(minors: readonly number[]): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT, 'sh', ...minors.map(String)], 20_000);
}

/** Reads what the script printed; nothing is dropped that stands for a user. */
export function parseUsers(stdout: string): Use {
  const lines = linesOf(stdout);
  const written = new Map<number, number>();
  const users: User[] = [];
  for (const line of lines) {
    const [kind = '', minorWord = '', ...rest] = line.split(' ');
    const minor = Number(minorWord);
    if (kind === 'stat')
      written.set(minor, Number(line.trim().split(/\s+/)[8] ?? Number.NaN) * 512);
    else {
      const what = userWords(kind, rest);
      if (what !== undefined && !users.some((u) => u.minor === minor && u.what === what)) {
        const release = releaseOf(kind, minor, rest);
        const holds = holdsOf(kind, rest);
        users.push({
          minor,
          what,
          ...(release.length > 0 && { release }),
          ...(holds && { holds }),
        });
      }
    }
  }
  return { users, written, complete: lines.includes('end') && lines.includes('root 0') };
}

/** How a file system is unmounted by hand; a guest whose disk is a file on it keeps it busy. */
export function unmounting(path: string): NonNullable<User['release']> {
  return [
    { says: 'who keeps it busy', line: `fuser -vm ${quote(path)}` },
    { says: 'where guests run from it, for each of them', line: 'virsh shutdown NAME' },
    { says: 'unmount it', line: `umount ${quote(path)}` },
  ];
}

/** How a user is made to let go; what each system has its own way for is left to a person. */
function releaseOf(
  kind: string,
  minor: number,
  rest: readonly string[],
): NonNullable<User['release']> {
  switch (kind) {
    case 'mount':
      return unmounting(rest.slice(1).join(' ').replaceAll('\\040', ' '));
    case 'swap':
      return [{ says: 'no longer swap on it', line: `swapoff /dev/drbd${minor}` }];
    case 'process': {
      const guest = guestOf(rest.slice(1));
      return guest === undefined
        ? []
        : [{ says: 'shut the guest down', line: `virsh shutdown ${quote(guest)}` }];
    }
    default:
      return [];
  }
}

function holdsOf(kind: string, rest: readonly string[]): User['holds'] {
  if (kind === 'mount') {
    return { kind, path: rest.slice(1).join(' ').replaceAll('\\040', ' ') };
  }
  const guest = kind === 'process' ? guestOf(rest.slice(1)) : undefined;
  return guest === undefined ? undefined : { kind: 'guest', name: guest };
}

function userWords(kind: string, rest: readonly string[]): string | undefined {
  const [first = '', ...more] = rest.map(clean);
  switch (kind) {
    case 'mount':
      return `${more.join(' ').replaceAll('\\040', ' ')} (${first})`;
    case 'holder':
      return `${[first, ...more].join(' ')} stands on it`;
    case 'swap':
      return 'swap';
    case 'exported':
      return `the iSCSI target (${first})`;
    case 'process':
      return processWords(first, more);
    default:
      return undefined;
  }
}

/** A guest of libvirt or Xen is named: it is what a person would shut down. */
function processWords(pid: string, argv: readonly string[]): string {
  const program = argv[0]?.split('/').at(-1) ?? '';
  const guest = guestOf(argv);
  return `process ${pid} ${program}${guest === undefined ? '' : ` (guest ${guest})`}`.trim();
}

function guestOf(argv: readonly string[]): string | undefined {
  const named = argv[argv.indexOf('-name') + 1];
  return argv.includes('-name') ? named?.replace(/^guest=/, '').split(',')[0] : undefined;
}

/** Looks who uses these minors now. Never rejects. */
export async function lookAtUse(host: Reader, minors: readonly number[]): Promise<Use> {
  const outcome = await host.run(usersCommand(minors));
  if (outcome.kind === 'exited') return parseUsers(outcome.stdout);
  return { users: [], complete: false, written: new Map() };
}
