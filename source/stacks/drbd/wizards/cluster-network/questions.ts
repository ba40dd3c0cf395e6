import { closed, open, type Answers, type Gate, type Question } from '../../../../core/form.js';
import { count, listed } from '../../../../core/text.js';
import type { Network, Nic } from '../../../../steps/network/index.js';
import type { Found, KnownHost } from './look.js';

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const known = found.hosts.flatMap((host) => (host.ok ? [host] : []));
  const chosen = chosenNics(known, answers.nics);
  return [
    nicsQuestion(found, known),
    {
      key: 'name',
      ask: 'What are they called from now on?',
      explains:
        'The same name on all, by the card, at every boot: cluster0. Names of the kernel such as eth1 wander among cards. Empty: they keep the names that they have.',
      kind: 'text',
      default: chosen.some(({ nic }) => /^eth\d+$/.test(nic.name)) ? 'cluster0' : '',
    },
    {
      key: 'addresses',
      ask: 'Which addresses do they have there?',
      explains: 'With their prefix, all of one network that nothing else uses: 192.168.3.6/24.',
      kind: 'table',
      row: 'address',
      columns: [
        {
          key: 'host',
          ask: 'Host',
          explains: '',
          kind: 'text',
          default: '',
          column: { title: 'HOST', min: 10, grow: 1 },
        },
        {
          key: 'address',
          ask: 'Address and prefix',
          explains: 'Such as 192.168.3.6/24.',
          kind: 'text',
          default: '',
          column: { title: 'ADDRESS', min: 18, grow: 1 },
        },
      ],
      default: chosen.map(({ host, nic }) => ({
        host: host.name,
        address: nic.addresses[0] ?? '',
      })),
      least: 1,
    },
    {
      key: 'suffix',
      ask: 'What stands behind a host’s name on this network?',
      explains: `In /etc/hosts of all of them: ${known[0]?.short ?? 'fiori'}-cluster. DRBD and OCFS2 take addresses; the names are for people. Empty: no entries.`,
      kind: 'text',
      default: '-cluster',
    },
  ];
}

/** The interfaces that were chosen, with their hosts; what is not there is passed over. */
export function chosenNics(
  hosts: readonly KnownHost[],
  answer: unknown,
): readonly { readonly host: KnownHost; readonly nic: Nic }[] {
  const values: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return hosts.flatMap((host) =>
    host.network.nics.flatMap((nic) =>
      values.includes(`${host.name}:${nic.name}`) ? [{ host, nic }] : [],
    ),
  );
}

function nicsQuestion(found: Found, known: readonly KnownHost[]): Question {
  const silent = found.hosts.flatMap((host) =>
    host.ok ? [] : [` ${host.name} could not be looked at: ${host.because}.`],
  );
  return {
    key: 'nics',
    ask: 'Which interface of each host is for the cluster?',
    explains: `A card of its own keeps replication apart from everything else.${silent.join('')}`,
    kind: 'many',
    columns: [
      { title: 'HOST', min: 8 },
      { title: 'INTERFACE', min: 9 },
      { title: 'LINK', min: 12, grow: 1 },
      { title: 'ADDRESSES', min: 14, grow: 2 },
      { title: 'CARD', min: 17, drop: 1 },
    ],
    choices: known.flatMap((host) =>
      host.network.nics.map((nic) => ({
        value: `${host.name}:${nic.name}`,
        cells: [
          { text: host.name },
          { text: nic.name },
          { text: linkWords(nic) },
          { text: listed(nic.addresses) || 'none', tone: 'muted' },
          { text: nic.mac },
        ],
        gate: gateOf(host.network, nic),
      })),
    ),
    default: [],
    least: Math.max(1, known.length),
  };
}

function linkWords({ up, carrier, speed }: Nic): string {
  if (!up) return 'down';
  if (carrier === false) return 'no carrier';
  if (speed === undefined) return 'carrier';
  return speed >= 1000 ? `${speed / 1000} Gbit/s` : `${speed} Mbit/s`;
}

function gateOf({ reachedAt }: Network, nic: Nic): Gate {
  if (!nic.physical) return closed('it is no card: a bridge, bond, VLAN or tunnel');
  if (nic.master !== undefined) return closed(`it is a part of ${nic.master}`);
  if (nic.addresses.some((cidr) => cidr.split('/')[0] === reachedAt)) {
    return closed('the console’s connection comes in through it');
  }
  if (nic.isDefault) return closed('the default route goes through it');
  if (nic.addresses.length > 1) {
    return closed(`it has ${count(nic.addresses.length, 'address', 'addresses')} already`);
  }
  return open;
}
