import { reads, type Command } from '../../../core/host.js';

/**
 * Whether o2cb has its cluster online. The init script's `status` ends with 0 for an offline cluster,
 * and systemd calls it active; only this tells (seen with ocfs2-tools 1.8.7). Without a name it is the
 * one of O2CB_BOOTCLUSTER.
 */
export function clusterStatusCommand(name?: string): Command<'reads'> {
  return reads(['o2cb', 'cluster-status', ...(name === undefined ? [] : [name])]);
}

/** What it says where the cluster is online, with white space at the ends taken off. */
export function onlineWords(name: string): string {
  return `Cluster '${name}' is online`;
}
