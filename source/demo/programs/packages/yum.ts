import { install, isPackage, needing, remove, withNeeds } from '../../fleet/software.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { get } from './curl.js';

/** What the hypervisor was installed with, as far as it is asked for. */
const SYSTEM: ReadonlyMap<string, string> = new Map([
  ['glibc', '2.17-222.el7'],
  ['bash', '4.2.46-30.el7'],
  ['curl', '7.29.0-46.el7'],
]);

interface Repo {
  readonly id: string;
  readonly settings: ReadonlyMap<string, string>;
}

async function reposOf({ files }: Call): Promise<readonly Repo[]> {
  const folder = '/etc/yum.repos.d';
  const names = (await files?.list(folder)) ?? [];
  const texts = await Promise.all(
    names
      .filter((name) => name.endsWith('.repo'))
      .map(async (name) => (await files?.read(`${folder}/${name}`)) ?? ''),
  );
  return texts.flatMap((text) =>
    text
      .split(/^(?=\[)/m)
      .filter((part) => part.startsWith('['))
      .map((part) => ({
        id: /^\[([^\]]*)/.exec(part)?.[1] ?? '',
        settings: new Map(
          [...part.matchAll(/^(\w+)\s*=\s*(.*)$/gm)].map(([, key = '', value = '']) => [
            key,
            value,
          ]),
        ),
      })),
  );
}

/** `yum -y [--disablerepo=ID] [--enablerepo=ID] install PACKAGE…`, in the words of yum 3.4.3. */
export async function yum(call: Call): Promise<Ran> {
  const { args, machine, files } = call;
  const [verb, ...names] = args.filter((arg) => !arg.startsWith('-'));
  if (verb !== 'install') return failed(1, `No such command: ${verb ?? ''}.\n`);
  const off = args.flatMap((arg) => /^--disablerepo=(.*)/.exec(arg)?.[1] ?? []);
  const on = args.flatMap((arg) => /^--enablerepo=(.*)/.exec(arg)?.[1] ?? []);
  const repos = (await reposOf(call)).filter(
    ({ id, settings }) => on.includes(id) || (!off.includes(id) && settings.get('enabled') !== '0'),
  );
  const missing = names.filter((name) => !machine.packages.has(name));
  if (missing.length === 0) return printed('Nothing to do\n');
  for (const { id, settings } of repos) {
    const fault = repoFault(call, id, settings);
    if (fault !== undefined) return failed(1, fault);
  }
  const has = (part: RegExp): boolean =>
    repos.some(({ settings }) => part.test(settings.get('baseurl') ?? ''));
  const offered = (name: string): boolean =>
    isPackage(name) && has(name === 'fuse' ? /vault\.centos|repo\.example/ : /lizardfs/);
  const unknown = missing.filter((name) => !offered(name));
  const words = unknown.map((name) => `No package ${name} available.\n`).join('');
  if (unknown.length === missing.length) return failed(1, 'Error: Nothing to do\n', words);
  const wanted = withNeeds(machine, missing.filter(offered));
  const lacking = wanted.find((name) => !offered(name));
  if (lacking !== undefined) {
    return failed(
      1,
      `Error: Package: lizardfs-client-3.12.0-0el7.x86_64 (lizardfs)\n           Requires: ${lacking}\n You could try using --skip-broken to work around the problem\n`,
      words,
    );
  }
  for (const [path, text] of Object.entries(install(machine, wanted)))
    await files?.write(path, text);
  return printed(
    `${words}\nInstalled:\n${wanted.map((name) => `  ${name}\n`).join('')}\nComplete!\n`,
  );
}

function repoFault(
  { machine }: Call,
  id: string,
  settings: ReadonlyMap<string, string>,
): string | undefined {
  const base = (settings.get('baseurl') ?? '').replace('$basearch', 'x86_64').replace(/\/$/, '');
  if (base === '') {
    return ` One of the configured repositories failed (Unknown),\n\nCannot find a valid baseurl for repo: ${id}/7/x86_64\n`;
  }
  const got = get(machine, `${base}/repodata/repomd.xml`);
  if ('text' in got) return undefined;
  const says = got.says.replace(/^curl: \((\d+)\) (.*)$/, 'curl#$1 - "$2"');
  return `${base}/repodata/repomd.xml: [Errno 14] ${says}\nTrying other mirror.\nfailure: repodata/repomd.xml from ${id}: [Errno 256] No more mirrors to try.\n`;
}

/** `rpm -q`, `rpm -qa`, each with `--qf`, and `rpm -e`. */
export async function rpm(call: Call): Promise<Ran> {
  const { args, machine } = call;
  const at = args.findIndex((arg) => arg === '--qf' || arg === '--queryformat');
  const format = at < 0 ? '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n' : (args[at + 1] ?? '');
  const rest = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  const names = rest
    .filter((arg) => !arg.startsWith('-'))
    .map((name) => name.replace('.x86_64', ''));
  const all = new Map([...SYSTEM, ...machine.packages]);
  const shown = (name: string, version: string): string => {
    const [number = '', release = ''] = version.split('-');
    const parts: Readonly<Record<string, string>> = {
      NAME: name,
      VERSION: number,
      RELEASE: release,
      ARCH: 'x86_64',
    };
    return format
      .replace(/%\{(\w+)\}/g, (whole, key: string) => parts[key] ?? whole)
      .replaceAll('\\n', '\n');
  };
  if (rest.includes('-e')) return erase(call, names, all);
  if (rest.includes('-qa')) {
    const wanted = [...all].filter(([name]) => names.length === 0 || names.some(globs(name)));
    return printed(wanted.map(([name, version]) => shown(name, version)).join(''));
  }
  const answers = names.map((name) => {
    const version = all.get(name);
    return version === undefined ? `package ${name} is not installed\n` : shown(name, version);
  });
  return printed(answers.join(''), names.every((name) => all.has(name)) ? 0 : 1);
}

function globs(name: string): (glob: string) => boolean {
  return (glob) => new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(name);
}

async function erase(
  { machine, files }: Pick<Call, 'machine' | 'files'>,
  names: readonly string[],
  all: ReadonlyMap<string, string>,
): Promise<Ran> {
  const strange = names.find((name) => !all.has(name));
  if (strange !== undefined) return failed(1, `error: package ${strange} is not installed\n`);
  const [other] = needing(machine, names);
  if (other !== undefined) {
    return failed(
      1,
      `error: Failed dependencies:\n\t${names[0] ?? ''} is needed by (installed) ${other}-3.12.0-0el7.x86_64\n`,
    );
  }
  for (const path of remove(machine, names)) await files?.remove(path);
  return printed('');
}
