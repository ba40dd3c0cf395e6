import { z } from 'zod';
import type { Command, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { rate } from '../../../core/units.js';
import { askKernel } from '../read/hidden.js';
import { kibOf, RATES } from '../read/rates.js';
import { devicesOf, drbdadm, lookAtSide, sideSchema, type SideParams } from './side.js';

const kib = z.number().int().positive();

const ratesSchema = sideSchema.extend({
  driver: z.enum(['8.4', '9']),
  rates: z.array(z.strictObject({ option: z.enum(RATES), kib, before: kib })).min(1),
  /** They are put back as they were: undo has nothing to do. */
  puttingBack: z.boolean(),
});

/** The parameters of `drbd.session-rates`. */
export type SessionRates = z.infer<typeof ratesSchema>;

/**
 * Sets rates of the resync in the kernel alone: the files stay, so `adjust`, `down` or a reboot ends it.
 * 8.4 keeps them with the disk, 9 with the peer. The side that is written sets the pace.
 */
export const sessionRates = defineStep<SessionRates>({
  id: 'drbd.session-rates',
  params: ratesSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource, rates, puttingBack }) => ({
    title: `${puttingBack ? 'put back' : 'for now'} ${rates.map((one) => `${one.option} ${rate(one.kib * 1024)}`).join(', ')}`,
    on: resource,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(set(params).argv)] }),
  check,
  commands: (params) => [set(params)],
  undo: (params) =>
    params.puttingBack
      ? { kind: 'nothing' }
      : {
          kind: 'commands',
          says: `put ${params.rates.map(({ option }) => option).join(' and ')} back`,
          commands: [
            set({ ...params, rates: params.rates.map((one) => ({ ...one, kib: one.before })) }),
          ],
        },
});

async function check(host: Reader, { resource, rates }: SessionRates): Promise<Verdict> {
  const settings = await askKernel(host, resource);
  if (!settings) return { kind: 'cannotTell', because: `drbdsetup does not show ${resource}` };
  const isSet = rates.every((one) => kibOf(settings, one.option) === one.kib);
  return { kind: isSet ? 'done' : 'notYet' };
}

function set({ driver, resource, rates }: SessionRates): Command<'changes'> {
  const words = rates.map((one) => `--${one.option}=${one.kib}k`);
  return drbdadm(
    'changes',
    driver === '9' ? 'peer-device-options' : 'disk-options',
    ...words,
    resource,
  );
}

const resume = ({ resource }: SideParams) => drbdadm('changes', 'resume-sync', resource);

/** Lets a resync go on that was paused on this side by hand. */
export const resumeSync = defineStep<SideParams>({
  id: 'drbd.resume-sync',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'let the resync go on', on: resource }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(resume(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const isPaused = look.side.volumes.some(({ pausedBy }) => pausedBy.includes('user'));
    return { kind: isPaused ? 'notYet' : 'done' };
  },
  commands: (params) => [resume(params)],
  undo: ({ resource }) => ({
    kind: 'commands',
    says: `pause the resync of ${resource} again`,
    commands: [drbdadm('changes', 'pause-sync', resource)],
  }),
});
