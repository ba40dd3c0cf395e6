import { randomUUID } from 'node:crypto';
import { outcomeFailure } from '../../../../core/failure.js';
import { reads, type HostName, type Reader } from '../../../../core/host.js';
import type { Basis } from '../../../../core/plan.js';
import { quoteAll } from '../../../../core/quote.js';
import { blockDevicesCommand, parseBlockDevices } from '../../../../tools/block-devices.js';
import { diskOffers, sameWwn, type DiskOffer } from '../../../../tools/disk-offers.js';
import { clusterProbe } from '../../probes/cluster.js';
import { valueOf, type Place } from '../../tools/question.js';
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
  readonly master?: MasterWay;
}

/** Looks at the disks and at what is installed, on all hosts at a time. Never rejects. */
export async function look(hosts: readonly Reader[]): Promise<Found> {
  const [found, ways] = await Promise.all([
    Promise.all(hosts.map(lookAtHost)),
    Promise.all(hosts.map(wayToMaster)),
  ]);
  const master = ways.find((way) => way !== undefined);
  return { hosts: closeShared(found), ...(master && { master }) };
}

async function wayToMaster(host: Reader): Promise<MasterWay | undefined> {
  const answer = await clusterProbe.read(host);
  if (answer.kind !== 'value') return undefined;
  const { admin, master, chunkservers } = answer.value;
  const servers = valueOf(chunkservers)?.servers.map(({ address }) => address) ?? [];
  return { from: host.name, admin, place: { host: master.host, port: master.port }, servers };
}

async function lookAtHost(host: Reader): Promise<FoundHost> {
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
  const [hdd, disks] = await Promise.all([
    known.hddFile === undefined ? { text: null } : readText(host, known.hddFile),
    Promise.all(diskOffers(parsed.value).map((offer) => withBasis(host, offer))),
  ]);
  if ('because' in hdd) return { ok: false, name: host.name, because: hdd.because };
  return {
    ok: true,
    name: host.name,
    disks,
    facts: known,
    fstab: fstab.text,
    hddText: hdd.text,
    mounts: parsed.value.devices.flatMap((device) => device.mounts),
  };
}

type Text = { readonly text: string | null } | { readonly because: string };

async function ask(host: Reader, command: Parameters<Reader['run']>[0]): Promise<Text> {
  const outcome = await host.run(command);
  if (outcome.kind === 'exited' && outcome.code === 0) return { text: outcome.stdout };
  return { because: outcomeFailure(host.name, command, outcome).what };
}

/** A file's text, null where there is none. */
async function readText(host: Reader, path: string): Promise<Text> {
  const command = reads(['cat', '--', path]);
  const outcome = await host.run(command);
  if (outcome.kind === 'exited' && outcome.code === 0) {
    return outcome.capped === true
      ? { because: `${path} is too long to be edited` }
      : { text: outcome.stdout };
  }
  if (outcome.kind === 'exited' && outcome.stderr.includes('No such file')) return { text: null };
  return { because: `${path} cannot be read` };
}

/** The names of the processes that have a disk open: nothing else shows that tgtd or qemu use it. */
const OPENERS =
  'k=$(readlink -f "$1"); find /proc/[0-9]*/fd -lname "$k" -printf "%h\\n" 2>/dev/null | while read -r p; do cat "${p%/fd}/comm"; done | sort -u';

/**
 * What tells a disk from any other and shows what is on it. Asked by the very commands that ask
 * again before the plan is carried out, so that nothing needs to be formatted alike.
 */
async function withBasis(host: Reader, offer: DiskOffer): Promise<FoundDisk> {
  const { device, path, because } = offer;
  const name = path ?? `/dev/${device.kernelName.replaceAll('!', '/')}`;
  const found = { ...offer, host: host.name, key: `${host.name}:${name}`, freshUuid: randomUUID() };
  if (path === undefined || because !== undefined) return { ...found, basis: [] };
  const wanted = [
    {
      says: `size, serial and WWN of ${path}`,
      argv: ['lsblk', '-dnPb', '-o', 'SIZE,SERIAL,WWN,RO', path],
    },
    { says: `what is on ${path}`, argv: ['wipefs', '-n', '-p', path] },
    { says: `who has ${path} open`, argv: ['sh', '-c', OPENERS, 'sh', path] },
  ];
  const asked = wanted.map(async ({ says, argv }): Promise<Basis | string> => {
    const outcome = await host.run(reads(argv));
    if (outcome.kind !== 'exited') return outcome.reason;
    if (outcome.code !== 0) return `\`${quoteAll(argv)}\` ended with ${outcome.code}`;
    return { host: host.name, says, argv, expect: outcome.stdout.trim() };
  });
  const basis = await Promise.all(asked);
  const failed = basis.find((one) => typeof one === 'string');
  return {
    ...found,
    basis: basis.filter((one) => typeof one !== 'string'),
    ...(failed !== undefined && { because: `it cannot be looked at: ${failed}` }),
  };
}

/** One disk that several hosts see: what another host does with it counts as well. */
function closeShared(hosts: readonly FoundHost[]): readonly FoundHost[] {
  const all = hosts.flatMap((host) => (host.ok ? host.disks : []));
  const closeOne = (disk: FoundDisk): FoundDisk => {
    if (disk.because !== undefined) return disk;
    const other = all.find((one) => {
      return one.host !== disk.host && one.because !== undefined && sameDisk(one, disk);
    });
    if (!other) return disk;
    return {
      ...disk,
      because: `${other.host} sees the same disk, and there ${other.because ?? ''}`,
    };
  };
  return hosts.map((host) => (host.ok ? { ...host, disks: host.disks.map(closeOne) } : host));
}

/** Whether two hosts mean one disk: by WWN, or as one multipath map. */
export function sameDisk(a: FoundDisk, b: FoundDisk): boolean {
  const map = '/dev/disk/by-id/dm-uuid-mpath-';
  if (sameWwn(a.device, b.device)) return true;
  return a.path !== undefined && a.path.startsWith(map) && a.path === b.path;
}
