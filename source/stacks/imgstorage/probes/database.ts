import { reads, type Command } from '../../../core/host.js';
import { quote } from '../../../core/quote.js';
import type { Probe } from '../../../core/probe.js';
import { ask, type Tool } from '../../../core/tool.js';
import { parseDatabase, type RollDatabase } from '../read/database.js';
import { DATABASE } from '../roll.js';

/**
 * The dump in Python, for hosts whose sqlite3 cannot open for reading alone or is missing: the roll's own
 * Python has pysqlite2. Python 2 cannot say `mode=ro`; there nothing but SELECTs is sent.
 */
const PYTHON = `import sys
try:
    from pysqlite2 import dbapi2 as s
except ImportError:
    import sqlite3 as s
try:
    c = s.connect("file:" + sys.argv[1] + "?mode=ro", timeout=2, uri=True)
except TypeError:
    c = s.connect(sys.argv[1], timeout=2)
for l in c.iterdump():
    sys.stdout.write((l if sys.version_info[0] > 2 else l.encode("utf-8")) + "\\n")
`;

/**
 * Reading takes SQLite's shared lock for some milliseconds; a daemon that writes waits for it (its own
 * timeout is 5 s), and we for the daemon, 2 s. The host's clock goes along: the ages of locks are its.
 */
export const dumpScript = [
  `d=${DATABASE}`,
  '[ -e "$d" ] || { echo "-- absent"; exit 0; }',
  'echo "-- now $(date +%s)"',
  'if sqlite3 -readonly -version >/dev/null 2>&1; then',
  `printf '.timeout 2000\\n.dump\\n' | sqlite3 -readonly "$d"; exit $?; fi`,
  'for p in /opt/rocks/bin/python python3 python2 python; do',
  `command -v $p >/dev/null 2>&1 && exec $p -c ${quote(PYTHON)} "$d"; done`,
  'echo "neither sqlite3 -readonly nor Python is there" >&2; exit 70',
].join('\n');

/** Reads the whole database of the roll, at one moment. */
export function databaseCommand(): Command<'reads'> {
  return reads(['sh', '-c', dumpScript], 10_000);
}

/** The roll's database by its dump. */
export const databaseTool: Tool<[], RollDatabase> = {
  command: databaseCommand,
  parse: parseDatabase,
  explain: (outcome) =>
    outcome.kind === 'exited' && outcome.stdout.trim() === '-- absent'
      ? { absent: `there is no ${DATABASE}` }
      : undefined,
};

/** What the daemons remember of images, copies and calls. */
export const databaseProbe: Probe<RollDatabase> = {
  id: 'imgstorage.database',
  title: 'storage maps, copies and locks',
  every: 5000,
  scope: 'host',
  read: (host) => ask(host, databaseTool),
};
