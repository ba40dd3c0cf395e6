import { answersOn } from './debconf.js';
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
  readonly units: readonly string[];
  readonly needs: readonly string[];
  readonly files: (software: Software, machine: Machine) => Readonly<Record<string, string>>;
  /** Where it is not LizardFS's. */
  readonly version?: string;
}

/** How a program that is no script begins. */
export const BINARY = '\u007fELF';

const nothing = (): Readonly<Record<string, string>> => ({});

const PACKAGES: Readonly<Record<string, Package>> = {
  fuse: {
    ...{ programs: [], units: [], needs: [], version: '2.9.2-7.el7' },
    files: () => ({ '/sbin/mount.fuse': BINARY }),
  },
  'lizardfs-common': { programs: [], units: [], needs: [], files: nothing },
  'lizardfs-client': {
    programs: ['mfsmount', 'mfssetgoal', 'mfsgetgoal'],
    units: [],
    needs: ['fuse'],
    files: () => ({ '/usr/bin/mfssetgoal': BINARY, '/usr/bin/mfsgetgoal': BINARY }),
  },
  'lizardfs-adm': {
    ...{ programs: ['lizardfs-admin', 'lizardfs-probe'], units: [], needs: [] },
    files: nothing,
  },
  'lizardfs-metalogger': {
    programs: ['mfsmetalogger'],
    units: ['lizardfs-metalogger'],
    needs: ['lizardfs-common'],
    files: nothing,
  },
  'lizardfs-chunkserver': {
    programs: ['mfschunkserver'],
    units: ['lizardfs-chunkserver'],
    needs: ['lizardfs-common'],
    files: ({ example }) => ({
      [example('mfschunkserver.cfg')]: '# LABEL = _\n# MASTER_HOST = mfsmaster\n',
      [example('mfshdd.cfg')]: '# mount points of HDD drives\n# /mnt/hd1\n',
    }),
  },
  'lizardfs-master': {
    programs: ['mfsmaster'],
    units: ['lizardfs-master'],
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

/** The packages of a virtual machine host, as Debian 12 has them. */
const CLUSTER: Readonly<Record<string, Package>> = {
  'ocfs2-tools': {
    programs: [
      'debugfs.ocfs2',
      'fsck.ocfs2',
      'mkfs.ocfs2',
      'mounted.ocfs2',
      'o2cb',
      'o2cb-init',
      'tunefs.ocfs2',
    ],
    units: ['o2cb', 'ocfs2'],
    ...{ needs: [], version: '1.8.7-2' },
    files: (_, machine) => ({
      '/etc/init.d/o2cb': '#!/bin/sh\no2cb-init "$@"\n',
      '/etc/init.d/ocfs2': '#!/bin/sh\nexit 0\n',
      '/etc/default/o2cb': o2cbDefaults(answersOn(machine)),
    }),
  },
  'nfs-kernel-server': {
    ...{ programs: ['exportfs'], units: ['nfs-server'], needs: [], version: '1:2.6.2-4' },
    files: () => ({
      '/lib/systemd/system/nfs-server.service': '[Unit]\nDescription=NFS server and services\n',
      '/etc/exports':
        '# /etc/exports: the access control list for filesystems which may be exported\n#\t\tto NFS clients.  See exports(5).\n',
      '/var/lib/nfs/etab': '',
    }),
  },
  rsync: { ...{ programs: ['rsync'], units: [], needs: [], version: '3.2.7-1' }, files: nothing },
};

/** What the package's own script makes of the answers that debconf was told. */
function o2cbDefaults(answers: ReadonlyMap<string, string>): string {
  const enabled = answers.get('ocfs2-tools/init') ?? 'false';
  const name = answers.get('ocfs2-tools/clustername') ?? 'ocfs2';
  return `#\n# This is a configuration file for automatic startup of the O2CB driver.\n#\nO2CB_ENABLED=${enabled}\nO2CB_BOOTCLUSTER=${name}\nO2CB_HEARTBEAT_THRESHOLD=31\n`;
}

function packageNamed(name: string): Package | undefined {
  return CLUSTER[name] ?? PACKAGES[name];
}

/** The version of a package in the repositories of a machine. */
export function versionOf(machine: Machine, name: string): string {
  return packageNamed(name)?.version ?? softwareOf(machine).version;
}

/** Whether there is such a package at all. */
export function isPackage(name: string): boolean {
  return packageNamed(name) !== undefined;
}

/** What packages need that is not installed, with themselves. */
export function withNeeds({ packages }: Machine, names: readonly string[]): readonly string[] {
  const all = names.flatMap((name) => [...(packageNamed(name)?.needs ?? []), name]);
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
    machine.packages.set(name, versionOf(machine, name));
    for (const unit of packageNamed(name)?.units ?? []) {
      machine.services.set(unit, false);
      // Debian enables the units of its packages as it installs them; yum leaves that to people.
      if (machine.kind !== 'bare-xen') machine.enabled.add(unit);
    }
    Object.assign(files, packageNamed(name)?.files(software, machine));
  }
  return files;
}

/** The files that the packages of a machine brought. */
export function packageFiles(machine: Machine): Readonly<Record<string, string>> {
  const software = softwareOf(machine);
  const names = [...machine.packages.keys()];
  return Object.fromEntries(
    names.flatMap((name) => Object.entries(packageNamed(name)?.files(software, machine) ?? {})),
  );
}

/** Takes packages away; gives the paths of the files that go with them. */
export function remove(machine: Machine, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    machine.packages.delete(name);
    for (const unit of packageNamed(name)?.units ?? []) {
      machine.services.delete(unit);
      machine.enabled.delete(unit);
    }
    return Object.keys(packageNamed(name)?.files(softwareOf(machine), machine) ?? {});
  });
}

/** Packages that stay and need one of those that would go. */
export function needing({ packages }: Machine, going: readonly string[]): readonly string[] {
  return [...packages.keys()].filter(
    (name) =>
      !going.includes(name) &&
      packageNamed(name)?.needs.some((need) => going.includes(need)) === true,
  );
}

/** Whether a unit starts with its machine: what was there from the beginning does. */
export function startsAtBoot({ enabled, packages }: Machine, unit: string): boolean {
  const brought = [...packages.keys()].some(
    (name) => packageNamed(name)?.units.includes(unit) === true,
  );
  return enabled.has(unit) || !brought;
}

/** The programs of the packages that were installed. */
export function programsIn({ packages }: Machine): readonly string[] {
  return [...packages.keys()].flatMap((name) => packageNamed(name)?.programs ?? []);
}

/** The users that a machine knows. */
export function usersOf(machine: Machine): ReadonlySet<string> {
  const { user } = softwareOf(machine);
  const daemons = ['lizardfs-master', 'lizardfs-chunkserver', 'lizardfs-metalogger'];
  const brought = daemons.some((name) => machine.packages.has(name));
  const always = machine.kind === 'xenserver' || machine.kind === 'chunkserver';
  return new Set(['root', ...(brought || always ? [user] : [])]);
}
