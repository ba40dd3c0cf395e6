import { reads, type HostName, type Reader } from '../../../core/host.js';
import type { Basis } from '../../../core/plan.js';
import { lookAtDevice } from '../../../tools/device.js';
import { closedBecause, heldBy } from '../../../tools/disk-gate.js';
import { compareGenerations, type Relation } from '../generations.js';
import { parseGetGi, type Generations } from '../read/generations.js';
import { namedMinors, targetOf, type Side } from '../split-brain/side.js';
import { resourceName, sideSchema, type SideParams } from '../steps/side.js';
import type { Link, Replica } from '../view.js';

/** What the metadata of a volume that is down tell. */
export type Metadata =
  | { readonly kind: 'there'; readonly generations: Generations }
  | { readonly kind: 'none' }
  | { readonly kind: 'not known'; readonly because: string };

/** The disk that a volume is to stand on, as it is now. */
export type Backing =
  | {
      readonly kind: 'there';
      readonly path: string;
      readonly sizeBytes: number;
      /** What is on it: `ext4`, `drbd`; empty: it is blank. */
      readonly holds: readonly string[];
      readonly closed: string | undefined;
    }
  | { readonly kind: 'not there'; readonly path: string; readonly because: string };

/** A volume of a resource that is down. */
export interface DownVolume {
  readonly volume: number;
  readonly minor: number;
  readonly metadata: Metadata;
  readonly backing: Backing;
}

/** A resource that is configured on a host and that its kernel has not. */
export interface DownSide {
  readonly host: HostName;
  readonly module: 'loaded' | 'can be loaded' | 'missing';
  readonly volumes: readonly DownVolume[];
  readonly target: Side['target'];
  readonly basis: readonly Basis[];
}

/**
 * Looks closer at a resource that is not up; the module is not loaded for it.
 *
 * @param peer DRBD 9: the one among several that it is to meet; null: it has one
 */
export async function lookAtDown(
  replica: Replica,
  host: Reader,
  driver: SideParams['driver'],
  peer: string | null,
): Promise<DownSide> {
  const placed = replica.volumes.flatMap((volume) =>
    volume.minor === null ? [] : [{ ...volume, minor: volume.minor }],
  );
  const { resource } = replica;
  const isPlain = resourceName.safeParse(resource).success;
  const isLoaded = replica.on.devices.value.proc !== null;
  const [named, module, volumes] = await Promise.all([
    namedMinors(host, resource),
    moduleOf(isLoaded, host),
    Promise.all(
      placed.map(async ({ volume, minor, backing }): Promise<DownVolume> => {
        const name = metadataName({ resource, volume, of: placed.length, peer });
        const disk = await backingOf(host, backing);
        if (!isPlain) return { volume, minor, metadata: notAsked, backing: disk };
        const metadata = isLoaded ? await metadataOf(host, name) : unseen(disk);
        return { volume, minor, metadata, backing: disk };
      }),
    ),
  ]);
  const minors = placed.map(({ minor }) => minor);
  return {
    host: replica.host,
    module,
    volumes,
    target: meeting9(targetOf({ replica }, minors, named, driver), peer),
    basis: [
      ...(named === undefined ? [] : [nameBasis(replica, named)]),
      ...volumes.flatMap((volume) => metadataBasis(replica, volume, volumes.length, peer)),
    ],
  };
}

/** How drbdadm is told whose metadata are meant: `r0`, `r0/1`, or `r0:torchio/0` among several peers. */
function metadataName(about: {
  readonly resource: string;
  readonly volume: number;
  readonly of: number;
  readonly peer: string | null;
}): string {
  const { resource, volume, of, peer } = about;
  if (peer !== null) return `${resource}:${peer}/${volume}`;
  return of > 1 ? `${resource}/${volume}` : resource;
}

function meeting9(target: Side['target'], peer: string | null): Side['target'] {
  if (!target.ok || peer === null) return target;
  const params = sideSchema.safeParse({ ...target.params, peer });
  return params.success
    ? { ok: true, params: params.data }
    : { ok: false, because: 'the name of its peer is not put into commands' };
}

const notAsked: Metadata = { kind: 'not known', because: 'its name is not put into commands' };

/**
 * Without the module drbdadm is not asked: to read metadata it asks drbdsetup as well, which loads the
 * module. What libblkid sees of them must do.
 */
function unseen(disk: Backing): Metadata {
  return disk.kind === 'there' && !disk.holds.includes('drbd')
    ? { kind: 'none' }
    : { kind: 'not known', because: 'the module is not loaded' };
}

/** `modprobe -n` looks for the module and does not load it (modprobe(8)). */
async function moduleOf(isLoaded: boolean, host: Reader): Promise<DownSide['module']> {
  if (isLoaded) return 'loaded';
  const outcome = await host.run(reads(['modprobe', '-n', '-q', 'drbd']));
  return outcome.kind === 'exited' && outcome.code === 0 ? 'can be loaded' : 'missing';
}

function askMetadata(name: string): readonly string[] {
  return ['drbdadm', 'get-gi', name];
}

/** drbdadm reads them from the disk; it ends with 1 and no word where there are none (seen with 9.22). */
async function metadataOf(host: Reader, name: string): Promise<Metadata> {
  const outcome = await host.run(reads(askMetadata(name), 20_000));
  if (outcome.kind !== 'exited') return { kind: 'not known', because: outcome.reason };
  const read = parseGetGi(outcome.stdout);
  if (outcome.code === 0 && read.ok) return { kind: 'there', generations: read.value };
  const said = outcome.stderr.trim();
  if (said === '' || /No valid meta ?data/i.test(said)) return { kind: 'none' };
  return { kind: 'not known', because: said.split('\n')[0] ?? '' };
}

async function backingOf(host: Reader, path: string | null): Promise<Backing> {
  if (path === null) return { kind: 'not there', path: '?', because: 'no disk is configured' };
  const look = await lookAtDevice(host, path);
  if (!look.ok) return { kind: 'not there', path, because: look.because };
  const { tree, device } = look;
  return {
    kind: 'there',
    path,
    sizeBytes: device.sizeBytes,
    holds: heldBy(tree, device),
    closed: closedBecause(tree, device),
  };
}

function nameBasis({ host, resource }: Replica, named: string): Basis {
  const argv = ['drbdadm', 'sh-minor', resource];
  return { host, says: `the device that ${resource} is`, argv, expect: named };
}

function metadataBasis(
  { host, resource }: Replica,
  { volume, metadata }: DownVolume,
  of: number,
  peer: string | null,
): readonly Basis[] {
  if (metadata.kind !== 'there') return [];
  const name = metadataName({ resource, volume, of, peer });
  const { current, bitmap } = metadata.generations;
  const script = 'drbdadm get-gi "$1" | cut -d: -f1,2';
  const argv = ['sh', '-c', script, 'sh', name];
  return [
    { host, says: `the data generation of ${resource}`, argv, expect: `${current}:${bitmap}` },
  ];
}

/** How a side that is down will stand to the one that lives when they meet. */
export type Meeting = Relation | 'fresh' | 'not known';

/** The generation of metadata in which nobody has written yet. */
const NEVER_USED = /^000000000000000[45]$/;

/** What DRBD will conclude when a side that is down meets the living one. */
export function meetingOf(down: DownSide, living: Link): Meeting {
  return meeting(down, (volume) => {
    return living.volumes.find((leg) => leg.volume === volume)?.generations;
  });
}

/** The same, of two sides that are both down. */
export function meetingOfDown(down: DownSide, other: DownSide): Meeting {
  return meeting(down, (volume) => {
    const metadata = other.volumes.find((one) => one.volume === volume)?.metadata;
    return metadata?.kind === 'there' ? metadata.generations : undefined;
  });
}

/** Over all volumes; the worst counts. */
function meeting(
  { volumes }: DownSide,
  theirsOf: (volume: number) => Generations | undefined,
): Meeting {
  const each = volumes.map(({ volume, metadata }): Meeting => {
    const theirs = theirsOf(volume);
    if (metadata.kind !== 'there' || !theirs) return 'not known';
    const { generations } = metadata;
    return NEVER_USED.test(generations.current) ? 'fresh' : compareGenerations(generations, theirs);
  });
  // Volumes that would be copied in different directions are none to go ahead with unseen.
  if (each.includes('ahead') && each.includes('behind')) return 'not known';
  const worst: readonly Meeting[] = ['split', 'unrelated', 'not known', 'ahead', 'behind', 'fresh'];
  return worst.find((one) => each.includes(one)) ?? 'same';
}
