/** What a host does for the file system; one package each. */
export const ROLES = ['client', 'chunkserver', 'master', 'admin', 'metalogger', 'uraft'] as const;

/** What a host does for the file system. */
export type Role = (typeof ROLES)[number];

/** The four ways in which this file system is packaged. */
export type FamilyId = 'mfs' | 'lizardfs' | 'saunafs' | 'moosefs';

/** How everything is called where one of them is installed. */
export interface Family {
  readonly id: FamilyId;
  /** As its users write it. */
  readonly title: string;
  /** How programs and config files begin: `mfsmaster`, `mfsmaster.cfg`. */
  readonly prefix: 'mfs' | 'sfs';
  readonly configFolder: string;
  readonly dataFolder: string;
  readonly user: string;
  readonly group: string;
  /** Roles that are missing have no package of their own. */
  readonly packages: Readonly<Partial<Record<Role, string>>>;
  /** Units of systemd, without `.service`; only daemons have one. */
  readonly units: Readonly<Partial<Record<Role, string>>>;
  /** Administration tools, the newest name first; MooseFS has `mfscli`, which speaks otherwise. */
  readonly admin: readonly string[];
}

/** Ports of the daemons (their sources). */
export const PORTS = { metalogger: 9419, chunkserver: 9420, client: 9421, data: 9422 } as const;

const daemons = (name: string): Family['units'] => ({
  chunkserver: `${name}-chunkserver`,
  master: `${name}-master`,
  metalogger: `${name}-metalogger`,
});

const packages = (name: string, admin: string): Family['packages'] => ({
  ...daemons(name),
  client: `${name}-client`,
  admin: `${name}-${admin}`,
});

/**
 * The names, from the packaging of each: LizardFS moved from `mfs` to `lizardfs` with 3.13 (2020-07),
 * and Debian's 3.12 has the new names already. MooseFS and old LizardFS share folder and user.
 */
export const FAMILIES: Readonly<Record<FamilyId, Family>> = {
  mfs: {
    id: 'mfs',
    title: 'LizardFS to 3.12',
    prefix: 'mfs',
    configFolder: '/etc/mfs',
    dataFolder: '/var/lib/mfs',
    user: 'mfs',
    group: 'mfs',
    packages: { ...packages('lizardfs', 'adm'), uraft: 'lizardfs-uraft' },
    units: { ...daemons('lizardfs'), uraft: 'lizardfs-uraft' },
    admin: ['lizardfs-admin', 'lizardfs-probe'],
  },
  lizardfs: {
    id: 'lizardfs',
    title: 'LizardFS 3.13 or Debian’s',
    prefix: 'mfs',
    configFolder: '/etc/lizardfs',
    dataFolder: '/var/lib/lizardfs',
    user: 'lizardfs',
    group: 'lizardfs',
    packages: { ...packages('lizardfs', 'adm'), uraft: 'lizardfs-uraft' },
    units: { ...daemons('lizardfs'), uraft: 'lizardfs-uraft' },
    admin: ['lizardfs-admin'],
  },
  saunafs: {
    id: 'saunafs',
    title: 'SaunaFS',
    prefix: 'sfs',
    configFolder: '/etc/saunafs',
    dataFolder: '/var/lib/saunafs',
    user: 'saunafs',
    group: 'saunafs',
    packages: { ...packages('saunafs', 'adm'), uraft: 'saunafs-uraft' },
    units: { ...daemons('saunafs'), uraft: 'saunafs-uraft' },
    admin: ['saunafs-admin'],
  },
  moosefs: {
    id: 'moosefs',
    title: 'MooseFS',
    prefix: 'mfs',
    configFolder: '/etc/mfs',
    dataFolder: '/var/lib/mfs',
    user: 'mfs',
    group: 'mfs',
    packages: packages('moosefs', 'cli'),
    units: daemons('moosefs'),
    admin: [],
  },
};

/** The program of a role, without its folder: `mfsmaster`; the admin tools have names of their own. */
export function programOf({ prefix, admin, id }: Family, role: Role): string {
  switch (role) {
    case 'client':
      return `${prefix}mount`;
    case 'admin':
      return admin[0] ?? 'mfscli';
    case 'uraft':
      return `${id === 'saunafs' ? 'saunafs' : 'lizardfs'}-uraft`;
    case 'chunkserver':
    case 'master':
    case 'metalogger':
      return `${prefix}${role}`;
  }
}
