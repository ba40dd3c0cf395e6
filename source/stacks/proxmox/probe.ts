import type { Probe } from '../../core/probe.js';
import { ask } from '../../core/tool.js';
import { configCommand, parseConfig, type StorageConfig } from './config.js';
import { parseStatus, statusCommand, type StorageStatus } from './status.js';

/** What a node says of its storages. */
export interface NodeStorages {
  readonly status: readonly StorageStatus[];
  readonly config: readonly StorageConfig[];
}

/** Asks each node: what is active on one need not be on another. */
export const storagesProbe: Probe<NodeStorages> = {
  id: 'proxmox.storages',
  title: 'Proxmox storages',
  every: 15_000,
  scope: 'host',
  read: async (host) => {
    const [answer, config] = await Promise.all([
      ask(host, { command: () => statusCommand, parse: parseStatus }),
      host.run(configCommand),
    ]);
    if (answer.kind !== 'value') return answer;
    const text = config.kind === 'exited' && config.code === 0 ? config.stdout : '';
    const { storages, unread } = parseConfig(text);
    return {
      kind: 'value',
      value: { status: answer.value, config: storages },
      unread: [...answer.unread, ...unread],
    };
  },
};
