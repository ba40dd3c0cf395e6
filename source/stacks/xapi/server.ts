import { hostsAddresses } from '../../files/hosts.js';
import type { Beneath } from './beneath.js';
import type { LocalFacts } from './read/local-facts.js';
import type { MountPoint } from './read/mount-table.js';

/** The server that a mount is of, as its host knows it. */
export interface Server {
  /** As the mount names it: `mfsmaster`, `10.0.0.1`. */
  readonly name: string;
  /** What the host's /etc/hosts takes the name for; undefined: it has no such entry. */
  readonly address?: string;
}

/** The server of what lies beneath a PBD; undefined: there is none, or it is not known. */
export function serverOf(beneath: Beneath, local: LocalFacts | undefined): Server | undefined {
  const mount =
    beneath.kind === 'mounted'
      ? beneath.mount
      : beneath.kind === 'folder' && !beneath.onRoot
        ? beneath.on
        : undefined;
  const name = mount && serverName(mount);
  if (name === undefined || !local) return undefined;
  const [address] = hostsAddresses(local.hosts, name);
  return { name, ...(address !== undefined && { address }) };
}

/** `mfs#mfsmaster:9421`, `mfsmaster:9421/sub` (fuse), `filer:/export` (nfs). */
function serverName({ type, source }: MountPoint): string | undefined {
  const pattern = type.startsWith('fuse') ? /^(?:[a-z]+#)?([^:/#]+):\d+/ : /^([^:/]+):\//;
  return pattern.exec(source)?.[1];
}

/** The server in words. */
export function serverWords({ name, address }: Server): string {
  return address === undefined ? name : `${name} (${address})`;
}

/** Whether these name one server, as far as their hosts' own files tell. */
export function isOneServer(servers: readonly Server[]): boolean {
  return new Set(servers.map(({ name, address }) => address ?? name)).size < 2;
}
