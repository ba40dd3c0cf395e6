import { z } from 'zod';
import { closed, open, type Choice, type Question } from '../../../../core/form.js';
import type { Answers } from '../../../../core/wizard.js';
import { programPath } from '../../flavour/parse.js';
import { ROLES, type Family, type Role } from '../../flavour/families.js';
import {
  answersSchema,
  chosenRoles,
  familyOf,
  productFound,
  roleFault,
  type InstallAnswers,
} from './answers.js';
import type { FoundHost, InstallHost } from './look.js';

const SAYS: Readonly<Record<Role, string>> = {
  client: 'mounts the file system',
  chunkserver: 'holds data',
  master: 'holds metadata, as master or as shadow',
  admin: 'asks the master for its state',
  metalogger: 'keeps a copy of the metadata',
  uraft: 'elects the master of three or more',
};

/** The questions, in their order. */
export function questions(hosts: readonly FoundHost[], answers: Answers): readonly Question[] {
  const known = hosts.filter((host) => host.ok);
  const product = productIn(hosts, answers);
  const chosen = chosenIn(known, answers);
  const source = answersSchema.shape.source.safeParse(answers.source).data ?? 'configured';
  const yum = chosen.filter(({ flavour }) => flavour.os.manager !== 'apt-get');
  const apt = chosen.filter(({ flavour }) => flavour.os.manager === 'apt-get');
  const xen = yum.filter(({ flavour }) => flavour.os.kind.startsWith('x'));
  return [
    productQuestion(hosts),
    rolesQuestion(hosts, familyOf(product)),
    sourceQuestion(yum),
    ...(source === 'repo-file' && yum.length > 0 ? [repoFile] : []),
    ...(source === 'url' && yum.length > 0 ? [yumUrl] : []),
    ...(source === 'url' && apt.length > 0 ? [aptUrl] : []),
    ...(xen.length > 0 ? [vault(xen)] : []),
  ];
}

function productIn(hosts: readonly FoundHost[], answers: Answers): InstallAnswers['product'] {
  const said = answersSchema.shape.product.safeParse(answers.product ?? '').data;
  return said ?? productFound(hosts)?.product ?? 'lizardfs';
}

function chosenIn(known: readonly InstallHost[], answers: Answers): readonly InstallHost[] {
  const roles = z.array(z.string()).safeParse(answers.roles).data ?? [];
  const names = new Set(chosenRoles(roles).map(({ host }) => host));
  return known.filter(({ name }) => names.has(name));
}

function productQuestion(hosts: readonly FoundHost[]): Question {
  const found = productFound(hosts);
  const choice = (value: InstallAnswers['product'], title: string, says: string): Choice => {
    const other = found !== undefined && found.product !== value;
    return {
      value,
      cells: [{ text: title }, { text: says }],
      gate: other ? closed(`${found.host} has another, and they do not speak to each other`) : open,
    };
  };
  return {
    key: 'product',
    ask: 'What is to be installed?',
    explains: 'All hosts of a cluster have the same.',
    kind: 'one',
    choices: [
      choice('lizardfs', 'LizardFS', 'versions 3.10 to 3.13'),
      choice('saunafs', 'SaunaFS', 'what LizardFS became'),
      choice('moosefs', 'MooseFS', 'what LizardFS came from; part of Debian'),
    ],
    default: found?.product ?? 'lizardfs',
  };
}

function rolesQuestion(hosts: readonly FoundHost[], family: Family): Question {
  const silent = hosts.flatMap((host) =>
    host.ok ? [] : [` ${host.name} could not be looked at: ${host.because}.`],
  );
  return {
    key: 'roles',
    ask: 'What is to be on which host?',
    explains: `Each is a package; what is there already cannot be chosen. Packages of others may void the support of the hypervisor’s vendor.${silent.join('')}`,
    kind: 'many',
    columns: [
      { title: 'HOST', min: 8 },
      { title: 'ROLE', min: 11 },
      { title: 'FOR', min: 36, grow: 1 },
      { title: 'PACKAGE', min: 20, grow: 1, drop: 2 },
      { title: 'SYSTEM', min: 14, grow: 1, drop: 1 },
    ],
    choices: hosts.flatMap((host) =>
      host.ok
        ? ROLES.filter((role) => family.packages[role] !== undefined).map((role) =>
            roleChoice(host, family, role),
          )
        : [],
    ),
    default: [],
    least: 1,
  };
}

function roleChoice(host: InstallHost, family: Family, role: Role): Choice {
  const because = roleFault(host, family, role) ?? builtFromSource(host, family, role);
  return {
    value: `${host.name}:${role}`,
    cells: [
      { text: host.name },
      { text: role },
      { text: SAYS[role] },
      { text: family.packages[role] ?? '' },
      { text: host.flavour.os.says },
    ],
    gate: because === undefined ? open : closed(because),
  };
}

/** A package would overwrite, or be hidden by, what was built by hand. */
function builtFromSource({ flavour }: InstallHost, family: Family, role: Role): string | undefined {
  if (flavour.family?.packages.client !== family.packages.client) return undefined;
  const path = programPath(flavour, role);
  return path === undefined ? undefined : `${path} is there, from no package`;
}

function sourceQuestion(yum: readonly InstallHost[]): Question {
  const none = yum.length === 0 ? 'it is for hosts with yum, and none was chosen' : undefined;
  return {
    key: 'source',
    ask: 'Where do the packages come from?',
    explains:
      'The repositories of a hypervisor do not have LizardFS. A host without internet needs one of your own that it can reach.',
    kind: 'one',
    choices: [
      {
        value: 'configured',
        cells: [{ text: 'the repositories that each host has already' }],
        gate: open,
      },
      {
        value: 'repo-file',
        cells: [{ text: 'a repo file that each host fetches' }],
        gate: none === undefined ? open : closed(none),
      },
      { value: 'url', cells: [{ text: 'a repository of your own, by its URL' }], gate: open },
    ],
    default: 'configured',
  };
}

const repoFile: Question = {
  key: 'repoFile',
  ask: 'Where is the repo file?',
  explains: 'Each host fetches it itself.',
  kind: 'text',
  default: 'http://packages.lizardfs.com/yum/el7/lizardfs.repo',
};

const yumUrl: Question = {
  key: 'yumUrl',
  ask: 'At which URL is the repository for yum?',
  explains: 'The folder that holds repodata. Its packages are not checked by signatures.',
  kind: 'text',
  default: '',
  needed: true,
};

const aptUrl: Question = {
  key: 'aptUrl',
  ask: 'At which URL is the repository for apt?',
  explains:
    'A flat one: the folder that holds Packages. Its packages are not checked by signatures.',
  kind: 'text',
  default: '',
  needed: true,
};

function vault(hosts: readonly InstallHost[]): Question {
  const releases = new Set(hosts.map(({ flavour }) => flavour.os.centos ?? 'unknown'));
  return {
    key: 'vault',
    ask: 'Where is the vault of CentOS?',
    explains: `[base] brings FUSE, and CentOS moved these releases there (${[...releases].join(', ')}). Empty: [base] stays as it is.`,
    kind: 'text',
    default: 'http://vault.centos.org',
  };
}
