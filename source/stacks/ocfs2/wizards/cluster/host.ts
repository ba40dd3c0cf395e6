import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import { parseFstab, type Fstab } from '../../../../files/fstab.js';
import { lookAtFirewall, type Firewall } from '../../../../steps/firewall/look.js';
import { lookAtDevices } from '../../../../tools/device.js';
import type { BlockDevices } from '../../../../tools/block-devices.js';
import type { DeviceTree } from '../../../../tools/device-tree.js';
import { readText } from '../../../../tools/read-text.js';
import { nodeProbe, type ClusterNodeState } from '../../probes.js';

/** A DRBD device of a host, by the resource that it is. */
export interface DrbdDevice {
  /** `drbd0`. */
  readonly kernelName: string;
  readonly resource: string;
  /** Primary here and on every peer, and connected to all. */
  readonly dual: boolean;
}

/** A host that may become a node. */
export interface NodeHost {
  readonly ok: true;
  readonly name: HostName;
  readonly state: ClusterNodeState;
  /** `mkfs.ocfs2` and `o2cb` are there. */
  readonly installed: boolean;
  /** Debian's package manager is there, which installs them without a question. */
  readonly apt: boolean;
  /** The kernel has the file system's module. */
  readonly module: boolean;
  /** `6.1.0-44-amd64`. */
  readonly kernel: string;
  /** Which of the units o2cb and ocfs2 are not started at boot; empty without systemd. */
  readonly notAtBoot: readonly string[];
  readonly systemd: boolean;
  readonly drbd: readonly DrbdDevice[];
  readonly firewall: Firewall;
  readonly confText: string | null;
  /** The file of O2CB_ENABLED with its text; undefined: there is none yet. */
  readonly settings?: { readonly path: string; readonly text: string };
  readonly fstabText: string;
  readonly fstab: Fstab;
  readonly verifies: boolean;
  readonly devices: BlockDevices;
  readonly tree: DeviceTree;
}

/** What was found on a host, or why nothing was. */
export type FoundNode =
  NodeHost | { readonly ok: false; readonly name: HostName; readonly because: string };

/** DRBD 9 names its peers; where drbdadm has no `status` (8.4's utils), /proc/drbd says it. */
const FACTS = [
  'command -v mkfs.ocfs2 >/dev/null 2>&1 && command -v o2cb >/dev/null 2>&1 && echo installed',
  'command -v apt-get >/dev/null 2>&1 && command -v debconf-set-selections >/dev/null 2>&1 && echo apt',
  '{ grep -qw ocfs2 /proc/filesystems || modprobe -n -q ocfs2; } 2>/dev/null && echo module',
  'echo "kernel $(uname -r)"',
  'if [ -d /run/systemd/system ]; then echo systemd; for u in o2cb ocfs2; do [ -e "/etc/init.d/$u" ] || [ -e "/lib/systemd/system/$u.service" ] || continue; [ "$(systemctl is-enabled "$u" 2>/dev/null)" = disabled ] && echo "not-at-boot $u"; done; fi',
  'findmnt --help 2>/dev/null | grep -q -- --verify && findmnt --verify -F /etc/fstab >/dev/null 2>&1 && echo verifies',
  'find /dev/drbd/by-res -type l 2>/dev/null | sort | while read -r l; do k=$(readlink -f "$l"); r=${l#/dev/drbd/by-res/}; r=${r%%/*}; echo "drbd ${k#/dev/} $r $(drbdadm status "$r" 2>/dev/null | tr "\\n" " ")"; done',
  'true',
].join('\n');

/** Looks at a host. Never rejects. */
export async function lookAtNode(host: Reader): Promise<FoundNode> {
  const { name } = host;
  const [state, facts, firewall, devices, conf, fstab, debian, redhat] = await Promise.all([
    nodeProbe.read(host),
    host.run(reads(['sh', '-c', FACTS], 20_000)),
    lookAtFirewall(host),
    lookAtDevices(host, []),
    readText(host, '/etc/ocfs2/cluster.conf'),
    readText(host, '/etc/fstab'),
    readText(host, '/etc/default/o2cb'),
    readText(host, '/etc/sysconfig/o2cb'),
  ]);
  const failed = [conf, fstab, debian, redhat, firewall].find((one) => 'because' in one);
  if (failed && 'because' in failed) return { ok: false, name, because: failed.because };
  if (facts.kind !== 'exited') return { ok: false, name, because: facts.reason };
  if (state.kind === 'failed') return { ok: false, name, because: state.failure.what };
  if (state.kind === 'absent') return { ok: false, name, because: state.because };
  if (!devices.ok) return { ok: false, name, because: devices.because };
  if ('because' in conf || 'because' in fstab || 'because' in firewall) {
    return { ok: false, name, because: 'it does not answer' };
  }
  const settings = settingsOf(debian, redhat);
  return {
    ok: true,
    name,
    state: state.value,
    ...parseFacts(facts.stdout, state.value),
    firewall,
    confText: conf.text,
    ...(settings && { settings }),
    fstabText: fstab.text ?? '',
    fstab: parseFstab(fstab.text ?? ''),
    devices: devices.devices,
    tree: devices.tree,
  };
}

function settingsOf(
  debian: Awaited<ReturnType<typeof readText>>,
  redhat: Awaited<ReturnType<typeof readText>>,
): NodeHost['settings'] {
  if ('text' in debian && debian.text !== null) {
    return { path: '/etc/default/o2cb', text: debian.text };
  }
  return 'text' in redhat && redhat.text !== null
    ? { path: '/etc/sysconfig/o2cb', text: redhat.text }
    : undefined;
}

type Facts = Pick<
  NodeHost,
  'installed' | 'apt' | 'module' | 'kernel' | 'notAtBoot' | 'systemd' | 'drbd' | 'verifies'
>;

/** Reads what the script printed. */
function parseFacts(stdout: string, state: ClusterNodeState): Facts {
  const lines = linesOf(stdout);
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  return {
    installed: lines.includes('installed'),
    apt: lines.includes('apt'),
    module: lines.includes('module'),
    kernel: of('kernel')[0] ?? '',
    notAtBoot: of('not-at-boot'),
    systemd: lines.includes('systemd'),
    verifies: lines.includes('verifies'),
    drbd: of('drbd').map((line) => drbdDevice(line, state)),
  };
}

function drbdDevice(line: string, state: ClusterNodeState): DrbdDevice {
  const [kernelName = '', resource = '', ...rest] = line.split(' ');
  const status = rest.join(' ').trim();
  const minor = Number(kernelName.replace(/^drbd/, ''));
  return {
    kernelName,
    resource,
    dual: status === '' ? state.drbd.get(minor) === 'Primary/Primary' : isDual(status),
  };
}

/** `drbdadm status` in one line: its own role first, then each peer's; a peer out of touch has none. */
function isDual(status: string): boolean {
  const roles = [...status.matchAll(/ role:(\w+)/g)].map(([, role]) => role);
  return (
    roles.length > 1 && roles.every((role) => role === 'Primary') && !/\bconnection:/.test(status)
  );
}
