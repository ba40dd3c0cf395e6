import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { quote } from '../../../../core/quote.js';
import { clean, linesOf } from '../../../../core/text.js';

/** Who keeps a mount busy on one host, and what hangs there. */
export interface Use {
  readonly host: HostName;
  /** `process 812 qemu-system-x86 (/vol/pub/web.img)`, `exported by NFS: /vol/pub`. */
  readonly users: readonly { readonly what: string; readonly release?: string }[];
  /** Processes in uninterruptible sleep within the file system or its locks: no signal ends them. */
  readonly hanging: readonly string[];
  /** Seconds since the host's boot, by which the kernel log counts. */
  readonly uptime?: number;
  /** Why it could not be looked at; undefined: it could. */
  readonly because?: string;
}

/**
 * By the links of open files and by the kernel's own stacks: nothing here enters the file system, where
 * a look would hang as they do. Our own looks at the devices may hang with them, and are not counted.
 * $1 is the mount point.
 */
const SCRIPT = [
  'find /proc/[0-9]*/fd /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/exe -maxdepth 1 \\( -lname "$1" -o -lname "$1/*" \\) -printf "%h %p %l\\n" 2>/dev/null | while read -r d p l; do n=${p#/proc/}; n=${n%%/*}; read -r c < "/proc/$n/comm" && echo "user $n $c $l"; done | sort -u -k2,2n | head -n 40',
  'cut -f 1 /var/lib/nfs/etab 2>/dev/null | sort -u | while read -r e; do case $e in "$1"|"$1"/*) echo "export $e";; esac; done',
  // Whoever waits for a disk is asleep so for a moment: only who did not run at all in 3 s hangs.
  'asleep() { for s in /proc/[0-9]*/stat; do read -r l < "$s" 2>/dev/null || continue; case ${l##*) } in D*) n=${s#/proc/}; n=${n%/stat}; k=$(head -n 12 "/proc/$n/stack" 2>/dev/null | tr "\\n" " "); case $k in *ocfs2*|*dlm*|*o2net*|*o2hb*) read -r c < "/proc/$n/comm" && case $c in mounted.ocfs2|debugfs.ocfs2) ;; *) echo "hangs $n $c $(sed -n "s/^voluntary_ctxt_switches:[[:blank:]]*//p" "/proc/$n/status")";; esac;; esac;; esac; done; }',
  'a=$(asleep); if [ -n "$a" ]; then sleep 3; asleep | while read -r l; do case "$a" in *"$l"*) echo "$l";; esac; done; fi',
  'echo "uptime $(cut -d" " -f1 /proc/uptime)"; echo end',
].join('\n');

/** Looks who uses what is mounted at a path. Never rejects. */
export async function lookAtUse(host: Reader, point: string): Promise<Use> {
  const outcome = await host.run(reads(['sh', '-c', SCRIPT, 'sh', point], 20_000));
  const none = { host: host.name, users: [], hanging: [] };
  if (outcome.kind !== 'exited') return { ...none, because: outcome.reason };
  const lines = linesOf(outcome.stdout);
  if (lines.at(-1) !== 'end') return { ...none, because: 'it did not answer whole' };
  const uptime = Number(/^uptime (\d+\.\d+)$/m.exec(outcome.stdout)?.[1] ?? Number.NaN);
  return {
    host: host.name,
    ...(Number.isFinite(uptime) && { uptime }),
    users: lines.flatMap((line): Use['users'] => {
      const [kind, first = '', second = '', ...rest] = line.split(' ');
      const path = clean(rest.join(' '));
      if (kind === 'user') {
        // The kernel's own threads that serve it are no users.
        return [{ what: `process ${first} ${clean(second)} (${path})` }];
      }
      if (kind !== 'export') return [];
      const release = `exportfs -u CLIENT:${quote(first)}`;
      return [{ what: `NFS exports ${clean(first)}`, release }];
    }),
    hanging: lines.flatMap((line) => {
      const [kind, pid = '', name = ''] = line.split(' ');
      return kind === 'hangs' ? [`process ${pid} ${clean(name)}`] : [];
    }),
  };
}
