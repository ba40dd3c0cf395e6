import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { listed } from '../../../core/text.js';
import { lookAtUse } from '../read/users.js';
import { devicesOf, drbdadm, lookAtSide, sideSchema, type SideParams } from './side.js';

const demote = ({ resource }: SideParams) => drbdadm('changes', 'secondary', resource);
const raise = ({ resource }: SideParams) => drbdadm('changes', 'primary', resource);

/** Takes the right to write away; never from somebody who uses it. */
export const makeSecondary = defineStep<SideParams>({
  id: 'drbd.make-secondary',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'make it Secondary', on: resource }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(demote(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    if (look.side.role === 'Secondary') return { kind: 'done' };
    const { users } = await lookAtUse(host, params.minors);
    if (users.length === 0) return { kind: 'notYet' };
    return { kind: 'refused', because: `it is in use: ${listed(users.map(({ what }) => what))}` };
  },
  commands: (params) => [demote(params)],
  explain: (outcome, { resource }) =>
    outcome.kind === 'exited' && outcome.code === 11
      ? `${resource} is held open by something that is neither a mount, a swap, a device on top nor a process that can be seen: a Xen block backend, or another name space`
      : undefined,
  undo: ({ resource }) => ({
    kind: 'commands',
    says: `make ${resource} Primary again`,
    commands: [drbdadm('changes', 'primary', resource)],
  }),
});

/**
 * Makes a side Primary. `primary` succeeds on a SyncTarget too, so the check asks for good
 * data on both sides first.
 */
export const promote = defineStep<SideParams>({
  id: 'drbd.promote',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'make it Primary', on: resource }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(raise(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const { side } = look;
    const good = side.volumes.every(
      ({ disk, activity }) => disk === 'UpToDate' && activity === 'replicating',
    );
    if (side.link !== 'in touch' || !good) {
      return { kind: 'refused', because: `${params.resource} is not connected and UpToDate` };
    }
    return { kind: side.role === 'Primary' ? 'done' : 'notYet' };
  },
  commands: (params) => [raise(params)],
  undo: ({ resource }) => ({
    kind: 'commands',
    says: `make ${resource} Secondary`,
    commands: [drbdadm('changes', 'secondary', resource)],
  }),
});
