import { reads, type Command } from '../../../core/host.js';
import { parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';
import { parseHosts, type HostsFile } from '../../../files/hosts.js';
import { DRIVERS, HOOK_MARK, SCRIPTS, UNIT_FOLDER } from '../boot-hook.js';
import { parseMountLine, type MountPoint } from './mount-table.js';

/** A file that has to do with a boot hook. */
export interface HookFile {
  readonly kind: 'script' | 'unit' | 'driver';
  readonly path: string;
  /** Of a script: it may be run. Of a unit: it is started at boot. Of the driver: always true. */
  readonly active: boolean;
  /** UUIDs of the repositories that it names as theirs. */
  readonly repositories: readonly string[];
  /** Start scripts that it calls, by their paths. */
  readonly calls: readonly string[];
  /** Its lines that say so. */
  readonly lines: readonly string[];
}

/** What a host of a pool knows by itself, without asking xapi. */
export interface LocalFacts {
  /** As the pool knows the host. */
  readonly hostUuid?: string;
  readonly version: string;
  /** From pool.conf; undefined: it cannot be told. */
  readonly role?: { readonly kind: 'master' } | { readonly kind: 'slave'; readonly master: string };
  readonly mounts: readonly MountPoint[];
  readonly hooks: readonly HookFile[];
  /** /etc/hosts: what the servers of mounts are called. */
  readonly hosts: HostsFile;
}

const WORDS = `${HOOK_MARK}|sr-start`;

/**
 * Everything from files: nothing here asks xapi, and nothing touches a mounted file system, which
 * may be a dead one. Mounts are read from the kernel's own table.
 */
const SCRIPT = [
  `grep -E '^(INSTALLATION_UUID|PRODUCT_BRAND|PRODUCT_VERSION|BUILD_NUMBER)=' /etc/xensource-inventory 2>/dev/null | sed 's/^/inventory /'`,
  `sed 's/^/pool /' /etc/xensource/pool.conf 2>/dev/null; echo`,
  `sed 's/^/mount /' /proc/self/mountinfo`,
  `grep -E '^[[:blank:]]*[0-9A-Fa-f]' /etc/hosts 2>/dev/null | sed 's/^[[:blank:]]*/hosts /'`,
  `for f in ${SCRIPTS.join(' ')}; do [ -f "$f" ] || continue; a=-; [ -x "$f" ] && a=active; echo "script $a $f"; grep -E '${WORDS}' "$f" | sed 's/^/line /'; done`,
  `for f in ${UNIT_FOLDER}/*.service; do [ -f "$f" ] || continue; grep -qE '${WORDS}' "$f" || continue; a=-; for w in ${UNIT_FOLDER}/*.wants/*; do [ "\${w##*/}" = "\${f##*/}" ] && a=active; done; echo "unit $a $f"; grep -E '${WORDS}' "$f" | sed 's/^/line /'; done`,
  `for f in ${DRIVERS.join(' ')}; do [ -f "$f" ] || continue; echo "driver active $f"; grep -E '${WORDS}' "$f" | sed 's/^/line /'; done`,
  'true',
].join('\n');

/** Asks a host for what it knows by itself. */
export const localFactsCommand: Command<'reads'> = reads(['sh', '-c', SCRIPT]);

/** A whole answer. */
export const localFactsSample = [
  "inventory PRODUCT_BRAND='XCP-ng'",
  "inventory PRODUCT_VERSION='8.2.1'",
  "inventory INSTALLATION_UUID='b0a11c5e-52aa-4f0e-8d3c-000000000011'",
  'pool master',
  'mount 25 1 8:1 / / rw,relatime - ext3 /dev/sda1 rw',
  'hosts 10.20.0.11 mfsmaster',
  'mount 28 1 0:43 / /mnt/lizardfs rw,relatime - fuse mfs#mfsmaster:9421 rw',
  'mount 29 1 0:43 /sr /run/sr-mount/e8c4a1b2-6f0d-4d53-9c11-000000000001 rw - fuse mfs#mfsmaster:9421 rw',
  'script active /usr/local/sbin/sr-start-e8c4a1b2.sh',
  'line # boot hook of the storage repository e8c4a1b2-6f0d-4d53-9c11-000000000001',
  'unit active /etc/systemd/system/sr-start-e8c4a1b2.service',
  'line # boot hook of the storage repository e8c4a1b2-6f0d-4d53-9c11-000000000001',
  'line ExecStart=/usr/local/sbin/sr-start-e8c4a1b2.sh',
  'driver active /opt/xensource/sm/FileSR.py',
  '',
].join('\n');

/** Reads what the command printed. */
export function parseLocalFacts(text: string): Parsed<LocalFacts> {
  const inventory = new Map<string, string>();
  const mounts: MountPoint[] = [];
  const hooks: { kind: HookFile['kind']; active: boolean; path: string; lines: string[] }[] = [];
  const names: string[] = [];
  const unread: string[] = [];
  let role: LocalFacts['role'];
  for (const line of linesOf(text)) {
    const [, word, rest = ''] = /^([a-z]+) (.*)$/.exec(line) ?? [];
    const pair = /^([A-Z_]+)='?([^']*)'?$/.exec(rest);
    const file = /^(active|-) (\/.*)$/.exec(rest);
    const mount = word === 'mount' ? parseMountLine(rest) : undefined;
    if (word === 'inventory' && pair) inventory.set(pair[1] ?? '', pair[2] ?? '');
    else if (word === 'pool') role = roleOf(rest.trim()) ?? role;
    else if (mount) mounts.push(mount);
    else if (word === 'hosts') names.push(rest);
    else if ((word === 'script' || word === 'unit' || word === 'driver') && file) {
      hooks.push({ kind: word, active: file[1] === 'active', path: file[2] ?? '', lines: [] });
    } else if (word === 'line') hooks.at(-1)?.lines.push(rest);
    else if (line !== '') unread.push(line);
  }
  const hostUuid = inventory.get('INSTALLATION_UUID');
  const words = ['PRODUCT_BRAND', 'PRODUCT_VERSION', 'BUILD_NUMBER'].map((key) =>
    inventory.get(key),
  );
  return parsed(
    {
      ...(hostUuid !== undefined && hostUuid !== '' && { hostUuid }),
      version: words.filter((word) => word !== undefined && word !== '').join(' '),
      ...(role && { role }),
      mounts,
      hosts: parseHosts(names.join('\n')),
      hooks: hooks.map((hook) => ({ ...hook, ...whatItSays(hook.lines) })),
    },
    unread,
  );
}

/** pool.conf is `master`, `slave:ADDRESS`, or `broken`. */
function roleOf(text: string): LocalFacts['role'] {
  if (text === 'master') return { kind: 'master' };
  const [, address] = /^slave:(.+)$/.exec(text) ?? [];
  return address === undefined ? undefined : { kind: 'slave', master: address };
}

function whatItSays(lines: readonly string[]): Pick<HookFile, 'repositories' | 'calls'> {
  const repositories = lines.flatMap((line) => {
    const [, uuid] = new RegExp(`${HOOK_MARK} ([0-9a-fA-F-]{36})`).exec(line) ?? [];
    return uuid === undefined ? [] : [uuid];
  });
  // What stands behind a `#` is no call any more.
  const calls = lines
    .filter((line) => !/^\s*#/.test(line))
    .flatMap((line) => [...line.matchAll(/\/[\w./-]*sr-start[\w.-]*/g)].map(([path]) => path));
  return { repositories: [...new Set(repositories)], calls: [...new Set(calls)] };
}
