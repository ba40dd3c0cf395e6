import { nineOf } from '../../fleet/nine/state.js';
import { failed, joined, printed, type Call, type Ran } from '../program.js';
import { change, localResources, SIDE_READERS, type Local } from './drbdsetup.js';
import { drbdadm9 } from './nine/programs.js';
import { resourceConfig } from './resource-config.js';
import { statusText } from './status.js';

const VERSION = [
  'DRBDADM_BUILDTAG=GIT-hash:\\ 409097fe02187f83790b88ac3e0d94f3c167adab\\ reproducible\\ build\\,\\ 2023-01-09\\ 14:51:18',
  'DRBDADM_API_VERSION=1',
  'DRBD_KERNEL_VERSION_CODE=0x08040b',
  'DRBDADM_VERSION_CODE=0x091600',
  'DRBDADM_VERSION=9.22.0',
  '',
].join('\n');

/** Options that each changing command takes; others are refused as drbdadm's own parser does. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  primary: ['--force'],
  secondary: [],
  connect: ['--discard-my-data'],
  disconnect: ['--force'],
  adjust: [],
  attach: [],
  detach: ['--force'],
  'create-md': ['--force'],
};

/** Simulates drbdadm of drbd-utils 9.22 with an 8.4 kernel; with one of DRBD 9 where the fleet has that. */
export function drbdadm(call: Call): Ran {
  if (nineOf(call.fleet)) return drbdadm9(call);
  // The old form puts options for drbdsetup after `--` and before the command.
  const dryRun = call.args[0] === '-d' || call.args[0] === '--dry-run';
  const args = call.args.slice(dryRun ? 1 : 0);
  const passed = args[0] === '--' ? args.slice(1).filter((arg) => arg.startsWith('--')) : [];
  const plain = args[0] === '--' ? args.slice(1 + passed.length) : args;
  const [command = '', ...rest] = plain;
  if (command === '--version' || command === '-V') return printed(VERSION);
  const own = rest.filter((arg) => arg.startsWith('-'));
  const unknown = own.find((option) => !OPTIONS[command]?.includes(option));
  if (unknown !== undefined) {
    return failed(1, `drbdadm: unrecognized option '${unknown}'\ntry 'drbdadm help'\n`);
  }
  const names = rest.filter((arg) => !arg.startsWith('-'));
  return asked(call, command, names, [...passed, ...own], dryRun);
}

function asked(
  call: Call,
  command: string,
  names: readonly string[],
  options: readonly string[],
  dryRun: boolean,
): Ran {
  const all = localResources(call);
  if (command === 'sh-nop') return printed('');
  if (command === 'sh-resources') {
    return printed(`${all.map(({ resource }) => resource.name).join(' ')}\n`);
  }
  if (!READERS[command] && !OPTIONS[command]) {
    return failed(1, `drbdadm: Unknown command '${command}'\n`);
  }
  const everything = names.length === 0 || names.includes('all');
  if (names.length === 0 && !MAY_BE_BARE.has(command)) {
    return failed(1, `drbdadm: missing arguments\ntry 'drbdadm help ${command}'\n`);
  }
  const strange = names.find(
    (name) => name !== 'all' && !all.some(({ resource }) => resource.name === name),
  );
  if (strange !== undefined) {
    return failed(1, `'${strange}' not defined in your config (for this host).\n`);
  }
  const wanted = all.filter(({ resource }) => everything || names.includes(resource.name));
  return joined(wanted.map((local) => one(call, local, command, options, dryRun)));
}

/** Commands that mean all resources when none is named. */
const MAY_BE_BARE = new Set(['status', 'dump', 'sh-dev', 'adjust']);

const READERS: Readonly<Record<string, (local: Local, call: Call) => string>> = {
  status: ({ resource, self }) => statusText(resource, self),
  ...SIDE_READERS,
  'sh-minor': ({ resource }) => `${resource.minor}\n`,
  'sh-dev': ({ resource }) => `/dev/drbd${resource.minor}\n`,
  'sh-ll-dev': ({ resource }) => `${resource.backing}\n`,
  'sh-resource': ({ resource }) => `${resource.name}\n`,
  'sh-ip': (_, call) => `${call.machine.address}\n`,
  dump: ({ resource }, call) => resourceConfig(call.fleet, call.machine, resource),
};

function one(
  call: Call,
  local: Local,
  command: string,
  options: readonly string[],
  dryRun: boolean,
): Ran {
  const { resource, self } = local;
  const read = READERS[command];
  if (read) return printed(read(local, call));
  if (command === 'adjust') {
    if (self.connection !== 'StandAlone') return printed('');
    return one(call, local, 'connect', options, dryRun);
  }
  const line = setupLine(call, local, command, options);
  if (dryRun) return printed(`${line}\n`);
  const ran = change(call, { resource, self }, command, options);
  if (ran.exit === 0) return ran;
  return failed(ran.exit, `${ran.stderr}Command '${line}' terminated with exit code ${ran.exit}\n`);
}

/** The call of drbdsetup that a command of drbdadm comes down to. */
function setupLine(
  { fleet, machine }: Call,
  { resource }: Local,
  command: string,
  options: readonly string[],
): string {
  const peer = resource.replicas.find((replica) => replica.machine !== machine.name);
  const address = fleet.machines.find(({ name }) => name === peer?.machine)?.address ?? '';
  const ends = `ipv4:${machine.address}:${resource.port} ipv4:${address}:${resource.port}`;
  const more = options.map((option) => ` ${option}`).join('');
  const two = resource.twoPrimaries ? ' --allow-two-primaries=yes' : '';
  switch (command) {
    case 'connect':
      return `drbdsetup-84 connect ${resource.name} ${ends} --protocol=C${two} --after-sb-0pri=disconnect --after-sb-1pri=disconnect --after-sb-2pri=disconnect${more}`;
    case 'disconnect':
      return `drbdsetup-84 disconnect ${ends}${more}`;
    case 'attach':
      return `drbdsetup-84 attach ${resource.minor} ${resource.backing} ${resource.backing} internal`;
    default:
      return `drbdsetup-84 ${command} ${resource.minor}${more}`;
  }
}
