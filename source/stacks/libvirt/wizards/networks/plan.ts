import type { Fault } from '../../../../core/form.js';
import type { Basis } from '../../../../core/plan.js';
import { Steps } from '../../../../core/plan-steps.js';
import { clean, listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { numberOf, overlap, rangeOf } from '../../../../tools/ipv4.js';
import { difference, type NetworkDefinition } from '../../steps/network-definition.js';
import { chosenHosts, DEFAULT, hostFaults, type AbleHost } from '../hosts.js';
import type { NetworkAnswers } from './answers.js';
import type { Found } from './look.js';

/** The plan: libvirt's own network goes first where it is to, then the new one comes on each host. */
export function plan(found: Found, answers: NetworkAnswers): Drafted {
  const hosts = chosenHosts(found.hosts, answers.hosts);
  const network = definitionOf(answers);
  const faults = [
    ...hostFaults(found.hosts, answers.hosts),
    ...ownFaults(answers),
    ...hosts.flatMap((host) => faultsOn(found, host, network, answers)),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const steps = new Steps();
  for (const host of hosts) addSteps(steps, host, network, answers);
  const place = `${network.address}/${network.prefix}`;
  return {
    ok: true,
    draft: {
      title: `Network ${network.name} (${place}) on ${listed(hosts.map(({ name }) => name))}`,
      steps: steps.list,
      basis: hosts.map(({ name }) => basisOf(name, network)),
      confirmations: [],
      loses: [],
      putBack:
        'The network is stopped, unless a guest is on it by then, and taken out of libvirt; the one that was taken out is defined again.',
      warnings: hosts.flatMap((host) => warningsOf(host, network)),
    },
  };
}

function definitionOf(answers: NetworkAnswers): NetworkDefinition {
  const { name, bridge, address, prefix, forward, dhcp, from = '', to = '' } = answers;
  return { name, bridge, address, prefix, forward, dhcp: dhcp ? { from, to } : null };
}

function addSteps(
  steps: Steps,
  { name: host, report, defaultXml }: AbleHost,
  network: NetworkDefinition,
  { autostart, dropDefault }: NetworkAnswers,
): void {
  const own = report.networks.find(({ name }) => name === DEFAULT);
  if (dropDefault && own && defaultXml !== undefined) {
    const was = { active: own.active, autostart: own.autostart };
    steps.add(host, 'libvirt.forget', { thing: 'network', name: DEFAULT, xml: defaultXml, ...was });
  }
  const { name } = network;
  steps.add(host, 'libvirt.define-network', { ...network });
  steps.add(host, 'libvirt.start', { thing: 'network', name });
  if (autostart) steps.add(host, 'libvirt.autostart', { thing: 'network', name });
}

/** What stands against the answers by themselves. */
function ownFaults(answers: NetworkAnswers): readonly Fault[] {
  const { name, address, prefix, dhcp, from, to, dropDefault } = answers;
  const range = rangeOf(address, prefix);
  const own = numberOf(address);
  if (!range || own === undefined) return [{ key: 'address', says: `${address} is no address` }];
  const faults: Fault[] = [];
  if (own === range.first || own === range.last) {
    faults.push({ key: 'address', says: `${address} is the network itself or its broadcast` });
  }
  if (dropDefault && name === DEFAULT) {
    faults.push({ key: 'name', says: `${DEFAULT} is the network that is to be taken away` });
  }
  if (!dhcp) return faults;
  const [first, last] = [numberOf(from ?? ''), numberOf(to ?? '')];
  if (first === undefined) faults.push({ key: 'from', says: 'it must be given' });
  if (last === undefined) faults.push({ key: 'to', says: 'it must be given' });
  if (first === undefined || last === undefined) return faults;
  if (first <= range.first || last >= range.last) {
    faults.push({ key: 'from', says: `it does not lie within ${address}/${prefix}` });
  }
  if (first > last) faults.push({ key: 'to', says: `it comes before ${from ?? ''}` });
  if (first <= own && own <= last) {
    faults.push({ key: 'from', says: `${address} is the host's own and lies within` });
  }
  return faults;
}

function faultsOn(
  { surfaces }: Found,
  host: AbleHost,
  network: NetworkDefinition,
  { dropDefault }: NetworkAnswers,
): readonly Fault[] {
  const { name, report } = host;
  const says = (key: string, what: string): Fault => ({ key, says: `${name}: ${clean(what)}` });
  const there = report.networks.find((one) => one.name === network.name);
  const differs = there && difference(there, network);
  if (differs !== undefined) {
    return [says('name', `there is another network ${network.name}: ${differs}`)];
  }
  const surface = surfaces.get(name);
  const gone = dropDefault ? report.networks.find((one) => one.name === DEFAULT) : undefined;
  const guests = gone
    ? report.guests.filter(({ networks }) => networks.includes(DEFAULT)).map((one) => one.name)
    : [];
  const faults: Fault[] = [];
  if (guests.length > 0) {
    faults.push(
      says('dropDefault', `${listed(guests)} ${guests.length === 1 ? 'is' : 'are'} on it`),
    );
  }
  if (network.dhcp && surface?.dnsmasq === false) {
    faults.push(says('dhcp', 'dnsmasq is not installed, which gives the addresses out'));
  }
  if (there) return faults;
  const bridged = report.networks.find((one) => one.bridge === network.bridge && one !== gone);
  if (bridged) faults.push(says('bridge', `it is that of the network ${bridged.name}`));
  else if (surface?.interfaces.has(network.bridge) === true && gone?.bridge !== network.bridge) {
    faults.push(says('bridge', `there is an interface ${network.bridge}`));
  }
  const clash = clashOf(host, surface?.taken ?? [], network, gone?.name, gone?.bridge);
  if (clash !== undefined) faults.push(says('address', clash));
  return faults;
}

/** What of the host's has addresses in common with the network; undefined: nothing. */
function clashOf(
  { report }: AbleHost,
  taken: readonly { address: string; prefix: number; by: string; device: string }[],
  network: NetworkDefinition,
  goneName: string | undefined,
  goneBridge: string | undefined,
): string | undefined {
  const wanted = rangeOf(network.address, network.prefix);
  const others = [
    ...taken.filter(({ device }) => device !== goneBridge),
    ...report.networks
      .filter(({ name }) => name !== goneName)
      .flatMap(({ name, addresses }) =>
        addresses.map((one) => ({ ...one, by: `the network ${name}` })),
      ),
  ];
  const found = others.find(({ address, prefix }) => {
    const range = rangeOf(address, prefix);
    return wanted !== undefined && range !== undefined && overlap(wanted, range);
  });
  return (
    found &&
    `${network.address}/${network.prefix} overlaps ${found.address}/${found.prefix} (${found.by})`
  );
}

/** An interface that got the address meanwhile makes the plan stale. */
function basisOf(host: string, { address, bridge }: NetworkDefinition): Basis {
  const script = 'ip -o -4 addr show | grep -F " inet $1/" | grep -vE "^[0-9]+: $2 " | wc -l';
  return {
    host,
    says: `that no other interface has ${address}`,
    argv: ['sh', '-c', script, 'sh', address, bridge],
    expect: '0',
  };
}

function warningsOf({ name, report }: AbleHost, network: NetworkDefinition): readonly string[] {
  return report.networks.some((one) => one.name === network.name)
    ? [
        `${name}: the network ${network.name} is there already as it is to be: what it lacks is done.`,
      ]
    : [];
}
