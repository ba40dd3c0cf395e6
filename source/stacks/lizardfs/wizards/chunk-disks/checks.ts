import type { Fault } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import { fstabEntries, parseFstab } from '../../../../files/fstab.js';
import { hddEntries, parseHddFile } from '../../../../files/mfshdd.js';
import { chosenDisks, type ChunkDiskAnswers } from './answers.js';
import type { Found, FoundDisk, KnownHost } from './look.js';

/** mkfs.xfs refuses smaller devices (seen with xfsprogs 6.1). */
const SMALLEST_XFS = 300 * 1024 * 1024;

/** A chosen disk that may be taken, with where it will be mounted. */
export interface Target {
  readonly disk: FoundDisk;
  /** `/dev/disk/by-id/…` */
  readonly device: string;
  readonly mountPoint: string;
  readonly accepted: readonly string[];
}

/** The chosen disks by host, or all that stands against the answers. */
export type Checked =
  | { readonly ok: true; readonly hosts: ReadonlyMap<KnownHost, readonly Target[]> }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Holds the answers against what was found; every fault is named, not only the first. */
export function checkAnswers(found: Found, answers: ChunkDiskAnswers): Checked {
  const faults: Fault[] = [];
  const hosts = new Map<KnownHost, Target[]>();
  const chosen = chosenDisks(answers);
  for (const { key, accept } of chosen) {
    const host = found.hosts.find((one) => one.ok && one.disks.some((disk) => disk.key === key));
    const disk = host?.ok ? host.disks.find((one) => one.key === key) : undefined;
    if (!host?.ok || !disk) {
      faults.push({ key: 'disks', says: notFound(found, key) });
      continue;
    }
    const because = diskFault(disk, accept);
    const { path } = disk;
    if (because !== undefined || path === undefined) {
      faults.push({ key: 'disks', says: `${key}: ${because ?? 'it has no stable name'}` });
      continue;
    }
    const mountPoint = `${answers.mountRoot.replace(/\/+$/, '')}/${path.slice(path.lastIndexOf('/') + 1)}`;
    const targets = hosts.get(host) ?? [];
    targets.push({ disk, device: path, mountPoint, accepted: disk.holds });
    hosts.set(host, targets);
  }
  const targets = [...hosts.values()].flat();
  faults.push(...twice(targets), ...strayAcceptances(answers));
  for (const [host, list] of hosts) faults.push(...hostFaults(host, list, answers));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, hosts };
}

function notFound(found: Found, key: string): string {
  const host = found.hosts.find(({ name }) => key.startsWith(`${name}:`));
  if (!host) return `${key}: its host is not among those that were looked at`;
  return host.ok
    ? `${key}: there is no such disk`
    : `${key}: ${host.name} could not be looked at: ${host.because}`;
}

function diskFault(disk: FoundDisk, accept: readonly string[]): string | undefined {
  if (disk.because !== undefined) return disk.because;
  const missing = disk.holds.filter((one) => !accept.includes(one));
  if (missing.length > 0) {
    return `it holds ${listed(missing, 20)}, whose loss must be accepted by name`;
  }
  const strange = accept.filter((one) => !disk.holds.includes(one));
  return strange.length > 0
    ? `the loss of ${listed(strange)} is accepted, but it is not on it`
    : undefined;
}

function twice(targets: readonly Target[]): readonly Fault[] {
  return targets.flatMap(({ disk }, index) => {
    const before = targets.slice(0, index).find((one) => {
      return one.disk.key === disk.key || isSame(one.disk, disk);
    });
    if (!before) return [];
    const says =
      before.disk.key === disk.key
        ? `${disk.key} is named twice`
        : `${disk.key} is the same disk as ${before.disk.key}`;
    return [{ key: 'disks', says }];
  });
}

function isSame(a: FoundDisk, b: FoundDisk): boolean {
  return a.elsewhere.some(({ host, device }) => {
    return host === b.host && device.kernelName === b.device.kernelName;
  });
}

/** An acceptance for a disk that is not taken is a slip that should not pass in silence. */
function strayAcceptances(answers: ChunkDiskAnswers): readonly Fault[] {
  const keys = chosenDisks(answers).map(({ key }) => key);
  return answers.accept
    .filter((one) => !keys.some((key) => one.startsWith(`${key} `)))
    .map((one) => ({ key: 'accept', says: `${one}: this disk is not among those chosen` }));
}

function hostFaults(
  host: KnownHost,
  targets: readonly Target[],
  { fileSystem }: ChunkDiskAnswers,
): readonly Fault[] {
  const { name, facts } = host;
  const says: string[] = [];
  if (!facts.makers.includes(`mkfs.${fileSystem}`)) {
    says.push(`mkfs.${fileSystem} is not on ${name}`);
  }
  const faults = says.map((one): Fault => ({ key: 'fileSystem', says: one }));
  if (fileSystem === 'xfs') {
    const small = targets.filter(({ disk }) => disk.device.sizeBytes < SMALLEST_XFS);
    faults.push(
      ...small.map(({ disk }) => ({
        key: 'fileSystem',
        says: `${disk.key} is too small for xfs: ${bytes(disk.device.sizeBytes)} of at least 300 MiB`,
      })),
    );
  }
  if (facts.hddFile === undefined || facts.owner === undefined) {
    const what = facts.hddFile === undefined ? 'config folder' : 'user';
    const todo = 'install the chunkserver there first';
    faults.push({ key: 'disks', says: `${name} has no ${what} of a chunkserver: ${todo}` });
  }
  return [...faults, ...targets.flatMap((target) => placeFaults(host, target))];
}

function placeFaults(host: KnownHost, { device, mountPoint }: Target): readonly Fault[] {
  const { name, fstab, hddText, mounts, facts } = host;
  const says: string[] = [];
  const entries = fstabEntries(parseFstab(fstab ?? ''));
  if (entries.some(({ target }) => samePath(target, mountPoint))) {
    says.push(`/etc/fstab has a line for ${mountPoint} already`);
  }
  if (entries.some(({ source }) => source === device)) {
    says.push(`/etc/fstab has a line for ${device} already`);
  }
  if (mounts.includes(mountPoint)) says.push(`something is mounted at ${mountPoint} already`);
  if (hddEntries(parseHddFile(hddText ?? '')).some(({ path }) => samePath(path, mountPoint))) {
    says.push(`${facts.hddFile ?? ''} lists ${mountPoint} already`);
  }
  return says.map((one) => ({ key: 'disks', says: `${name}: ${one}; take it out first` }));
}

function samePath(a: string, b: string): boolean {
  return a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}
