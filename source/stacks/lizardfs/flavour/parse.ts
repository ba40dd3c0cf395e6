import { linesOf } from '../../../core/text.js';
import { FAMILIES, programOf, type Family, type FamilyId, type Role } from './families.js';
import { osOf, type Os } from './os.js';

/** A unit of systemd. */
export interface Unit {
  /** `lizardfs-chunkserver.service` */
  readonly name: string;
  readonly reloads: boolean;
  readonly active: boolean;
  /** It starts when the host boots. */
  readonly enabled: boolean;
}

/** What a host has of LizardFS, SaunaFS or MooseFS, and what it is itself. */
export interface Flavour {
  readonly os: Os;
  /** Which generation is installed; undefined: nothing of any. */
  readonly family?: Family;
  /** Version by the package's name: `3.12.0-1`. */
  readonly packages: ReadonlyMap<string, string>;
  readonly configFolders: readonly string[];
  /** All files in the config folders, and the packages' examples. */
  readonly files: readonly string[];
  readonly dataFolders: readonly string[];
  /** Settings about files, folders and users, in the order of the files. */
  readonly settings: readonly Setting[];
  readonly users: readonly { readonly user: string; readonly group: string }[];
  /** Full path by the program's name. */
  readonly programs: ReadonlyMap<string, string>;
  readonly units: readonly Unit[];
  /** Files of Debian's that may keep an init script from starting anything: `X_ENABLE=false`. */
  readonly switches: readonly string[];
  /** Names of the daemons and mounts that run, as the kernel keeps them: 15 characters. */
  readonly running: readonly string[];
  /** Without loopback. */
  readonly addresses: readonly string[];
}

/** A line that is set in a config file. */
export interface Setting {
  readonly file: string;
  readonly key: string;
  readonly value: string;
}

/** Reads what the script printed. Lines of other kinds are a login script's, or of one who asked for more. */
export function parseFlavour(stdout: string): Flavour {
  const lines = linesOf(stdout);
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const facts = new Map(
    ['os', 'like', 'name', 'product', 'proxmox', 'manager', 'glibc'].flatMap((key) => {
      const [value] = of(key);
      return value === undefined || value.trim() === '' ? [] : [[key, value.trim()] as const];
    }),
  );
  const found = {
    os: osOf(facts),
    packages: new Map(of('package').map(twoWords)),
    configFolders: of('folder'),
    files: of('file'),
    dataFolders: of('data'),
    settings: of('set').map(setting),
    users: of('user').map((line) => {
      const [user = '', group = ''] = line.split(' ');
      return { user, group: group || user };
    }),
    programs: new Map(of('program').map((path) => [nameOf(path), path] as const)),
    units: of('unit').map(unit),
    switches: of('switch'),
    running: [...new Set(of('runs'))],
    addresses: of('address'),
  };
  const family = familyOf(found);
  return { ...found, ...(family && { family: FAMILIES[family] }) };
}

/** Packages say it for certain; without any (built from source) programs and folders do. */
function familyOf(found: Omit<Flavour, 'family'>): FamilyId | undefined {
  const { packages, programs, configFolders } = found;
  const names = [...packages.keys(), ...programs.keys()];
  const named = (start: string): boolean => names.some((name) => name.startsWith(start));
  if (named('saunafs') || named('sfs')) return 'saunafs';
  if (named('moosefs') || programs.has('mfscli')) return 'moosefs';
  if (configFolders.includes('/etc/lizardfs')) return 'lizardfs';
  if (configFolders.includes('/etc/mfs')) return 'mfs';
  if (configFolders.includes('/etc/saunafs')) return 'saunafs';
  const [version] = packages.values();
  if (version !== undefined) return isNew(version, found.os) ? 'lizardfs' : 'mfs';
  return named('lizardfs') || named('mfs') ? 'mfs' : undefined;
}

/** A client's package alone brings no config folder: its version tells the names of the others. */
function isNew(version: string, { manager }: Os): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  // Debian's own packages carry `+dfsg` and have the new names from the start.
  return major > 3 || minor >= 13 || (manager === 'apt-get' && version.includes('+dfsg'));
}

/** The value of a setting, in the file of that name (`mfsmaster.cfg`) or any; of two the last holds. */
export function settingOf({ settings }: Flavour, key: string, file?: string): string | undefined {
  return settings.findLast(
    (one) =>
      one.key === key && one.value !== '' && (file === undefined || nameOf(one.file) === file),
  )?.value;
}

/** The full path of a role's program, where it is installed. */
export function programPath({ family, programs }: Flavour, role: Role): string | undefined {
  if (!family) return undefined;
  const names = role === 'admin' ? [...family.admin, 'mfscli'] : [programOf(family, role)];
  return names.map((name) => programs.get(name)).find((path) => path !== undefined);
}

/** The unit of a role, where systemd knows it. */
export function unitOf({ family, units }: Flavour, role: Role): Unit | undefined {
  const name = family?.units[role];
  return units.find((unit) => unit.name === `${name ?? ''}.service`);
}

/** A config file and what it would be made from: `/etc/mfs/mfsmaster.cfg` from its `.dist`. */
export interface ConfigPlace {
  readonly path: string;
  readonly exists: boolean;
  /** The package's example, if it is there and is a plain text. */
  readonly example?: string;
}

/** Where a config file is, or would be: `mfsmaster.cfg`, `mfsexports.cfg`. */
export function configPlace({ family, files }: Flavour, name: string): ConfigPlace | undefined {
  if (!family) return undefined;
  const path = `${family.configFolder}/${name}`;
  const example = [`${path}.dist`, `${path}.sample`].find((one) => files.includes(one));
  const shipped = files.find((one) => one.includes('/examples/') && nameOf(one) === name);
  const from = example ?? shipped;
  return { path, exists: files.includes(path), ...(from !== undefined && { example: from }) };
}

/** Whether a daemon runs; the kernel keeps 15 characters of a name. */
export function runs({ running, family }: Flavour, role: Role): boolean {
  return family !== undefined && running.includes(programOf(family, role).slice(0, 15));
}

function unit(line: string): Unit {
  const [name = '', ...properties] = line.trim().split(' ');
  return {
    name,
    reloads: properties.includes('CanReload=yes'),
    active: properties.includes('ActiveState=active'),
    enabled: properties.some((one) => /^UnitFileState=(?:enabled|static|alias)/.test(one)),
  };
}

function setting(line: string): Setting {
  const blank = line.indexOf(' ');
  const text = line.slice(blank + 1);
  const equals = text.indexOf('=');
  return {
    file: line.slice(0, blank),
    key: text.slice(0, equals).trim(),
    value: text.slice(equals + 1).trim(),
  };
}

function twoWords(line: string): readonly [string, string] {
  const [name = '', version = ''] = line.split(' ');
  return [name, version];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
