import type { Fault } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import {
  clusterFaults,
  parseClusterConf,
  withCluster,
  type ClusterDefinition,
} from '../../../../files/ocfs2-cluster.js';
import { fstabEntries } from '../../../../files/fstab.js';
import { shortName } from '../../read/node-facts.js';
import type { ClusterAnswers } from './answers.js';
import { sharedDevices, type SharedDevice } from './devices.js';
import type { NodeHost } from './host.js';
import { knownHosts, type Found } from './look.js';
import { commonNetworks, existingCluster, wantedNodes } from './nodes.js';
import { gateOf, isOlder } from './questions.js';

/** What the answers come to. */
export interface Wanted {
  readonly hosts: readonly [NodeHost, ...NodeHost[]];
  readonly cluster: ClusterDefinition;
  readonly device: SharedDevice;
  /** Of the file system: its own, or the one that it gets. */
  readonly uuid: string;
}

/** The answers held against what was found. */
export type Checked =
  | { readonly ok: true; readonly wanted: Wanted }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Every fault is named, not only the first. */
export function checkAnswers(found: Found, answers: ClusterAnswers): Checked {
  const hosts = knownHosts(found).filter(({ name }) => answers.hosts.includes(name));
  const [first, ...others] = hosts;
  const silent = hostFaults(found, answers);
  if (!first) return { ok: false, faults: silent };
  const existing = existingCluster(hosts);
  const network = commonNetworks(hosts).find(({ cidr }) => cidr === answers.network);
  const cluster: ClusterDefinition = {
    name: existing.name ?? answers.cluster,
    nodes: wantedNodes(hosts, existing.nodes, network),
    heartbeat: 'local',
  };
  const device = sharedDevices(hosts, found.around.neverTouch).find(
    ({ path }) => path === answers.device,
  );
  const faults = [
    ...silent,
    ...clusterFaultsOf(hosts, cluster, answers, network !== undefined),
    ...deviceFaults(device, answers),
    ...makeFaults(hosts, device, answers),
    ...hosts.flatMap((host) => placeFaults(host, device, answers)),
  ];
  if (faults.length > 0 || !device) return { ok: false, faults };
  const own = answers.fileSystem === 'existing' ? device.existing?.uuid : undefined;
  const uuid = own ?? found.fresh.fileSystem;
  return { ok: true, wanted: { hosts: [first, ...others], cluster, device, uuid } };
}

function hostFaults(found: Found, { hosts }: ClusterAnswers): readonly Fault[] {
  const says = hosts.flatMap((name): readonly string[] => {
    const host = found.hosts.find((one) => one.name === name);
    if (!host) return [`${name} is not among the hosts that were looked at`];
    if (!host.ok) return [`${name} could not be looked at: ${host.because}`];
    const gate = gateOf(host);
    return gate.open ? [] : [`${name}: ${gate.because}`];
  });
  return says.map((one) => ({ key: 'hosts', says: one }));
}

function clusterFaultsOf(
  hosts: readonly NodeHost[],
  cluster: ClusterDefinition,
  answers: ClusterAnswers,
  hasNetwork: boolean,
): readonly Fault[] {
  const unplaced = cluster.nodes.some(({ address }) => address === '');
  if (unplaced) {
    const says = hasNetwork
      ? 'a node has no address in it'
      : `choose a network that all nodes have an address in${answers.network === '' ? '' : `; ${answers.network} is none`}`;
    return [{ key: 'network', says }];
  }
  const files = hosts.flatMap(({ name, confText }) => {
    const made = withCluster(parseClusterConf(confText ?? ''), cluster);
    return made.ok ? [] : [`${name}: /etc/ocfs2/cluster.conf is left as it is: ${made.because}`];
  });
  const twice = hosts.filter(
    (host) => hosts.filter((one) => shortName(one.state) === shortName(host.state)).length > 1,
  );
  return [
    ...clusterFaults(cluster).map((says) => ({ key: 'cluster', says })),
    ...files.map((says) => ({ key: 'hosts', says })),
    ...twice.map(({ name }) => ({
      key: 'hosts',
      says: `${name} shares its host name with another`,
    })),
  ];
}

function deviceFaults(
  device: SharedDevice | undefined,
  { device: path, fileSystem, accept }: ClusterAnswers,
): readonly Fault[] {
  const fault = (key: string, says: string): readonly Fault[] => [{ key, says }];
  if (!device) return fault('device', `${path}: the nodes do not all have such a device`);
  const { unusable, because, existing, holds } = device;
  if (unusable !== undefined) return fault('device', `${path}: ${unusable}`);
  if (fileSystem === 'existing') {
    return existing ? [] : fault('fileSystem', `${path} holds no OCFS2 file system`);
  }
  if (because !== undefined) return fault('device', `${path}: ${because}`);
  const missing = holds.filter((one) => !accept.includes(one));
  if (missing.length > 0) {
    return fault(
      'accept',
      `${path} holds ${listed(missing, 20)}, whose loss must be accepted by name`,
    );
  }
  const strange = accept.filter((one) => !holds.includes(one));
  return strange.length > 0
    ? fault('accept', `the loss of ${listed(strange)} is accepted, but it is not on ${path}`)
    : [];
}

function makeFaults(
  hosts: readonly NodeHost[],
  device: SharedDevice | undefined,
  { fileSystem, slots, features }: ClusterAnswers,
): readonly Fault[] {
  if (!device || fileSystem === 'existing') return [];
  const old = hosts.filter(({ kernel }) => isOlder(kernel)).map(({ name }) => name);
  return [
    ...(slots < hosts.length
      ? [{ key: 'slots', says: `${hosts.length} nodes need as many slots` }]
      : []),
    ...(features === 'max-features' && old.length > 0
      ? [{ key: 'features', says: `the kernel of ${listed(old)} may not know all of them` }]
      : []),
  ];
}

function placeFaults(
  { name, fstab, devices, tree }: NodeHost,
  device: SharedDevice | undefined,
  { mountPoint, fileSystem }: ClusterAnswers,
): readonly Fault[] {
  const own = device ? devices.devices.find((one) => isAt(one, device.path)) : undefined;
  const mounted = fileSystem === 'existing' ? (own?.mounts ?? []) : [];
  const says: string[] = [];
  const there = tree.devices.find((one) => one !== own && one.mounts.includes(mountPoint));
  const point = devices.mountTable.some((entry) => entry.point === mountPoint);
  if (there || (point && !mounted.includes(mountPoint))) {
    says.push(`something else is mounted at ${mountPoint}`);
  }
  const elsewhere = mounted.filter((at) => at !== mountPoint);
  if (mounted.length > 0 && elsewhere.length === mounted.length) {
    says.push(`it is mounted at ${listed(elsewhere)} already`);
  }
  const entries = fstabEntries(fstab);
  const line = entries.find(({ target }) => target.replace(/\/+$/, '') === mountPoint);
  if (line && (line.source !== device?.path || line.type !== 'ocfs2')) {
    says.push(`/etc/fstab has another line for ${mountPoint}: ${line.source}`);
  }
  const twice = entries.find(
    ({ source, target }) => source === device?.path && target !== mountPoint,
  );
  if (twice) says.push(`/etc/fstab mounts ${twice.source} at ${twice.target}`);
  return says.map((one) => ({ key: 'mountPoint', says: `${name}: ${one}` }));
}

function isAt(
  { kernelName, links, ids }: NodeHost['devices']['devices'][number],
  path: string,
): boolean {
  return (
    path === `/dev/${kernelName}` ||
    links.includes(path) ||
    ids.some((id) => path === `/dev/disk/by-id/${id}`)
  );
}
