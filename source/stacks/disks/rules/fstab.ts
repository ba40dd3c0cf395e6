import type { Finding } from '../../../core/finding.js';
import { mountNode } from '../../../core/graph.js';
import type { HostName } from '../../../core/host.js';
import { quote } from '../../../core/quote.js';
import { listed } from '../../../core/text.js';
import { fstabEntries, type Fstab, type FstabEntry } from '../../../files/fstab.js';
import type { BlockDevices } from '../../../tools/block-devices.js';
import type { FileSystem, HostDisks } from '../view.js';
import { make, quoted } from './make.js';
import { swapOff } from './swap.js';

/** What /etc/fstab says, laid beside what is mounted. */
export function fstabFindings(view: HostDisks): readonly Finding[] {
  const { host, devices, fileSystems } = view;
  const fstab = devices?.value.fstab;
  if (!fstab) return [];
  return [
    ...faults(host, fstab),
    ...notMounted(host, fstab, devices.value),
    ...notWritten(host, fstab, fileSystems),
    ...swapOff(host, fstab, devices.value),
    ...stopsBoot(host, fstab),
  ];
}

/** Lines that mount(8) cannot follow. */
export function faults(host: HostName, { lines }: Fstab): readonly Finding[] {
  const broken = lines.flatMap((line, at) => (line.kind === 'broken' ? [{ ...line, at }] : []));
  return broken.map(({ because, raw, at }) => {
    const noPath = because.includes('not a path');
    return make({
      host,
      thing: `fstab line ${at + 1}`,
      code: noPath ? 'FSTAB_NO_MOUNT_POINT' : 'FSTAB_BROKEN_LINE',
      severity: noPath ? 'alert' : 'warning',
      title: noPath ? 'fstab: the mount point is no path' : 'fstab line cannot be read',
      says: `Line ${at + 1} of /etc/fstab on ${host || 'this host'}: ${because}.`,
      means: 'What it should mount is not mounted, and the next start may stop there.',
      todo: 'Mend the line, then `findmnt --verify` and `mount -a`.',
      evidence: quoted(host, 'cat /etc/fstab', [raw]),
    });
  });
}

/** An entry that is to be mounted at the start and is not. */
function notMounted(
  host: HostName,
  fstab: Fstab,
  { mountTable }: BlockDevices,
): readonly Finding[] {
  const mounted = new Set(mountTable.map(({ point }) => point));
  const due = fstabEntries(fstab).filter(isMountedAtBoot);
  return due
    .filter(({ target }) => !mounted.has(plain(target)))
    .map((entry) => {
      const { source, target, type } = entry;
      return make({
        host,
        thing: target,
        about: [mountNode(host, target)],
        code: 'FSTAB_NOT_MOUNTED',
        severity: 'alert',
        title: 'fstab entry not mounted',
        says: `${target} on ${host} should hold ${source} (${type}), and nothing is mounted there.`,
        means:
          'What writes there now writes into the folder beneath, which is another disk, and is hidden by the mount later.',
        todo: `Stop what writes there, see why it failed (\`systemctl status\`, \`dmesg -T\`), then \`mount ${quote(target)}\`.`,
        evidence: quoted(host, 'cat /etc/fstab', rawOf(fstab, entry)),
        explains: true,
      });
    });
}

/** A mount unit of systemd's own (`x-systemd.automount`) is mounted when somebody asks for it. */
function isMountedAtBoot({ target, type, options }: FstabEntry): boolean {
  return (
    target.startsWith('/') &&
    type !== 'swap' &&
    !options.some((one) => /^(?:noauto|x-systemd\.automount|comment=systemd\.automount)$/.test(one))
  );
}

/** Where others than fstab mount: containers, storage repositories, automounters, people. */
const OTHERS =
  /^\/(?:run|var\/run|media|snap|tmp|sys|proc|dev|boot|var\/lib\/(?:docker|containers|kubelet|lxc|lxd|incus|machines|ceph|libvirt|snapd))(?:\/|$)/;

/**
 * A local file system that the next start will not mount. Not those that others mount: cluster
 * managers (DRBD's devices), containers, storage repositories; and not where fstab does not even
 * have the root, since such a host keeps its mounts elsewhere.
 */
function notWritten(
  host: HostName,
  fstab: Fstab,
  fileSystems: readonly FileSystem[],
): readonly Finding[] {
  const targets = new Set(fstabEntries(fstab).map(({ target }) => plain(target)));
  if (!targets.has('/')) return [];
  const lost = fileSystems.filter(({ device, point, mounts }) => {
    return (
      mounts[0]?.root === '/' &&
      !mounts.some((entry) => targets.has(entry.point) || OTHERS.test(entry.point)) &&
      !/^(?:drbd|loop|rbd|nbd|zd)\d/.test(device.kernelName) &&
      point !== '/'
    );
  });
  return lost.map(({ point, device, type, mounts }) =>
    make({
      host,
      thing: point,
      about: [mountNode(host, point)],
      code: 'FSTAB_MISSING_MOUNT',
      severity: 'warning',
      title: 'mount is not in fstab',
      says: `${point} on ${host} holds ${device.name} (${type}), and /etc/fstab does not name it.`,
      means: 'After the next start it is not there.',
      todo: 'Add a line by UUID with `nofail`, or unmount it if it was only for now.',
      evidence: quoted(
        host,
        'findmnt',
        mounts.map((one) => `${one.point} ${one.source} ${one.type}`),
      ),
    }),
  );
}

/** Without these the system is not whole, so its start may well wait for them. */
const SYSTEM = /^\/(?:$|boot|usr|var|home|tmp|opt|etc|root)(?:\/|$)|^\/$/;

/**
 * systemd waits 90 s for a device and then asks for root's password on the console
 * (systemd.mount(5)). Network file systems it knows by their type.
 */
function stopsBoot(host: HostName, fstab: Fstab): readonly Finding[] {
  const risky = fstabEntries(fstab).filter((entry) => {
    const { target, type, options } = entry;
    return (
      isMountedAtBoot(entry) &&
      !SYSTEM.test(target) &&
      !/^(?:nfs4?|cifs|smb3|ceph|glusterfs|tmpfs|proc|sysfs|devpts|none|bind)$/.test(type) &&
      !options.some((one) => /^(?:nofail|_netdev|bind|rbind)$/.test(one))
    );
  });
  if (risky.length === 0) return [];
  const points = listed(risky.map(({ target }) => target));
  return [
    make({
      host,
      code: 'FSTAB_CAN_STOP_BOOT',
      severity: 'notice',
      title: 'fstab can stop the start',
      says: `${host || 'The host'} does not start by itself when ${points} cannot be mounted.`,
      means: 'A disk that is missing stops the start in emergency mode, away from the network.',
      todo: 'Add `nofail` to its options, and `_netdev` to what is reached over the network.',
      evidence: quoted(
        host,
        'cat /etc/fstab',
        risky.flatMap((entry) => rawOf(fstab, entry)),
      ),
    }),
  ];
}

function rawOf({ lines }: Fstab, entry: FstabEntry): readonly string[] {
  return lines.flatMap((line) => (line.kind === 'entry' && line.entry === entry ? [line.raw] : []));
}

function plain(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
