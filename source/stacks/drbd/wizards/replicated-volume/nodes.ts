import type { Fault } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import { wholeExtents, type GroupOffer } from '../../../../tools/volume-groups.js';
import type { NewResource } from './answers.js';
import type { Found, FoundVolume, KnownHost } from './look.js';
import { metadataBytes } from './numbers.js';

export const GIB = 1024 ** 3;

/** A logical volume that the plan makes. */
export interface NewVolume {
  readonly vg: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly id: string;
}

/** One node's disk, as the plan leaves it. */
export interface NodeDisk {
  readonly host: KnownHost;
  readonly group: GroupOffer;
  readonly name: string;
  /** `/dev/vg0/small`. */
  readonly backing: string;
  readonly sizeBytes: number;
  /** Left out: it is there already. */
  readonly made?: NewVolume;
  /** The size that it has now, where it must become larger. */
  readonly extendFrom?: number;
  /** Left out: the metadata stand at the end of the data. */
  readonly metadata?: NewVolume;
  /** What is on it and stays, or is metadata that is replaced. */
  readonly accepted: readonly string[];
  readonly replaces?: string;
}

/** A host of the answers, or why it cannot be one of the nodes. */
export function nodeNamed(found: Found, name: string): KnownHost | string {
  const host = found.hosts.find((one) => one.name === name);
  if (!host) return `${name} is not among the hosts that were looked at`;
  return host.ok ? host : `${name}: ${host.because}`;
}

/** What a disk of the answers is. */
export type Pick =
  | { readonly kind: 'new'; readonly group: GroupOffer }
  | { readonly kind: 'there'; readonly volume: FoundVolume };

/** The disk that an answer names (`new:vg0`, `lv:vg0/small`), or why there is none. */
export function pickDisk(host: KnownHost, answer: string): Pick | string {
  const colon = answer.indexOf(':');
  const [kind, rest] = [answer.slice(0, colon), answer.slice(colon + 1)];
  if (kind === 'new') {
    const group = host.groups.find(({ name }) => name === rest);
    if (!group) return `${host.name} has no volume group ${rest}`;
    return group.gate.open
      ? { kind: 'new', group }
      : `${rest} of ${host.name}: ${group.gate.because}`;
  }
  const volume = host.volumes.find(({ group, name }) => `${group.name}/${name}` === rest);
  if (!volume) return `${host.name} has no volume ${rest}`;
  return volume.because === undefined
    ? { kind: 'there', volume }
    : `${rest} of ${host.name}: ${volume.because}`;
}

/** Why a volume that is there cannot become a new, empty side; undefined: it can. */
export function notBlank({ holds }: FoundVolume): string | undefined {
  const data = holds.filter((one) => one !== 'drbd');
  return data.length > 0 ? `it holds ${listed(data)}` : undefined;
}

/** Why a volume is no existing file system to be replicated; undefined: it is one. */
export function notData(host: KnownHost, volume: FoundVolume): string | undefined {
  const { holds, group, name } = volume;
  if (holds.length === 0) return 'it is blank';
  if (holds.includes('drbd')) return 'it is the disk of a resource already';
  const names = [`/dev/${group.name}/${name}`, `/dev/mapper/${mapped(group.name)}-${mapped(name)}`];
  const named = [...names, `UUID=${volume.uuid}`].find((one) => host.fstabSources.includes(one));
  return named === undefined
    ? undefined
    : `/etc/fstab mounts it as ${named}: take the line out first, or DRBD would be bypassed at the next start`;
}

function mapped(word: string): string {
  return word.replaceAll('-', '--');
}

/** The disks of a new resource on the nodes that are here, or all that stands against them. */
export function disksFor(
  found: Found,
  nodes: readonly { readonly host: KnownHost; readonly answer: string }[],
  answers: NewResource,
): { readonly disks: readonly NodeDisk[] } | { readonly faults: readonly Fault[] } {
  const keys = ['firstDisk', 'secondDisk'] as const;
  const faults: Fault[] = [];
  const picks = nodes.map(({ host, answer }, index) => {
    const pick = pickDisk(host, answer);
    const says = typeof pick === 'string' ? pick : pickFault(host, pick, answers, index);
    if (says !== undefined) faults.push({ key: keys[index] ?? '', says });
    return typeof pick === 'string' ? undefined : { host, pick };
  });
  const known = picks.filter((one) => one !== undefined);
  if (faults.length > 0 || known.length < nodes.length) return { faults };
  const size = sizeOf(known, answers);
  if (typeof size === 'string') return { faults: [{ key: 'size', says: size }] };
  const disks = known.map(({ host, pick }, index) =>
    diskOf(found, { host, pick, index }, size, answers),
  );
  const lacking = disks.flatMap(roomFault);
  return lacking.length > 0 ? { faults: lacking } : { disks };
}

function pickFault(
  host: KnownHost,
  pick: Pick,
  { way, name }: NewResource,
  index: number,
): string | undefined {
  if (way === 'existing' && index === 0) {
    if (pick.kind === 'new') return 'the file system that is there must be on an existing volume';
    const because = notData(host, pick.volume);
    return because && `${pick.volume.name} of ${host.name}: ${because}`;
  }
  if (pick.kind === 'new') {
    return pick.group.volumes.some((volume) => volume.name === name)
      ? `${pick.group.name} of ${host.name} has a volume called ${name} already`
      : undefined;
  }
  const because = notBlank(pick.volume);
  return (
    because &&
    `${pick.volume.name} of ${host.name}: ${because}; only a blank volume can be a new side`
  );
}

interface Picked {
  readonly host: KnownHost;
  readonly pick: Pick;
}

/** The size that all sides must have, in bytes: of a volume that is there, else as asked for. */
function sizeOf(picked: readonly Picked[], answers: NewResource): number | string {
  const extents = picked.map(({ pick }) => groupOf(pick).extentBytes);
  const whole = extents.reduce(leastCommonMultiple);
  const there = picked.flatMap(({ host, pick }) =>
    pick.kind === 'there' ? [{ host, sizeBytes: pick.volume.sizeBytes }] : [],
  );
  const [one, other] = there;
  if (answers.way === 'existing') {
    const now = one?.sizeBytes ?? 0;
    // Of twice the data: what it grows by needs its bits too.
    const more = answers.metadata === 'internal' ? metadataBytes(2 * now) : 0;
    const then = more === 0 ? now : wholeExtents(now + more, whole);
    return other && other.sizeBytes !== then
      ? `the side on ${other.host.name} must have ${then} bytes (with room for the metadata), not ${other.sizeBytes}`
      : sized(then, whole);
  }
  if (one && other && one.sizeBytes !== other.sizeBytes) {
    return `the volumes differ: ${one.sizeBytes / 512} sectors on ${one.host.name}, ${other.sizeBytes / 512} on ${other.host.name}`;
  }
  if (one) return sized(one.sizeBytes, picked.length > there.length ? whole : 1);
  return answers.size === undefined
    ? 'how large the new volumes are must be said'
    : wholeExtents(Math.round(answers.size * GIB), whole);
}

function sized(sizeBytes: number, whole: number): number | string {
  return sizeBytes % whole === 0
    ? sizeBytes
    : `a volume of ${sizeBytes} bytes cannot be made in extents of ${bytes(whole)}`;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

function groupOf(pick: Pick): GroupOffer {
  return pick.kind === 'new' ? pick.group : pick.volume.group;
}

function diskOf(
  { fresh }: Found,
  { host, pick, index }: Picked & { readonly index: number },
  sizeBytes: number,
  answers: NewResource,
): NodeDisk {
  const group = groupOf(pick);
  const lv = pick.kind === 'new' ? answers.name : pick.volume.name;
  const ids = index === 0 ? [fresh.first, fresh.firstMeta] : [fresh.second, fresh.secondMeta];
  const [id = '', metaId = ''] = ids;
  const volume = { vg: group.name, name: lv, sizeBytes, id };
  const there = pick.kind === 'there' ? pick.volume : undefined;
  const grows = there && there.sizeBytes < sizeBytes;
  return {
    ...{ host, group, name: lv, backing: `/dev/${group.name}/${lv}`, sizeBytes },
    ...(pick.kind === 'new' && { made: volume }),
    ...(grows && { extendFrom: there.sizeBytes }),
    ...(answers.metadata === 'external' && {
      metadata: {
        ...{ vg: group.name, name: `${answers.name}-md`, id: metaId },
        sizeBytes: wholeExtents(metadataBytes(sizeBytes), group.extentBytes),
      },
    }),
    accepted: there?.holds ?? [],
    ...(there?.holds.includes('drbd') === true && { replaces: there.uuid }),
  };
}

function roomFault({
  host,
  group,
  sizeBytes,
  made,
  extendFrom,
  metadata,
}: NodeDisk): readonly Fault[] {
  const own = made ? sizeBytes : extendFrom === undefined ? 0 : sizeBytes - extendFrom;
  const needed = own + (metadata?.sizeBytes ?? 0);
  const faults: Fault[] = [];
  if (needed > group.freeBytes) {
    const instead =
      extendFrom === undefined
        ? ''
        : '; keep the metadata on a volume of their own elsewhere, or shrink the file system by hand';
    const says = `${group.name} of ${host.name} has ${bytes(group.freeBytes)} free, not ${bytes(needed)}${instead}`;
    faults.push({ key: extendFrom === undefined ? 'size' : 'metadata', says });
  }
  if (metadata && group.volumes.some(({ name }) => name === metadata.name)) {
    const says = `${group.name} of ${host.name} has a volume called ${metadata.name} already`;
    faults.push({ key: 'name', says });
  }
  return faults;
}
