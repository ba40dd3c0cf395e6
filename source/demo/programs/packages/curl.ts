import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

const REPO_FILE = `[lizardfs]
name=LizardFS Packages
baseurl=http://packages.lizardfs.com/yum/el7
enabled=1
gpgcheck=0
`;

const REPODATA = '<?xml version="1.0" encoding="UTF-8"?>\n<repomd/>\n';

/** What the simulated internet has; `repo.example` is inside the fleet's own network. */
const WEB: Readonly<Record<string, string>> = {
  'http://packages.lizardfs.com/yum/el7/lizardfs.repo': REPO_FILE,
  'http://packages.lizardfs.com/yum/el7/repodata/repomd.xml': REPODATA,
  'http://vault.centos.org/7.5.1804/os/x86_64/repodata/repomd.xml': REPODATA,
  'http://repo.example/lizardfs/repodata/repomd.xml': REPODATA,
};

const INSIDE = 'repo.example';

/** What a machine gets from a URL: its text, or the exit code and words of curl. */
export function get(
  machine: Call['machine'],
  url: string,
): { readonly text: string } | { readonly exit: number; readonly says: string } {
  const host = /^\w+:\/\/([^/:]+)/.exec(url)?.[1] ?? '';
  const known = Object.keys(WEB).some((one) => one.includes(`//${host}/`));
  if (!known || (machine.offline && host !== INSIDE)) {
    return { exit: 6, says: `curl: (6) Could not resolve host: ${host}; Unknown error` };
  }
  const text = WEB[url];
  if (text !== undefined) return { text };
  return { exit: 22, says: 'curl: (22) The requested URL returned error: 404 Not Found' };
}

/** `curl -fsSL [-o FILE] URL`. */
export async function curl({ args, machine, files }: Call): Promise<Ran> {
  const valued = new Set(['-o', '--connect-timeout', '--max-time', '-w']);
  const { values, words } = readArguments(args, valued);
  const got = get(machine, words[0] ?? '');
  if (!('text' in got)) return failed(got.exit, `${got.says}\n`);
  const file = values.get('-o');
  if (file === undefined) return printed(got.text);
  if (file !== '/dev/null') await files?.write(file, got.text);
  return printed('');
}
