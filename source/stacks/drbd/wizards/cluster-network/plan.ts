import type { Fault } from '../../../../core/form.js';
import type { Basis } from '../../../../core/plan.js';
import { Steps } from '../../../../core/plan-steps.js';
import { listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { hostsAddresses, parseHosts, printHosts, setHostsName } from '../../../../files/hosts.js';
import {
  addAddressNow,
  fileEdit,
  keptAddress,
  persistentName,
  renameNow,
  seePeers,
  type Making,
  type Nic,
  type Part,
} from '../../../../steps/network/index.js';
import type { NetworkAnswers } from './answers.js';
import { answerFaults } from './checks.js';
import type { Found, KnownHost } from './look.js';
import { chosenNics } from './questions.js';

/** What one host gets. */
export interface Member {
  readonly host: KnownHost;
  readonly nic: Nic;
  /** `192.168.3.6/24` */
  readonly cidr: string;
  /** What it is called when it is used. */
  readonly name: string;
  /** The new name comes only with the next boot: what has an address is not taken down. */
  readonly later: boolean;
}

/**
 * The plan: what runs comes first and under guard, on every host; then each sees the others there; only
 * then it is written down for the next boot. What is so already is left out.
 */
export function plan(found: Found, answers: NetworkAnswers): Drafted {
  const wrong = answerFaults(found, answers);
  if (wrong.length > 0) return { ok: false, faults: wrong };
  const members = membersOf(found, answers);
  const parts = members.map((member) => ({ member, ...keptParts(member) }));
  const faults = [
    ...parts.flatMap(({ member, name, address }) => [
      ...refusal('name', member, name),
      ...refusal('nics', member, address),
    ]),
    ...members.flatMap((member) => entryFaults(member, members, answers)),
  ];
  if (faults.length > 0) return { ok: false, faults };

  const steps = new Steps();
  for (const member of members) addRunning(steps, member);
  const seen = addSights(steps, members);
  for (const { member, name, address } of parts) {
    const kept = [name, address].flatMap((part) => ('refused' in part ? [] : part.steps));
    // Nothing is written down before all have seen each other.
    [...kept, ...entries(member, members, answers)].forEach(({ kind, params }, index) => {
      steps.add(member.host.name, kind, params, index === 0 && seen.length > 0 ? seen : undefined);
    });
  }
  return {
    ok: true,
    draft: {
      title: `A cluster network on ${listed(members.map(({ host }) => host.name))}`,
      steps: steps.list,
      basis: members.map(basisOf),
      confirmations: [],
      loses: [],
      putBack:
        'The addresses are taken off again, the cards get their old names, and the files are as they were.',
      warnings: parts.flatMap(({ member, name, address }) => [
        ...[name, address].flatMap((part) => ('refused' in part ? [] : part.warnings)),
        ...warnings(member),
      ]),
    },
  };
}

function membersOf(found: Found, { nics, addresses, name }: NetworkAnswers): readonly Member[] {
  const known = found.hosts.flatMap((host) => (host.ok ? [host] : []));
  return chosenNics(known, nics).flatMap(({ host, nic }) => {
    const cidr = addresses.find((row) => row.host === host.name)?.address;
    if (cidr === undefined) return [];
    const wanted = name === '' ? nic.name : name;
    const later = wanted !== nic.name && nic.addresses.length > 0;
    return [{ host, nic, cidr, name: wanted, later }];
  });
}

function keptParts({ host, nic, cidr, name }: Member): {
  readonly name: Part;
  readonly address: Part;
} {
  const { network } = host;
  return {
    name: name === nic.name ? { steps: [], warnings: [] } : persistentName(network, nic, name),
    address: keptAddress(network, name, cidr),
  };
}

function refusal(key: string, { host }: Member, part: Part): readonly Fault[] {
  return 'refused' in part ? [{ key, says: `${host.name}: ${part.refused}` }] : [];
}

/** The name that an interface has while the plan is carried out. */
function nameNow({ nic, name, later }: Member): string {
  return later ? nic.name : name;
}

function addRunning(steps: Steps, member: Member): void {
  const { host, nic, cidr, name, later } = member;
  if (name !== nic.name && !later) {
    const { kind, params } = renameNow(nic, name);
    steps.add(host.name, kind, params);
  }
  if (nic.addresses.includes(cidr)) return;
  const { kind, params } = addAddressNow(nic, nameNow(member), cidr);
  steps.add(host.name, kind, params);
}

/** Each sees all others, when all have their addresses; gives the steps that see it. */
function addSights(steps: Steps, members: readonly Member[]): readonly string[] {
  if (members.length < 2) return [];
  const all = steps.ends;
  const first = steps.list.length;
  for (const member of members) {
    const peers = members.filter((one) => one !== member).map(addressOf);
    const { kind, params } = seePeers(nameNow(member), peers);
    steps.add(member.host.name, kind, params, all);
  }
  return steps.list.slice(first).map(({ id }) => id);
}

function entries(
  { host }: Member,
  members: readonly Member[],
  { suffix }: NetworkAnswers,
): readonly Making[] {
  const before = host.network.texts.get('/etc/hosts');
  if (suffix === '' || before === undefined) return [];
  const file = members.reduce(
    (made, one) => setHostsName(made, `${one.host.short}${suffix}`, addressOf(one)),
    parseHosts(before),
  );
  return fileEdit(host.network.texts, '/etc/hosts', printHosts(file));
}

/** A name that means another address already is left to a person. */
function entryFaults(
  { host }: Member,
  members: readonly Member[],
  { suffix }: NetworkAnswers,
): readonly Fault[] {
  if (suffix === '') return [];
  const text = host.network.texts.get('/etc/hosts');
  if (text === undefined)
    return [{ key: 'suffix', says: `${host.name}: /etc/hosts cannot be read` }];
  const file = parseHosts(text);
  return members.flatMap((one) => {
    const entry = `${one.host.short}${suffix}`;
    const other = hostsAddresses(file, entry).filter((address) => address !== addressOf(one));
    if (other.length === 0) return [];
    return [{ key: 'suffix', says: `${host.name}: ${entry} is ${listed(other)} there already` }];
  });
}

function basisOf({ host, nic }: Member): Basis {
  return {
    host: host.name,
    says: `the card behind ${nic.name}`,
    argv: ['cat', `/sys/class/net/${nic.name}/address`],
    expect: nic.mac,
  };
}

function warnings({ host, nic, name, later }: Member): readonly string[] {
  return [
    ...(later
      ? [
          `${host.name}: ${nic.name} has an address, so it is not taken down: it is called ${name} after the next boot.`,
        ]
      : []),
    ...(nic.carrier === false ? [`${host.name}: ${nic.name} hears no carrier.`] : []),
  ];
}

function addressOf({ cidr }: Member): string {
  return cidr.split('/')[0] ?? cidr;
}
