import { z } from 'zod';
import { parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** What a host is for the roll; a host may be several. */
export type Role = 'frontend' | 'nas' | 'container';

/** A service's state by the exit code of its `status` (LSB, 20.2): 0, 1 or 2, 3, and all others. */
export type ServiceState = 'running' | 'dead' | 'stopped' | 'unknown';

/** The configuration of the roll's daemons, /etc/imgstorage.conf. */
export interface RollConfig {
  /** How the host is called in messages and in the rows of others. */
  readonly name: string;
  /** The network (a domain of DNS) for iSCSI and copies: `ibnet`; empty: the private one by its bare names. */
  readonly network: string;
  /** The pool for volumes of a container; empty: none was set. */
  readonly pool: string;
  readonly workers: string;
}

/** What a host says of itself without asking anyone else. */
export interface LocalFacts {
  readonly roles: ReadonlySet<Role>;
  /** Undefined: there is no such file, or it cannot be read. */
  readonly config?: RollConfig;
  readonly services: ReadonlyMap<string, ServiceState>;
}

const STATES: Readonly<Record<string, ServiceState>> = {
  '0': 'running',
  '1': 'dead',
  '2': 'dead',
  '3': 'stopped',
};

const name = z.union([z.string(), z.null()]).transform((value) => {
  // `report host imgstorage` writes what Python prints of nothing.
  return value === null || value === 'None' ? '' : value;
});
const config = z
  .tuple([z.looseObject({ name, network: name, default_pool: name, img_sync_workers: name })])
  .transform(([one]): RollConfig => ({
    name: one.name,
    network: one.network,
    pool: one.default_pool,
    workers: one.img_sync_workers,
  }));

/** Reads what the probe's script printed: `role WORD`, `service NAME CODE`, `config LINE`. */
export function parseLocal(text: string): Parsed<LocalFacts> {
  const roles = new Set<Role>();
  const services = new Map<string, ServiceState>();
  const file: string[] = [];
  const unread: string[] = [];
  for (const line of linesOf(text)) {
    const [, role] = /^role (frontend|nas|container)$/.exec(line) ?? [];
    const [, service, code] = /^service (\S+) (\d+)$/.exec(line) ?? [];
    if (role === 'frontend' || role === 'nas' || role === 'container') roles.add(role);
    else if (service !== undefined) services.set(service, STATES[code ?? ''] ?? 'unknown');
    else if (line.startsWith('config ')) file.push(line.slice('config '.length));
    else if (line.trim() !== '') unread.push(line);
  }
  const read = configOf(file.join('\n'));
  if (file.length > 0 && !read) unread.push(...file);
  return parsed({ roles, services, ...(read && { config: read }) }, unread);
}

function configOf(text: string): RollConfig | undefined {
  try {
    const result = config.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
