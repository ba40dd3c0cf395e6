import { reads, type Command } from '../../../../core/host.js';
import {
  FILE_SYSTEM_FACTS,
  parseFileSystemFacts,
  type FileSystemFacts,
} from '../../../../tools/file-system-facts.js';
import { FLAVOUR_SCRIPT } from '../../flavour/look.js';
import { parseFlavour, settingOf, type Flavour } from '../../flavour/parse.js';

/** What a chunkserver's host has installed, as far as the wizard needs it. */
export interface ChunkHost extends FileSystemFacts {
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
  /** Without loopback. */
  readonly addresses: readonly string[];
}

const SCRIPT = [FILE_SYSTEM_FACTS, FLAVOUR_SCRIPT].join('\n');

/** Asks for what is installed. */
export function chunkHostCommand(): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT], 20_000);
}

/** Reads what the script printed; lines of other kinds are a login script's. */
export function parseChunkHost(stdout: string): ChunkHost {
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
    ...parseFileSystemFacts(stdout),
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
