import { reads, type HostName, type Reader } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';
import { parseFstab, type Fstab } from '../../../files/fstab.js';
import { lookAtFlavour } from '../flavour/look.js';
import { programPath, type Flavour } from '../flavour/parse.js';
import type { GoalTool } from '../steps/set-goal.js';
import { MOUNT_UNITS, parseMountUnit, type MountUnit } from './mount-unit.js';
import { mountsCommand, parseLocalMounts, printed, type LocalMount } from '../tools/on-host.js';

/** A host as one that mounts the file system. */
export interface ClientHost {
  readonly ok: true;
  readonly name: HostName;
  readonly flavour: Flavour;
  /** `mfsmount` or `sfsmount`, where it is installed. */
  readonly client?: string;
  /** `fuse`, `lzfs`, `safs`, `moosefs`: types of file systems that mount(8) has a helper for. */
  readonly helpers: readonly string[];
  readonly goalTool?: GoalTool;
  readonly fstabText: string;
  readonly fstab: Fstab;
  /** `findmnt --verify` is there, and finds fstab in order as it stands. */
  readonly verifies: boolean;
  /** Mounts of this file system now. */
  readonly mounts: readonly LocalMount[];
  /** All mount points. */
  readonly points: readonly string[];
  /** Guests that the hypervisor of this host knows. */
  readonly guests: readonly string[];
  /** Mount units that administrators made. */
  readonly units: readonly MountUnit[];
  /** Config files of the client for one mount each; what stands in them is not asked. */
  readonly configs: readonly string[];
  /** systemd runs the host. */
  readonly systemd: boolean;
}

/** What was found on a host, or why nothing was. */
export type FoundClient =
  ClientHost | { readonly ok: false; readonly name: HostName; readonly because: string };

/**
 * What can mount and what can set goals, one fact a line. A tool that is a script is not taken: the
 * wrapper of LizardFS 3.13 calls itself for ever (`${tool/lizardfs/lizardfs } "$@"` of a name without
 * `lizardfs` in it), so what a file is is seen by its first bytes and never by calling it.
 */
const SCRIPT = [
  'for h in fuse lzfs safs moosefs; do for d in /sbin /usr/sbin; do [ -e "$d/mount.$h" ] && { echo "helper $h"; break; }; done; done',
  'for t in lizardfs saunafs mfssetgoal mfsgetgoal mfssetsclass mfsgetsclass; do p=$(command -v "$t") || continue; head -c 4 "$p" | grep -q ELF && echo "binary $t"; done',
  'findmnt --help 2>/dev/null | grep -q -- --verify && findmnt --verify -F /etc/fstab >/dev/null 2>&1 && echo verifies',
  'cut -d" " -f2 /proc/mounts | sed "s/^/point /"',
  'command -v virsh >/dev/null 2>&1 && virsh list --all --name 2>/dev/null | sed "/^$/d; s/^/guest /"',
  'for l in qm pct; do command -v $l >/dev/null 2>&1 && $l list 2>/dev/null | awk \'NR > 1 { print "guest " ($2 ~ /^(running|stopped)$/ ? $NF : $2) }\'; done',
  MOUNT_UNITS,
  'for f in /etc/mfs/*mount-*.cfg /etc/lizardfs/*mount-*.cfg /etc/saunafs/*mount-*.cfg; do [ -e "$f" ] && echo "config $f"; done',
  'true',
].join('\n');

/** Looks at a host. Never rejects. */
export async function lookAtClient(host: Reader): Promise<FoundClient> {
  const { name } = host;
  const [flavour, facts, fstab, mounts] = await Promise.all([
    lookAtFlavour(host),
    host.run(reads(['sh', '-c', SCRIPT], 15_000)),
    host.run(reads(['cat', '--', '/etc/fstab'])),
    host.run(mountsCommand),
  ]);
  if (!flavour.ok) return { ok: false, name, because: flavour.because };
  if (facts.kind !== 'exited') return { ok: false, name, because: facts.reason };
  if (fstab.kind !== 'exited' || fstab.code !== 0 || fstab.capped === true) {
    return { ok: false, name, because: '/etc/fstab cannot be read' };
  }
  const lines = linesOf(facts.stdout);
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const path = programPath(flavour.flavour, 'client');
  const goalTool = goalToolOf(of('binary'));
  return {
    ok: true,
    name,
    flavour: flavour.flavour,
    ...(path !== undefined && { client: path.slice(path.lastIndexOf('/') + 1) }),
    helpers: of('helper'),
    ...(goalTool && { goalTool }),
    fstabText: fstab.stdout,
    fstab: parseFstab(fstab.stdout),
    verifies: lines.includes('verifies'),
    mounts: parseLocalMounts(printed(mounts)).value,
    points: of('point'),
    guests: of('guest').map((guest) => guest.trim()),
    units: of('unit').map(parseMountUnit),
    configs: of('config'),
    systemd: lines.includes('systemd'),
  };
}

function goalToolOf(binaries: readonly string[]): GoalTool | undefined {
  const tool = ['lizardfs', 'saunafs'].find((name) => binaries.includes(name));
  if (tool !== undefined) return { set: [tool, 'setgoal'], get: [tool, 'getgoal'] };
  // MooseFS 3 knows goals by number alone under the old names, and storage classes by the new.
  const pair = [
    ['mfssetsclass', 'mfsgetsclass'],
    ['mfssetgoal', 'mfsgetgoal'],
  ].find((names) => names.every((name) => binaries.includes(name)));
  const [set, get] = pair ?? [];
  return set !== undefined && get !== undefined ? { set: [set], get: [get] } : undefined;
}
