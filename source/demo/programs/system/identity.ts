import { addressesOf } from '../../fleet/nics.js';
import { nodeOf } from '../../fleet/rocks/nodes.js';
import { usersOf } from '../../fleet/software.js';
import { resolve } from '../lizardfs/lizardfs-admin.js';
import { failed, printed, type Call, type Ran } from '../program.js';

/** `uname`, with -s -n -r -v -m -a in any mixture. */
export function uname({ args, machine }: Call): Ran {
  const flags = args.join('').replace(/-/g, '') || 's';
  const all = flags.includes('a');
  const parts: readonly (readonly [string, string])[] = [
    ['s', 'Linux'],
    ['n', machine.name],
    ['r', machine.kernel],
    ['v', '#1 SMP PREEMPT_DYNAMIC (simulated)'],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const shown = parts.filter(([flag]) => all || flags.includes(flag));
  return printed(`${shown.map(([, text]) => text).join(' ')}\n`);
}

/** `hostname`, `hostname -I` with all addresses. */
export function hostname({ args, machine, fleet }: Call): Ran {
  if (!args.includes('-I')) return printed(`${machine.name}\n`);
  const more =
    fleet.san.machine === machine.name ? fleet.san.sessions.map(({ ip: own }) => own) : [];
  return printed(`${[...new Set([...addressesOf(machine), ...more])].join(' ')} \n`);
}

/** `id -u` and `id`: everybody here is root. */
export function id({ args, machine }: Call): Ran {
  const name = args.find((arg) => !arg.startsWith('-'));
  if (name !== undefined && name !== 'root') {
    if (!usersOf(machine).has(name)) return failed(1, `id: ‘${name}’: no such user\n`);
    return printed(args.some((arg) => arg.includes('n')) ? `${name}\n` : '993\n');
  }
  if (args.includes('-gn') || args.includes('-un')) return printed('root\n');
  return printed(args.includes('-u') ? '0\n' : 'uid=0(root) gid=0(root) groups=0(root)\n');
}

/** `date [+FORMAT]` in UTC, by the fleet's own clock. */
export function date({ args, fleet }: Call): Ran {
  const { now } = fleet.clock;
  const at = new Date(now);
  const iso = at.toISOString();
  const format = args.find((arg) => arg.startsWith('+'))?.slice(1);
  const seconds = String(Math.floor(now / 1000));
  const nanos = String(Math.round((now % 1000) * 1e6)).padStart(9, '0');
  const parts: Readonly<Record<string, string>> = {
    s: seconds,
    N: nanos.slice(0, 9),
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    Z: 'UTC',
    z: '+0000',
    '%': '%',
  };
  if (format === undefined) return printed(`${at.toUTCString().replace(',', '')}\n`);
  return printed(
    `${format.replace(/%([a-zA-Z%])/g, (whole, key: string) => parts[key] ?? whole)}\n`,
  );
}

/** `uptime -p` and plain `uptime`. */
export function uptime({ fleet, machine }: Call): Ran {
  const days = Math.floor((fleet.clock.now - machine.bootedAt) / 86_400_000);
  const time = new Date(fleet.clock.now).toISOString().slice(11, 19);
  return printed(` ${time} up ${days} days,  0 users,  load average: 0.31, 0.28, 0.24\n`);
}

/** The kernel's log: seconds since boot, or with -T and --time-format the time of day. */
export function dmesg({ args, fleet, machine }: Call): Ran {
  const format = args.join(' ');
  const lines = machine.log.map(({ at, text }) => {
    const since = (at - machine.bootedAt) / 1000;
    if (/-T|--ctime|ctime/.test(format)) {
      const [day = '', month = '', date = '', year = '', time = ''] = new Date(at)
        .toUTCString()
        .replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) .*$/, '$1 $3 $2 $4 $5')
        .split(' ');
      return `[${day} ${month} ${date.padStart(2)} ${time} ${year}] ${text}\n`;
    }
    if (format.includes('iso')) {
      return `${new Date(at).toISOString().replace('.', ',').replace('Z', '000+00:00')} ${text}\n`;
    }
    return `[${since.toFixed(6).padStart(12)}] ${text}\n`;
  });
  return fleet.clock.now < machine.bootedAt ? printed('') : printed(lines.join(''));
}

/** `getent hosts|ahosts|ahostsv4 NAME`, `passwd|group [NAME]`; unknown names: exit 2. */
export async function getent({ args, fleet, machine, files }: Call): Promise<Ran> {
  const [database = '', name = ''] = args;
  if (database === 'passwd' || database === 'group') {
    return accounts(database, name, nodeOf(fleet, machine) !== undefined);
  }
  const rows = ((await files?.read('/etc/hosts')) ?? '')
    .split('\n')
    .map((line) => line.split(/\s+/));
  const [address] = rows.find(([, ...names]) => names.includes(name)) ?? [];
  const known = resolve(fleet, machine, name);
  const found =
    address === undefined ? (name === 'mfsmaster' ? undefined : known) : { address, name };
  if (!found) return failed(2, '');
  if (database === 'hosts') return printed(`${found.address.padEnd(15)} ${name}\n`);
  const kinds = ['STREAM', 'DGRAM', 'RAW'];
  const lines = kinds.map((kind, index) => {
    return `${found.address.padEnd(15)} ${kind}${index === 0 ? ` ${found.name}` : ''}\n`;
  });
  return printed(lines.join(''));
}

const ACCOUNTS = {
  passwd: [
    'root:x:0:0:root:/root:/bin/bash',
    'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
    'sshd:x:101:65534::/run/sshd:/usr/sbin/nologin',
  ],
  group: ['root:x:0:', 'daemon:x:1:', 'libvirt:x:110:'],
} as const;

/** Of the img-storage roll, where its daemons are. */
const ROLL_ACCOUNTS = {
  passwd: ['img-storage:x:409:409::/home/img-storage:/bin/bash'],
  group: ['img-storage:x:409:'],
} as const;

function accounts(database: keyof typeof ACCOUNTS, name: string, hasRoll: boolean): Ran {
  const all = [...ACCOUNTS[database], ...(hasRoll ? ROLL_ACCOUNTS[database] : [])];
  const rows = all.filter((row) => {
    const [account, , number] = row.split(':');
    return name === '' || name === account || name === number;
  });
  return rows.length > 0 ? printed(rows.map((row) => `${row}\n`).join('')) : failed(2, '');
}
