import type { Failure } from '../../core/failure.js';
import type { Evidence } from '../../core/finding.js';
import type { HostName } from '../../core/host.js';
import { hostByAddress } from '../../core/lookup.js';
import type { Known, Now } from '../../core/probe.js';
import { showCommand } from '../../core/quote.js';
import { beneathOf, type Beneath } from './beneath.js';
import { groupBy } from '../../core/group.js';
import { hookOf, type Hook } from './hook.js';
import { disksProbe, type DisksView } from './probes/disks.js';
import { localProbe } from './probes/local.js';
import { poolProbe, poolQuestions, type PoolView } from './probes/pool.js';
import { storageProbe, storageQuestions, type StorageView } from './probes/storage.js';
import { poolOf } from './probes/xe.js';
import type { Pbd, PoolHost, Sr } from './read/lists.js';
import type { LocalFacts } from './read/local-facts.js';
import { serverOf, type Server } from './server.js';

/** A host of a pool, as the pool and the host itself know it. */
export interface Member {
  readonly uuid: string;
  readonly name: string;
  /** The host of ours that it is; undefined: it is not among those watched. */
  readonly host?: HostName;
  /** What the pool says of it; undefined: the list could not be had. */
  readonly listed?: PoolHost;
  readonly isMaster: boolean;
  readonly local?: Known<LocalFacts>;
}

/** A PBD with its host. */
export interface Plug {
  readonly pbd: Pbd;
  readonly member: Member;
  /** What lies beneath it on its host, as the host's own mounts tell. */
  readonly beneath: Beneath;
  /** The server of the mount beneath it. */
  readonly server?: Server;
  /** What makes sure at boot that it is there. */
  readonly hook: Hook;
}

/** A storage repository with all that connects to it. */
export interface Repository {
  readonly sr: Sr;
  /** Its name, with a piece of its UUID where the name is not enough. */
  readonly label: string;
  readonly plugs: readonly Plug[];
  readonly isDefault: boolean;
  /** The virtual machines that have disks on it; undefined: not known. */
  readonly users?: readonly User[];
}

/** A virtual machine with disks on a repository. */
export interface User {
  readonly vm: string;
  readonly name: string;
  readonly vdis: readonly string[];
  readonly running: boolean;
}

/** Everything that is known of one pool. */
export interface PoolPicture {
  /** The same from round to round: see `poolOf`. */
  readonly key: string;
  /** Its name, or its master's. */
  readonly name: string;
  readonly members: readonly Member[];
  readonly repositories: readonly Repository[];
  readonly pool?: Known<PoolView>;
  readonly storage?: Known<StorageView>;
  readonly disks?: Known<DisksView>;
  /** Why a host that is up brings no answer of its pool. */
  readonly silence?: { readonly host: HostName; readonly failure: Failure };
}

const pictures = new WeakMap<Now, readonly PoolPicture[]>();

/** The pools of the fleet at one moment, each joined from all that its hosts say. */
export function picture(now: Now): readonly PoolPicture[] {
  const known = pictures.get(now) ?? join(now);
  pictures.set(now, known);
  return known;
}

function join(now: Now): readonly PoolPicture[] {
  const keys = new Set(
    [poolProbe, storageProbe, localProbe]
      .flatMap((probe) => now.of<unknown>(probe))
      .map(({ host }) => poolOf(now, host))
      .filter((key) => key !== undefined),
  );
  const labels = labelsOf(now);
  return [...keys].sort().map((key) => poolPicture(now, key, labels));
}

function newest<T>(now: Now, key: string, readings: readonly Known<T>[]): Known<T> | undefined {
  return readings
    .filter(({ host }) => poolOf(now, host) === key)
    .toSorted((a, b) => Number(b.kind === 'fresh') - Number(a.kind === 'fresh') || b.at - a.at)[0];
}

function poolPicture(now: Now, key: string, labels: ReadonlyMap<string, string>): PoolPicture {
  const pool = newest(now, key, now.known(poolProbe));
  const storage = newest(now, key, now.known(storageProbe));
  const disks = newest(now, key, now.known(disksProbe));
  const members = membersOf(now, key, pool?.value, storage?.value);
  const byUuid = new Map(members.map((member) => [member.uuid, member]));
  const pbds = groupBy(storage?.value.pbds ?? [], ({ sr }) => sr);
  const users = disks && usersBySr(disks.value);
  const repositories = (storage?.value.srs ?? []).map((sr): Repository => {
    const plugs = (pbds.get(sr.uuid) ?? []).flatMap((pbd): Plug[] => {
      const member = byUuid.get(pbd.host);
      if (!member) return [];
      const local = member.local?.value;
      const beneath = beneathOf(sr, pbd, local);
      const server = serverOf(beneath, local);
      return [{ pbd, member, beneath, hook: hookOf(sr, local), ...(server && { server }) }];
    });
    return {
      sr,
      label: labels.get(sr.uuid) ?? sr.uuid,
      plugs,
      isDefault: pool?.value.pool?.defaultSr === sr.uuid,
      ...(users && { users: users.get(sr.uuid) ?? [] }),
    };
  });
  const master = members.find(({ isMaster }) => isMaster);
  const name = pool?.value.pool?.name ?? '';
  const silence = storage?.kind === 'fresh' ? undefined : silenceOf(now, key);
  return {
    key,
    name: name === '' ? (master?.name ?? key) : name,
    members,
    repositories,
    ...(pool && { pool }),
    ...(storage && { storage }),
    ...(disks && { disks }),
    ...(silence && { silence }),
  };
}

/** A host that is down is told by itself; one that is up and brings nothing, by what `xe` said. */
function silenceOf(now: Now, key: string): PoolPicture['silence'] {
  const up = new Set(now.hosts.filter(({ phase }) => phase === 'up').map(({ name }) => name));
  for (const reading of now.of(storageProbe)) {
    if (reading.kind !== 'failed' && reading.kind !== 'stale') continue;
    const { host, failure } = reading;
    if (up.has(host) && poolOf(now, host) === key) return { host, failure };
  }
  return undefined;
}

function membersOf(
  now: Now,
  key: string,
  view: PoolView | undefined,
  storage: StorageView | undefined,
): readonly Member[] {
  const locals = now.known(localProbe);
  const listed = new Map(view?.hosts.map((host) => [host.uuid, host]));
  const ours = locals.flatMap(({ host, value: { hostUuid } }) => {
    return hostUuid !== undefined && poolOf(now, host) === key ? [hostUuid] : [];
  });
  const named = storage?.pbds.map(({ host }) => host) ?? [];
  return [...new Set([...listed.keys(), ...ours, ...named])].map((uuid): Member => {
    const entry = listed.get(uuid);
    const local = locals.find(({ value }) => value.hostUuid === uuid);
    const host = local?.host ?? (entry && hostByAddress(now, entry.address));
    return {
      uuid,
      name: host ?? entry?.name ?? uuid,
      isMaster: view?.pool ? view.pool.master === uuid : local?.value.role?.kind === 'master',
      ...(host !== undefined && { host }),
      ...(entry && { listed: entry }),
      ...(local && { local }),
    };
  });
}

/** What to call each repository: two of one name are told apart by the beginning of their UUIDs. */
function labelsOf(now: Now): ReadonlyMap<string, string> {
  const srs = new Map(
    now.known(storageProbe).flatMap(({ value }) => value.srs.map((sr) => [sr.uuid, sr] as const)),
  );
  const byName = groupBy(srs.values(), ({ name }) => name);
  const label = ({ uuid, name }: Sr): string => {
    const short = uuid.slice(0, 8);
    if (name === '') return short;
    return (byName.get(name)?.length ?? 0) > 1 ? `${name} (${short})` : name;
  };
  return new Map([...srs.values()].map((sr) => [sr.uuid, label(sr)]));
}

function usersBySr({ vdis, vbds }: DisksView): ReadonlyMap<string, readonly User[]> {
  const srOf = new Map(vdis.map(({ uuid, sr }) => [uuid, sr]));
  const bySr = groupBy(vbds, ({ vdi }) => srOf.get(vdi) ?? '');
  return new Map(
    [...bySr].map(([sr, uses]) => {
      const users = [...groupBy(uses, ({ vm }) => vm)].map(([vm, own]): User => ({
        vm,
        name: own[0]?.vmName ?? vm,
        vdis: [...new Set(own.map(({ vdi }) => vdi))],
        running: own.some(({ attached }) => attached),
      }));
      return [sr, users];
    }),
  );
}

/** Lines of the pool's list of PBDs, repositories or hosts, as evidence. */
export function listEvidence(
  reading: Known<StorageView | PoolView> | undefined,
  list: 'hosts' | 'srs' | 'pbds',
  lines: readonly string[],
): readonly Evidence[] {
  if (!reading || lines.length === 0) return [];
  const command = list === 'hosts' ? poolQuestions.hosts.command : storageQuestions[list].command;
  return [{ host: reading.host, command: showCommand(command.argv), lines }];
}
