import { reads, type Command, type Outcome } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';
import { ADMIN_TOOLS } from './admin.js';
import type { Place } from './question.js';

/** A config file of a daemon or of the client, as far as it is asked for. */
export interface ConfigFile {
  readonly path: string;
  /** False: it is there and this user may not read it. */
  readonly readable: boolean;
  /** Never ADMIN_PASSWORD nor a mount's password: they are not even asked for. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A mount of this kind of file system, from /proc/mounts. */
export interface LocalMount {
  readonly mountPoint: string;
  readonly master: Place;
  readonly readOnly: boolean;
}

/** A fact that a host gave, and the lines of its answer that nobody understood. */
export interface Told<T> {
  readonly value: T;
  readonly unread: readonly string[];
}

const DAEMONS =
  /^(?:mfs|sfs)(?:master|chunkserver|metalogger|mount\d?|cgiserv)|^(?:lizardfs|saunafs)-/;

/** The names of all processes, cut at 15 characters as the kernel keeps them. */
export const processesCommand: Command<'reads'> = reads(['ps', '-e', '-o', 'comm=']);

/** The daemons of this file system among the processes, each name once. */
export function parseProcesses(text: string): readonly string[] {
  const names = linesOf(text).map((line) => line.trim());
  return [...new Set(names.filter((name) => DAEMONS.test(name)))].sort();
}

/** The administration tool that is installed: prints its path, or nothing. */
export const toolCommand: Command<'reads'> = reads([
  'sh',
  '-c',
  `for t in ${ADMIN_TOOLS.join(' ')}; do command -v "$t" && break; done; true`,
]);

/** The name of the tool, without its folder. */
export function parseTool(text: string): string | undefined {
  const name = linesOf(text)[0]?.trim().split('/').at(-1);
  return ADMIN_TOOLS.find((tool) => tool === name);
}

const KEYS = [
  'PERSONALITY',
  'MASTER_HOST',
  'MATOCL_LISTEN_HOST',
  'MATOCL_LISTEN_PORT',
  'LABEL',
  'DATA_PATH',
  'METADATA_SAVE_FREQ',
];

/**
 * The config files and, of their lines, only the harmless ones named above: what is filtered on
 * the host does not travel. The client's options may stand many on a line; only the master is taken.
 */
export const configCommand: Command<'reads'> = reads([
  'sh',
  '-c',
  [
    'for f in /etc/mfs/*.cfg /etc/lizardfs/*.cfg /etc/saunafs/*.cfg; do',
    'if [ -r "$f" ]; then echo "file $f";',
    `grep -E '^[[:blank:]]*(${KEYS.join('|')})[[:blank:]]*=' "$f";`,
    `sed -n -e '/^[#;]/d' -e 's/^\\(.*[, ]\\)\\{0,1\\}[ms]fsmaster=\\([^, ]*\\).*/mount-master=\\2/p' "$f";`,
    'elif [ -e "$f" ]; then echo "unreadable $f"; fi; done; true',
  ].join(' '),
]);

/**
 * What `configCommand` printed. A value goes to the end of its line, blanks and `#` included, and
 * of two definitions the last holds (the daemons' own reader).
 */
export function parseConfigs(text: string): Told<readonly ConfigFile[]> {
  const files: { path: string; readable: boolean; settings: Record<string, string> }[] = [];
  const unread: string[] = [];
  for (const line of linesOf(text)) {
    const file = /^(file|unreadable) (.+)$/.exec(line);
    const equals = line.indexOf('=');
    const current = files.at(-1);
    if (file) {
      files.push({ path: file[2] ?? '', readable: file[1] === 'file', settings: {} });
    } else if (equals > 0 && current) {
      current.settings[line.slice(0, equals).trim()] = line.slice(equals + 1).trim();
    } else if (line !== '') {
      unread.push(line);
    }
  }
  return { value: files, unread };
}

/** The lines of /proc/mounts of this file system; reading that file never hangs, unlike `df`. */
export const mountsCommand: Command<'reads'> = reads([
  'grep',
  '-E',
  '^(mfs|sfs)[a-z]*(#|\\\\043)| fuse[.](mfs|sfs|lizardfs|saunafs|moosefs)',
  '/proc/mounts',
]);

/**
 * `mfs#10.0.0.1:9421 /mnt/lizard fuse rw,… 0 0`, where the kernel writes `\043` for the `#`; newer
 * clients leave the `mfs#` out.
 */
export function parseLocalMounts(text: string): Told<readonly LocalMount[]> {
  const mounts: LocalMount[] = [];
  const unread: string[] = [];
  for (const line of linesOf(text)) {
    const [source = '', mountPoint, , options = ''] = line.split(' ');
    const match = /^(?:[a-z]+#)?([^:/#]+):(\d{1,5})(?:\/.*)?$/.exec(unescapeOctal(source));
    if (match && mountPoint !== undefined) {
      mounts.push({
        mountPoint: unescapeOctal(mountPoint),
        master: { host: match[1] ?? '', port: Number(match[2]) },
        readOnly: options.split(',').includes('ro'),
      });
    } else if (line !== '') {
      unread.push(line);
    }
  }
  return { value: mounts, unread };
}

/** Blanks, tabs, newlines, backslashes and `#` stand as octal in /proc/mounts. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** The IPv4 addresses of a name as this host sees it (the tools speak IPv4 only). */
export function resolveCommand(name: string): Command<'reads'> {
  return reads(['getent', 'ahostsv4', name], 6000);
}

/**
 * The name by which the daemons look for the master unless they are told otherwise, where it means
 * another host than this one.
 */
export const elsewhereCommand: Command<'reads'> = reads([
  'sh',
  '-c',
  'for n in mfsmaster sfsmaster; do a=$(getent ahostsv4 $n | sed -n "1s/ .*//p"); if [ -n "$a" ] && ! ip -o -4 addr show | grep -qF " $a/"; then echo $n; fi; done; true',
]);

/** `10.0.0.1 STREAM mfsmaster`, once for each kind of socket. */
export function parseAddresses(text: string): readonly string[] {
  const words = linesOf(text).map((line) => line.split(/\s/, 1)[0] ?? '');
  return [...new Set(words.filter((word) => /^\d+(?:\.\d+){3}$/.test(word)))];
}

/** What a command printed if it ended by itself; a missing program or match is an empty answer. */
export function printed(outcome: Outcome): string {
  return outcome.kind === 'exited' ? outcome.stdout : '';
}
