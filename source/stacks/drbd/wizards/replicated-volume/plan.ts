import type { Fault } from '../../../../core/form.js';
import type { Basis, Confirmation } from '../../../../core/plan.js';
import { listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { Draft, Drafted } from '../../../../core/wizard.js';
import { groupBasis } from '../../../../tools/volume-groups.js';
import type { NewResource, ReplicatedAnswers } from './answers.js';
import { ResourceSteps, resFile, type NodeSteps } from './build.js';
import { confText, SECRET, type ConfNode } from './conf.js';
import { planJoining } from './join.js';
import { RESOURCES, type Found, type KnownHost } from './look.js';
import { disksFor, nodeNamed, type NodeDisk } from './nodes.js';
import { freeMinor, freePort } from './numbers.js';

/** The plan of whichever way was chosen. */
export function plan(found: Found, answers: ReplicatedAnswers): Drafted {
  return answers.way === 'joins' ? planJoining(found, answers) : planNew(found, answers);
}

function planNew(found: Found, answers: NewResource): Drafted {
  const wanted =
    answers.way === 'first'
      ? [{ key: 'first', name: answers.first, answer: answers.firstDisk }]
      : [
          { key: 'first', name: answers.first, answer: answers.firstDisk },
          { key: 'second', name: answers.second, answer: answers.secondDisk },
        ];
  const faults: Fault[] = [];
  const nodes = wanted.flatMap(({ key, name, answer }) => {
    const host = nodeNamed(found, name);
    if (typeof host !== 'string') return [{ host, answer }];
    faults.push({ key, says: host });
    return [];
  });
  if (faults.length > 0) return { ok: false, faults };
  const hosts = nodes.map(({ host }) => host);
  faults.push(...answerFaults(hosts, answers));
  const picked = disksFor(found, nodes, answers);
  if ('faults' in picked) return { ok: false, faults: [...faults, ...picked.faults] };
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, draft: draft(hosts, picked.disks, answers) };
}

function answerFaults(hosts: readonly KnownHost[], answers: NewResource): readonly Fault[] {
  const faults: Fault[] = [];
  const fault = (key: string, says: string): void => void faults.push({ key, says });
  const { name } = answers;
  const [first, second] = hosts;
  for (const host of hosts) {
    if (host.resources.some((one) => one.name === name)) {
      fault('name', `${host.name} has a resource called ${name} already`);
    }
    if (host.facts.files.includes(resFile(name))) {
      fault('name', `${host.name} has a file ${resFile(name)} already`);
    }
  }
  if (first && second && first === second) fault('second', 'a host cannot be its own peer');
  if (first && second && first.driver !== second.driver) {
    fault(
      'second',
      `${first.name} has DRBD ${first.facts.kernel ?? ''}, ${second.name} ${second.facts.kernel ?? ''}: a new resource needs the same generation on both`,
    );
  }
  const given = [
    { key: 'firstAddress', host: first, address: answers.firstAddress },
    ...(answers.way === 'first'
      ? []
      : [{ key: 'secondAddress', host: second, address: answers.secondAddress }]),
  ];
  for (const { key, host, address } of given) {
    if (host && !host.facts.addresses.some((one) => one.address === address)) {
      fault(key, `${address} is no address of ${host.name}`);
    }
  }
  const other = answers.way === 'first' ? answers.peerAddress : answers.secondAddress;
  if (answers.firstAddress === other) {
    fault(
      answers.way === 'first' ? 'peerAddress' : 'secondAddress',
      'both sides have the same address',
    );
  }
  if (answers.way === 'first' && answers.peerName === first?.facts.uname) {
    fault('peerName', `${answers.peerName} is this host's own name`);
  }
  if (answers.dualPrimary && answers.protocol !== 'C') {
    fault('protocol', 'two Primaries need protocol C');
  }
  if (answers.fencing !== 'none' && answers.fenceHandler === '') {
    fault('fenceHandler', 'fencing needs the program that fences');
  }
  return faults;
}

function draft(
  hosts: readonly KnownHost[],
  disks: readonly NodeDisk[],
  answers: NewResource,
): Draft {
  const { name, way, secret, settings } = { ...answers, settings: answers };
  const driver = hosts[0]?.driver ?? '8.4';
  const minor = freeMinor(hosts);
  const port = freePort(hosts);
  const text = confText({ name, minor, port, driver, nodes: confNodes(disks, answers), settings });
  const nodes = disks.map((disk, index): NodeSteps => {
    const is = way === 'existing' ? (index === 0 ? 'data' : 'a copy') : 'blank';
    return { disk, resource: name, minor, driver, text, is };
  });
  const size = disks[0]?.sizeBytes ?? 0;
  const says = `shared-secret of ${name}`;
  const secrets = [{ name: SECRET, says, from: secret === 'make' ? 'made' : 'asked' } as const];
  return {
    title: `${name}: ${bytes(size)} replicated ${way === 'first' ? `from ${listed(hosts.map((one) => one.name))}, its peer to come` : `between ${listed(hosts.map((one) => one.name))}`}`,
    steps: stepsFor(nodes, answers),
    basis: disks.flatMap(basisOf),
    confirmations: disks.flatMap(confirmationOf),
    ...(secret !== 'none' && { secrets }),
    loses: disks.flatMap(({ host, backing, replaces }) =>
      replaces === undefined
        ? []
        : [`DRBD's metadata of another resource on ${backing} of ${host.name}`],
    ),
    putBack:
      'The resource is taken down, its metadata wiped, its file removed, and the volumes that were made are removed: as long as it is not in use and nothing was put on it. Otherwise it stays as it is.',
    warnings: warnings(answers, port),
  };
}

function confNodes(disks: readonly NodeDisk[], answers: NewResource): readonly ConfNode[] {
  const addresses = [
    answers.firstAddress,
    answers.way === 'first' ? answers.peerAddress : answers.secondAddress,
  ];
  const ours = disks.map(({ host, backing, metadata }, index): ConfNode => ({
    ...{ uname: host.facts.uname, disk: backing, address: addresses[index] ?? '' },
    metadata: metadata ? `/dev/${metadata.vg}/${metadata.name}` : 'internal',
  }));
  if (answers.way !== 'first') return ours;
  const { peerName, peerAddress, peerDisk, metadata } = answers;
  const beside = metadata === 'internal' ? 'internal' : `${peerDisk}-md`;
  return [...ours, { uname: peerName, address: peerAddress, disk: peerDisk, metadata: beside }];
}

function stepsFor(nodes: readonly NodeSteps[], { way, dualPrimary }: NewResource): Draft['steps'] {
  const steps = new ResourceSteps();
  const [first, second] = nodes;
  for (const node of nodes) steps.volumes(node);
  for (const node of nodes) steps.configure(node);
  for (const node of nodes) steps.accepted(node);
  for (const node of nodes) steps.metadata(node);
  for (const node of nodes) steps.up(node);
  if (!first) return steps.list;
  if (second) for (const node of nodes) steps.on(node, 'drbd.wait-connected', true);
  steps.on(first, way === 'both' ? 'drbd.skip-first-sync' : 'drbd.declare-good', true);
  if (second) for (const node of nodes) steps.on(node, 'drbd.wait-in-sync', true);
  if (way === 'both') steps.on(first, 'drbd.promote');
  if (second && dualPrimary) steps.on(second, 'drbd.promote', true);
  for (const node of nodes) steps.link(node);
  return steps.list;
}

function basisOf({ host, group }: NodeDisk): readonly Basis[] {
  const { name, resourceNames } = host;
  const says = 'the resources of its DRBD configuration';
  return [groupBasis(group), { host: name, says, argv: [...RESOURCES], expect: resourceNames }];
}

function confirmationOf({
  host,
  backing,
  replaces,
  extendFrom,
  name,
}: NodeDisk): readonly Confirmation[] {
  const word = `${host.name}:${name}`;
  if (replaces !== undefined) {
    return [{ word, accepts: `DRBD's metadata of another resource on ${backing} are replaced` }];
  }
  return extendFrom === undefined
    ? []
    : [
        {
          word,
          accepts: `${backing} becomes larger for good, and is mounted by its DRBD device from now on`,
        },
      ];
}

function warnings(answers: NewResource, port: number): readonly string[] {
  const { dualPrimary, fencing, way, name, secret } = answers;
  const loses =
    answers.afterSplitBrain1 === 'discard-secondary' ||
    /younger|older|least/.test(answers.afterSplitBrain0);
  return [
    ...(dualPrimary && fencing === 'none'
      ? [
          'Two Primaries without fencing: when the link is cut both go on writing, and the sides differ afterwards.',
        ]
      : []),
    ...(loses
      ? ['The policies after a split brain throw a side’s changes away without asking.']
      : []),
    ...(secret === 'none'
      ? ['Without a shared secret whoever reaches the port can be the peer.']
      : []),
    ...(way === 'first'
      ? [
          `${name} has one copy until its peer joins.${secret === 'none' ? '' : ` The peer needs the same secret: it stands in ${resFile(name)}.`}`,
        ]
      : []),
    ...(way === 'existing'
      ? [
          `Mount /dev/drbd/by-res/${name}/0 from now on, never the volume itself: what is written past DRBD reaches one side alone.`,
        ]
      : []),
    `TCP port ${port} must be open between the nodes.`,
    `Nothing makes ${name} Primary when a node starts: bring it up and make it Primary before it is mounted.`,
  ];
}
