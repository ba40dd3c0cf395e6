import type { Fault } from '../../../../core/form.js';
import { nameFault } from '../../../../steps/network/index.js';
import { networkText, overlap, type Cidr } from '../../../../tools/ipv4.js';
import { interfaceAddress, type NetworkAnswers } from './answers.js';
import type { Found, KnownHost } from './look.js';
import { chosenNics } from './questions.js';

/** What is wrong with the answers, by what was found. */
export function answerFaults(found: Found, answers: NetworkAnswers): readonly Fault[] {
  const known = found.hosts.flatMap((host) => (host.ok ? [host] : []));
  return [
    ...silentFaults(found, answers),
    ...nicFaults(known, answers),
    ...rowFaults(known, answers),
    ...networkFaults(known, answers),
    ...nameFaults(answers.name),
  ];
}

function silentFaults({ hosts }: Found, { addresses }: NetworkAnswers): readonly Fault[] {
  return addresses.flatMap(({ host: name }, row) => {
    const host = hosts.find((one) => one.name === name);
    const key = `addresses.${row}.host`;
    if (!host) return [{ key, says: `${name} is not among the hosts that were looked at` }];
    return host.ok ? [] : [{ key, says: `${name} could not be looked at: ${host.because}` }];
  });
}

function nicFaults(known: readonly KnownHost[], { nics }: NetworkAnswers): readonly Fault[] {
  const chosen = chosenNics(known, nics);
  const strange = nics.filter(
    (value) => !chosen.some(({ host, nic }) => value === `${host.name}:${nic.name}`),
  );
  const many = known.filter((host) => chosen.filter((one) => one.host === host).length > 1);
  return [
    ...strange.map((value) => ({ key: 'nics', says: `${value}: there is no such interface` })),
    ...many.map(({ name }) => ({ key: 'nics', says: `${name}: choose one of its interfaces` })),
  ];
}

function rowFaults(
  known: readonly KnownHost[],
  { nics, addresses }: NetworkAnswers,
): readonly Fault[] {
  const chosen = new Set(chosenNics(known, nics).map(({ host }) => host.name));
  const without = [...chosen].filter((name) => !addresses.some(({ host }) => host === name));
  return [
    ...without.map((name) => ({ key: 'addresses', says: `${name} has no address` })),
    ...addresses.flatMap(({ host, address }, row) => [
      ...(known.some(({ name }) => name === host) && !chosen.has(host)
        ? [{ key: `addresses.${row}.host`, says: `${host}: none of its interfaces is chosen` }]
        : []),
      ...(addresses.findIndex((one) => one.host === host) < row
        ? [{ key: `addresses.${row}.host`, says: `${host} stands there twice` }]
        : []),
      ...(addresses.findIndex((one) => bare(one.address) === bare(address)) < row
        ? [{ key: `addresses.${row}.address`, says: `${bare(address)} stands there twice` }]
        : []),
    ]),
  ];
}

/** All in one network, and no other interface of theirs in it. */
function networkFaults(
  known: readonly KnownHost[],
  { nics, addresses }: NetworkAnswers,
): readonly Fault[] {
  const cidrs = addresses.flatMap(({ address }) => interfaceAddress(address) ?? []);
  const [first] = cidrs;
  if (!first) return [];
  const apart = addresses.flatMap(({ address }, row) => {
    const one = interfaceAddress(address);
    if (!one || networkText(one) === networkText(first)) return [];
    return [
      {
        key: `addresses.${row}.address`,
        says: `${address} is in another network than ${first.address}/${first.bits}`,
      },
    ];
  });
  const chosen = new Set(chosenNics(known, nics).map(({ host }) => host));
  return [...apart, ...[...chosen].flatMap((host) => elsewhere(host, nics, first))];
}

function elsewhere(host: KnownHost, nics: readonly string[], network: Cidr): readonly Fault[] {
  return host.network.nics
    .filter((nic) => !nics.includes(`${host.name}:${nic.name}`))
    .flatMap((nic) =>
      nic.addresses.flatMap((text) => {
        const cidr = interfaceAddress(text);
        if (!cidr || !overlap(cidr.network, network.network)) return [];
        const says = `${host.name} is in that network with ${nic.name} already (${text}): which way would a packet go?`;
        return [{ key: 'addresses', says }];
      }),
    );
}

function nameFaults(name: string): readonly Fault[] {
  const says = name === '' ? undefined : nameFault(name);
  return says === undefined ? [] : [{ key: 'name', says }];
}

function bare(cidr: string): string {
  return cidr.split('/')[0] ?? cidr;
}
