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
  'c-plan-ahead': '20',
  'resync-rate': '250k',
  'c-min-rate': '250k',
  'c-max-rate': '102400k',
};

/** The options that are otherwise than the kernel's own, rates in its unit. */
export function besidesDefaults(options: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    [...options].flatMap(([key, value]) => {
      const said = UNITS[key] === 'bytes/second' ? inKib(value) : value;
      return DEFAULTS[key] === said ? [] : [[key, said] as const];
    }),
  );
}

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
  return [...besidesDefaults(options)].toSorted(byKernel).map(([key, value]) => {
    const unit = UNITS[key];
    const text = isWord(key) ? `"${value}"` : value;
    return `${indent}${key.padEnd(16)}\t${text};${unit === undefined ? '' : ` # ${unit}`}`;
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
