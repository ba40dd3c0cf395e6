import { reads, type Command } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';

/** What a chunkserver's host has installed, as far as the wizard needs it. */
export interface ChunkHost {
  /** The file that lists the disks: `/etc/mfs/mfshdd.cfg`. */
  readonly hddFile?: string;
  /** Other files that could be it: two generations are installed. */
  readonly otherHddFiles: readonly string[];
  /** Who must own the disks. */
  readonly owner?: { readonly user: string; readonly group: string };
  /** `lizardfs-chunkserver.service`, and whether systemd knows how to reload it. */
  readonly unit?: { readonly name: string; readonly reloads: boolean };
  /** `/usr/sbin/mfschunkserver`, or its later names. */
  readonly program?: string;
  readonly running: boolean;
  /** `mkfs.ext4`, `mkfs.xfs`, as far as they are there. */
  readonly makers: readonly string[];
  /** `findmnt --verify` is there (util-linux 2.29 and later), and finds fstab in order as it stands. */
  readonly verifies: boolean;
  /** What it finds wrong with fstab as it stands. */
  readonly fstabFaults: readonly string[];
  /** Without loopback. */
  readonly addresses: readonly string[];
}

/**
 * Names and paths of LizardFS 3.10–3.12 (`mfs`), of later ones and Debian's (`lizardfs`) and of
 * SaunaFS (`saunafs`), as their packages have them. Config lines keep their commented defaults, so
 * only what is set counts; of two the last holds.
 */
const SCRIPT = [
  'for f in mfs/mfshdd lizardfs/mfshdd saunafs/sfshdd; do [ -d "/etc/${f%/*}" ] && echo "folder /etc/$f.cfg"; [ -e "/etc/$f.cfg" ] && echo "file /etc/$f.cfg"; done',
  'for f in /etc/mfs/mfschunkserver.cfg /etc/lizardfs/mfschunkserver.cfg /etc/saunafs/sfschunkserver.cfg; do [ -r "$f" ] && grep -E "^[[:blank:]]*(HDD_CONF_FILENAME|WORKING_USER|WORKING_GROUP)[[:blank:]]*=" "$f" | sed "s,^[[:blank:]]*,set $f ,"; done',
  'for u in mfs lizardfs saunafs; do id -u "$u" >/dev/null 2>&1 && echo "user $u $(id -gn "$u")"; done',
  'for p in sfschunkserver mfschunkserver lizardfs-chunkserver saunafs-chunkserver; do command -v "$p" | sed "s/^/program /"; done',
  'for u in lizardfs-chunkserver saunafs-chunkserver mfschunkserver moosefs-chunkserver; do systemctl cat "$u.service" >/dev/null 2>&1 && echo "unit $u.service $(systemctl show -p CanReload "$u.service")"; done',
  'ps -e -o comm= | grep -Eq "^(mfs|sfs)chunkserver|^(lizardfs|saunafs)-chunk" && echo "running"',
  'for m in mkfs.ext4 mkfs.xfs; do command -v "$m" >/dev/null 2>&1 && echo "maker $m"; done',
  'if findmnt --help 2>/dev/null | grep -q -- --verify; then if o=$(findmnt --verify -F /etc/fstab 2>&1); then echo verifies; else echo "$o" | grep -F "[E]" | sed "s/^ */fault /"; fi; fi',
  'for a in $(hostname -I 2>/dev/null || ip -o addr show scope global 2>/dev/null | sed "s,.* inet6* \\([^ /]*\\).*,\\1,"); do echo "address $a"; done',
  'true',
].join('\n');

/** Asks for what is installed. */
export function chunkHostCommand(): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT], 15_000);
}

/** Reads what the script printed; lines of other kinds are a login script's. */
export function parseChunkHost(stdout: string): ChunkHost {
  const lines = linesOf(stdout);
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const settings = of('set').map(setting);
  const value = (key: string): string | undefined =>
    settings.filter((one) => one.key === key && one.value !== '').at(-1)?.value;
  const files = [...new Set([...of('file'), ...of('folder')])];
  const hddFile = value('HDD_CONF_FILENAME') ?? files[0];
  const owner = ownerOf(of('user'), hddFile, value('WORKING_USER'), value('WORKING_GROUP'));
  const [unit, reloads] = of('unit')[0]?.split(' ') ?? [];
  const [program] = of('program');
  return {
    ...(hddFile !== undefined && { hddFile }),
    otherHddFiles: files.filter((file) => file !== hddFile && of('file').includes(file)),
    ...(owner && { owner }),
    ...(unit !== undefined && { unit: { name: unit, reloads: reloads === 'CanReload=yes' } }),
    ...(program !== undefined && { program }),
    running: lines.includes('running'),
    makers: of('maker'),
    verifies: lines.includes('verifies'),
    fstabFaults: of('fault').map((line) => line.replace('[E]', '').trim()),
    addresses: of('address'),
  };
}

function setting(line: string): { readonly key: string; readonly value: string } {
  const text = line.slice(line.indexOf(' ') + 1);
  const equals = text.indexOf('=');
  return { key: text.slice(0, equals).trim(), value: text.slice(equals + 1).trim() };
}

/** The user that the config names, else the one that belongs to the config's folder. */
function ownerOf(
  lines: readonly string[],
  hddFile: string | undefined,
  user: string | undefined,
  group: string | undefined,
): ChunkHost['owner'] {
  const users = lines.map((line) => {
    const [name = '', primary = ''] = line.split(' ');
    return { user: name, group: primary };
  });
  if (user !== undefined) {
    const known = users.find((one) => one.user === user);
    return { user, group: group ?? known?.group ?? user };
  }
  const family = hddFile?.split('/')[2];
  const found = users.find((one) => one.user === family) ?? users[0];
  return found && { user: found.user, group: group ?? found.group };
}
