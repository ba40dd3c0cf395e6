import { attach, createMetadata, detach } from '../../fleet/drbd-disk.js';
import { connect, demote, disconnect, promote, type Refusal } from '../../fleet/drbd.js';
import { nineOf } from '../../fleet/nine/state.js';
import { replicaOn } from '../../fleet/drbd-side.js';
import type { Replica, Resource } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { generationDrawing, generationLine } from './generations.js';
import { drbdsetup9 } from './nine/programs.js';
import { pairs } from './proc-drbd.js';
import { kernelConfig } from './resource-config.js';
import { eventLines, statusStatistics, statusText } from './status.js';

const USAGE = `
USAGE: drbdsetup command device arguments options

Device is usually /dev/drbdX or /dev/drbd/X.

Commands are:
    primary             secondary           attach              
    disk-options        detach              connect             
    net-options         disconnect          resize              
    resource-options    new-current-uuid    invalidate          
    invalidate-remote   pause-sync          resume-sync         
    suspend-io          resume-io           outdate             
    verify              down                state               
    role                sh-status           cstate              
    dstate              show-gi             get-gi              
    show                status              check-resize        
    events              events2             wait-connect        
    wait-sync           new-resource        new-minor           
    del-minor           del-resource        

To get more details about a command issue 'drbdsetup help cmd'.

`;

/** A resource and the side of it that is on the machine asked. */
export interface Local {
  readonly resource: Resource;
  readonly self: Replica;
}

/** The resources on the machine of a call. */
export function localResources({ fleet, machine }: Call): readonly Local[] {
  return fleet.drbd.resources.flatMap((resource) => {
    const self = replicaOn(resource, machine.name);
    return self ? [{ resource, self }] : [];
  });
}

/** Simulates drbdsetup of drbd-utils 9.22 with an 8.4 kernel. */
export function drbdsetup(call: Call): Ran {
  if (nineOf(call.fleet)) return drbdsetup9(call);
  const [command = '', ...rest] = call.args;
  const options = rest.filter((arg) => arg.startsWith('--'));
  const name = rest.find((arg) => !arg.startsWith('-'));
  const known = KNOWN_OPTIONS[command];
  if (!known) return failed(20, USAGE);
  const unknown = options.find((option) => !known.includes(option));
  if (unknown !== undefined) {
    return failed(20, `${command}: unrecognized option '${unknown}'\n`, USAGE);
  }
  const wanted = localResources(call).filter(
    ({ resource }) => name === undefined || name === 'all' || names(resource).includes(name),
  );
  if (command === 'status' || command === 'events2') {
    if (wanted.length === 0 && name !== undefined) return failed(10, `${name}: No such resource\n`);
    return command === 'status' ? status(wanted, options) : events(call, wanted, options);
  }
  if (command === 'show') return printed(wanted.map((local) => shown(call, local)).join(''));
  const [local] = wanted;
  if (!local || name === undefined) return failed(10, unallocated(name ?? ''));
  if (command === 'get-gi' && local.self.disk === 'Diskless') {
    return failed(1, 'Device has no disk\n');
  }
  const read = SIDE_READERS[command];
  return read ? printed(read(local)) : change(call, local, command, options);
}

/** Questions about one side of a resource that drbdadm and drbdsetup answer alike. */
export const SIDE_READERS: Readonly<Record<string, (local: Local) => string>> = {
  role: ({ resource, self }) => `${pairs(resource, self).roles}\n`,
  cstate: ({ self }) => `${self.connection}\n`,
  dstate: ({ resource, self }) => `${pairs(resource, self).disks}\n`,
  'get-gi': ({ self }) => generationLine(self),
  'show-gi': ({ self }) => generationDrawing(self),
};

const KNOWN_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  status: ['--verbose', '--statistics', '--color'],
  events2: ['--now', '--statistics', '--timestamps'],
  show: [],
  role: [],
  cstate: [],
  dstate: [],
  'get-gi': [],
  'show-gi': [],
  primary: ['--force', '--overwrite-data-of-peer'],
  secondary: [],
  connect: ['--discard-my-data'],
  disconnect: ['--force'],
  detach: ['--force'],
};

function shown({ fleet, machine }: Call, { resource, self }: Local): string {
  return kernelConfig(fleet, machine, resource, self.connection !== 'StandAlone');
}

function names(resource: Resource): readonly string[] {
  const { name, minor } = resource;
  return [name, String(minor), `/dev/drbd${minor}`];
}

function status(wanted: readonly Local[], options: readonly string[]): Ran {
  const full = options.includes('--statistics') || options.includes('--verbose');
  const print = full ? statusStatistics : statusText;
  return printed(wanted.map(({ resource, self }) => print(resource, self)).join(''));
}

function events(call: Call, wanted: readonly Local[], options: readonly string[]): Ran {
  const lines = wanted.flatMap(({ resource, self }) =>
    eventLines(resource, self, options.includes('--statistics')),
  );
  const time = new Date(call.fleet.clock.now).toISOString().replace('Z', '000+00:00');
  const stamp = options.includes('--timestamps') ? `${time} ` : '';
  return printed([...lines, 'exists -'].map((line) => `${stamp}${line}\n`).join(''));
}

/** Carries out a changing command; the kernel's refusal otherwise. */
export function change(
  call: Call,
  { resource, self }: Local,
  command: string,
  options: readonly string[],
): Ran {
  const { fleet } = call;
  const force = options.includes('--force') || options.includes('--overwrite-data-of-peer');
  switch (command) {
    case 'primary':
      return refused(resource.minor, promote(fleet, resource, self, force));
    case 'secondary':
      return refused(resource.minor, demote(fleet, resource, self));
    case 'connect':
      return refused(
        resource.name,
        connect(fleet, resource, self, options.includes('--discard-my-data')),
      );
    case 'attach':
      return refused(resource.minor, attach(fleet, resource, self));
    case 'detach':
      return refused(resource.minor, detach(fleet, resource, self));
    case 'create-md':
      return refused(resource.minor, createMetadata(fleet, resource, self));
    case 'disconnect': {
      const refusal = disconnect(fleet, resource, self);
      if (!refusal) return printed('');
      const invalid = '??: Failure: (162) Invalid configuration request\n';
      return failed(refusal.exit, `${invalid}additional info from kernel:\n${refusal.says}\n`);
    }
    default:
      return failed(20, USAGE);
  }
}

function refused(subject: string | number, refusal: Refusal | undefined): Ran {
  if (!refusal) return printed('');
  const what = refusal.exit === 10 ? 'Failure' : 'State change failed';
  return failed(refusal.exit, `${subject}: ${what}: ${refusal.says}\n`);
}

/** What the kernel says of a minor that does not exist. */
export function unallocated(minor: string | number): string {
  return `${minor}: Failure: (127) Device minor not allocated\nadditional info from kernel:\nunknown minor\n`;
}
