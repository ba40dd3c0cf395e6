import type { HostName, Millis, Reader } from '../../../core/host.js';
import type { Basis } from '../../../core/plan.js';
import { quoteAll } from '../../../core/quote.js';
import { confOf } from '../names.js';
import { drbdsetup } from '../read/drbdsetup.js';
import type { Generations } from '../read/generations.js';
import { lookAtUse, unmounting, type Use } from '../read/users.js';
import { lookBeneath, type Beneath } from '../read/volume-beneath.js';
import { resourceName, sideSchema, type SideParams } from '../steps/side.js';
import { lookAtGuests, type Guest } from './guests.js';
import { clockOf, linesAbout } from '../verdict.js';
import type { End } from '../view.js';

/** A volume of one side. */
export interface SideVolume {
  readonly volume: number;
  readonly minor: number;
  readonly disk: string;
  readonly outOfSyncKiB: number | null;
  readonly generations: Generations | undefined;
  /** The words after `drbdsetup` that ask for its data generation. */
  readonly identify: readonly string[];
  readonly backing: string | null;
  readonly beneath: Beneath;
}

/** One side of the trouble, with all that was found out about it. */
export interface Side {
  readonly host: HostName;
  readonly end: End;
  readonly role: string;
  readonly connection: string;
  readonly volumes: readonly SideVolume[];
  readonly use: Use;
  /** The guests that run on its host. */
  readonly guests: readonly Guest[];
  /** KiB that this side changed since they parted; null if not known of every volume. */
  readonly changedKiB: number | null;
  /** When it began a data generation of its own, by our clock. */
  readonly ownSince: Millis | undefined;
  readonly basis: readonly Basis[];
  /** How steps name it, or why no step can. */
  readonly target:
    | { readonly ok: true; readonly params: SideParams }
    | { readonly ok: false; readonly because: string };
  readonly allowTwoPrimaries: boolean;
}

/** Looks closer at one side: who uses it, what it stands on, what drbdadm means by its name. */
export async function lookCloser(end: End, host: Reader): Promise<Side> {
  const { replica, link } = end;
  const placed = replica.volumes.flatMap((v) =>
    v.minor === null ? [] : [{ ...v, minor: v.minor }],
  );
  const minors = placed.map(({ minor }) => minor);
  const [use, guests, beneath, named, shown9] = await Promise.all([
    lookAtUse(host, minors),
    lookAtGuests(host),
    Promise.all(placed.map(({ backing }) => lookBeneath(host, backing))),
    namedMinors(host, replica.resource),
    driverOf(end) === '9' ? textOf(host, states9(replica.resource)) : undefined,
  ]);
  const volumes = placed.map((volume, index): SideVolume => {
    const leg = link.volumes.find((one) => one.volume === volume.volume);
    return {
      volume: volume.volume,
      minor: volume.minor,
      disk: volume.disk,
      outOfSyncKiB: leg?.outOfSyncKiB ?? null,
      generations: leg?.generations,
      identify: identify(end, volume.minor, volume.volume),
      backing: volume.backing,
      beneath: beneath[index] ?? { kind: 'other', because: 'it was not looked at' },
    };
  });
  const changed = volumes.map(({ outOfSyncKiB }) => outOfSyncKiB);
  return {
    host: replica.host,
    end,
    role: replica.role,
    connection: link.connection,
    volumes,
    use: withMounts(use, end),
    guests,
    changedKiB: changed.includes(null)
      ? null
      : changed.reduce<number>((sum, n) => sum + (n ?? 0), 0),
    ownSince: ownSince(end),
    basis: basisOf(end, volumes, named, shown9),
    target: towards(end, targetOf(end, minors, named)),
    allowTwoPrimaries: confOf(replica.on, replica.resource)?.allowTwoPrimaries === true,
  };
}

/** The mounts by the device's name, where the device numbers say nothing (btrfs, old kernels). */
function withMounts(use: Use, { replica }: End): Use {
  const more = replica.volumes.flatMap(({ minor, mounts }) =>
    mounts.flatMap(({ at, type }) =>
      minor === null
        ? []
        : [
            {
              minor,
              what: `${at} (${type})`,
              release: unmounting(at),
              holds: { kind: 'mount' as const, path: at },
            },
          ],
    ),
  );
  const fresh = more.filter((one) => !use.users.some(({ what }) => what === one.what));
  return { ...use, users: [...use.users, ...fresh] };
}

/** The generation of a host's driver; where it is not loaded, that of 8.4 is spoken to alike. */
export function driverOf({ replica }: Pick<End, 'replica'>): SideParams['driver'] {
  const { status, proc } = replica.on.devices.value;
  if (status) return '9';
  const [major = 8, middle = 4] = (proc?.version ?? '').split('.').map(Number);
  return major === 8 && middle < 4 ? '8.3' : '8.4';
}

/** The minors that the configuration files give to a name: what drbdadm will act on. */
export async function namedMinors(host: Reader, resource: string): Promise<string | undefined> {
  if (!resourceName.safeParse(resource).success) return undefined;
  return textOf(host, ['drbdadm', 'sh-minor', resource]);
}

async function textOf(host: Reader, argv: readonly string[]): Promise<string | undefined> {
  const outcome = await host.run({ argv, effect: 'reads', deadline: 20_000 });
  return outcome.kind === 'exited' && outcome.code === 0 ? outcome.stdout.trim() : undefined;
}

/**
 * How steps name a resource on a host, if its name means there what it means to the kernel.
 *
 * @param minors those that the kernel has, or is to have
 * @param named what drbdadm says that the name means
 */
export function targetOf(
  { replica }: Pick<End, 'replica'>,
  minors: readonly number[],
  named: string | undefined,
  driver = driverOf({ replica }),
): Side['target'] {
  const { resource, host, named: hasName } = replica;
  const name = resourceName.safeParse(resource);
  if (!hasName) return { ok: false, because: `its name on ${host} is not known` };
  if (!name.success) {
    return { ok: false, because: 'its name has characters that are not put into commands' };
  }
  if (replica.on.config?.value.kind === 'broken') {
    return { ok: false, because: `the configuration on ${host} is broken: drbdadm does nothing` };
  }
  if (named === undefined) {
    return { ok: false, because: `drbdadm on ${host} does not say which device ${resource} is` };
  }
  const said = named.split(/\s+/).map(Number).sort();
  if (minors.length === 0 || JSON.stringify(said) !== JSON.stringify([...minors].sort())) {
    const because = `the configuration on ${host} gives ${resource} minor ${said.join(', ')}, the kernel ${minors.join(', ')}`;
    return { ok: false, because };
  }
  return { ok: true, params: { resource, minors: [...minors], driver } };
}

/** Among several peers commands name the one that is meant. */
export function towards({ link }: Pick<End, 'link'>, target: Side['target']): Side['target'] {
  if (!target.ok || link.named === null) return target;
  // To drbdadm a colon stands between the resource and the peer.
  if (target.params.resource.includes(':')) {
    return { ok: false, because: 'its name has a colon, and it has several peers' };
  }
  const params = sideSchema.safeParse({ ...target.params, peer: link.named });
  return params.success
    ? { ok: true, params: params.data }
    : { ok: false, because: `the name of its peer ${link.peer} is not put into commands` };
}

function ownSince(end: End): Millis | undefined {
  const line = linesAbout(end).findLast(({ kind }) => kind === 'new generation');
  return line && clockOf(end, line);
}

function identify(end: End, minor: number, volume: number): readonly string[] {
  switch (driverOf(end)) {
    case '8.3':
      return [`/dev/drbd${minor}`, 'get-gi'];
    case '8.4':
      return ['get-gi', String(minor)];
    case '9': {
      const { resource, on } = end.replica;
      const found = on.devices.value.status?.resources.find(({ name }) => name === resource);
      const { named } = end.link;
      const peer = found?.peers.find(({ name }) => named === null || name === named)?.nodeId;
      return ['get-gi', resource, String(peer ?? ''), String(volume)];
    }
  }
}

function states9(resource: string): readonly string[] {
  return drbdsetup('status', resource).argv;
}

/**
 * The facts that a plan stands on: the states as the kernel prints them, without the counters that
 * move; the data generations; and which devices drbdadm means by the name.
 */
function basisOf(
  end: End,
  volumes: readonly SideVolume[],
  named: string | undefined,
  shown9: string | undefined,
): readonly Basis[] {
  const { host, resource } = end.replica;
  const facts: Basis[] = [];
  if (named !== undefined) {
    const argv = ['drbdadm', 'sh-minor', resource];
    facts.push({ host, says: `the device that ${resource} is`, argv, expect: named });
  }
  if (shown9 !== undefined) {
    facts.push({ host, says: `the state of ${resource}`, argv: states9(resource), expect: shown9 });
  }
  for (const device of end.replica.on.devices.value.proc?.devices ?? []) {
    if (!('localRole' in device) || !volumes.some(({ minor }) => minor === device.minor)) continue;
    const { minor, connection, localRole, peerRole, localDisk, peerDisk } = device;
    // `st:` stood for `ro:` before 8.3.0.
    const script = `s/^ *${minor}: cs:\\([^ ]*\\) [a-z]*:\\([^ ]*\\) *ds:\\([^ ]*\\).*/\\1 \\2 \\3/p`;
    facts.push({
      host,
      says: `the state of ${resource} (minor ${minor})`,
      argv: ['sed', '-n', script, '/proc/drbd'],
      expect: `${connection} ${localRole}/${peerRole} ${localDisk}/${peerDisk}`,
    });
  }
  for (const { generations: found, identify: words } of volumes) {
    if (!found) continue;
    const script = `test -e /proc/drbd && drbdsetup ${quoteAll(words)} | cut -d: -f1,2`;
    facts.push({
      host,
      says: `the data generation of ${resource}`,
      argv: ['sh', '-c', script],
      expect: `${found.current}:${found.bitmap}`,
    });
  }
  return facts;
}
