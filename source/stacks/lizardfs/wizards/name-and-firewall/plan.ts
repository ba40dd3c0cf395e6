import type { Fault } from '../../../../core/form.js';
import type { Basis } from '../../../../core/plan.js';
import { listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { hostsAddresses, printHosts, setHostsName } from '../../../../files/hosts.js';
import {
  inNetwork,
  openPorts,
  plainSources,
  wantedPorts,
  type Opening,
} from '../../../../steps/firewall/open-ports.js';
import { isOpenRole, sourceWords, type NameAnswers } from './answers.js';
import { Steps } from '../../../../core/plan-steps.js';
import type { Found, KnownHost } from './look.js';
import { installedRoles, knownHosts, otherwise, portsOf } from './questions.js';

/**
 * The plan: for each host the entry in /etc/hosts and a look at what the name means then, and the
 * ports of what it serves. What is so already is left out.
 */
export function plan(found: Found, answers: NameAnswers): Drafted {
  const hosts = knownHosts(found).filter(({ name }) => answers.hosts.includes(name));
  const openings = new Map(hosts.map((host) => [host, opening(host, answers)] as const));
  const faults = [
    ...hostFaults(found, answers),
    ...entryFaults(hosts, answers),
    ...refusals(openings),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const steps = new Steps();
  for (const host of hosts) addEntry(steps, host, answers);
  for (const [host, { steps: list }] of openings) {
    for (const { kind, params } of list) steps.add(host.name, kind, params);
  }
  return {
    ok: true,
    draft: {
      title: `${answers.name} is ${answers.master}, and open ports, on ${listed(answers.hosts)}`,
      steps: steps.list,
      basis: basisOf(openings),
      confirmations: [],
      loses: [],
      putBack:
        '/etc/hosts and the files of the firewalls as they were; the rules are taken out again.',
      warnings: [
        ...[...openings].flatMap(([host, one]) => warnings(host, one, answers)),
        ...shutOut(found, answers),
      ],
    },
  };
}

function addEntry(steps: Steps, host: KnownHost, { name, master }: NameAnswers): void {
  const after = printHosts(setHostsName(host.hostsFile, name, master));
  if (after === host.hostsText) return;
  steps.add(host.name, 'file.edit', { path: '/etc/hosts', before: host.hostsText, after });
  // Other sources of names may be asked before the file.
  const look = 'getent ahostsv4 "$1" | head -n 1 | cut -d" " -f1';
  steps.add(host.name, 'look.confirm', {
    title: `see that ${name} is found`,
    on: master,
    shows: { argv: ['sh', '-c', look, 'sh', name], expect: master },
  });
}

function opening(
  host: KnownHost,
  { firewall: isWanted, roles, master, sources }: NameAnswers,
): Opening {
  const whom = plainSources(sourceWords(sources)) ?? [];
  const ports = roles.flatMap((role) => {
    const [name = '', what = ''] = splitLast(role);
    return isWanted && name === host.name && isOpenRole(what) ? portsOf(host, what) : [];
  });
  const of = (wanted: 'tcp' | 'udp'): readonly number[] =>
    [
      ...new Set(ports.flatMap(({ port, protocol }) => (protocol === wanted ? [port] : []))),
    ].toSorted((a, b) => a - b);
  const wanted = [...wantedPorts(of('tcp'), whom), ...wantedPorts(of('udp'), whom, 'udp')];
  return openPorts(host.firewall, wanted, master);
}

function basisOf(openings: ReadonlyMap<KnownHost, Opening>): readonly Basis[] {
  return [...openings].flatMap(([{ name }, { basis }]) =>
    basis.map((one) => ({ host: name, ...one })),
  );
}

function hostFaults(found: Found, { hosts, roles, change }: NameAnswers): readonly Fault[] {
  const because = (name: string): string | undefined => {
    const host = found.hosts.find((one) => one.name === name);
    if (!host) return `${name} is not among the hosts that were looked at`;
    return host.ok ? undefined : `${name} could not be looked at: ${host.because}`;
  };
  const silent = hosts.flatMap((name) => because(name) ?? []);
  const strange = [...change, ...roles.map((role) => splitLast(role)[0] ?? '')].filter(
    (name) => !hosts.includes(name),
  );
  const unknown = roles.filter((role) => !isOpenRole(splitLast(role)[1] ?? ''));
  return [
    ...silent.map((says) => ({ key: 'hosts', says })),
    ...[...new Set(strange)].map((name) => ({ key: 'hosts', says: `${name} is not chosen` })),
    ...unknown.map((role) => ({ key: 'roles', says: `${role}: there is no such role` })),
  ];
}

function entryFaults(hosts: readonly KnownHost[], answers: NameAnswers): readonly Fault[] {
  const { name, master, change } = answers;
  if (/^(?:127\.|0\.)/.test(master)) {
    return [{ key: 'master', says: `${master} is each host itself, not one address for all` }];
  }
  return hosts.flatMap((host) => {
    const addresses = otherwise(host, name, master);
    if (addresses.length === 0 || change.includes(host.name)) return [];
    const says = `${host.name}: ${name} is ${listed(addresses)} there; that it is changed must be said`;
    return [{ key: 'change', says }];
  });
}

function refusals(openings: ReadonlyMap<KnownHost, Opening>): readonly Fault[] {
  return [...openings].flatMap(([{ name }, { refused }]) =>
    refused === undefined ? [] : [{ key: 'roles', says: `${name}: ${refused}` }],
  );
}

/** A host that is none of the sources would find the ports closed. */
function shutOut(found: Found, { sources, firewall }: NameAnswers): readonly string[] {
  const whom = sourceWords(sources);
  if (!firewall || whom.length === 0) return [];
  return knownHosts(found).flatMap(({ name, flavour: { addresses } }) => {
    const isIn = addresses.some((address) => whom.some((source) => inNetwork(address, source)));
    return isIn
      ? []
      : [`${name}: none of its addresses is among the sources: nothing is opened for it.`];
  });
}

function warnings(host: KnownHost, opening: Opening, answers: NameAnswers): readonly string[] {
  const { name, hostsText, flavour } = host;
  const { roles, master } = answers;
  const shut = installedRoles(host).filter((role) => !roles.includes(`${name}:${role}`));
  const moved = otherwise(host, answers.name, master);
  const isHere = flavour.addresses.includes(master);
  const serves = roles.includes(`${name}:master`);
  return [
    ...opening.warnings.map((says) => `${name}: ${says}.`),
    ...(answers.firewall && shut.length > 0
      ? [`${name}: it is installed as ${listed(shut)}, whose ports are not opened.`]
      : []),
    ...(moved.length > 0
      ? [`${name}: what is mounted from ${listed(moved)} stays so until it is mounted anew.`]
      : []),
    ...(hostsText.includes('manage_etc_hosts') &&
    hostsAddresses(host.hostsFile, answers.name)[0] !== master
      ? [`${name}: cloud-init may write /etc/hosts anew at the next boot (manage_etc_hosts).`]
      : []),
    ...(isHere && answers.firewall && !serves
      ? [`${name}: ${master} is its own address, but the ports of a master are not opened there.`]
      : []),
  ];
}

/** `xs-1:master` in two; a host's name may hold colons, a role's cannot. */
function splitLast(text: string): readonly [string?, string?] {
  const at = text.lastIndexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
