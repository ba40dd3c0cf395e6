import { bySeverity, type Finding } from '../../../core/finding.js';
import { deviceNode, mountNode, type NodeId } from '../../../core/graph.js';
import { toneOf, type Cell, type Row, type Tone } from '../../../core/pane.js';
import { quote } from '../../../core/quote.js';
import { clean, count } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import type { BlockDevice } from '../../../tools/block-devices.js';
import { blockNodes } from '../../../tools/block-graph.js';
import { deviceKind } from '../../../tools/block-names.js';
import type { VolumeGroup } from '../../../tools/lvm.js';
import type { MdArray } from '../read/mdstat.js';
import { usedShare } from '../read/usage.js';
import type { FileSystem, HostDisks } from '../view.js';

/** A row before its details: what it is about, and what else is to be said of it. */
export interface Thing {
  readonly row: Omit<Row, 'details'>;
  readonly title: string;
  readonly state: string;
  readonly node: NodeId;
  readonly findings: readonly Finding[];
  readonly facts: readonly (readonly [string, string])[];
  readonly commands: readonly { readonly says: string; readonly line: string }[];
}

/** The rows of one host: itself, then its arrays, volume groups, file systems and disks. */
export function thingsOf(view: HostDisks, findings: readonly Finding[]): readonly Thing[] {
  const ours = findings
    .filter(({ hosts }) => hosts.includes(view.host))
    .toSorted((a, b) => bySeverity(a.severity, b.severity));
  const about = (name: string) =>
    ours.filter(({ subject }) => subject === clean(`${name}@${view.host}`));
  const devices = view.devices?.value.devices ?? [];
  return [
    hostThing(view, ours),
    ...(view.arrays?.value ?? []).map((one) => arrayThing(view, one, about(one.name))),
    ...(view.lvm?.value.groups ?? []).map((one) => {
      const volumes = ours.filter(({ subject }) => subject.startsWith(clean(`${one.name}/`)));
      return groupThing(view, one, [...about(one.name), ...volumes]);
    }),
    ...view.fileSystems.map((one) => fileSystemThing(view, one, about(one.point))),
    ...wholeDisks(devices).map((one) => diskThing(view, one)),
  ];
}

/** What a person can hold in the hand. Paths of a map are left to those who watch maps. */
export function wholeDisks(devices: readonly BlockDevice[]): readonly BlockDevice[] {
  const paths = new Set(devices.flatMap(({ type, lowers }) => (type === 'mpath' ? lowers : [])));
  return devices.filter(({ type, kernelName, sizeBytes, lowers, signatures }) => {
    const made = /^(?:z?ram|nbd|rbd|zd|drbd|fd|md|bcache|loop|sr)\d/.test(kernelName);
    const path = paths.has(kernelName) || signatures.includes('mpath_member');
    return type === 'disk' && lowers.length === 0 && !made && !path && sizeBytes > 0;
  });
}

interface Look {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly tone: Tone;
  readonly size?: number;
  readonly share?: number;
  readonly depth?: number;
  readonly metrics?: readonly string[];
}

function rowOf({ host }: HostDisks, look: Look): Omit<Row, 'details'> {
  const { id, name, kind, state, tone, size, share, depth = 1, metrics } = look;
  const used: Cell =
    share === undefined ? { text: '', sort: -1 } : { text: percent(share), sort: share };
  return {
    id,
    tone,
    depth,
    hosts: [host],
    cells: [
      { text: clean(name) },
      { text: clean(kind), tone: 'muted' },
      { text: clean(state), tone },
      { text: size === undefined ? '' : bytes(size), sort: size ?? 0 },
      used,
    ],
    ...(metrics && { metrics }),
  };
}

function worstOf(findings: readonly Finding[], stale: boolean, well: Tone): Tone {
  const [worst] = findings;
  if (worst) return toneOf(worst.severity);
  return stale ? 'unknown' : well;
}

function hostThing(view: HostDisks, findings: readonly Finding[]): Thing {
  const { host, devices, fileSystems } = view;
  const stale = devices?.kind !== 'fresh';
  const disks = wholeDisks(devices?.value.devices ?? []);
  const said = `${count(disks.length, 'disk')}, ${count(fileSystems.length, 'file system')}`;
  const state = `${findings[0]?.title ?? said}${stale ? ' (old)' : ''}`;
  const tone = worstOf(findings, stale, 'good');
  const size = disks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    row: rowOf(view, {
      id: `disks.host:${host}`,
      name: host,
      kind: 'host',
      state,
      tone,
      size,
      depth: 0,
    }),
    title: `Disks of ${host}`,
    state,
    node: `host:${host}`,
    findings,
    facts: [
      ['disks', disks.map(({ name, sizeBytes }) => `${name} ${bytes(sizeBytes)}`).join(', ')],
      ['file systems', fileSystems.map(({ point }) => point).join(', ')],
    ],
    commands: [
      { says: 'all block devices', line: 'lsblk -o NAME,TYPE,SIZE,FSTYPE,MOUNTPOINT,MODEL,SERIAL' },
      { says: 'fstab laid beside what is there', line: 'findmnt --verify' },
    ],
  };
}

function arrayThing(view: HostDisks, array: MdArray, findings: readonly Finding[]): Thing {
  const { name, level, made, working, members, sizeBytes, work } = array;
  const busy = work ? `, ${work.what} ${work.share === null ? 'waits' : percent(work.share)}` : '';
  const state = `${findings[0]?.title ?? (made === null ? 'runs' : `${working ?? 0} of ${made} work`)}${busy}`;
  const stale = view.arrays?.kind === 'stale';
  const tone = worstOf(findings, stale, work ? 'working' : 'good');
  return {
    row: rowOf(view, {
      id: `disks.array:${view.host}/${name}`,
      name,
      kind: level ?? 'RAID',
      state,
      tone,
      ...(sizeBytes !== null && { size: sizeBytes }),
    }),
    title: `RAID ${name} on ${view.host}`,
    state,
    node: deviceNode(view.host, name),
    findings,
    facts: [
      ['level', level ?? 'not known'],
      [
        'members',
        members
          .map(({ device, role }) => (role === 'data' ? device : `${device} (${role})`))
          .join(', '),
      ],
      ['working', made === null ? '' : `${working ?? 0} of ${made}`],
    ],
    commands: [
      { says: 'the kernel’s own view', line: 'cat /proc/mdstat' },
      { says: 'the array in full', line: `mdadm --detail ${quote(`/dev/${name}`)}` },
    ],
  };
}

function groupThing(view: HostDisks, group: VolumeGroup, findings: readonly Finding[]): Thing {
  const { name, sizeBytes, freeBytes } = group;
  const state = findings[0]?.title ?? `${bytes(freeBytes)} free`;
  const share = sizeBytes > 0 ? (sizeBytes - freeBytes) / sizeBytes : 0;
  const volumes = (view.lvm?.value.logical ?? []).filter((one) => one.group === name);
  const tone = worstOf(findings, view.lvm?.kind === 'stale', 'good');
  return {
    row: rowOf(view, {
      id: `disks.vg:${view.host}/${name}`,
      name,
      kind: 'volume group',
      state,
      tone,
      size: sizeBytes,
      share,
    }),
    title: `Volume group ${name} on ${view.host}`,
    state,
    node: blockNodes.volumeGroup(view.host, name),
    findings,
    facts: [
      ['free', `${bytes(freeBytes)} of ${bytes(sizeBytes)}`],
      ['volumes', volumes.map((one) => `${one.name} ${bytes(one.sizeBytes)}`).join(', ')],
    ],
    commands: [
      { says: 'its volumes and where they lie', line: `lvs -a -o +devices ${quote(name)}` },
      { says: 'its disks', line: 'pvs' },
    ],
  };
}

/** The key under which the use of a file system is remembered. */
export function usedKey({ host, point }: FileSystem): string {
  return `disks.${host}${point}.used`;
}

function fileSystemThing(view: HostDisks, fs: FileSystem, findings: readonly Finding[]): Thing {
  const { host, point, type, device, use, mounts } = fs;
  const state = findings[0]?.title ?? `mounted from ${device.name}`;
  const tone = worstOf(findings, view.devices?.kind === 'stale', 'good');
  return {
    row: rowOf(view, {
      id: `disks.fs:${host}/${device.kernelName}`,
      name: point,
      kind: type,
      state,
      tone,
      size: use?.sizeBytes ?? device.sizeBytes,
      ...(use && { share: usedShare(use), metrics: [usedKey(fs)] }),
    }),
    title: `File system ${point} on ${host}`,
    state,
    node: mountNode(host, point),
    findings,
    facts: [
      ['type', type],
      [
        'device',
        `/dev/${device.kernelName.replaceAll('!', '/')}${device.name === device.kernelName ? '' : ` (${device.name})`}`,
      ],
      ['uuid', device.uuid],
      ['mounted at', mounts.map((one) => one.point).join(', ')],
      ['options', mounts[0]?.options.join(', ') ?? ''],
      [
        'used',
        use ? `${bytes(use.usedBytes)}, ${bytes(use.availableBytes)} available` : 'not known',
      ],
    ],
    commands: [
      { says: 'what takes the room', line: `du -xhd1 ${quote(point)}` },
      { says: 'who uses it', line: `fuser -vm ${quote(point)}` },
    ],
  };
}

function diskThing(view: HostDisks, disk: BlockDevice): Thing {
  const { kernelName, model, serial, wwn, sizeBytes, links, signatures } = disk;
  const holds = signatures.join(', ');
  const inside = (view.devices?.value.devices ?? []).filter((one) =>
    one.lowers.includes(kernelName),
  );
  const state = holds || inside.map(({ name }) => name).join(', ') || 'nothing on it';
  const id = links.find((link) => link.startsWith('/dev/disk/by-id/')) ?? '';
  return {
    row: rowOf(view, {
      id: `disks.disk:${view.host}/${kernelName}`,
      name: kernelName,
      kind: deviceKind(disk),
      state,
      tone: view.devices?.kind === 'stale' ? 'unknown' : 'plain',
      size: sizeBytes,
    }),
    title: `Disk ${kernelName} of ${view.host}`,
    state,
    node: deviceNode(view.host, kernelName),
    findings: [],
    facts: [
      ['model', model],
      ['serial', serial],
      ['WWN', wwn],
      ['name that stays', id],
      ['holds', holds],
    ],
    commands: [
      { says: 'what the drive says of itself', line: `smartctl -a ${quote(`/dev/${kernelName}`)}` },
      { says: 'what is made of it', line: `lsblk ${quote(`/dev/${kernelName}`)}` },
    ],
  };
}
