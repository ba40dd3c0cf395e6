import type { HostName } from '../../core/host.js';
import type { Now } from '../../core/probe.js';
import type { IscsiSession } from '../../tools/iscsi-session.js';
import { databaseProbe } from './probes/database.js';
import { devicesProbe, sessionsProbe, type Devices } from './probes/devices.js';
import { localProbe } from './probes/local.js';
import { targetsProbe } from './probes/targets.js';
import { volumesProbe, type Volumes } from './probes/volumes.js';
import type { ContainerTables, NasTables } from './read/database.js';
import type { LocalFacts, Role } from './read/local.js';
import type { IscsiTarget } from '../../tools/tgt-targets.js';
import { shortName } from './roll.js';
import { partOf, seenOf, type Seen } from './seen.js';

/** A NAS, by the name that Rocks has for it. */
export interface Nas {
  readonly name: string;
  /** The host of ours that it is; undefined: it is not among them. */
  readonly host?: HostName;
  readonly local: Seen<LocalFacts>;
  readonly tables: Seen<NasTables>;
  /** Its clock when the tables were read, seconds since 1970. */
  readonly at: number | null;
  readonly targets: Seen<readonly IscsiTarget[]>;
  readonly volumes: Seen<Volumes>;
}

/** A container, by the name that Rocks has for it. */
export interface Container {
  readonly name: string;
  readonly host?: HostName;
  readonly local: Seen<LocalFacts>;
  readonly tables: Seen<ContainerTables>;
  readonly at: number | null;
  readonly sessions: Seen<readonly IscsiSession[]>;
  readonly devices: Seen<Devices>;
  readonly volumes: Seen<Volumes>;
}

/** How Rocks calls a host of ours: by the roll's configuration, else as the host calls itself. */
export function rocksName(now: Now, host: HostName): string {
  const local = now.known(localProbe).find((reading) => reading.host === host)?.value;
  const survey = now.hosts.find(({ name }) => name === host)?.survey;
  return local?.config?.name ?? shortName(survey?.hostname ?? host);
}

/** The host of ours that Rocks calls so; `compute-0-3.ibnet` is `compute-0-3`. */
export function hostOf(now: Now, name: string): HostName | undefined {
  const wanted = shortName(name);
  return now.hosts.find(
    (host) => shortName(host.name) === wanted || rocksName(now, host.name) === wanted,
  )?.name;
}

/** The hosts of ours that have a role, by their own word or by what lies in their database. */
export function hostsIn(now: Now, role: Role): readonly HostName[] {
  const told = now
    .known(localProbe)
    .flatMap(({ host, value }) => (value.roles.has(role) ? [host] : []));
  const remembered = now.known(databaseProbe).flatMap(({ host, value }) => {
    const is = role === 'nas' ? value.nas : role === 'container' ? value.container : undefined;
    return is ? [host] : [];
  });
  return now.hosts
    .map(({ name }) => name)
    .filter((name) => told.includes(name) || remembered.includes(name));
}

/** All that is known of a NAS. */
export function nasOf(now: Now, name: string): Nas {
  const host = hostOf(now, name);
  const database = seenOf(now, databaseProbe, host, name);
  return {
    name: shortName(name),
    ...(host !== undefined && { host }),
    local: seenOf(now, localProbe, host, name),
    tables: partOf(database, ({ nas }) => nas, `the database of ${name} has no tables of a NAS`),
    at: database.ok ? database.value.at : null,
    targets: seenOf(now, targetsProbe, host, name),
    volumes: seenOf(now, volumesProbe, host, name),
  };
}

/** All that is known of a container. */
export function containerOf(now: Now, name: string): Container {
  const host = hostOf(now, name);
  const database = seenOf(now, databaseProbe, host, name);
  const none = `the database of ${name} has no tables of a container`;
  return {
    name: shortName(name),
    ...(host !== undefined && { host }),
    local: seenOf(now, localProbe, host, name),
    tables: partOf(database, ({ container }) => container, none),
    at: database.ok ? database.value.at : null,
    sessions: seenOf(now, sessionsProbe, host, name),
    devices: seenOf(now, devicesProbe, host, name),
    volumes: seenOf(now, volumesProbe, host, name),
  };
}
