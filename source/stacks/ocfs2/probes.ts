import { outcomeFailure } from '../../core/failure.js';
import type { Reader } from '../../core/host.js';
import type { Answer, Probe } from '../../core/probe.js';
import { ask } from '../../core/tool.js';
import { clusterStatusCommand } from './read/cluster-status.js';
import {
  detectCommand,
  mountedCommand,
  parseDetect,
  parseMounted,
  type MountedDevice,
  type Ocfs2Device,
} from './read/devices.js';
import { kernelLog, type LogLine } from './read/kernel-log.js';
import { nodeFactsCommand, parseNodeFacts, type NodeFacts } from './read/node-facts.js';

/** A host as a node of its cluster. */
export interface ClusterNodeState extends NodeFacts {
  /** By `o2cb cluster-status`; undefined: it could not be asked, or there is none. */
  readonly online?: boolean;
}

/** From files and the kernel's memory: no disk is read and no file system touched. */
export const nodeProbe: Probe<ClusterNodeState> = {
  id: 'ocfs2.node',
  title: 'OCFS2 cluster, heartbeat and mounts',
  every: 5000,
  scope: 'host',
  read: readNode,
};

async function readNode(host: Reader): Promise<Answer<ClusterNodeState>> {
  const status = clusterStatusCommand();
  const [facts, said] = await Promise.all([
    ask(host, { command: nodeFactsCommand, parse: parseNodeFacts }),
    host.run(status),
  ]);
  if (facts.kind !== 'value') return facts;
  if (said.kind !== 'exited') {
    return { ...facts, partial: outcomeFailure(host.name, status, said) };
  }
  // 127: no such program. Its own codes are 0 for online and 1 for all else.
  const online = said.code === 127 ? undefined : said.code === 0;
  return { ...facts, value: { ...facts.value, ...(online !== undefined && { online }) } };
}

/** The file systems on a host's devices, and by their slots who has them mounted. */
export interface Ocfs2Devices {
  readonly devices: readonly Ocfs2Device[];
  readonly mounted: readonly MountedDevice[];
}

/**
 * Each minute: it reads every disk of the host, and waits for one that is asleep. It looks at the mount
 * points too, so where locks hang it hangs with them (seen on a cut link, until the other node was
 * evicted): nothing that is urgent hangs on its answer.
 */
export const devicesProbe: Probe<Ocfs2Devices> = {
  id: 'ocfs2.devices',
  title: 'OCFS2 file systems on the devices',
  every: 60_000,
  scope: 'host',
  read: async (host) => {
    const [detected, mounted] = await Promise.all([
      ask(host, { command: detectCommand, parse: parseDetect }),
      ask(host, { command: mountedCommand, parse: parseMounted }),
    ]);
    if (detected.kind !== 'value') return detected;
    if (mounted.kind !== 'value') return mounted;
    return {
      kind: 'value',
      value: { devices: detected.value, mounted: mounted.value },
      unread: [...detected.unread, ...mounted.unread],
    };
  },
};

/** What the kernel said of the cluster since the host's boot. */
export const logProbe: Probe<readonly LogLine[]> = {
  id: 'ocfs2.log',
  title: 'kernel log about OCFS2',
  every: 15_000,
  scope: 'host',
  read: (host) => ask(host, kernelLog),
};
