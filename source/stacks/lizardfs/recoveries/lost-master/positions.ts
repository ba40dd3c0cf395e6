import { reads, type Command } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';

/** The newest change of which a host's disk knows. */
export interface Position {
  /** The version that the metadata has after that change. */
  readonly version: number;
  /** When the change was made, unix seconds by the master's clock. */
  readonly at: number;
  readonly file: string;
}

/** What the metadata folders of a host say, whether a daemon runs or not. */
export interface Positions {
  /** Of a master or a shadow. */
  readonly server?: Position;
  readonly metalogger?: Position;
  /** Lock files: of a server that runs, or of one that did not end well. */
  readonly locks: readonly string[];
  /** Metadata that a master of this host would start from, or could with `-a`. */
  readonly serverFiles: readonly string[];
  /** What a metalogger fetched: without it its change logs have no beginning. */
  readonly loggerFiles: readonly string[];
  /** Folders with metadata of a former master, set aside so that none starts from it. */
  readonly asides: readonly string[];
}

/** How folders with metadata that was set aside begin; the metadata's version follows. */
export const ASIDE = 'holdfast-aside-';

/**
 * Of each change log the last line's version and time, and nothing else: the rest of a line names
 * files. Only the newest logs are asked (LizardFS counts them behind the name, MooseFS within it).
 */
const SCRIPT = [
  'for d do [ -d "$d" ] || continue',
  'for f in "$d"/changelog*.mfs "$d"/changelog*.mfs.1 "$d"/changelog*.sfs "$d"/changelog*.sfs.1; do [ -f "$f" ] || continue',
  `tail -n 1 "$f" | sed -n 's/^\\([0-9]\\{1,15\\}\\): *\\([0-9]\\{1,15\\}\\)|.*/\\1 \\2/p' | while read -r v t; do echo "change $v $t $f"; done`,
  'done',
  'for f in "$d"/metadata.*.lock; do [ -e "$f" ] && echo "lock $f"; done',
  'for f in "$d"/metadata.[ms]fs "$d"/metadata.[ms]fs.back; do [ -f "$f" ] && echo "server $f"; done',
  'for f in "$d"/metadata_ml.[ms]fs "$d"/metadata_ml.mfs.back; do [ -f "$f" ] && echo "logger $f"; done',
  `for f in "$d"/${ASIDE}*; do [ -d "$f" ] && echo "aside $f"; done`,
  'done; true',
].join('\n');

/** Asks for the newest changes in these folders. */
export function positionsCommand(folders: readonly string[]): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT, 'sh', ...folders], 20_000);
}

/** Reads what the command printed; other lines are a login script's. */
export function parsePositions(stdout: string): Positions {
  let server: Position | undefined;
  let metalogger: Position | undefined;
  const paths: Record<Listed, string[]> = { lock: [], server: [], logger: [], aside: [] };
  for (const line of linesOf(stdout)) {
    const [, kind = '', path = ''] = /^([a-z]+) (\/.*)$/.exec(line) ?? [];
    if (isListed(kind)) paths[kind].push(path);
    const [, version, at, file] = /^change (\d{1,15}) (\d{1,15}) (\/.*)$/.exec(line) ?? [];
    if (version === undefined || at === undefined || file === undefined) continue;
    // A change is logged with the version before it (the master's source).
    const found: Position = { version: Number(version) + 1, at: Number(at), file };
    if (/\/changelog_ml[^/]*$/.test(file)) metalogger = newer(metalogger, found);
    else server = newer(server, found);
  }
  return {
    ...(server && { server }),
    ...(metalogger && { metalogger }),
    locks: paths.lock,
    serverFiles: paths.server,
    loggerFiles: paths.logger,
    asides: paths.aside,
  };
}

type Listed = 'lock' | 'server' | 'logger' | 'aside';

function isListed(word: string): word is Listed {
  return ['lock', 'server', 'logger', 'aside'].includes(word);
}

function newer(a: Position | undefined, b: Position): Position {
  return a && a.version >= b.version ? a : b;
}
