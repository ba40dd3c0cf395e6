import type { Json } from '../../../../core/json.js';
import type { Basis } from '../../../../core/plan.js';
import { Steps } from '../../../../core/plan-steps.js';
import { listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { Drafted } from '../../../../core/wizard.js';
import { addFstabEntry, fstabEntries, printFstab } from '../../../../files/fstab.js';
import { openPorts, wantedPorts } from '../../../../steps/firewall/open-ports.js';
import { addWriteReadTest } from '../../../../steps/write-read.js';
import { shortName } from '../../read/node-facts.js';
import type { ClusterAnswers } from './answers.js';
import { addClusterSteps } from './cluster-steps.js';
import { checkAnswers, type Wanted } from './checks.js';
import type { NodeHost } from './host.js';
import type { Found } from './look.js';
import { PORT } from './nodes.js';

/**
 * The plan: on every node the port, the files, the cluster online; then the file system, made on one
 * node while the others are seen not to use the device; then the mounts, and the test.
 */
export function plan(found: Found, answers: ClusterAnswers): Drafted {
  const checked = checkAnswers(found, answers);
  if (!checked.ok) return checked;
  const { wanted } = checked;
  const { hosts, cluster, device } = wanted;
  const openings = hosts.map((host) => {
    const own = shortName(host.state);
    const others = cluster.nodes.filter(({ name }) => name !== own);
    const port = cluster.nodes.find(({ name }) => name === own)?.port ?? PORT;
    const sources = others.map(({ address }) => address);
    return {
      host,
      opening: openPorts(host.firewall, wantedPorts([port], sources), sources[0] ?? ''),
    };
  });
  const refused = openings.flatMap(({ host, opening }) =>
    opening.refused === undefined
      ? []
      : [{ key: 'hosts', says: `${host.name}: ${opening.refused}` }],
  );
  if (refused.length > 0) return { ok: false, faults: refused };
  const steps = new Steps();
  for (const { host, opening } of openings) {
    for (const { kind, params } of opening.steps) steps.add(host.name, kind, params);
    addClusterSteps(steps, host, cluster);
  }
  if (answers.fileSystem === 'new') addFileSystem(steps, wanted, answers);
  for (const host of hosts) addMount(steps, host, wanted, answers);
  if (answers.test) {
    const names = hosts.map(({ name }) => name);
    addWriteReadTest(steps, names, answers.mountPoint, found.fresh.token);
  }
  const names = hosts.map(({ name }) => name);
  const lost = answers.fileSystem === 'new' ? device.holds : [];
  return {
    ok: true,
    draft: {
      title: `OCFS2 cluster ${cluster.name}: ${device.path} at ${answers.mountPoint} on ${listed(names)}`,
      steps: steps.list,
      basis: [
        ...hosts.flatMap((host) => deviceBasis(host, device.path)),
        ...openings.flatMap(({ host, opening }) =>
          opening.basis.map((one) => ({ host: host.name, ...one })),
        ),
      ],
      confirmations: answers.fileSystem === 'new' ? [confirmation(wanted, lost)] : [],
      loses: lost.length > 0 ? [`${listed(lost, 20)} on ${device.path} (${device.what})`] : [],
      putBack:
        'It is unmounted, the cluster taken offline, the lines taken out of fstab, cluster.conf and the settings as they were. A new file system stays on the device, with what was written to it.',
      warnings: [
        ...openings.flatMap(({ host, opening }) =>
          opening.warnings.map((says) => `${host.name}: ${says}.`),
        ),
        ...warnings(found, wanted),
      ],
    },
  };
}

/** A minor may be another resource's by the time the plan is carried out. */
function deviceBasis({ name, drbd }: NodeHost, path: string): readonly Basis[] {
  const own = drbd.find(({ kernelName }) => path === `/dev/${kernelName}`);
  if (!own) return [];
  const script =
    'readlink -f "/dev/drbd/by-res/$1" "/dev/drbd/by-res/$1"/* | grep -xF -- "$2" | head -n 1';
  const argv = ['sh', '-c', script, 'sh', own.resource, path];
  return [{ host: name, says: `DRBD ${own.resource} is ${path}`, argv, expect: path }];
}

function confirmation({ device }: Wanted, lost: readonly string[]) {
  const { path, what, sizeBytes } = device;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const on = `${path} (${what}, ${bytes(sizeBytes)})`;
  return {
    word: name,
    accepts:
      lost.length > 0
        ? `${listed(lost, 20)} on ${on} is lost, on all nodes`
        : `a new file system on ${on}; it was blank when it was looked at`,
  };
}

function addFileSystem(
  steps: Steps,
  { hosts, cluster, device, uuid }: Wanted,
  { label, slots, use, features }: ClusterAnswers,
): void {
  const [first, ...others] = hosts;
  const { path, sizeBytes, holds } = device;
  for (const { name } of others) steps.add(name, 'disk.see-unused', { device: path, sizeBytes });
  steps.add(
    first.name,
    'ocfs2.make-file-system',
    {
      ...{ device: path, uuid, label, slots, use, features, sizeBytes },
      ...{ cluster: cluster.name, accepted: [...holds] },
    },
    steps.ends,
  );
}

function addMount(
  steps: Steps,
  host: NodeHost,
  { device, uuid }: Wanted,
  answers: ClusterAnswers,
): void {
  const { mountPoint } = answers;
  const entries = fstabEntries(host.fstab);
  const made = steps.ends;
  steps.add(host.name, 'file.make-folder', { path: mountPoint }, made);
  if (!entries.some(({ target }) => target === mountPoint)) {
    steps.add(host.name, 'file.edit', fstabEdit(host, device.path, answers));
  }
  steps.add(host.name, 'file-system.mount', { target: mountPoint, uuid });
}

/**
 * Pass 0: fsck.ocfs2 at boot would look at what another node has mounted. `_netdev` waits for the
 * network, and the requirement for the cluster, which systemd knows nothing of. Never `nofail`: the
 * kernel refuses a mount with it, since mount.ocfs2 hands on what it does not know (seen with 1.8.7 and
 * Linux 6.1); a mount that is `_netdev` does not keep the host from booting.
 */
function fstabEdit(host: NodeHost, source: string, answers: ClusterAnswers): Json {
  const { mountPoint, options } = answers;
  const given = options.split(',').filter((one) => one !== '' && one !== '_netdev');
  const after = addFstabEntry(host.fstab, {
    source,
    target: mountPoint,
    type: 'ocfs2',
    options: ['_netdev', ...(host.systemd ? ['x-systemd.requires=o2cb.service'] : []), ...given],
    dump: 0,
    pass: 0,
  });
  return {
    path: '/etc/fstab',
    before: host.fstabText,
    after: printFstab(after),
    ...(host.verifies && { checker: ['findmnt', '--verify', '-F', '{}'] }),
  };
}

function warnings({ around }: Found, { device, cluster, hosts }: Wanted): readonly string[] {
  const drbd = device.path.startsWith('/dev/drbd');
  const two = cluster.nodes.length === 2;
  const old = hosts.filter(({ systemd }) => !systemd).map(({ name }) => name);
  return [
    ...(drbd
      ? [
          `After a restart DRBD must be Primary on a node before ${device.path} can be mounted there: nothing in this plan makes it so.`,
        ]
      : []),
    ...(two
      ? [
          'With two nodes and no fencing beneath, a cut link may leave both writing: each throws the other out after about a minute.',
        ]
      : []),
    ...(old.length > 0
      ? [`${listed(old)}: without systemd the init script ocfs2 mounts it, after o2cb.`]
      : []),
    ...around.notAsked.map(
      ({ host, because }) =>
        `${host} could not be asked whether it uses ${device.path} (${because}).`,
    ),
  ];
}
