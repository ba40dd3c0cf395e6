import { hasMetadata } from '../../fleet/drbd/disk.js';
import type { Local } from '../../fleet/drbd/side.js';
import { nineOf } from '../../fleet/nine/state.js';
import { failed, joined, printed, type Call, type Ran } from '../program.js';
import { adopt } from './adopt.js';
import type { Asked } from './asked.js';
import { dumped } from './conf/dump.js';
import { readConf } from './conf/read.js';
import type { ConfResource } from './conf/resource.js';
import { adjust, bringUp, told } from './drbdadm-changes.js';
import { SIDE_READERS } from './drbdsetup.js';
import { generationDrawing, generationLine } from './generations.js';
import { CHANGES } from './kernel.js';
import { createMd, wipeMd } from './metadata.js';
import { drbdadm9 } from './nine/programs.js';
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
const OPTIONS: Readonly<Record<string, readonly string[] | 'any'>> = {
  primary: ['--force'],
  secondary: [],
  connect: ['--discard-my-data'],
  disconnect: ['--force'],
  up: [],
  down: [],
  adjust: [],
  attach: [],
  detach: ['--force'],
  resize: [],
  verify: [],
  'pause-sync': [],
  'resume-sync': [],
  'create-md': ['--force'],
  'wipe-md': [],
  'new-current-uuid': ['--clear-bitmap'],
  'net-options': 'any',
  'disk-options': 'any',
};

/** Simulates drbdadm of drbd-utils 9.22 with an 8.4 kernel, by the files of the machine; with one of DRBD 9 where the fleet has that. */
export async function drbdadm(call: Call): Promise<Ran> {
  if (nineOf(call.fleet)) return drbdadm9(call);
  const { dryRun, main, args } = globals(call.args);
  // The old form puts options for drbdsetup after `--` and before the command.
  const passed = args[0] === '--' ? args.slice(1).filter((arg) => arg.startsWith('--')) : [];
  const plain = args[0] === '--' ? args.slice(1 + passed.length) : args;
  const [command = '', ...rest] = plain;
  if (command === '--version' || command === '-V') return printed(VERSION);
  const own = rest.filter((arg) => arg.startsWith('-'));
  const takes = OPTIONS[command] ?? [];
  const unknown = own.find((option) => takes !== 'any' && !takes.includes(option));
  if (unknown !== undefined) {
    return failed(1, `drbdadm: unrecognized option '${unknown}'\ntry 'drbdadm help'\n`);
  }
  const all = await readConf(call, main);
  if ('exit' in all) return all;
  const names = rest.filter((arg) => !arg.startsWith('-'));
  return asked(call, all, { command, names, options: [...passed, ...own], dryRun });
}

function globals(args: readonly string[]) {
  const rest = [...args];
  let dryRun = false;
  let main: string | undefined;
  for (;;) {
    const [first = '', second] = rest;
    if (first === '-d' || first === '--dry-run') dryRun = true;
    else if (first === '-c') {
      main = second;
      rest.shift();
    } else return { dryRun, main, args: rest };
    rest.shift();
  }
}

interface Words {
  readonly command: string;
  readonly names: readonly string[];
  readonly options: readonly string[];
  readonly dryRun: boolean;
}

function asked(call: Call, all: readonly ConfResource[], words: Words): Ran {
  const { command, names } = words;
  const here = all.flatMap((conf) => {
    const own = conf.hosts.find(({ host }) => host === call.machine.name);
    return own ? [{ conf, own }] : [];
  });
  if (command === 'sh-nop') return printed('');
  if (command === 'sh-resources') {
    return printed(here.length === 0 ? '\n' : `${here.map(({ conf }) => conf.name).join(' ')}\n`);
  }
  if (!READERS[command] && !OPTIONS[command]) {
    return failed(1, `drbdadm: Unknown command '${command}'\n`);
  }
  const everything = names.length === 0 || names.includes('all');
  if (names.length === 0 && !MAY_BE_BARE.has(command)) {
    return failed(1, `drbdadm: missing arguments\ntry 'drbdadm help ${command}'\n`);
  }
  if (everything && here.length === 0) return failed(0, 'no resources defined!\n');
  const bare = names.map((name) => name.replace(/\/\d+$/, ''));
  const strange = bare.find(
    (name) => name !== 'all' && !here.some(({ conf }) => conf.name === name),
  );
  if (strange !== undefined) {
    return failed(1, `'${strange}' not defined in your config (for this host).\n`);
  }
  const wanted = here.filter(({ conf }) => everything || bare.includes(conf.name));
  const volume = names.some((name) => name.includes('/'));
  return joined(
    wanted.map(({ conf, own }) => {
      const local = adopt(call, conf);
      return local ? one({ call, conf, own, local, volume, ...words }, command) : printed('');
    }),
  );
}

/** Commands that mean all resources when none is named. */
const MAY_BE_BARE = new Set(['status', 'dump', 'sh-dev', 'adjust']);

type Reader = (asked: Asked) => Ran;

const fromFile =
  (text: (asked: Asked) => string): Reader =>
  (one) =>
    printed(text(one));

/** Answered by the kernel; without the device there, in its words. */
const fromKernel =
  (command: string): Reader =>
  (one) => {
    const read = SIDE_READERS[command];
    return one.local.self.up && read
      ? printed(read(one.local))
      : told(one, command, CHANGES[command]);
  };

const READERS: Readonly<Record<string, Reader>> = {
  status: (one) => {
    const { resource, self } = one.local;
    if (self.up) return printed(statusText(resource, self));
    const { name } = resource;
    return failed(
      10,
      `${name}: No such resource\nCommand 'drbdsetup-84 status ${name}' terminated with exit code 10\n`,
    );
  },
  role: fromKernel('role'),
  cstate: fromKernel('cstate'),
  dstate: (one) =>
    one.local.self.up || hasMetadata(one.call.fleet, one.local.self)
      ? printed(SIDE_READERS.dstate?.(one.local) ?? '')
      : failed(1, 'No valid meta data found\n'),
  // Without metadata they end with 1 and say nothing.
  'get-gi': (one) => ofMetadata(one, generationLine),
  'show-gi': (one) => ofMetadata(one, generationDrawing),
  'sh-minor': fromFile(({ own }) => `${own.minor}\n`),
  'sh-dev': fromFile(({ own }) => `${own.device}\n`),
  'sh-ll-dev': fromFile(({ own }) => `${own.disk}\n`),
  'sh-resource': fromFile(({ conf }) => `${conf.name}\n`),
  'sh-ip': fromFile(({ own }) => `${own.address}\n`),
  dump: fromFile(({ conf, call }) => dumped(conf, call.machine.name)),
};

function ofMetadata({ call, local }: Asked, read: (self: Local['self']) => string): Ran {
  const { self } = local;
  const there = self.up ? self.disk !== 'Diskless' : hasMetadata(call.fleet, self);
  return there ? printed(read(self)) : failed(1, '');
}

function one(asked: Asked, command: string): Ran {
  const { call, local, options, volume, own } = asked;
  const force = options.includes('--force');
  switch (command) {
    case 'create-md':
      return createMd(call, local, force);
    case 'wipe-md':
      return wipeMd(call, local, force);
    case 'up':
      return bringUp(asked);
    case 'down':
      return local.self.up ? told(asked, command, CHANGES[command]) : printed('');
    case 'adjust':
      return adjust(asked);
    case 'new-current-uuid':
      return own.numbered && !volume
        ? failed(1, 'new-current-uuid requires a specific volume id, but none is specified.\n')
        : told(asked, command, CHANGES[command]);
    default:
      return READERS[command]?.(asked) ?? told(asked, command, CHANGES[command]);
  }
}
