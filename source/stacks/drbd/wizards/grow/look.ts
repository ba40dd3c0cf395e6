import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import type { Surroundings } from '../../../../core/wizard.js';
import { lsblkPairs } from '../../../../tools/block-lines.js';
import { lookAtSide, type SideLook } from '../../steps/side.js';
import { look as lookAtNodes, type FoundHost, type KnownHost } from '../replicated-volume/look.js';

/** A file system that is mounted straight from a DRBD device. */
export interface Mounted {
  readonly minor: number;
  readonly target: string;
  readonly type: string;
  readonly uuid: string;
}

/** What a node's kernel has of its resources. */
export interface NodeDevices {
  /** Bytes of each device, by minor. */
  readonly sizes: ReadonlyMap<number, number>;
  readonly mounts: readonly Mounted[];
  /** Each resource with one volume, as it stands. */
  readonly sides: ReadonlyMap<string, SideLook>;
}

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly FoundHost[];
  readonly devices: ReadonlyMap<HostName, NodeDevices>;
}

/** DRBD's block major is 147 (the kernel's devices.txt). */
const SCRIPT = [
  'for d in /sys/block/drbd*; do [ -r "$d/size" ] && echo "size ${d##*/drbd} $(cat "$d/size")"; done',
  `findmnt -n -P -o MAJ:MIN,TARGET,FSTYPE,UUID 2>/dev/null | grep '=" *147:' | sed "s/^/mount /"`,
  'true',
].join('\n');

/** Looks at nodes, volumes and devices. Never rejects. */
export async function look(hosts: readonly Reader[], around: Surroundings): Promise<Found> {
  const { hosts: nodes } = await lookAtNodes(hosts, around);
  const known = nodes.filter((host) => host.ok);
  const asked = known.map(async (host): Promise<[HostName, NodeDevices]> => {
    const reader = hosts.find(({ name }) => name === host.name);
    return [host.name, reader ? await devicesOf(reader, host) : nothing];
  });
  return { hosts: nodes, devices: new Map(await Promise.all(asked)) };
}

const nothing: NodeDevices = { sizes: new Map(), mounts: [], sides: new Map() };

async function devicesOf(reader: Reader, host: KnownHost): Promise<NodeDevices> {
  const single = host.resources.flatMap(({ name, self }) => {
    const [volume, ...more] = self?.volumes ?? [];
    const minor = volume?.minor ?? undefined;
    return minor === undefined || more.length > 0 ? [] : [{ resource: name, minors: [minor] }];
  });
  const [outcome, ...looks] = await Promise.all([
    reader.run(reads(['sh', '-c', SCRIPT], 20_000)),
    ...single.map((one) => lookAtSide(reader, { ...one, driver: host.driver })),
  ]);
  const sides = new Map(looks.map((side, index) => [single[index]?.resource ?? '', side] as const));
  return { ...parse(outcome.kind === 'exited' ? outcome.stdout : ''), sides };
}

function parse(stdout: string): Omit<NodeDevices, 'sides'> {
  const sizes = new Map<number, number>();
  const mounts: Mounted[] = [];
  for (const line of linesOf(stdout)) {
    const [, minor, sectors] = /^size (\d+) (\d+)$/.exec(line) ?? [];
    if (minor !== undefined) sizes.set(Number(minor), Number(sectors) * 512);
    const pairs = line.startsWith('mount ') ? lsblkPairs(line) : undefined;
    const number = /^\s*147:(\d+)/.exec(pairs?.get('MAJ:MIN') ?? '')?.[1];
    if (!pairs || number === undefined) continue;
    mounts.push({
      minor: Number(number),
      target: pairs.get('TARGET') ?? '',
      type: pairs.get('FSTYPE') ?? '',
      uuid: pairs.get('UUID') ?? '',
    });
  }
  return { sizes, mounts };
}
