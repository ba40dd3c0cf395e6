import { randomUUID } from 'node:crypto';
import { outcomeFailure } from '../../../../core/failure.js';
import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import { FLAVOUR_SCRIPT } from '../../flavour/look.js';
import { parseFlavour, type Flavour } from '../../flavour/parse.js';

/** A host on which packages can be installed. */
export interface InstallHost {
  readonly ok: true;
  readonly name: HostName;
  readonly flavour: Flavour;
  /** Ids of yum's repositories. */
  readonly repos: readonly string[];
  /** The text of CentOS-Base.repo; null: there is none. */
  readonly baseRepo: string | null;
  /** Versions that apt would install, by package. */
  readonly candidates: ReadonlyMap<string, string>;
  /** For the records of an installation: made here, so that a plan is made of facts alone. */
  readonly freshId: string;
}

/** What was found on a host, or why nothing was. */
export type FoundHost =
  InstallHost | { readonly ok: false; readonly name: HostName; readonly because: string };

/** Where XenServer, XCP-ng and CentOS 7 have the repository that brings FUSE. */
export const BASE_REPO = '/etc/yum.repos.d/CentOS-Base.repo';

const NAMES = ['lizardfs', 'saunafs', 'moosefs'].flatMap((name) =>
  ['client', 'chunkserver', 'master', 'adm', 'cli', 'metalogger'].map((role) => `${name}-${role}`),
);

const SCRIPT = [
  'for f in /etc/yum.repos.d/*.repo; do [ -f "$f" ] && sed -n "s/^[[:blank:]]*\\[\\([^]]*\\)\\].*/repo \\1/p" "$f"; done',
  `command -v apt-cache >/dev/null 2>&1 && apt-cache policy ${NAMES.join(' ')} 2>/dev/null | sed -n -e "s/^\\([a-z][a-z0-9-]*\\):.*/of \\1/p" -e "s/^ *Candidate: *\\([0-9].*\\)/candidate \\1/p"`,
  FLAVOUR_SCRIPT,
].join('\n');

/** Looks at what is installed and what could be, on all hosts at a time. Never rejects. */
export function look(hosts: readonly Reader[]): Promise<readonly FoundHost[]> {
  return Promise.all(hosts.map(lookAtHost));
}

async function lookAtHost(host: Reader): Promise<FoundHost> {
  const command = reads(['sh', '-c', SCRIPT], 30_000);
  const base = reads([
    'sh',
    '-c',
    `if [ -e ${BASE_REPO} ]; then cat ${BASE_REPO}; else exit 66; fi`,
  ]);
  const [facts, repo] = await Promise.all([host.run(command), host.run(base)]);
  if (facts.kind !== 'exited' || facts.code !== 0) {
    return { ok: false, name: host.name, because: outcomeFailure(host.name, command, facts).what };
  }
  if (repo.kind !== 'exited' || (repo.code !== 0 && repo.code !== 66)) {
    return { ok: false, name: host.name, because: `${BASE_REPO} cannot be read` };
  }
  return {
    ok: true,
    name: host.name,
    flavour: parseFlavour(facts.stdout),
    repos: linesOf(facts.stdout).flatMap((line) => /^repo (\S+)$/.exec(line)?.[1] ?? []),
    baseRepo: repo.code === 0 ? repo.stdout : null,
    candidates: candidatesIn(linesOf(facts.stdout)),
    freshId: randomUUID(),
  };
}

function candidatesIn(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let name = '';
  for (const line of lines) {
    name = /^of (\S+)$/.exec(line)?.[1] ?? name;
    const version = /^candidate (\S+)$/.exec(line)?.[1];
    if (version !== undefined && name !== '') found.set(name, version);
  }
  return found;
}
