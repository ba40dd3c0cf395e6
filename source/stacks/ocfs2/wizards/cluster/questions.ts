import { closed, open, type Choice, type Gate, type Question } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { Answers } from '../../../../core/wizard.js';
import { sharedDevices, type SharedDevice } from './devices.js';
import type { NodeHost } from './host.js';
import { knownHosts, type Found } from './look.js';
import { commonNetworks, existingCluster } from './nodes.js';

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const known = knownHosts(found);
  const chosen = chosenHosts(known, answers);
  const devices = sharedDevices(chosen, found.around.neverTouch);
  const device = devices.find(({ path }) => path === answers.device);
  const cluster = existingCluster(chosen);
  const isNew = answers.fileSystem !== 'existing';
  const whole = chosen.every(({ state }) =>
    cluster.nodes.some(({ name }) => name === state.hostname.split('.')[0]),
  );
  return [
    hostsQuestion(found, known),
    ...(cluster.name === undefined ? [clusterQuestion] : []),
    ...(whole ? [] : [networkQuestion(chosen)]),
    deviceQuestion(devices),
    ...(device?.existing ? [existingQuestion(device)] : []),
    ...(isNew && device && device.holds.length > 0 ? [acceptQuestion(device)] : []),
    ...(isNew ? makeQuestions(chosen) : []),
    {
      key: 'mountPoint',
      ask: 'Where is it mounted?',
      explains: 'The same place on all nodes.',
      kind: 'text',
      default: '/vol/data',
    },
    {
      key: 'options',
      ask: 'With which options?',
      explains:
        '_netdev is there in any case. data=writeback is faster, and after a crash files may hold old blocks.',
      kind: 'text',
      default: 'noatime,nodiratime',
    },
    {
      key: 'test',
      ask: 'Write on one node and read on the others?',
      explains: 'A small file with a name that nobody has is written, read, and taken away again.',
      kind: 'yes-no',
      default: true,
    },
  ];
}

/** The hosts chosen so far; all that can be nodes before anything is answered. */
function chosenHosts(known: readonly NodeHost[], { hosts }: Answers): readonly NodeHost[] {
  if (!Array.isArray(hosts)) return known.filter((host) => gateOf(host).open);
  return known.filter(({ name }) => hosts.includes(name));
}

/** Why a host cannot be a node. */
export function gateOf({ installed, apt, module }: NodeHost): Gate {
  if (!module) return closed('its kernel has no OCFS2');
  if (!installed && !apt) return closed('ocfs2-tools are not installed there');
  return open;
}

function hostsQuestion(found: Found, known: readonly NodeHost[]): Question {
  const silent = found.hosts.flatMap((host) =>
    host.ok ? [] : [` ${host.name} could not be looked at: ${host.because}.`],
  );
  return {
    key: 'hosts',
    ask: 'Which hosts are the nodes?',
    explains: `Each gets the same cluster.conf, in which it is known by its short host name.${silent.join('')}`,
    kind: 'many',
    columns: [
      { title: 'HOST', min: 8 },
      { title: 'NODE NAME', min: 10 },
      { title: 'CLUSTER NOW', min: 12, grow: 1 },
    ],
    choices: known.map((host) => ({
      value: host.name,
      cells: [
        { text: host.name },
        { text: host.state.hostname.split('.')[0] ?? '' },
        { text: standing(host) },
      ],
      gate: gateOf(host),
    })),
    default: known.filter((host) => gateOf(host).open).map(({ name }) => name),
    least: 2,
  };
}

function standing({ installed, confText, state }: NodeHost): string {
  if (!installed) return 'not installed';
  if (confText === null) return 'none';
  return state.online === true ? 'online' : 'offline';
}

const clusterQuestion: Question = {
  key: 'cluster',
  ask: 'What is the cluster called?',
  explains: 'At most 16 letters and digits. There is one cluster on a host.',
  kind: 'text',
  default: 'ocfs2',
};

function networkQuestion(chosen: readonly NodeHost[]): Question {
  const networks = commonNetworks(chosen);
  return {
    key: 'network',
    ask: 'By which network do the nodes speak to each other?',
    explains:
      'Locks travel on it: a node that is not heard for half a minute is thrown out. Take the one of its own for the cluster.',
    kind: 'one',
    choices: networks.map(({ cidr, addresses }) => ({
      value: cidr,
      cells: [{ text: cidr }, { text: listed([...addresses.values()]) }],
      gate: open,
    })),
    ...(networks.length === 1 && { default: networks[0]?.cidr ?? '' }),
  };
}

function deviceQuestion(devices: readonly SharedDevice[]): Question {
  return {
    key: 'device',
    ask: 'Which device holds the file system?',
    explains:
      'One that all nodes have: a DRBD device that is Primary on both sides, or a disk that all of them see.',
    kind: 'one',
    choices: devices.map(deviceChoice),
  };
}

function deviceChoice(device: SharedDevice): Choice {
  const { path, what, sizeBytes, holds, because, unusable, existing } = device;
  const gate =
    unusable !== undefined
      ? closed(unusable)
      : because !== undefined && !existing
        ? closed(because)
        : open;
  return {
    value: path,
    cells: [
      { text: path },
      { text: what },
      { text: bytes(sizeBytes) },
      holds.length > 0 ? { text: listed(holds), tone: 'warning' } : { text: 'blank', tone: 'good' },
    ],
    gate,
  };
}

function existingQuestion({ existing, because }: SharedDevice): Question {
  return {
    key: 'fileSystem',
    ask: 'It holds an OCFS2 file system. Is that used, or a new one made?',
    explains: 'A new one loses all that is on it.',
    kind: 'one',
    choices: [
      {
        value: 'existing',
        cells: [{ text: 'existing' }, { text: existing?.label ?? '' }],
        gate: open,
      },
      {
        value: 'new',
        cells: [{ text: 'new' }, { text: 'loses what is on it' }],
        gate: because === undefined ? open : closed(because),
      },
    ],
    default: 'existing',
  };
}

function acceptQuestion({ path, holds }: SharedDevice): Question {
  return {
    key: 'accept',
    ask: 'What may be lost?',
    explains: `${path} is not blank. Each thing on it is accepted by its own name.`,
    kind: 'many',
    columns: [{ title: 'IS LOST', min: 12, grow: 1 }],
    choices: holds.map((held) => ({
      value: held,
      cells: [{ text: held, tone: 'warning' }],
      gate: open,
    })),
    default: [],
  };
}

function makeQuestions(chosen: readonly NodeHost[]): readonly Question[] {
  return [
    {
      key: 'label',
      ask: 'What is the file system called?',
      explains: 'Its label, by which people and blkid know it.',
      kind: 'text',
      default: 'data',
    },
    {
      key: 'slots',
      ask: 'How many nodes may have it mounted at a time?',
      explains: 'Each takes a slot with a journal of its own. More can be added later, fewer not.',
      kind: 'number',
      default: Math.max(2, chosen.length),
      least: Math.max(1, chosen.length),
      most: 255,
      whole: true,
    },
    {
      key: 'use',
      ask: 'What is it for?',
      explains: 'The size of its clusters and journals follows from it (mkfs.ocfs2(8), -T).',
      kind: 'one',
      choices: [
        ['any', 'by its size'],
        ['mail', 'many small files'],
        ['datafiles', 'few large files of databases'],
        ['vmstore', 'disks of guests'],
      ].map(([value = '', says = '']) => ({
        value,
        cells: [{ text: value }, { text: says }],
        gate: open,
      })),
      default: 'any',
    },
    {
      key: 'features',
      ask: 'Which features does it get?',
      explains: 'What the kernel of any node does not know keeps that node from mounting it.',
      kind: 'one',
      choices: featureChoices(chosen),
      default: 'default',
    },
  ];
}

/** `append-dio`, the newest of all, is of Linux 4.0; quota and metaecc of 2.6.29 (fs/ocfs2/ocfs2_fs.h). */
const NEWEST = [4, 0] as const;

function featureChoices(chosen: readonly NodeHost[]): readonly Choice[] {
  const old = chosen.filter(({ kernel }) => isOlder(kernel)).map(({ name }) => name);
  const because = `the kernel of ${listed(old)} may not know all of them`;
  return [
    ['default', 'what mkfs.ocfs2 takes by itself', open] as const,
    [
      'max-features',
      'all, with quota, metadata checksums and indexed folders',
      old.length > 0 ? closed(because) : open,
    ] as const,
    ['max-compat', 'only what the oldest kernels know', open] as const,
  ].map(([value, says, gate]) => ({ value, cells: [{ text: value }, { text: says }], gate }));
}

/** Whether a kernel is older than what knows every feature. */
export function isOlder(kernel: string): boolean {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  return Number(major) < NEWEST[0] || (Number(major) === NEWEST[0] && Number(minor) < NEWEST[1]);
}
