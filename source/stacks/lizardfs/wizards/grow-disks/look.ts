import { outcomeFailure } from '../../../../core/failure.js';
import type { HostName, Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import { hddEntries, parseHddFile } from '../../../../files/mfshdd.js';
import { blockGlanceCommand } from '../../../../tools/block-commands.js';
import {
  parseBlockDevices,
  type BlockDevice,
  type BlockDevices,
} from '../../../../tools/block-devices.js';
import { deviceNames, volumeOf } from '../../../../tools/block-names.js';
import { stableId } from '../../../../tools/device-id.js';
import {
  fileSystemSizeCommand,
  isGrowing,
  parseFileSystemSize,
  roomToGrow,
  type FileSystemSize,
  type Growing,
} from '../../../../tools/file-system-size.js';
import { clusterProbe } from '../../probes/cluster.js';
import type { Disk } from '../../tools/disks.js';
import { valueOf } from '../../tools/question.js';
import { chunkHostCommand, parseChunkHost } from '../chunk-disks/host-facts.js';
import { readText } from '../../../../tools/read-text.js';
import { wayToMaster, type MasterWay } from '../chunk-disks/look.js';

/** A chunk disk with the file system that it lies on. */
export interface FoundDisk {
  readonly host: HostName;
  /** `xs-1:/mnt/hd1`: how answers name it. */
  readonly key: string;
  /** As mfshdd.cfg names it. */
  readonly path: string;
  readonly addresses: readonly string[];
  /** Why it cannot be grown; undefined: it can. */
  readonly because?: string;
  readonly place?: Place;
}

/** The file system of a chunk disk. */
export interface Place {
  readonly device: string;
  readonly target: string;
  readonly type: Growing;
  readonly uuid: string;
  readonly fromBytes: number;
  readonly deviceBytes: number;
}

/** All that the wizard looked at. */
export interface Found {
  readonly disks: readonly FoundDisk[];
  /** Hosts that could not be looked at, and why. */
  readonly silent: readonly { readonly name: HostName; readonly because: string }[];
  readonly master?: MasterWay;
  /** As the master lists them now. */
  readonly listed: readonly Disk[];
}

/** Looks at the chunk disks of all hosts at a time. Never rejects. */
export async function look(hosts: readonly Reader[]): Promise<Found> {
  const [looks, ways, views] = await Promise.all([
    Promise.all(hosts.map(lookAtHost)),
    Promise.all(hosts.map(wayToMaster)),
    Promise.all(hosts.map((host) => clusterProbe.read(host))),
  ]);
  const master = ways.find((way) => way !== undefined);
  const view = views.find((one) => one.kind === 'value');
  return {
    disks: looks.flatMap((one) => ('disks' in one ? one.disks : [])),
    silent: looks.flatMap((one) => ('because' in one ? [one] : [])),
    ...(master && { master }),
    listed: (view && valueOf(view.value.disks)?.disks) ?? [],
  };
}

type HostLook =
  { readonly disks: readonly FoundDisk[] } | { readonly name: HostName; readonly because: string };

async function lookAtHost(host: Reader): Promise<HostLook> {
  const { name } = host;
  const glance = blockGlanceCommand();
  const [devices, facts] = await Promise.all([host.run(glance), host.run(chunkHostCommand())]);
  if (devices.kind !== 'exited' || facts.kind !== 'exited') {
    const silent = devices.kind === 'exited' ? facts : devices;
    return { name, because: outcomeFailure(name, glance, silent).what };
  }
  const read = parseBlockDevices(devices.stdout);
  if (!read.ok) return { name, because: `expected ${read.expected}` };
  const { hddFile, addresses } = parseChunkHost(facts.stdout);
  if (hddFile === undefined) return { disks: [] };
  const list = await readText(host, hddFile);
  if ('because' in list) return { name, because: list.because };
  const paths = hddEntries(parseHddFile(list.text ?? '')).map(({ path }) => plain(path));
  const found = paths.map(async (path): Promise<FoundDisk> => {
    const place = await placeOf(host, read.value, path);
    return { host: name, key: `${name}:${path}`, path, addresses, ...place };
  });
  return { disks: await Promise.all(found) };
}

type Judged = Pick<FoundDisk, 'because' | 'place'>;

async function placeOf(host: Reader, devices: BlockDevices, path: string): Promise<Judged> {
  const mount = devices.mountTable
    .filter(({ point }) => path === point || path.startsWith(`${plain(point)}/`))
    .toSorted((a, b) => a.point.length - b.point.length)
    .at(-1);
  if (!mount) return { because: 'it lies on the file system of the system' };
  const { point, type } = mount;
  const device = devices.devices.find(({ mounts }) => mounts.includes(point));
  if (!device) return { because: `what is mounted at ${point} is on no device` };
  if (!isGrowing(type)) return { because: `${type} is not grown here` };
  const name = nameOf(device);
  const outcome = await host.run(fileSystemSizeCommand(name, point, type));
  if (outcome.kind !== 'exited') return { because: outcome.reason };
  const size = parseFileSystemSize(outcome.stdout, point);
  const { bytes: fromBytes, device: under, mounted } = size;
  if (fromBytes === undefined || !under || !mounted) {
    const tool = linesOf(outcome.stdout).length > 0 && type === 'ext4' ? 'dumpe2fs' : 'xfs_info';
    return { because: `its size is not known (${tool})` };
  }
  const place = {
    device: name,
    target: point,
    type,
    uuid: mounted.uuid,
    fromBytes,
    deviceBytes: under.bytes,
  };
  const because = closedBecause(size);
  return { place, ...(because !== undefined && { because }) };
}

function closedBecause(size: FileSystemSize): string | undefined {
  const { device, bytes = 0, mounted, hasErrors } = size;
  if (device && bytes > device.bytes) return 'its device is smaller than it is';
  if (roomToGrow(size) === 0) return 'it takes all of its device';
  if (mounted?.readOnly === true) return 'it is mounted read-only';
  return hasErrors ? 'it has met errors: e2fsck first' : undefined;
}

/** A name that stays with it; what stands there is looked at again by its UUID and numbers. */
function nameOf(device: BlockDevice): string {
  const id = stableId(device.ids);
  if (id !== undefined) return `/dev/disk/by-id/${id}`;
  const volume = volumeOf(device);
  return volume ? `/dev/${volume.group}/${volume.name}` : (deviceNames(device)[0] ?? '');
}

function plain(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
