import { open, type Answers, type Question } from '../../../../core/form.js';
import { clean, listed } from '../../../../core/text.js';
import { addressOf, rangeOf } from '../../../../tools/ipv4.js';
import { chosenHosts, DEFAULT, hostsQuestion } from '../hosts.js';
import { freeBridge, type Found } from './look.js';

/** The questions: what leads where, addresses, and whether libvirt's own network goes. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const hosts = chosenHosts(found.hosts, answers.hosts);
  const named = hosts.flatMap(({ report }) =>
    report.networks.filter(({ name }) => name === answers.name),
  );
  const withDefault = hosts.filter(({ defaultXml }) => defaultXml !== undefined);
  return [
    hostsQuestion(
      found.hosts,
      'The network is made on each of them with the same address: a guest reaches the host that it runs on.',
    ),
    text(
      'name',
      'What is the network called?',
      'One word; guests name it in their definitions.',
      'storage',
    ),
    text(
      'address',
      'Which address does the host have on it?',
      'The same on all hosts, so that guests mount from the host on which they run. No other network of a host may overlap it.',
      '192.168.10.1',
    ),
    {
      key: 'prefix',
      ask: 'How long is the network’s prefix?',
      explains: '24 is a netmask of 255.255.255.0.',
      kind: 'number',
      default: 24,
      least: 8,
      most: 30,
      whole: true,
      unit: 'bits',
    },
    {
      key: 'forward',
      ask: 'Where does it lead?',
      explains:
        'A storage network leads nowhere: what is on it is reached by the host’s own guests alone.',
      kind: 'one',
      choices: [
        {
          value: 'isolated',
          cells: [{ text: 'isolated' }, { text: 'to its guests and the host alone' }],
          gate: open,
        },
        {
          value: 'nat',
          cells: [{ text: 'NAT' }, { text: 'out through the host, under its address' }],
          gate: open,
        },
      ],
      default: 'isolated',
    },
    text(
      'bridge',
      'What is its bridge called?',
      'The interface on the hosts; the name that is free on all of them is proposed.',
      named[0]?.bridge ?? freeBridge(found, hosts),
    ),
    {
      key: 'dhcp',
      ask: 'Give guests their addresses by DHCP?',
      explains: 'Exports to single guests need addresses that stay: then no.',
      kind: 'yes-no',
      default: false,
    },
    ...(answers.dhcp === true ? rangeQuestions(answers) : []),
    {
      key: 'autostart',
      ask: 'Start it at boot?',
      explains: 'A guest on a network that is not there cannot start.',
      kind: 'yes-no',
      default: true,
    },
    ...(withDefault.length === 0
      ? []
      : [
          {
            key: 'dropDefault',
            ask: `Take libvirt's own network ${DEFAULT} away?`,
            explains: `It is on ${clean(listed(withDefault.map(({ name }) => name)))}. Stopped alone it would come back at the next start of libvirtd.`,
            kind: 'yes-no' as const,
            default: false,
          },
        ]),
  ];
}

function text(key: string, ask: string, explains: string, value: string): Question {
  return { key, ask, explains, kind: 'text', default: value };
}

function rangeQuestions({ address, prefix }: Answers): readonly Question[] {
  const range = typeof address === 'string' ? rangeOf(address, Number(prefix)) : undefined;
  const size = range ? range.last - range.first + 1 : 0;
  const from = range && size >= 8 ? addressOf(range.first + Math.floor(size / 2)) : '';
  const to = range && size >= 8 ? addressOf(range.last - 1) : '';
  return [
    text('from', 'From which address?', 'The first that DHCP gives out.', from),
    text('to', 'To which address?', 'The last that DHCP gives out.', to),
  ];
}
