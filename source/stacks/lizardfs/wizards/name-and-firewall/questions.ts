import { open, type Choice, type Question } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import type { Answers } from '../../../../core/wizard.js';
import { hostsAddresses } from '../../../../files/hosts.js';
import { runs, programPath } from '../../flavour/parse.js';
import { isOpenRole, OPEN_ROLES, type OpenRole } from './answers.js';
import type { Found, KnownHost } from './look.js';

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const known = knownHosts(found);
  const name = textOf(answers.name) ?? firstName(known);
  const master = textOf(answers.master) ?? likelyMaster(known, name) ?? '';
  const chosen = listOf(answers.hosts) ?? known.map((host) => host.name);
  const taken = known.filter((host) => chosen.includes(host.name));
  return [
    hostsQuestion(found, known, name),
    {
      key: 'name',
      ask: 'By which name do they look for the master?',
      explains:
        'LizardFS and MooseFS take mfsmaster, SaunaFS sfsmaster, unless they are configured otherwise.',
      kind: 'text',
      default: firstName(known),
    },
    {
      key: 'master',
      ask: 'Which address does it have?',
      explains: 'That of the master, not of a shadow; under uraft the floating address.',
      kind: 'text',
      default: likelyMaster(known, name) ?? '',
    },
    ...changeQuestion(taken, name, master),
    {
      key: 'firewall',
      ask: 'Open the ports in the firewalls?',
      explains:
        'Where none runs nothing is done. Each change is put back by the host itself if it locks the console out.',
      kind: 'yes-no',
      default: true,
    },
    ...(answers.firewall === false ? [] : [...rolesQuestion(taken), sourcesQuestion]),
  ];
}

/** Hosts that were found whole. */
export function knownHosts({ hosts }: Found): readonly KnownHost[] {
  return hosts.flatMap((host) => (host.ok ? [host] : []));
}

/** The addresses that a host has for the name and that are not this one. */
export function otherwise(
  { hostsFile }: KnownHost,
  name: string,
  master: string,
): readonly string[] {
  return hostsAddresses(hostsFile, name).filter((address) => address !== master);
}

/** Roles whose daemon is installed on a host. */
export function installedRoles({ flavour }: KnownHost): readonly OpenRole[] {
  return Object.keys(OPEN_ROLES)
    .filter(isOpenRole)
    .filter((role) => programPath(flavour, role) !== undefined);
}

function hostsQuestion(found: Found, known: readonly KnownHost[], name: string): Question {
  const silent = found.hosts.flatMap((host) =>
    host.ok ? [] : [` ${host.name} could not be looked at: ${host.because}.`],
  );
  return {
    key: 'hosts',
    ask: 'On which hosts?',
    explains: `All that mount the file system or serve it.${silent.join('')}`,
    kind: 'many',
    columns: [
      { title: 'HOST', min: 8 },
      { title: 'SYSTEM', min: 12, grow: 1, drop: 1 },
      { title: name.toUpperCase(), min: 12, grow: 1 },
      { title: 'FIREWALL', min: 10, grow: 1 },
    ],
    choices: known.map((host) => ({
      value: host.name,
      cells: [
        { text: host.name },
        { text: host.flavour.os.says },
        { text: listed(hostsAddresses(host.hostsFile, name)) || 'no entry', tone: 'muted' },
        { text: keeperOf(host) },
      ],
      gate: open,
    })),
    default: known.map((host) => host.name),
    least: 1,
  };
}

function keeperOf({ firewall }: KnownHost): string {
  if (firewall.proxmox) return 'Proxmox';
  if (firewall.firewalld) return 'firewalld';
  if (firewall.ufw) return 'ufw';
  if (firewall.rulesTexts.length > 0) return 'iptables';
  return firewall.nftTexts.length > 0 ? 'nftables' : 'none kept';
}

/** An entry that says otherwise is changed only by saying so, host by host. */
function changeQuestion(
  hosts: readonly KnownHost[],
  name: string,
  master: string,
): readonly Question[] {
  const choices = hosts.flatMap((host): Choice[] => {
    const addresses = otherwise(host, name, master);
    if (addresses.length === 0) return [];
    return [
      {
        value: host.name,
        cells: [{ text: host.name }, { text: listed(addresses), tone: 'warning' }],
        gate: open,
        accepts: `${name} is no longer ${listed(addresses)} on ${host.name}`,
      },
    ];
  });
  if (choices.length === 0 || master === '') return [];
  return [
    {
      key: 'change',
      ask: 'Where may the entry be changed?',
      explains: `These hosts say otherwise than ${master}. What is mounted from there stays mounted from there until it is mounted anew.`,
      kind: 'many',
      columns: [
        { title: 'HOST', min: 8 },
        { title: 'SAYS NOW', min: 16, grow: 1 },
      ],
      choices,
      default: [],
    },
  ];
}

const sourcesQuestion: Question = {
  key: 'sources',
  ask: 'For whom are they opened?',
  explains:
    'Addresses or networks with blanks between: of all servers, and of all that mount. Empty: for everybody. What is open to everybody already stays so.',
  kind: 'text',
  default: '',
};

/** The ports of a role on a host. */
export function portsOf({ uraft }: KnownHost, role: OpenRole): readonly Port[] {
  if (role !== 'uraft') return OPEN_ROLES[role].map((port) => ({ port, protocol: 'tcp' }));
  return [
    { port: uraft.nodes, protocol: 'udp' },
    { port: uraft.status, protocol: 'tcp' },
  ];
}

interface Port {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

function rolesQuestion(hosts: readonly KnownHost[]): readonly Question[] {
  const all = hosts.flatMap((host) =>
    Object.keys(OPEN_ROLES)
      .filter(isOpenRole)
      .map((role) => ({ host, role })),
  );
  return [
    {
      key: 'roles',
      ask: 'What do they serve?',
      explains:
        'A host that only mounts needs no open port. Shadows count as masters: they may become one.',
      kind: 'many',
      columns: [
        { title: 'HOST', min: 8 },
        { title: 'SERVES AS', min: 12 },
        { title: 'PORTS', min: 16 },
        { title: 'FOUND', min: 12, grow: 1 },
      ],
      choices: all.map(({ host, role }) => ({
        value: `${host.name}:${role}`,
        cells: [
          { text: host.name },
          { text: role },
          {
            text: portsOf(host, role)
              .map(({ port }) => port)
              .join(' '),
          },
          { text: foundWords(host, role) },
        ],
        gate: open,
      })),
      default: hosts.flatMap((host) => installedRoles(host).map((role) => `${host.name}:${role}`)),
    },
  ];
}

function foundWords(host: KnownHost, role: OpenRole): string {
  if (runs(host.flavour, role)) return 'runs';
  return installedRoles(host).includes(role) ? 'installed' : 'not there';
}

function firstName(hosts: readonly KnownHost[]): string {
  const family = hosts.map(({ flavour }) => flavour.family).find((one) => one !== undefined);
  return `${family?.prefix ?? 'mfs'}master`;
}

/** What most entries say, else the floating address, else that of the host that is to be master. */
function likelyMaster(hosts: readonly KnownHost[], name: string): string | undefined {
  const floating = hosts.map((host) => host.floating).find((one) => one !== undefined);
  if (floating !== undefined) return floating.split('/')[0];
  const said = hosts.flatMap(({ hostsFile }) => hostsAddresses(hostsFile, name).slice(0, 1));
  const often = (address: string): number => said.filter((one) => one === address).length;
  const [most] = said
    .filter((one) => !one.startsWith('127.'))
    .toSorted((a, b) => often(b) - often(a));
  const master = hosts.find(({ isMaster }) => isMaster);
  return most ?? master?.flavour.addresses.find((address) => !address.includes(':'));
}

function textOf(answer: unknown): string | undefined {
  return typeof answer === 'string' ? answer : undefined;
}

function listOf(answer: unknown): readonly unknown[] | undefined {
  return Array.isArray(answer) ? answer : undefined;
}
