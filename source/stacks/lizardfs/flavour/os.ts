/** The system of a host, as far as packages depend on it. */
export interface Os {
  readonly kind: 'xenserver' | 'xcp-ng' | 'proxmox' | 'debian' | 'centos' | 'other';
  /** `7.6.0`, `8.2.1`, `12`; empty where it does not say. */
  readonly version: string;
  /** How it names itself: `XenServer 7.6.0`. */
  readonly says: string;
  /** The program that installs packages. */
  readonly manager?: 'dnf' | 'yum' | 'apt-get';
  /**
   * The CentOS release that it was built from (`7.5.1804`), told by its C library: what XenServer
   * and XCP-ng call themselves says nothing of it, and the vault's folders are named so.
   */
  readonly centos?: string;
}

/** glibc of each CentOS 7, and the folder of that release in the vault. */
const RELEASES: readonly (readonly [glibc: number, folder: string])[] = [
  [55, '7.0.1406'],
  [78, '7.1.1503'],
  [105, '7.2.1511'],
  [157, '7.3.1611'],
  [196, '7.4.1708'],
  [222, '7.5.1804'],
  [260, '7.6.1810'],
  [292, '7.7.1908'],
  [307, '7.8.2003'],
  [317, '7.9.2009'],
];

/** The CentOS 7 release that a C library (`2.17-222.el7`) belongs to; undefined for any other. */
export function centosRelease(glibc: string): string | undefined {
  const build = /^2\.17-(\d+)(?:\.|$)/.exec(glibc)?.[1];
  if (build === undefined) return undefined;
  return RELEASES.findLast(([first]) => Number(build) >= first)?.[1];
}

/** Tells the system from what the host said of itself, by key. */
export function osOf(facts: ReadonlyMap<string, string>): Os {
  const [id = '', version = ''] = (facts.get('os') ?? '').split(' ');
  const like = `${id} ${facts.get('like') ?? ''}`;
  const [brand = '', product = ''] = (facts.get('product') ?? '').split(' ');
  const manager = managerOf(facts.get('manager'));
  const centos = centosRelease(facts.get('glibc') ?? '');
  const more = { ...(manager && { manager }), ...(centos !== undefined && { centos }) };
  if (brand !== '' || id === 'xenenterprise') {
    const known = product || version;
    const kind = /xcp/i.test(`${brand} ${facts.get('name') ?? ''}`) ? 'xcp-ng' : 'xenserver';
    const title = kind === 'xcp-ng' ? 'XCP-ng' : 'XenServer';
    return { kind, version: known, says: `${title} ${known}`.trim(), ...more };
  }
  const pve = /pve-manager\/([^/ ]+)/.exec(facts.get('proxmox') ?? '')?.[1];
  if (pve !== undefined) {
    return { kind: 'proxmox', version: pve, says: `Proxmox VE ${pve}`, ...more };
  }
  const says = facts.get('name') ?? '';
  if (/\bdebian\b/.test(like)) return { kind: 'debian', version, says, ...more };
  const red = /\b(?:centos|rhel|fedora)\b/.test(like);
  return { kind: red ? 'centos' : 'other', version, says, ...more };
}

function managerOf(name: string | undefined): Os['manager'] {
  return name === 'dnf' || name === 'yum' || name === 'apt-get' ? name : undefined;
}
