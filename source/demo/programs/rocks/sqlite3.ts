import { nodeOf } from '../../fleet/rocks/nodes.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { answerSql } from './sql.js';
import { dumpOf } from './sql-rows.js';

/** Where the roll's daemons keep what they remember. */
export const DATABASE = '/opt/rocks/var/img_storage.db';

/** Statements end at a semicolon outside of quotes; what begins with a dot is a line. */
function statementsIn(text: string): readonly string[] {
  const found =
    text.match(/^\.[^\n]*|(?:'(?:[^']|'')*'|[^;'\s])(?:'(?:[^']|'')*'|[^;'])*;?/gm) ?? [];
  return found.map((one) => one.trim().replace(/;$/, '').trim()).filter((one) => one !== '');
}

/** Simulates sqlite3 on the roll's database: dumps, and the statements that `answerSql` plays. */
export function sqlite3({ args, fleet, machine, input }: Call): Ran {
  const flags = args.filter((arg) => arg.startsWith('-'));
  const isOld = fleet.rocks?.roll === 'first';
  // CentOS 6 has SQLite 3.6, which does not know it.
  if (isOld && flags.includes('-readonly')) {
    return failed(
      1,
      'sqlite3: Error: unknown option: -readonly\nUse -help for a list of options.\n',
    );
  }
  if (flags.includes('-version')) return printed(isOld ? '3.6.20\n' : '3.7.17 2013-05-20\n');
  const [path = '', ...given] = args.filter((arg) => !arg.startsWith('-') && !/^\d+$/.test(arg));
  const node = nodeOf(fleet, machine);
  if (path !== DATABASE || !node) {
    return failed(1, `Error: unable to open database "${path}": unable to open database file\n`);
  }
  const tables = { ...node.database };
  const separator = flags.includes('-separator') ? '\t' : '|';
  let stdout = '';
  for (const statement of statementsIn(given.length > 0 ? given.join(';\n') : input)) {
    if (statement === '.dump') stdout += dumpOf(tables);
    else if (/^\.(?:timeout|bail|mode|headers|nullvalue)\b/.test(statement)) continue;
    else {
      const isChange = /^(?:update|delete|insert)\b/i.test(statement);
      if (isChange && flags.includes('-readonly')) {
        return failed(8, 'Error: attempt to write a readonly database\n', stdout);
      }
      const answered = answerSql(tables, statement);
      if ('error' in answered) return failed(1, `Error: ${answered.error}\n`, stdout);
      const lines = answered.rows.map((row) => `${row.map((one) => one ?? '').join(separator)}\n`);
      stdout += lines.join('');
    }
  }
  return printed(stdout);
}

/** Python's own SQLite: a dump, as a program of one line asks for it. Nothing else is played. */
export function pythonSqlite(call: Call): Ran {
  const [flag, script = '', path] = call.args;
  if (flag !== '-c' || !script.includes('iterdump') || path !== DATABASE) {
    return failed(1, 'the demo plays no Python but a dump of the roll’s database\n');
  }
  const node = nodeOf(call.fleet, call.machine);
  return node
    ? printed(dumpOf({ ...node.database }).replace(/^PRAGMA[^\n]*\n/, ''))
    : failed(1, '');
}
