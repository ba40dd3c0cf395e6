import {
  install,
  isPackage,
  versionOf,
  needing,
  remove,
  softwareOf,
  withNeeds,
} from '../../fleet/software.js';
import { failed, joined, printed, readArguments, type Call, type Ran } from '../program.js';

const SYSTEM: ReadonlyMap<string, string> = new Map([
  ['bash', '5.1-2+deb11u1'],
  ['libc6', '2.31-13+deb11u11'],
]);

/** `apt-get [-y -q …] update|install PACKAGE…`, in the words of apt 2.2. */
export async function aptGet({ args, machine, files }: Call): Promise<Ran> {
  const { words } = readArguments(args, new Set(['-o']));
  const [verb, ...names] = words;
  if (verb === 'update') {
    const says =
      "W: Failed to fetch http://deb.debian.org/debian/dists/bullseye/InRelease  Temporary failure resolving 'deb.debian.org'\n";
    return machine.offline ? failed(0, says) : printed('Reading package lists...\n');
  }
  if (verb !== 'install') return failed(100, `E: Invalid operation ${verb ?? ''}\n`);
  const unknown = names.find((name) => !isPackage(name));
  const head = 'Reading package lists...\nBuilding dependency tree...\n';
  if (unknown !== undefined) return failed(100, `E: Unable to locate package ${unknown}\n`, head);
  const wanted = withNeeds(machine, names);
  if (wanted.length > 0 && machine.offline) {
    return failed(
      100,
      "E: Failed to fetch http://deb.debian.org/debian/pool/main/l/lizardfs/  Temporary failure resolving 'deb.debian.org'\nE: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n",
      head,
    );
  }
  for (const [path, text] of Object.entries(install(machine, wanted))) {
    // A configuration that is there already stays (ucf, without a terminal).
    const isKept = path.startsWith('/etc/exports') && (await files?.read(path)) !== undefined;
    if (!isKept) await files?.write(path, text);
  }
  if (wanted.some((name) => name.startsWith('lizardfs'))) {
    await files?.write(`${softwareOf(machine).config}/.keep`, '');
  }
  return printed(`${head}${wanted.map((name) => `Setting up ${name} ...\n`).join('')}`);
}

/** `apt-cache policy PACKAGE…`. */
export function aptCache({ args, machine }: Call): Ran {
  const [verb, ...names] = args;
  if (verb !== 'policy') return failed(100, `E: Invalid operation ${verb ?? ''}\n`);
  const known = names.filter(isPackage);
  return printed(
    known
      .map((name) => {
        const installed = machine.packages.get(name) ?? '(none)';
        return `${name}:\n  Installed: ${installed}\n  Candidate: ${versionOf(machine, name)}\n  Version table:\n`;
      })
      .join(''),
  );
}

/** `dpkg-query -W -f FORMAT [PATTERN…]`; a name that is not known: exit 1. */
export function dpkgQuery({ args, machine }: Call): Ran {
  const { values, words } = readArguments(args, new Set(['-f']));
  const format = values.get('-f') ?? '${Package}\\t${Version}\\n';
  const all = [...SYSTEM, ...machine.packages];
  const shown = ([name, version]: readonly [string, string]): string => {
    const parts: Readonly<Record<string, string>> = {
      Package: name,
      'binary:Package': name,
      Version: version,
      'db:Status-Abbrev': 'ii ',
      'db:Status-Status': 'installed',
    };
    return format
      .replace(/\$\{([\w:-]+)\}/g, (_, key: string) => parts[key] ?? '')
      .replaceAll('\\n', '\n')
      .replaceAll('\\t', '\t');
  };
  if (words.length === 0) return printed(all.map(shown).join(''));
  return joined(
    words.map((pattern) => {
      const glob = new RegExp(`^${pattern.replace(/[.+]/g, '\\$&').replaceAll('*', '.*')}$`);
      const found = all.filter(([name]) => glob.test(name));
      if (found.length > 0) return printed(found.map(shown).join(''));
      return failed(1, `dpkg-query: no packages found matching ${pattern}\n`);
    }),
  );
}

/** `dpkg --remove PACKAGE…`. */
export async function dpkg({ args, machine, files }: Call): Promise<Ran> {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const [other] = needing(machine, names);
  if (other !== undefined) {
    return failed(
      1,
      `dpkg: dependency problems prevent removal of ${names[0] ?? ''}:\n ${other} depends on ${names[0] ?? ''}.\n`,
    );
  }
  for (const path of remove(machine, names)) await files?.remove(path);
  return printed('');
}
