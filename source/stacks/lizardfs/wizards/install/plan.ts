import type { Fault } from '../../../../core/form.js';
import { count, listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import {
  iniValue,
  parseIni,
  printIni,
  sectionsOf,
  setIniValue,
  withoutIniValue,
} from '../../../../files/ini.js';
import { programOf, type Family, type Role } from '../../flavour/families.js';
import { Steps } from '../../../../core/plan-steps.js';
import { chosenRoles, familyOf, productFound, roleFault, type InstallAnswers } from './answers.js';
import { BASE_REPO, type FoundHost, type InstallHost } from './look.js';

/** A host and what is to be put on it. */
interface Target {
  readonly host: InstallHost;
  readonly roles: readonly Role[];
}

/**
 * The plan: of all hosts first what must be reached, so that none is left half way; then for each host
 * its repositories, one installation of all its packages, and a look whether the programs run.
 */
export function plan(found: readonly FoundHost[], answers: InstallAnswers): Drafted {
  const family = familyOf(answers.product);
  const { targets, faults } = check(found, answers, family);
  if (faults.length > 0) return { ok: false, faults };
  const steps = new Steps();
  for (const target of targets) addReach(steps, target, answers);
  for (const target of targets) addHost(steps, target, answers, family);
  const all = targets.flatMap(({ roles }) => roles).length;
  return {
    ok: true,
    draft: {
      title: `${count(all, 'package')} of ${family.title.split(' ')[0] ?? ''} on ${listed(targets.map(({ host }) => host.name))}`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack:
        'The packages are taken away, with the dependencies that came along and that nothing else needs by then; the repositories are put back as they were. What the packages’ programs have written by then stays.',
      warnings: warnings(targets, answers),
    },
  };
}

function check(found: readonly FoundHost[], answers: InstallAnswers, family: Family) {
  const faults: Fault[] = [];
  const targets = new Map<InstallHost, Role[]>();
  const other = productFound(found);
  if (other !== undefined && other.product !== answers.product) {
    faults.push({ key: 'product', says: `${other.host} has ${other.product}` });
  }
  for (const { key, host: name, role } of chosenRoles(answers.roles)) {
    const host = found.find((one) => one.name === name);
    const because = choiceFault(host, role, family);
    if (because !== undefined) faults.push({ key: 'roles', says: `${key}: ${because}` });
    if (because !== undefined || !host?.ok || role === undefined) continue;
    const roles = targets.get(host) ?? [];
    targets.set(host, roles.includes(role) ? roles : [...roles, role]);
  }
  const list = [...targets].map(([host, roles]): Target => ({ host, roles }));
  faults.push(...list.flatMap((target) => sourceFaults(target, answers)));
  return { targets: list, faults };
}

function choiceFault(host: FoundHost | undefined, role: Role | undefined, family: Family) {
  if (!host) return 'its host is not among those that were looked at';
  if (!host.ok) return `${host.name} could not be looked at: ${host.because}`;
  return role === undefined ? 'there is no such role' : roleFault(host, family, role);
}

function sourceFaults(target: Target, answers: InstallAnswers): readonly Fault[] {
  const { name, flavour } = target.host;
  const faults: Fault[] = [];
  const need = (key: 'repoFile' | 'yumUrl' | 'aptUrl'): void => {
    if (answers[key] === '') faults.push({ key, says: `${name}: it must be given` });
  };
  if (flavour.os.manager === 'apt-get') {
    if (answers.source === 'url') need('aptUrl');
    return faults;
  }
  if (answers.source === 'repo-file') need('repoFile');
  if (answers.source === 'url') need('yumUrl');
  if (wantsBase(target, answers) && flavour.os.centos === undefined) {
    faults.push({
      key: 'vault',
      says: `${name}: its C library does not tell which CentOS 7 it was built from; leave the vault empty and set [base] by hand`,
    });
  }
  return faults;
}

/** FUSE comes from [base], and only the client needs it. */
function wantsBase({ host, roles }: Target, { vault }: InstallAnswers): boolean {
  return isXenHost(host) && vault !== '' && roles.includes('client') && host.baseRepo !== null;
}

function isXenHost({ flavour }: InstallHost): boolean {
  return flavour.os.kind === 'xenserver' || flavour.os.kind === 'xcp-ng';
}

function addReach(steps: Steps, target: Target, answers: InstallAnswers): void {
  const { name } = target.host;
  const yum = isYum(target);
  const urls = [
    ...(yum && answers.source === 'repo-file' ? [answers.repoFile] : []),
    ...(yum && answers.source === 'url' ? [`${trimmed(answers.yumUrl)}/repodata/repomd.xml`] : []),
    ...(wantsBase(target, answers) && editedBase(target, answers) !== undefined
      ? [`${vaultOf(target, answers)}/repodata/repomd.xml`.replace('$basearch', 'x86_64')]
      : []),
  ];
  for (const url of urls.filter((one) => !one.startsWith('file:'))) {
    steps.add(name, 'network.reach', { url });
  }
}

function addHost(steps: Steps, target: Target, answers: InstallAnswers, family: Family): void {
  const { host, roles } = target;
  const { manager } = host.flavour.os;
  if (manager === undefined) return;
  if (isYum(target)) addYumSource(steps, target, answers);
  else addAptSource(steps, target, answers, family);
  const names = roles.flatMap((role) => family.packages[role] ?? []);
  steps.add(host.name, 'package.install', {
    manager,
    packages: names,
    ...(isYum(target) && repositories(target, answers)),
    id: host.freshId,
  });
  steps.add(host.name, 'host.see-that', {
    title: 'see that every program runs',
    on: roles.map((role) => programOf(family, role)).join(' '),
    shows: programsRun(roles.map((role) => programOf(family, role))),
  });
}

function addYumSource(steps: Steps, target: Target, answers: InstallAnswers): void {
  const { name, repos } = target.host;
  if (answers.source === 'repo-file') {
    const file =
      answers.repoFile
        .split('/')
        .at(-1)
        ?.replace(/[^A-Za-z0-9._-]/g, '') ?? '';
    const path = `/etc/yum.repos.d/${file.endsWith('.repo') ? file : 'lizardfs.repo'}`;
    steps.add(name, 'file.fetch', { url: answers.repoFile, path, holds: 'baseurl' });
  }
  if (answers.source === 'url' && !repos.includes(OWN)) {
    const after = `[${OWN}]\nname=LizardFS, local\nbaseurl=${trimmed(answers.yumUrl)}\nenabled=1\ngpgcheck=0\n`;
    steps.add(name, 'file.edit', { path: `/etc/yum.repos.d/${OWN}.repo`, before: null, after });
  }
  const after = wantsBase(target, answers) ? editedBase(target, answers) : undefined;
  if (after !== undefined) {
    steps.add(name, 'file.edit', { path: BASE_REPO, before: target.host.baseRepo, after });
  }
}

const OWN = 'holdfast-lizardfs';

function addAptSource(
  steps: Steps,
  { host, roles }: Target,
  { source, aptUrl }: InstallAnswers,
  family: Family,
): void {
  if (source !== 'url') return;
  const after = `deb [trusted=yes] ${trimmed(aptUrl)} ./\n`;
  const path = `/etc/apt/sources.list.d/${OWN}.list`;
  steps.add(host.name, 'file.edit', { path, before: null, after });
  const [first] = roles.flatMap((role) => family.packages[role] ?? []);
  const script = 'apt-cache policy "$1" | grep -q "Candidate: [0-9]" && echo known';
  steps.add(host.name, 'command.run', {
    title: 'read what the repositories have',
    on: path,
    argv: ['apt-get', '-q', 'update'],
    effect: 'changes',
    shows: { argv: ['sh', '-c', script, 'sh', first ?? ''], expect: 'known' },
  });
}

/** What [base] must be; undefined: it is so already. */
function editedBase(target: Target, answers: InstallAnswers): string | undefined {
  const text = target.host.baseRepo ?? '';
  const file = parseIni(text);
  if (!sectionsOf(file).includes('base')) return undefined;
  const wanted = vaultOf(target, answers);
  const after = printIni(
    setIniValue(withoutIniValue(file, 'base', 'mirrorlist'), 'base', 'baseurl', wanted),
  );
  return after === text ? undefined : after;
}

function vaultOf({ host }: Target, { vault }: InstallAnswers): string {
  return `${trimmed(vault)}/${host.flavour.os.centos ?? ''}/os/$basearch`;
}

/** [base] asks mirrors that are gone, or an internet that is not there: then yum fails as a whole. */
function isAlone({ host }: Target, { source, vault }: InstallAnswers): boolean {
  return source === 'url' && vault === '' && isXenHost(host);
}

/** The procedure's `--disablerepo`: newer packages of CentOS would replace the hypervisor's own. */
function repositories(target: Target, answers: InstallAnswers) {
  const { host, roles } = target;
  const { repos, baseRepo } = host;
  const client = roles.includes('client') && !isAlone(target, answers);
  const unwanted = ['extras', 'updates', ...(client ? [] : ['base'])];
  const isOff = iniValue(parseIni(baseRepo ?? ''), 'base', 'enabled') === '0';
  return {
    without: unwanted.filter((repo) => repos.includes(repo)),
    also: client && isOff && repos.includes('base') ? ['base'] : [],
  };
}

/** A program that lacks a library is installed and does not run; admin tools have no option for it. */
function programsRun(programs: readonly string[]) {
  const script = [
    'for p do command -v "$p" >/dev/null || { echo "$p is not there"; exit; }; case "$p" in',
    '*admin|*uraft|mfscli) : ;; *mount) "$p" -V >/dev/null 2>&1 || { echo "$p does not run"; exit; } ;;',
    '*) "$p" -v >/dev/null 2>&1 || { echo "$p does not run"; exit; } ;; esac; done; echo all run',
  ].join(' ');
  return { argv: ['sh', '-c', script, 'sh', ...programs], expect: 'all run' };
}

function isYum({ host }: Target): boolean {
  const { manager } = host.flavour.os;
  return manager === 'yum' || manager === 'dnf';
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

function warnings(targets: readonly Target[], answers: InstallAnswers): readonly string[] {
  const xen = targets.filter(({ host }) =>
    /^(?:xenserver|xcp-ng|proxmox)$/.test(host.flavour.os.kind),
  );
  const names = listed(xen.map(({ host }) => `${host.name} (${host.flavour.os.says})`));
  const noBase = targets.filter(
    (target) => isYum(target) && target.roles.includes('client') && target.host.baseRepo === null,
  );
  const alone = targets.filter(
    (target) => isYum(target) && target.roles.includes('client') && isAlone(target, answers),
  );
  return [
    ...(xen.length > 0
      ? [`Packages of others may void the support of the hypervisor’s vendor: ${names}.`]
      : []),
    ...(answers.source === 'url'
      ? ['The packages of your repository are not checked by signatures.']
      : []),
    ...alone.map(
      ({ host }) =>
        `${host.name} asks your repository alone: FUSE must be in it, since [base] is left out.`,
    ),
    ...noBase.map(
      ({ host }) =>
        `${host.name} has no ${BASE_REPO}: FUSE must be there, or in another repository.`,
    ),
  ];
}
