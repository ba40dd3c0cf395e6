import { z } from 'zod';
import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import {
  connectionOf,
  devicesOf,
  drbdadm,
  lookAtSide,
  sideSchema,
  type SideParams,
} from './side.js';

const command = (params: SideParams) => drbdadm('changes', 'disconnect', connectionOf(params));

const paramsSchema = sideSchema.extend({
  /** Both ends give up what they wrote, so that they are parted though they talk; left out: not then. */
  parts: z.literal(true).optional(),
});

/** The parameters of `drbd.disconnect`. */
export type Disconnect = z.infer<typeof paramsSchema>;

/**
 * Takes a side off the network. `disconnect` ends with 10 when it stands alone already (seen with
 * drbd-utils 9.22), so only the state is believed.
 */
export const disconnect = defineStep<Disconnect>({
  id: 'drbd.disconnect',
  params: paramsSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: (params) => ({ title: 'stop its connection', on: connectionOf(params) }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(command(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    switch (look.side.link) {
      case 'standalone':
        return { kind: 'done' };
      case 'in touch':
        if (params.parts) return { kind: 'notYet' };
        // Whoever is connected is not in split brain any more.
        return { kind: 'refused', because: `${params.resource} is ${look.side.connection} by now` };
      case 'waiting':
      case 'broken':
        return { kind: 'notYet' };
      case 'unconfigured':
      case 'unknown':
        return {
          kind: 'cannotTell',
          because: `its connection is ${look.side.connection}, which is not known here`,
        };
    }
  },
  commands: (params) => [command(params)],
  undo: (params) => ({
    kind: 'commands',
    says: `let ${connectionOf(params)} connect again; if the sides still differ, DRBD refuses as before`,
    commands: [drbdadm('changes', 'connect', connectionOf(params))],
  }),
});
