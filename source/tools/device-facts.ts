import { reads, type Command } from '../core/host.js';
import { notThis, parsed, type Parsed } from '../core/parsed.js';
import { linesOf } from '../core/text.js';
import { lsblkPairs, wipefsType } from './block-lines.js';

/** What stands on a block device at this moment, as far as its own host can tell. */
export interface DeviceFacts {
  /** The path that was asked about, `/dev/disk/by-id/…` as a rule. */
  readonly path: string;
  /** The kernel's name behind it: `sdi`. */
  readonly kernelName: string;
  readonly sizeBytes: number;
  /** `disk`, `part`, `mpath`, `lvm` …: lsblk's word. */
  readonly type: string;
  readonly serial: string;
  readonly wwn: string;
  readonly model: string;
  readonly readOnly: boolean;
  /** Signatures found on it by libblkid's low-level probing: `ext4`, `LVM2_member`, `gpt`. */
  readonly signatures: readonly string[];
  /** UUID of the file system on it, if there is one. */
  readonly uuid?: string;
  readonly label?: string;
  /** Its partitions, with the signature that each holds. */
  readonly partitions: readonly { readonly kernelName: string; readonly signature: string }[];
  /** Kernel names of what is built on it or on its partitions: dm, md, DRBD. */
  readonly holders: readonly string[];
  /** Where it or anything built on it is mounted; `[SWAP]` for swap. */
  readonly mounts: readonly string[];
}

/**
 * One script, because the facts must be of one moment. Works from util-linux 2.23 (CentOS 7): `lsblk
 * -P` and `blkid -p` are old, `lsblk -J` is not there. `lsblk -f` is not asked for signatures: it
 * missed new file systems on dm and DRBD that `blkid -p` saw (captured on Debian 12).
 */
const SCRIPT = [
  'd=$1; k=$(readlink -f "$d") || exit 2; [ -b "$k" ] || { echo "$d is not a block device" >&2; exit 2; }',
  'n=${k#/dev/}; s=$(echo "$n" | tr / !)',
  'echo "kernel $n"',
  'lsblk -dnPb -o SIZE,TYPE,RO,SERIAL,WWN,MODEL "$k" | sed "s/^/device /"',
  'blkid -p -o export "$k" 2>/dev/null | sed "s/^/probe /"',
  'wipefs -n -p "$k" 2>/dev/null | grep -v "^#" | sed "s/^/signature /"',
  'for h in /sys/class/block/"$s"/holders/*; do [ -e "$h" ] && echo "holder ${h##*/}"; done',
  'lsblk -nPb -o KNAME,TYPE,FSTYPE,MOUNTPOINT "$k" | sed "s/^/on /"',
  'true',
].join('\n');

/** Asks what stands on a device. */
export function deviceFactsCommand(path: string): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT, 'sh', path], 20_000);
}

/** Reads what the script printed about a device. */
export function parseDeviceFacts(path: string, stdout: string): Parsed<DeviceFacts> {
  const lines = linesOf(stdout);
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const [kernelName] = of('kernel');
  const device = lsblkPairs(of('device')[0] ?? '');
  const sizeBytes = Number(device.get('SIZE'));
  if (kernelName === undefined || !(sizeBytes > 0)) {
    return notThis(1, 'the kernel name and size of a block device');
  }
  const probe = new Map(of('probe').map((line) => split(line, '=')));
  const stack = of('on').map(lsblkPairs);
  const built = stack.filter((one) => (one.get('KNAME') ?? kernelName) !== kernelName);
  const partitions = built.filter((one) => one.get('TYPE') === 'part');
  const others = built.filter((one) => one.get('TYPE') !== 'part');
  const uuid = probe.get('UUID');
  const label = probe.get('LABEL');
  return parsed({
    path,
    kernelName,
    sizeBytes,
    type: device.get('TYPE') ?? '',
    serial: device.get('SERIAL') ?? '',
    wwn: device.get('WWN') ?? '',
    model: (device.get('MODEL') ?? '').trim(),
    readOnly: device.get('RO') === '1',
    signatures: [
      ...signatures(of('signature'), probe),
      // libblkid cannot know that a disk is a path; udev does, by multipath's own rule.
      ...stack
        .filter((one) => one.get('KNAME') === kernelName && one.get('FSTYPE') === 'mpath_member')
        .slice(0, 1)
        .map(() => 'mpath_member'),
    ],
    ...(uuid === undefined ? {} : { uuid }),
    ...(label === undefined ? {} : { label }),
    partitions: partitions.map((one) => {
      return { kernelName: one.get('KNAME') ?? '', signature: one.get('FSTYPE') ?? '' };
    }),
    holders: [...new Set([...of('holder'), ...others.map((one) => one.get('KNAME') ?? '')])],
    mounts: stack.map((one) => one.get('MOUNTPOINT') ?? '').filter((mount) => mount !== ''),
  });
}

function signatures(
  lines: readonly string[],
  probe: ReadonlyMap<string, string>,
): readonly string[] {
  const probed = [probe.get('TYPE'), probe.get('PTTYPE')].filter((type) => type !== undefined);
  return [...new Set([...lines.map(wipefsType), ...probed])];
}

function split(line: string, at: string): readonly [string, string] {
  const index = line.indexOf(at);
  return index < 0 ? [line, ''] : [line.slice(0, index), line.slice(index + 1)];
}
