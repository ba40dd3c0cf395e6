import type { HostName } from '../../core/host.js';
import type { Now } from '../../core/probe.js';
import { isSet, type StorageConfig } from './config.js';
import { storagesProbe } from './probe.js';
import type { StorageStatus } from './status.js';

/** A storage on one node. */
export interface OnNode extends StorageStatus {
  readonly host: HostName;
  /** The node's newest answer failed: this is old. */
  readonly stale: boolean;
}

/** A storage over all nodes; one that is not shared is another on each. */
export interface StorageView {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly shared: boolean;
  readonly config?: StorageConfig;
  readonly nodes: readonly OnNode[];
}

/** The types whose content is the same on every node by their nature. */
const SHARED = new Set([
  'nfs',
  'cifs',
  'cephfs',
  'rbd',
  'pbs',
  'iscsi',
  'iscsidirect',
  'glusterfs',
]);

/** All storages, shared ones once, others once a node. */
export function storageViews(now: Now): readonly StorageView[] {
  const views = new Map<string, StorageView>();
  for (const reading of now.known(storagesProbe)) {
    const { host, value } = reading;
    for (const status of value.status) {
      const { name, type } = status;
      const config = value.config.find((one) => one.name === name);
      const shared = SHARED.has(type) || (config !== undefined && isSet(config, 'shared'));
      const id = shared ? name : `${host}/${name}`;
      const before = views.get(id);
      const node: OnNode = { ...status, host, stale: reading.kind === 'stale' };
      views.set(id, {
        id,
        name,
        type,
        shared,
        ...(config && { config }),
        nodes: [...(before?.nodes ?? []), node],
      });
    }
  }
  return [...views.values()];
}

/** The node whose sizes stand for all. */
export function biggest({ nodes }: StorageView): OnNode | undefined {
  return nodes.toSorted((a, b) => b.total - a.total)[0];
}
