import { z } from 'zod';
import type { Command } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { listed } from '../../../core/text.js';
import { devicesOf, drbdadm, lookAtSide, sideSchema, type SideParams } from './side.js';

const raise = ({ resource }: SideParams) => drbdadm('changes', 'primary', resource);

/** Makes a side Primary whose peer is off. Without `--force`: DRBD itself wants UpToDate data for it. */
export const promoteAlone = defineStep<SideParams>({
  id: 'drbd.promote-alone',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'make it Primary without its peer', on: resource }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(raise(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const { role, link, volumes } = look.side;
    if (role === 'Primary') return { kind: 'done' };
    if (link === 'in touch') {
      return { kind: 'refused', because: `the peer of ${params.resource} is connected again` };
    }
    const bad = volumes.filter(({ disk }) => disk !== 'UpToDate').map(({ disk }) => disk);
    return bad.length > 0
      ? { kind: 'refused', because: `${params.resource} is ${listed(bad)} by now` }
      : { kind: 'notYet' };
  },
  commands: (params) => [raise(params)],
  explain: (outcome, { resource }) =>
    outcome.kind === 'exited' && outcome.code === 17
      ? `DRBD refuses: ${resource} has fencing, and nobody has confirmed that the peer is off; or its data is not UpToDate`
      : undefined,
  undo: ({ resource }) => ({
    kind: 'commands',
    says: `make ${resource} Secondary again, unless it is in use`,
    commands: [drbdadm('changes', 'secondary', resource)],
  }),
});

const forceSchema = sideSchema.extend({
  /** What the disks were when it was reviewed: `Outdated`, by minor. */
  disks: z.array(z.enum(['Outdated', 'Inconsistent', 'Consistent', 'UpToDate'])).min(1),
  /** What is lost, as the review says it. */
  loses: z.string(),
});

/** The parameters of `drbd.force-primary`. */
export type ForcePrimary = z.infer<typeof forceSchema>;

/** `--overwrite-data-of-peer` before 8.4; tools of 9 drop it without a word and promote plainly. */
function force({ driver, resource }: ForcePrimary): Command<'destroys'> {
  return driver === '8.3'
    ? drbdadm('destroys', '--', '--overwrite-data-of-peer', 'primary', resource)
    : drbdadm('destroys', 'primary', '--force', resource);
}

/**
 * Declares data good that DRBD knows to be old or torn. Refused as soon as the peer is there, which
 * would bring it up to date; done only where it is Primary with the disks UpToDate.
 */
export const forcePrimary = defineStep<ForcePrimary>({
  id: 'drbd.force-primary',
  params: forceSchema,
  effect: () => 'destroys',
  touches: devicesOf,
  tell: ({ resource, loses }) => ({
    title: 'make it Primary by force: what is on its disk counts as good',
    on: resource,
    loses,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(force(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const { role, touches, volumes } = look.side;
    const disks = volumes.map(({ disk }) => disk);
    if (role === 'Primary' && disks.every((disk) => disk === 'UpToDate')) return { kind: 'done' };
    if (touches) {
      return {
        kind: 'refused',
        because: `the peer of ${params.resource} is connected: it can bring this side up to date`,
      };
    }
    return JSON.stringify(disks) === JSON.stringify(params.disks)
      ? { kind: 'notYet' }
      : { kind: 'refused', because: `${params.resource} is ${listed(disks)} by now` };
  },
  commands: (params) => [force(params)],
  undo: ({ resource }) => ({
    kind: 'impossible',
    because: `the old data of ${resource} counts as good from then on, under a generation of its own; \`drbdadm secondary\` takes only the role away`,
  }),
});
