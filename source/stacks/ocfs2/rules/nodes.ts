import type { Finding } from '../../../core/finding.js';
import { listed } from '../../../core/text.js';
import { clusterConfFaults, clusterFaults, sameNode } from '../../../files/ocfs2-cluster.js';
import { memberNode } from '../nodes.js';
import { configured, shortName } from '../read/node-facts.js';
import { clusterMates, missedBy, type NodeView, type View } from '../view.js';
import { finding, said } from './make.js';

/** What is wrong with hosts as nodes: their file, their name, their standing in the cluster. */
export function nodeFindings(view: View): readonly Finding[] {
  return view.nodes
    .filter(({ stale }) => !stale)
    .flatMap((node) => [
      ...unreadable(node),
      ...wrongName(node),
      ...offline(view, node),
      ...notEnabled(node),
      ...notLoaded(node),
    ])
    .concat(differs(view));
}

function base(node: NodeView): Pick<Finding, 'subject' | 'hosts' | 'about'> {
  return { subject: node.host, hosts: [node.host], about: [memberNode(node.host)] };
}

function isConf(line: string): boolean {
  return line.startsWith('conf ');
}

function unreadable(node: NodeView): readonly Finding[] {
  const { conf } = node.facts;
  const faults = conf ? clusterConfFaults(conf) : [];
  const odd = configured(node.facts).flatMap((cluster) => clusterFaults(cluster));
  const [first] = [...faults.map(({ line, says }) => `line ${line}: ${says}`), ...odd];
  if (first === undefined) return [];
  return [
    finding({
      ...base(node),
      code: 'OCFS2_CONFIG_UNREADABLE',
      severity: 'alert',
      title: 'OCFS2 cluster.conf cannot be read',
      says: `/etc/ocfs2/cluster.conf of ${node.host} is not as o2cb reads it: ${first}.`,
      means:
        'The cluster cannot be brought online there, so nothing of it is mounted after a restart.',
      todo: 'Put a TAB before each parameter, and stanzas in the first column; or take the file of a node that works.',
      evidence: said([node], isConf),
    }),
  ];
}

/** o2cb registers such a cluster with exit 0, and it stays offline. */
function wrongName(node: NodeView): readonly Finding[] {
  const clusters = configured(node.facts);
  const names = clusters.flatMap(({ nodes }) => nodes.map(({ name }) => name));
  const short = shortName(node.facts);
  if (names.length === 0 || names.includes(short)) return [];
  return [
    finding({
      ...base(node),
      code: 'OCFS2_NODE_NAME',
      severity: 'alert',
      title: 'OCFS2 does not know this node by its name',
      says: `${node.host} calls itself ${short}; cluster.conf has ${listed(names)}.`,
      means:
        'A node is known by its host name up to the first dot. The cluster stays offline there, though starting it says nothing.',
      todo: `Name the node ${short} in /etc/ocfs2/cluster.conf on every node, while the cluster is offline.`,
      evidence: said([node], (line) => isConf(line) || line.startsWith('hostname ')),
      explains: true,
    }),
  ];
}

/** It can be brought back by a recovery where a file system of its mates waits for it. */
function offline(view: View, node: NodeView): readonly Finding[] {
  const { facts, host, cluster } = node;
  const wanted = facts.settings.get('O2CB_ENABLED') === 'true';
  if (facts.online !== false || !wanted || facts.conf === null) return [];
  return [
    finding({
      ...base(node),
      code: 'OCFS2_OFFLINE',
      severity: 'alert',
      title: 'OCFS2 cluster offline',
      says: `o2cb is enabled on ${host}, and the cluster ${cluster ?? ''} is offline there.`,
      means:
        'No OCFS2 file system can be mounted there. systemd may call the service active all the same: its start does nothing a second time.',
      todo: 'Run `systemctl restart o2cb` there, and believe `o2cb cluster-status`.',
      evidence: said([node], (line) => line === 'offline' || line.endsWith('is offline')),
      remedies: missedBy(view, node).length > 0 ? ['ocfs2.stuck'] : [],
      explains: true,
    }),
  ];
}

function notEnabled(node: NodeView): readonly Finding[] {
  const { facts, host } = node;
  const enabled = facts.settings.get('O2CB_ENABLED');
  if (facts.online !== true || enabled === undefined || enabled === 'true') return [];
  return [
    finding({
      ...base(node),
      code: 'OCFS2_NOT_AT_BOOT',
      severity: 'warning',
      title: 'OCFS2 cluster not started at boot',
      says: `The cluster is online on ${host}, and O2CB_ENABLED is ${enabled}.`,
      means: 'After a restart it is offline there, and its file systems are not mounted.',
      todo: 'Set O2CB_ENABLED=true in /etc/default/o2cb (/etc/sysconfig/o2cb).',
      evidence: said([node], (line) => line.startsWith('setting O2CB_ENABLED')),
    }),
  ];
}

/** The kernel goes by what was loaded, whatever the file says by now. */
function notLoaded(node: NodeView): readonly Finding[] {
  const { facts, host } = node;
  const changed = configured(facts).flatMap(({ name, nodes }) => {
    const kernel = facts.clusters.find((cluster) => cluster.name === name);
    if (!kernel) return [];
    const strange = nodes.filter(
      (wanted) =>
        !kernel.nodes.some(
          ({ name: has, number, address }) =>
            has === wanted.name && number === wanted.number && address === wanted.address,
        ),
    );
    return strange.map((one) => one.name);
  });
  if (changed.length === 0) return [];
  return [
    finding({
      ...base(node),
      code: 'OCFS2_CONFIG_NOT_LOADED',
      severity: 'warning',
      title: 'OCFS2 goes by an older cluster.conf',
      says: `${host} has ${listed(changed)} otherwise in its kernel than in cluster.conf.`,
      means: 'Until the cluster is brought online anew there, a node that was added cannot join.',
      todo: 'New nodes: `o2cb register-cluster`; what was changed: unmount, take the cluster offline and online.',
      evidence: said([node], (line) => isConf(line) || line.startsWith('node ')),
    }),
  ];
}

/** Told once for each pair that differs, by the first of the two. */
function differs(view: View): readonly Finding[] {
  return view.nodes.flatMap((node, index) => {
    const others = clusterMates(view, node).filter((other) => view.nodes.indexOf(other) > index);
    return others
      .filter((other) => !node.stale && !other.stale && !agree(node, other))
      .map((other) =>
        finding({
          code: 'OCFS2_CONFIG_DIFFERS',
          severity: 'alert',
          title: 'OCFS2 cluster.conf differs',
          subject: `${node.host} ${other.host}`,
          hosts: [node.host, other.host],
          says: `/etc/ocfs2/cluster.conf defines other nodes on ${node.host} than on ${other.host}.`,
          means:
            'Nodes that do not know each other by the same number and address refuse each other: the second mount fails, or a node is evicted.',
          todo: 'Make the file the same on every node, with the cluster offline there.',
          evidence: said([node, other], isConf),
          about: [memberNode(node.host), memberNode(other.host)],
        }),
      );
  });
}

function agree(a: NodeView, b: NodeView): boolean {
  const nodes = (node: NodeView) =>
    configured(node.facts).find(({ name }) => name === node.cluster)?.nodes;
  const [left, right] = [nodes(a), nodes(b)];
  if (!left || !right) return true;
  return (
    left.length === right.length && left.every((one) => right.some((other) => sameNode(one, other)))
  );
}
