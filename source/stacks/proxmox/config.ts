import { reads, type Command } from '../../core/host.js';
import { linesOf } from '../../core/text.js';

/** A storage as the cluster's configuration has it; the same on every node. */
export interface StorageConfig {
  readonly name: string;
  readonly type: string;
  readonly settings: ReadonlyMap<string, string>;
}

/** /etc/pve/storage.cfg holds no passwords: those lie in /etc/pve/priv. */
export const configCommand: Command<'reads'> = reads(['cat', '--', '/etc/pve/storage.cfg']);

/**
 * Reads storage.cfg: `TYPE: NAME`, and indented beneath it a setting a line; a word alone is a flag
 * (PVE::SectionConfig). Lines before the first storage are told as not understood.
 */
export function parseConfig(text: string): {
  readonly storages: readonly StorageConfig[];
  readonly unread: readonly string[];
} {
  const storages: { name: string; type: string; settings: Map<string, string> }[] = [];
  const unread: string[] = [];
  for (const line of linesOf(text)) {
    const [, type, name] = /^(\w+):\s*(\S+)\s*$/.exec(line) ?? [];
    const [, key, value = ''] = /^\s+(\S+)(?:\s+(.*\S))?\s*$/.exec(line) ?? [];
    const current = storages.at(-1);
    if (type !== undefined && name !== undefined)
      storages.push({ type, name, settings: new Map() });
    else if (key !== undefined && current) current.settings.set(key, value);
    else if (line.trim() !== '' && !line.startsWith('#')) unread.push(line);
  }
  return { storages, unread };
}

/** Whether a flag is set: `1`, `yes`, `on`, `true`, or a path where one is allowed. */
export function isSet({ settings }: StorageConfig, key: string): boolean {
  const value = settings.get(key);
  return value !== undefined && !/^(?:0|no|off|false)$/.test(value);
}
