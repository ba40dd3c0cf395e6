import type { Machine } from './state.js';

/** How LizardFS is called on a machine, by its system. */
export interface Software {
  readonly config: string;
  readonly data: string;
  readonly user: string;
  readonly version: string;
  /** What follows a config file's name in the package's example, and its folder. */
  readonly example: (name: string) => string;
}

const XEN: Software = {
  config: '/etc/mfs',
  data: '/var/lib/mfs',
  user: 'mfs',
  version: '3.12.0-0el7',
  example: (name) => `/etc/mfs/${name}.dist`,
};

const DEBIAN: Software = {
  config: '/etc/lizardfs',
  data: '/var/lib/lizardfs',
  user: 'lizardfs',
  version: '3.12.0+dfsg-3',
  example: (name) => `/usr/share/doc/lizardfs-${packageOf(name)}/examples/${name}`,
};

function packageOf(name: string): string {
  return /chunkserver|hdd/.test(name) ? 'chunkserver' : 'master';
}

/** How LizardFS is called on a machine. */
export function softwareOf({ kind }: Machine): Software {
  return kind === 'bare-debian' ? DEBIAN : XEN;
}

/** What a package brings. */
interface Package {
  readonly programs: readonly string[];
  readonly unit?: string;
  readonly needs: readonly string[];
  readonly files: (software: Software) => Readonly<Record<string, string>>;
}

/** How a program that is no script begins. */
export const BINARY = '\u007fELF';

const nothing = (): Readonly<Record<string, string>> => ({});

const PACKAGES: Readonly<Record<string, Package>> = {
  fuse: { programs: [], needs: [], files: () => ({ '/sbin/mount.fuse': BINARY }) },
  'lizardfs-common': { programs: [], needs: [], files: nothing },
  'lizardfs-client': {
    programs: ['mfsmount', 'mfssetgoal', 'mfsgetgoal'],
    needs: ['fuse'],
    files: () => ({ '/usr/bin/mfssetgoal': BINARY, '/usr/bin/mfsgetgoal': BINARY }),
  },
  'lizardfs-adm': { programs: ['lizardfs-admin', 'lizardfs-probe'], needs: [], files: nothing },
  'lizardfs-metalogger': {
    programs: ['mfsmetalogger'],
    unit: 'lizardfs-metalogger',
    needs: ['lizardfs-common'],
    files: nothing,
  },
  'lizardfs-chunkserver': {
    programs: ['mfschunkserver'],
    unit: 'lizardfs-chunkserver',
    needs: ['lizardfs-common'],
    files: ({ example }) => ({
      [example('mfschunkserver.cfg')]: '# LABEL = _\n# MASTER_HOST = mfsmaster\n',
      [example('mfshdd.cfg')]: '# mount points of HDD drives\n# /mnt/hd1\n',
    }),
  },
  'lizardfs-master': {
    programs: ['mfsmaster'],
    unit: 'lizardfs-master',
    needs: ['lizardfs-common'],
    files: ({ example, data }) => ({
      [example('mfsmaster.cfg')]:
        '# PERSONALITY = master\n\n# ADMIN_PASSWORD =\n\n# WORKING_USER = mfs\n\n# AUTO_RECOVERY = 0\n\n# MASTER_HOST = mfsmaster\n',
      [example('mfsexports.cfg')]:
        '# Allow everything\n*  /  rw,alldirs,maproot=0\n\n# and meta\n*  .  rw\n',
      [example('mfsgoals.cfg')]: '1 1 : _\n2 2 : _ _\n3 3 : _ _ _\n',
      [`${data}/metadata.mfs.empty`]: 'MFSM NEW',
    }),
  },
};

/** Whether there is such a package at all. */
export function isPackage(name: string): boolean {
  return Object.hasOwn(PACKAGES, name);
}

/** What packages need that is not installed, with themselves. */
export function withNeeds({ packages }: Machine, names: readonly string[]): readonly string[] {
  const all = names.flatMap((name) => [...(PACKAGES[name]?.needs ?? []), name]);
  return [...new Set(all)].filter((name) => !packages.has(name));
}

/** Installs packages; gives the files that they bring. */
export function install(
  machine: Machine,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const software = softwareOf(machine);
  const files: Record<string, string> = {};
  for (const name of names) {
    const unit = PACKAGES[name]?.unit;
    machine.packages.set(name, name === 'fuse' ? '2.9.2-7.el7' : software.version);
    if (unit !== undefined) machine.services.set(unit, false);
    // Debian enables the units of its packages as it installs them; yum leaves that to people.
    if (unit !== undefined && machine.kind === 'bare-debian') machine.enabled.add(unit);
    Object.assign(files, PACKAGES[name]?.files(software));
  }
  return files;
}

/** The files that the packages of a machine brought. */
export function packageFiles(machine: Machine): Readonly<Record<string, string>> {
  const software = softwareOf(machine);
  const names = [...machine.packages.keys()];
  return Object.fromEntries(
    names.flatMap((name) => Object.entries(PACKAGES[name]?.files(software) ?? {})),
  );
}

/** Takes packages away; gives the paths of the files that go with them. */
export function remove(machine: Machine, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const unit = PACKAGES[name]?.unit;
    machine.packages.delete(name);
    if (unit !== undefined) {
      machine.services.delete(unit);
      machine.enabled.delete(unit);
    }
    return Object.keys(PACKAGES[name]?.files(softwareOf(machine)) ?? {});
  });
}

/** Packages that stay and need one of those that would go. */
export function needing({ packages }: Machine, going: readonly string[]): readonly string[] {
  return [...packages.keys()].filter(
    (name) =>
      !going.includes(name) && PACKAGES[name]?.needs.some((need) => going.includes(need)) === true,
  );
}

/** Whether a unit starts with its machine: what was there from the beginning does. */
export function startsAtBoot({ enabled, packages }: Machine, unit: string): boolean {
  const brought = [...packages.keys()].some((name) => PACKAGES[name]?.unit === unit);
  return enabled.has(unit) || !brought;
}

/** The programs of the packages that were installed. */
export function programsIn({ packages }: Machine): readonly string[] {
  return [...packages.keys()].flatMap((name) => PACKAGES[name]?.programs ?? []);
}

/** The users that a machine knows. */
export function usersOf(machine: Machine): ReadonlySet<string> {
  const { user } = softwareOf(machine);
  const daemons = ['lizardfs-master', 'lizardfs-chunkserver', 'lizardfs-metalogger'];
  const brought = daemons.some((name) => machine.packages.has(name));
  const always = machine.kind === 'xenserver' || machine.kind === 'chunkserver';
  return new Set(['root', ...(brought || always ? [user] : [])]);
}
