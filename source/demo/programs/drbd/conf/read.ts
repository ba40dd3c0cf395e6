import { failed, type Call, type Ran } from '../../program.js';
import { firstConf } from './first.js';
import { parseConf, type Statement } from './parse.js';
import { resourceOf, type ConfResource } from './resource.js';

const MAIN = '/etc/drbd.conf';

/** A statement and the file that it stands in, by the name that the include gave it. */
interface Placed {
  readonly statement: Statement;
  readonly file: string;
}

/** The configuration of the machine of a call, or how every command of drbdadm ends without it. */
export async function readConf(call: Call, main = MAIN): Promise<readonly ConfResource[] | Ran> {
  const placed = await statementsOf(call, main, main);
  if ('exit' in placed) return placed;
  const common = placed
    .filter(({ statement }) => statement.words[0] === 'common')
    .flatMap(({ statement }) => statement.body ?? []);
  const resources = placed
    .filter(({ statement }) => statement.words[0] === 'resource')
    .map(({ statement, file }) => resourceOf(statement, file, common));
  const conflict = conflictIn(resources, call.machine.name);
  return conflict === undefined ? resources : failed(10, conflict);
}

async function statementsOf(
  call: Call,
  path: string,
  shown: string,
): Promise<readonly Placed[] | Ran> {
  const text = await textOf(call, path);
  if (text === undefined) return failed(20, `Can not open '${path}': No such file or directory\n`);
  const parsed = parseConf(text);
  if ('says' in parsed) return failed(10, `${shown}:${parsed.line}: ${parsed.says}\n`);
  const all: Placed[] = [];
  for (const statement of parsed) {
    if (statement.words[0] !== 'include') {
      all.push({ statement, file: shown });
      continue;
    }
    for (const file of await included(call, statement.words[1] ?? '', path)) {
      const inner = await statementsOf(call, file.path, file.shown);
      if ('exit' in inner) return inner;
      all.push(...inner);
    }
  }
  return all;
}

/** The files that an include means, relative to the folder of the file that it stands in. */
async function included(call: Call, glob: string, from: string) {
  const folder = from.slice(0, from.lastIndexOf('/'));
  const whole = glob.startsWith('/') ? glob : `${folder}/${glob}`;
  const at = whole.lastIndexOf('/');
  const [within, pattern] = [whole.slice(0, at), whole.slice(at + 1)];
  const shownIn = glob.slice(0, glob.length - pattern.length);
  if (!pattern.includes('*')) return [{ path: whole, shown: glob }];
  const fits = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
  const names = (await namesIn(call, within)).filter((name) => fits.test(name)).toSorted();
  return names.map((name) => ({ path: `${within}/${name}`, shown: `${shownIn}${name}` }));
}

/** A machine without a shell has the files of its first day. */
async function textOf({ files, fleet, machine }: Call, path: string): Promise<string | undefined> {
  return files ? files.read(path) : firstConf(fleet, machine.name)[path];
}

async function namesIn(
  { files, fleet, machine }: Call,
  folder: string,
): Promise<readonly string[]> {
  if (files) return files.list(folder);
  const within = Object.keys(firstConf(fleet, machine.name)).filter((path) =>
    path.startsWith(`${folder}/`),
  );
  return within.map((path) => path.slice(folder.length + 1));
}

/** What two resources both want for themselves; drbdadm then does nothing for any of them. */
function conflictIn(resources: readonly ConfResource[], host: string): string | undefined {
  const first = new Map<string, string>();
  for (const { name, file, line, hosts } of resources) {
    const own = hosts.find((one) => one.host === host);
    const wants = [
      [`resource section '${name}'`, `${file}:${line}`],
      ...(own
        ? [
            [`device-minor 'device-minor:${host}:${own.minor}'`, `${file}:${own.line}`],
            [`IP '${own.address}:${own.port}'`, `${file}:${own.line}`],
          ]
        : []),
    ] as const;
    for (const [what, where] of wants) {
      const before = first.get(what);
      if (before !== undefined) {
        return `${where}: conflicting use of ${what} ...\n${before}: ${what} first used here.\n`;
      }
      first.set(what, where);
    }
  }
  return undefined;
}
