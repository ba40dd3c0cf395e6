import { attach, detach, resize } from '../../fleet/drbd/disk.js';
import { connect, disconnect } from '../../fleet/drbd/link.js';
import { declareAlike, pause } from '../../fleet/drbd/resync.js';
import { demote, promote, type Refusal } from '../../fleet/drbd/roles.js';
import type { Local } from '../../fleet/drbd/side.js';
import { takeDown } from '../../fleet/drbd/up.js';
import { verify } from '../../fleet/drbd/verify.js';
import { madeUp } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

type Change = (call: Call, local: Local, options: readonly string[]) => Ran;

/** What the kernel does when it is told, or why it does not. */
export const CHANGES: Readonly<Record<string, Change>> = {
  primary: ({ fleet }, { resource, self }, options) => {
    const force = options.includes('--force') || options.includes('--overwrite-data-of-peer');
    return refused(resource.minor, promote(fleet, resource, self, force));
  },
  secondary: ({ fleet }, { resource, self }) =>
    refused(resource.minor, demote(fleet, resource, self)),
  connect: ({ fleet }, { resource, self }, options) => {
    const discard = options.includes('--discard-my-data');
    return refused(resource.name, connect(fleet, resource, self, discard));
  },
  disconnect: ({ fleet }, { resource, self }) => {
    const refusal = disconnect(fleet, resource, self);
    if (!refusal) return printed('');
    const invalid = '??: Failure: (162) Invalid configuration request\n';
    return failed(refusal.exit, `${invalid}additional info from kernel:\n${refusal.says}\n`);
  },
  attach: ({ fleet }, { resource, self }) => refused(resource.minor, attach(fleet, resource, self)),
  detach: ({ fleet }, { resource, self }) => refused(resource.minor, detach(fleet, resource, self)),
  down: ({ fleet }, { resource, self }) => refused(resource.name, takeDown(fleet, resource, self)),
  resize: ({ fleet }, { resource, self }) => refused(resource.minor, resize(fleet, resource, self)),
  verify: ({ fleet }, { resource, self }) => refused(resource.minor, verify(fleet, resource, self)),
  'pause-sync': (_, { resource, self }) => {
    pause(resource, self, true);
    return printed('');
  },
  'resume-sync': (_, { resource, self }) => {
    pause(resource, self, false);
    return printed('');
  },
  'new-current-uuid': ({ fleet }, { resource, self }) =>
    declareAlike(fleet, resource, self, madeUp(fleet))
      ? printed('')
      : failed(
          10,
          `${resource.minor}: Failure: (151) Can not start OV/resync since it is already active\n`,
        ),
  'net-options': (_, { self }, options) => set(self.settings.net, options),
  'disk-options': (_, { self }, options) => set(self.settings.disk, options),
};

/** Options of this session: the kernel has them, the file has not. */
function set(map: Map<string, string>, options: readonly string[]): Ran {
  for (const option of options) {
    const [, key, value = 'yes'] = /^--([\w-]+)(?:=(.*))?$/.exec(option) ?? [];
    if (key !== undefined) map.set(key, value);
  }
  return printed('');
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
