import { reads, type Command } from '../../../core/host.js';
import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';
import { parseExports, type ExportsFile } from '../../../files/exports.js';
import { fstabEntries, parseFstab, type FstabEntry } from '../../../files/fstab.js';
import { parseMountLine, type MountEntry } from '../../../tools/mountinfo.js';
import { parseActive, type ActiveExport } from './etab.js';

/** A client as nfsd knows it (Linux 5.3 and later; root alone). NFSv3 leaves no such trace. */
export interface NfsClient {
  readonly id: string;
  /** Without the port. */
  readonly address: string;
  readonly name: string;
  /** `confirmed`, `courtesy`, `expirable`. */
  readonly status: string;
}

/** One file that exports are read from. */
export interface ExportsSource {
  readonly path: string;
  readonly file: ExportsFile;
}

/** What a host exports, by its files and by its kernel. No file system is touched. */
export interface ServerFacts {
  /** /etc/exports and the files of /etc/exports.d. */
  readonly sources: readonly ExportsSource[];
  readonly active: readonly ActiveExport[];
  /** Threads of nfsd; 0: it does not serve. */
  readonly threads: number;
  readonly clients: readonly NfsClient[];
  /** Addresses with an open connection to port 2049, NFSv3 too. */
  readonly peers: readonly string[];
  readonly mounts: readonly MountEntry[];
  readonly fstab: readonly FstabEntry[];
  readonly root: boolean;
}

/**
 * One fact a line. etab is what exportfs keeps of what it told the kernel; `exportfs -v` prints it, and
 * says nothing, with exit 0, where it is not root. `showmount` is not asked: it waits for a portmapper
 * that is not there for 20 s.
 */
const SCRIPT = [
  'echo "root $(id -u)"',
  'for f in /etc/exports /etc/exports.d/*.exports; do [ -r "$f" ] || continue; echo "file $f"; sed "s/^/text /" "$f"; done',
  'sed "s/^/etab /" /var/lib/nfs/etab 2>/dev/null',
  'echo "threads $(cat /proc/fs/nfsd/threads 2>/dev/null)"',
  'for d in /proc/fs/nfsd/clients/*; do [ -r "$d/info" ] || continue; echo "client ${d##*/}"; sed "s/^/info /" "$d/info"; done',
  'ss -Htn state established "( sport = :2049 )" 2>/dev/null | while read -r _ _ _ p _; do echo "peer $p"; done',
  'sed "s/^/fstab /" /etc/fstab 2>/dev/null',
  'sed "s/^/mount /" /proc/self/mountinfo',
  'true',
].join('\n');

/** Asks for all of it. */
export function serverFactsCommand(): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT], 15_000);
}

/** Reads what the script printed; lines of no known kind are told. */
export function parseServerFacts(stdout: string): Parsed<ServerFacts> {
  const lines = linesOf(stdout);
  if (!lines.some((line) => line.startsWith('threads'))) return notThis(1, 'the threads of nfsd');
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const active = parseActive(of('etab').join('\n'));
  const mounts = of('mount').map((line) => ({ line, entry: parseMountLine(line) }));
  const known = /^(?:root|file|text|etab|threads|client|info|peer|fstab|mount)(?: |$)/;
  return parsed(
    {
      sources: sourcesOf(lines),
      active: active.ok ? active.value : [],
      threads: Number(/^\d+$/.exec(of('threads')[0]?.trim() ?? '')?.[0] ?? 0),
      clients: clientsOf(lines),
      peers: [...new Set(of('peer').map(addressOf))],
      mounts: mounts.flatMap(({ entry }) => entry ?? []),
      fstab: fstabEntries(
        parseFstab(
          of('fstab')
            .map((line) => `${line}\n`)
            .join(''),
        ),
      ),
      root: of('root')[0]?.trim() === '0',
    },
    [
      ...lines.filter((line) => line.trim() !== '' && !known.test(line)),
      ...(active.ok ? active.unread : of('etab')),
      ...mounts.flatMap(({ line, entry }) => (entry ? [] : [line])),
    ],
  );
}

function sourcesOf(lines: readonly string[]): readonly ExportsSource[] {
  const files: { path: string; text: string }[] = [];
  for (const line of lines) {
    if (line.startsWith('file ')) files.push({ path: line.slice(5), text: '' });
    const current = files.at(-1);
    if (line.startsWith('text ') && current) current.text += `${line.slice(5)}\n`;
  }
  return files.map(({ path, text }) => ({ path, file: parseExports(text) }));
}

function clientsOf(lines: readonly string[]): readonly NfsClient[] {
  const clients: Map<string, string>[] = [];
  for (const line of lines) {
    if (line.startsWith('client ')) clients.push(new Map([['id', line.slice(7)]]));
    const [, key, value] = /^info ([a-z ]+): (.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) {
      clients.at(-1)?.set(key, value.replace(/^"(.*)"$/, '$1'));
    }
  }
  return clients.map((facts) => ({
    id: facts.get('id') ?? '',
    address: addressOf(facts.get('address') ?? ''),
    name: facts.get('name') ?? '',
    status: facts.get('status') ?? '',
  }));
}

/** `192.0.2.1:729`, `[2001:db8::1]:729` without the port; an IPv4 address in IPv6's clothes as it is. */
function addressOf(word: string): string {
  const bare = word.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return bare.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** The mount that a path lies in: the innermost, and of several on top of each other the last. */
export function mountOf(mounts: readonly MountEntry[], path: string): MountEntry | undefined {
  return mounts
    .filter(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`))
    .reduce<MountEntry | undefined>(
      (best, one) => (best && best.point.length > one.point.length ? best : one),
      undefined,
    );
}

/** What fstab says must be mounted for a path, and is not. */
export function missingMount(
  { fstab, mounts }: Pick<ServerFacts, 'fstab' | 'mounts'>,
  path: string,
): FstabEntry | undefined {
  return fstab.find(
    ({ target, type, options }) =>
      target !== '/' &&
      type !== 'swap' &&
      !options.includes('noauto') &&
      (path === target || path.startsWith(`${target.replace(/\/+$/, '')}/`)) &&
      !mounts.some(({ point }) => point === target.replace(/\/+$/, '')),
  );
}
