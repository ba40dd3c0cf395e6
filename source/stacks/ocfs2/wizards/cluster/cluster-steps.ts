import { createHash } from 'node:crypto';
import type { Json } from '../../../../core/json.js';
import type { Steps } from '../../../../core/plan-steps.js';
import {
  parseClusterConf,
  printClusterConf,
  withCluster,
  type ClusterDefinition,
} from '../../../../files/ocfs2-cluster.js';
import { setShellSetting } from '../../../../files/shell-settings.js';
import { clusterStatusCommand, onlineWords } from '../../read/cluster-status.js';
import { OFFLINE } from '../../read/offline.js';
import type { NodeHost } from './host.js';

/** The steps that make a host a node whose cluster is online; what is so already is left out. */
export function addClusterSteps(steps: Steps, host: NodeHost, cluster: ClusterDefinition): void {
  const { name, installed, notAtBoot, systemd } = host;
  if (!installed) addPackage(steps, host, cluster);
  addConf(steps, host, cluster);
  addSettings(steps, host, cluster);
  if (notAtBoot.length > 0) steps.add(name, 'command.run', atBoot(notAtBoot));
  const restart = systemd ? ['systemctl', 'restart', 'o2cb'] : ['service', 'o2cb', 'restart'];
  if (host.state.online === true && mustLearn(host, cluster)) {
    steps.add(name, 'command.run', learning(cluster));
    return;
  }
  steps.add(name, 'service.action', {
    // A second `start` does nothing where the first one found it disabled (seen with 1.8.7).
    ...{ action: 'restart', service: 'o2cb', argv: restart },
    shows: {
      argv: [...clusterStatusCommand(cluster.name).argv],
      expect: onlineWords(cluster.name),
    },
    undo: { says: 'take the cluster offline', argv: ['sh', '-c', OFFLINE, 'sh', cluster.name] },
  });
  steps.add(name, 'look.confirm', {
    title: 'see that the kernel knows the nodes',
    on: cluster.name,
    shows: nodesShown(cluster),
  });
}

/**
 * Before the package is there its answers are taken; once /etc/default/o2cb is there the package's
 * own script takes that file's for the answers, whatever debconf was told.
 */
function addPackage(steps: Steps, { name }: NodeHost, cluster: ClusterDefinition): void {
  const answers = [
    'ocfs2-tools ocfs2-tools/init boolean true',
    `ocfs2-tools ocfs2-tools/clustername string ${cluster.name}`,
  ];
  const script = 'printf "%s\\n" "$@" | debconf-set-selections';
  const told = 'debconf-show ocfs2-tools 2>/dev/null | sed -n "s,^.*/init: ,,p"';
  steps.add(name, 'command.run', {
    title: 'answer the questions of the package',
    on: 'ocfs2-tools',
    argv: ['sh', '-c', script, 'sh', ...answers],
    effect: 'changes',
    shows: { argv: ['sh', '-c', told], expect: 'true' },
  });
  steps.add(name, 'package.install', {
    manager: 'apt-get',
    packages: ['ocfs2-tools'],
    id: uuidOf(`ocfs2-tools ${name} ${cluster.name}`),
  });
}

/** A UUID of a text, so that one plan of the same facts is the same plan. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join('-');
}

function addConf(steps: Steps, { name, confText }: NodeHost, cluster: ClusterDefinition): void {
  const made = withCluster(parseClusterConf(confText ?? ''), cluster);
  if (!made.ok) return;
  const after = printClusterConf(made.file);
  if (after === confText) return;
  if (confText === null) steps.add(name, 'file.make-folder', { path: '/etc/ocfs2' });
  steps.add(name, 'file.edit', { path: '/etc/ocfs2/cluster.conf', before: confText, after });
}

function addSettings(steps: Steps, { name, settings }: NodeHost, cluster: ClusterDefinition): void {
  if (!settings) return;
  const { path, text } = settings;
  const enabled = setShellSetting(text, 'O2CB_ENABLED', 'true');
  const after = setShellSetting(enabled, 'O2CB_BOOTCLUSTER', cluster.name);
  if (after !== text) steps.add(name, 'file.edit', { path, before: text, after });
}

function atBoot(units: readonly string[]): Json {
  const look =
    'for u do [ "$(systemctl is-enabled "$u" 2>/dev/null)" = enabled ] || exit 0; done; echo enabled';
  return {
    title: 'start at boot',
    on: units.join(' and '),
    argv: ['systemctl', 'enable', ...units],
    effect: 'changes',
    shows: { argv: ['sh', '-c', look, 'sh', ...units], expect: 'enabled' },
    undo: { says: 'not start them at boot', argv: ['systemctl', 'disable', ...units] },
  };
}

/** It is online and its kernel lacks nodes: they can be added while file systems are mounted. */
function mustLearn({ state }: NodeHost, { name, nodes }: ClusterDefinition): boolean {
  const kernel = state.clusters.find((one) => one.name === name);
  return nodes.some((node) => !kernel?.nodes.some((one) => one.name === node.name));
}

function learning(cluster: ClusterDefinition): Json {
  return {
    title: 'tell the kernel of the new nodes',
    on: cluster.name,
    argv: ['o2cb', 'register-cluster', cluster.name],
    effect: 'changes',
    shows: nodesShown(cluster),
  };
}

function nodesShown({ name, nodes }: ClusterDefinition): {
  readonly argv: string[];
  readonly expect: string;
} {
  const names = nodes.map((node) => node.name).toSorted();
  return {
    argv: ['sh', '-c', 'ls "/sys/kernel/config/cluster/$1/node" | LC_ALL=C sort', 'sh', name],
    expect: names.join('\n'),
  };
}
