import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { devicesOf, drbdadm, lookAtSide, sideSchema, type SideParams } from './side.js';

const command = ({ resource }: SideParams) => drbdadm('changes', 'disconnect', resource);

/**
 * Takes a side off the network. `disconnect` ends with 10 when it stands alone already (seen with
 * drbd-utils 9.22), so only the state is believed.
 */
export const disconnect = defineStep<SideParams>({
  id: 'drbd.disconnect',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'stop its connection', on: resource }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(command(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    switch (look.side.link) {
      case 'standalone':
        return { kind: 'done' };
      case 'in touch':
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
  undo: ({ resource }) => ({
    kind: 'commands',
    says: `let ${resource} connect again; if the sides still differ, DRBD refuses as before`,
    commands: [drbdadm('changes', 'connect', resource)],
  }),
});
