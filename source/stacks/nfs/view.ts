import type { HostName } from '../../core/host.js';
import type { Known, Now } from '../../core/probe.js';
import { rowsOf } from '../../files/exports.js';
import type { FstabEntry } from '../../files/fstab.js';
import type { MountEntry } from '../../tools/mountinfo.js';
import { serverProbe } from './probes.js';
import { satisfies, type ActiveExport } from './read/etab.js';
import { missingMount, mountOf, type ServerFacts } from './read/server-facts.js';

/** One path that a host exports, by its files or as it holds. */
export interface ExportView {
  readonly host: HostName;
  readonly path: string;
  readonly active: readonly ActiveExport[];
  /** Rows of the files that do not hold, or hold with other options: `CLIENT:PATH`. */
  readonly missing: readonly string[];
  /** What holds and stands in no file. */
  readonly strange: readonly string[];
  /** What it lies in now. */
  readonly mount?: MountEntry;
  /** What fstab says must be mounted there, and is not. */
  readonly unmounted?: FstabEntry;
}

/** A host that exports, or could. */
export interface ServerView {
  readonly host: HostName;
  readonly reading: Known<ServerFacts>;
  readonly facts: ServerFacts;
  readonly stale: boolean;
  readonly exports: readonly ExportView[];
}

const made = new WeakMap<Now, readonly ServerView[]>();

/** Every host that was asked; made once for a moment. */
export function serversOf(now: Now): readonly ServerView[] {
  const known = made.get(now);
  if (known) return known;
  const servers = now.known(serverProbe).map(serverView);
  made.set(now, servers);
  return servers;
}

function serverView(reading: Known<ServerFacts>): ServerView {
  const { host, value: facts } = reading;
  const rows = facts.sources.flatMap(({ file }) => rowsOf(file));
  const paths = new Set([...rows.map(({ path }) => path), ...facts.active.map(({ path }) => path)]);
  const exports = [...paths].map((path): ExportView => {
    const active = facts.active.filter((one) => one.path === path);
    const own = rows.filter((row) => row.path === path);
    // Of several rows for one client the last holds.
    const last = own.filter(
      ({ client }, index) => !own.slice(index + 1).some((row) => row.client === client),
    );
    const missing = last.filter(
      ({ client, options }) =>
        !active.some((one) => one.client === client && satisfies(one, options)),
    );
    const strange = active.filter(({ client }) => !own.some((row) => row.client === client));
    const mount = mountOf(facts.mounts, path);
    const unmounted = missingMount(facts, path);
    const shown = ({ client }: { readonly client: string }): string => `${client}:${path}`;
    return {
      host,
      path,
      active,
      missing: missing.map(shown),
      strange: strange.map(shown),
      ...(mount && { mount }),
      ...(unmounted && { unmounted }),
    };
  });
  return { host, reading, facts, stale: reading.kind === 'stale', exports };
}

/** Whether everybody may mount it. */
export function isWorld({ client }: Pick<ActiveExport, 'client'>): boolean {
  return client === '*' || client === '0.0.0.0/0' || client === '::/0' || client === '<world>';
}
