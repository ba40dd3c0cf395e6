import { replicaOn, type Local } from '../../fleet/drbd/side.js';
import type { Resource } from '../../fleet/drbd/state.js';

/** The resource's file in /etc/drbd.d of a machine, as an administrator wrote it. */
export function resourceFile(resource: Resource, machine: string): string {
  const [first] = resource.replicas;
  const { settings } = replicaOn(resource, machine) ?? first;
  const both = resource.replicas.every(({ bootRole }) => bootRole === 'Primary');
  const options = (map: ReadonlyMap<string, string>): string =>
    [...map]
      .map(([key, value]) => `${key} ${key === 'shared-secret' ? `"${value}"` : value};`)
      .join(' ');
  const lines = [
    `resource ${resource.name} {`,
    ...hosts(resource),
    `    net { ${options(settings.net)} }`,
    `    disk { ${options(settings.disk)} }`,
    `    startup { wfc-timeout 15; degr-wfc-timeout 60;${both ? ' become-primary-on both;' : ''} }`,
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function hosts({ minor, replicas }: Resource): string[] {
  return replicas.flatMap(({ machine, settings: { backing, address, port } }) => [
    `    on ${machine} {`,
    `        device           /dev/drbd${minor} minor ${minor};`,
    `        disk             ${backing};`,
    '        meta-disk        internal;',
    `        address          ${address}:${port};`,
    '    }',
  ]);
}

/** What the kernel does not have by itself; it shows no more than that. */
const DEFAULTS: Readonly<Record<string, string>> = {
  protocol: 'C',
  'after-sb-0pri': 'disconnect',
  'after-sb-1pri': 'disconnect',
  'after-sb-2pri': 'disconnect',
  'on-io-error': 'detach',
};

const UNITS: Readonly<Record<string, string>> = {
  'resync-rate': 'bytes/second',
  'c-max-rate': 'bytes/second',
  'c-min-rate': 'bytes/second',
  'c-plan-ahead': '1/10 seconds',
};

/** `drbdsetup show`: the configuration that the kernel has; without a connection no net part. */
export function kernelConfig({ resource, self }: Local): string {
  const { settings } = self;
  const connected = self.connection !== 'StandAlone';
  const net = [
    ...['    net {', ...shown(settings.net, '        '), '    }'],
    ...[
      '    _remote_host {',
      `        address\t\t\tipv4 ${settings.peer}:${settings.port};`,
      '    }',
    ],
  ];
  const own = connected ? [`        address\t\t\tipv4 ${settings.address}:${settings.port};`] : [];
  const disk = [
    `            disk\t\t\t"${settings.backing}";`,
    `            meta-disk\t\t\t${settings.metadata === 'internal' ? 'internal' : `"${settings.metadata}"`};`,
    ...['            disk {', ...shown(settings.disk, '                '), '            }'],
  ];
  const lines = [
    `resource ${resource.name} {`,
    ...['    options {', '    }'],
    ...(connected ? net : []),
    '    _this_host {',
    ...own,
    '        volume 0 {',
    `            device\t\t\tminor ${resource.minor};`,
    ...(self.disk === 'Diskless' ? [] : disk),
    ...['        }', '    }', '}'],
  ];
  return `${lines.join('\n')}\n`;
}

function shown(options: ReadonlyMap<string, string>, indent: string): readonly string[] {
  return [...options].toSorted(byKernel).flatMap(([key, value]) => {
    if (DEFAULTS[key] === value) return [];
    const unit = UNITS[key];
    const text = unit === 'bytes/second' ? inKib(value) : isWord(key) ? `"${value}"` : value;
    return [`${indent}${key.padEnd(16)}\t${text};${unit === undefined ? '' : ` # ${unit}`}`];
  });
}

/** The kernel's own order of the rates. */
function byKernel([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return Number(a === 'c-plan-ahead') - Number(b === 'c-plan-ahead');
}

function isWord(key: string): boolean {
  return /-alg$|shared-secret/.test(key);
}

function inKib(rate: string): string {
  const [, digits = '0', unit = 'k'] = /^(\d+)([kmg])?$/i.exec(rate) ?? [];
  return `${Number(digits) * 1024 ** ['k', 'm', 'g'].indexOf(unit.toLowerCase())}k`;
}
