import { reads, type Command } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import { FLAVOUR_SCRIPT } from '../../flavour/look.js';
import { parseFlavour, settingOf, type Flavour } from '../../flavour/parse.js';

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

const SCRIPT = [
  'for m in mkfs.ext4 mkfs.xfs; do command -v "$m" >/dev/null 2>&1 && echo "maker $m"; done',
  'if findmnt --help 2>/dev/null | grep -q -- --verify; then if o=$(findmnt --verify -F /etc/fstab 2>&1); then echo verifies; else echo "$o" | grep -F "[E]" | sed "s/^ */fault /"; fi; fi',
  FLAVOUR_SCRIPT,
].join('\n');

/** Asks for what is installed. */
export function chunkHostCommand(): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT], 20_000);
}

/** Reads what the script printed; lines of other kinds are a login script's. */
export function parseChunkHost(stdout: string): ChunkHost {
  const lines = linesOf(stdout);
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const flavour = parseFlavour(stdout);
  const { programs, units } = flavour;
  const listed = hddFiles(flavour);
  const hddFile = chunkSetting(flavour, 'HDD_CONF_FILENAME') ?? listed[0]?.path;
  const owner = ownerOf(flavour, hddFile);
  const unit = units.find(({ name }) => name.endsWith('chunkserver.service'));
  const program = [...programs].find(([name]) => name.endsWith('chunkserver'))?.[1];
  return {
    ...(hddFile !== undefined && { hddFile }),
    otherHddFiles: listed.flatMap(({ path, exists }) => (exists && path !== hddFile ? [path] : [])),
    ...(owner && { owner }),
    ...(unit && { unit: { name: unit.name, reloads: unit.reloads } }),
    ...(program !== undefined && { program }),
    running: flavour.running.some((name) => name.includes('chunk')),
    makers: of('maker'),
    verifies: lines.includes('verifies'),
    fstabFaults: of('fault').map((line) => line.replace('[E]', '').trim()),
    addresses: flavour.addresses,
  };
}

/** The lists of disks of all generations whose config folder is there; those that exist come first. */
function hddFiles({
  configFolders,
  files,
}: Flavour): readonly { readonly path: string; readonly exists: boolean }[] {
  return configFolders
    .map((folder) => {
      const path = `${folder}/${folder === '/etc/saunafs' ? 'sfshdd' : 'mfshdd'}.cfg`;
      return { path, exists: files.includes(path) };
    })
    .sort((a, b) => Number(b.exists) - Number(a.exists));
}

function chunkSetting(flavour: Flavour, key: string): string | undefined {
  return (
    settingOf(flavour, key, 'sfschunkserver.cfg') ?? settingOf(flavour, key, 'mfschunkserver.cfg')
  );
}

/** The user that the config names, else the one that belongs to the config's folder. */
function ownerOf(flavour: Flavour, hddFile: string | undefined): ChunkHost['owner'] {
  const { users } = flavour;
  const user = chunkSetting(flavour, 'WORKING_USER');
  const group = chunkSetting(flavour, 'WORKING_GROUP');
  if (user !== undefined) {
    const known = users.find((one) => one.user === user);
    return { user, group: group ?? known?.group ?? user };
  }
  const folder = hddFile?.split('/')[2];
  const found = users.find((one) => one.user === folder) ?? users[0];
  return found && { user: found.user, group: group ?? found.group };
}
