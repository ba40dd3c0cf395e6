import { upOn, type Local } from '../../fleet/drbd/side.js';
import type { Resource } from '../../fleet/drbd/state.js';
import { nineOf } from '../../fleet/nine/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { generationDrawing, generationLine } from './generations.js';
import { CHANGES, unallocated } from './kernel.js';
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
  const wanted = upOn(call.fleet, call.machine.name).filter(
    ({ resource }) => name === undefined || name === 'all' || names(resource).includes(name),
  );
  if (command === 'status' || command === 'events2') {
    if (wanted.length === 0 && name !== undefined) return failed(10, `${name}: No such resource\n`);
    return command === 'status' ? status(wanted, options) : events(call, wanted, options);
  }
  if (command === 'show') return printed(wanted.map(kernelConfig).join(''));
  const [local] = wanted;
  if (!local || name === undefined) return failed(10, unallocated(name ?? ''));
  if (command === 'get-gi' && local.self.disk === 'Diskless') {
    return failed(1, 'Device has no disk\n');
  }
  const read = SIDE_READERS[command];
  return read
    ? printed(read(local))
    : (CHANGES[command]?.(call, local, options) ?? failed(20, USAGE));
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
