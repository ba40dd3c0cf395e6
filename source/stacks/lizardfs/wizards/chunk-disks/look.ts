import { randomUUID } from 'node:crypto';
import { outcomeFailure } from '../../../../core/failure.js';
import type { HostName, Reader } from '../../../../core/host.js';
import type { Basis } from '../../../../core/plan.js';
import type { Surroundings } from '../../../../core/wizard.js';
import { blockDevicesCommand } from '../../../../tools/block-commands.js';
import { parseBlockDevices, type BlockDevices } from '../../../../tools/block-devices.js';
import { diskOffers, type DiskOffer } from '../../../../tools/disk-offers.js';
import { readText, type ReadText } from '../../../../tools/read-text.js';
import { diskBasis } from './basis.js';
import { clusterProbe } from '../../probes/cluster.js';
import { valueOf, type Place } from '../../tools/question.js';
import { lookAtBoot, type Boot } from '../../flavour/boot.js';
import { parseFlavour } from '../../flavour/parse.js';
import { chunkHostCommand, parseChunkHost, type ChunkHost } from './host-facts.js';

/** A disk as it was found, with all that a plan needs of it. */
export interface FoundDisk extends DiskOffer {
  readonly host: HostName;
  /** `xs-1:/dev/disk/by-id/ata-…`: how answers name it. */
  readonly key: string;
  /** For the file system that may be made on it: made here, so that a plan is made of facts alone. */
  readonly freshUuid: string;
  /** What must still be so when the plan is carried out. */
  readonly basis: readonly Basis[];
}

/** What was found on a host, or why nothing was. */
export type FoundHost =
  | {
      readonly ok: true;
      readonly name: HostName;
      readonly disks: readonly FoundDisk[];
      readonly facts: ChunkHost;
      /** What must be so that a chunkserver that is started comes back with its host. */
      readonly boot: Boot;
      /** Null: there is no such file. */
      readonly fstab: string | null;
      readonly hddText: string | null;
      /** Mount points in use now. */
      readonly mounts: readonly string[];
    }
  | { readonly ok: false; readonly name: HostName; readonly because: string };

/** A host that was found whole. */
export type KnownHost = Extract<FoundHost, { readonly ok: true }>;

/** Who can ask the master which disks it knows. */
export interface MasterWay {
  readonly from: HostName;
  readonly admin: string;
  readonly place: Place;
  /** `ip:port` of the chunkservers that it lists. */
  readonly servers: readonly string[];
}

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly FoundHost[];
  /** Hosts of the cluster that could not tell what they use, and why. */
  readonly notAsked: Surroundings['notAsked'];
  readonly master?: MasterWay;
}

/** Looks at the disks and at what is installed, on all hosts at a time. Never rejects. */
export async function look(hosts: readonly Reader[], around: Surroundings): Promise<Found> {
  const [looks, ways] = await Promise.all([
    Promise.all(hosts.map(lookAtHost)),
    Promise.all(hosts.map(wayToMaster)),
  ]);
  const devices = looks.flatMap((one): [HostName, BlockDevices][] =>
    one.ok ? [[one.name, one.devices]] : [],
  );
  const offers = diskOffers(new Map(devices), around.neverTouch);
  const found = looks.map(async (one): Promise<FoundHost> => {
    if (!one.ok) return one;
    const disks = (offers.get(one.name) ?? []).map((offer) => withBasis(hosts, one.name, offer));
    return { ...one, disks: await Promise.all(disks) };
  });
  const silent = looks.flatMap((one) => (one.ok ? [] : [{ host: one.name, because: one.because }]));
  const master = ways.find((way) => way !== undefined);
  return {
    hosts: await Promise.all(found),
    notAsked: [...around.notAsked, ...silent],
    ...(master && { master }),
  };
}

/** How a host can ask the master; undefined: it cannot. */
export async function wayToMaster(host: Reader): Promise<MasterWay | undefined> {
  const answer = await clusterProbe.read(host);
  if (answer.kind !== 'value') return undefined;
  const { admin, master, chunkservers } = answer.value;
  const servers = valueOf(chunkservers)?.servers.map(({ address }) => address) ?? [];
  return { from: host.name, admin, place: { host: master.host, port: master.port }, servers };
}

/** A host's own answers, before they are held against those of the others. */
type HostLook =
  (Omit<KnownHost, 'disks'> & { readonly devices: BlockDevices }) | Exclude<FoundHost, KnownHost>;

async function lookAtHost(host: Reader): Promise<HostLook> {
  const [devices, facts, fstab] = await Promise.all([
    ask(host, blockDevicesCommand()),
    ask(host, chunkHostCommand()),
    readText(host, '/etc/fstab'),
  ]);
  const failed = [devices, facts, fstab].find((one) => 'because' in one);
  if (failed && 'because' in failed) return { ok: false, name: host.name, because: failed.because };
  if (!('text' in devices) || !('text' in facts) || !('text' in fstab)) {
    return { ok: false, name: host.name, because: 'it does not answer' };
  }
  const parsed = parseBlockDevices(devices.text ?? '');
  if (!parsed.ok) return { ok: false, name: host.name, because: `expected ${parsed.expected}` };
  const known = parseChunkHost(facts.text ?? '');
  const hdd = known.hddFile === undefined ? { text: null } : await readText(host, known.hddFile);
  if ('because' in hdd) return { ok: false, name: host.name, because: hdd.because };
  const boot = await lookAtBoot(host, parseFlavour(facts.text ?? ''), 'chunkserver');
  return {
    ok: true,
    name: host.name,
    boot,
    devices: parsed.value,
    facts: known,
    fstab: fstab.text,
    hddText: hdd.text,
    mounts: parsed.value.devices.flatMap((device) => device.mounts),
  };
}

async function ask(host: Reader, command: Parameters<Reader['run']>[0]): Promise<ReadText> {
  const outcome = await host.run(command);
  if (outcome.kind === 'exited' && outcome.code === 0) return { text: outcome.stdout };
  return { because: outcomeFailure(host.name, command, outcome).what };
}

async function withBasis(
  hosts: readonly Reader[],
  host: HostName,
  offer: DiskOffer,
): Promise<FoundDisk> {
  const { device, path, because } = offer;
  const name = path ?? `/dev/${device.kernelName.replaceAll('!', '/')}`;
  const found = { ...offer, host, key: `${host}:${name}`, freshUuid: randomUUID() };
  if (because !== undefined) return { ...found, basis: [] };
  const told = await diskBasis(hosts, host, offer);
  return told.ok
    ? { ...found, basis: told.basis }
    : { ...found, basis: [], because: `it cannot be looked at: ${told.because}` };
}
