import { z } from 'zod';
import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { virsh } from '../virsh.js';
import { explainVirsh, nameSchema, see, thingSchema, verb, wordOf } from './things.js';

const paramsSchema = z.strictObject({ thing: thingSchema, name: nameSchema });

/** The parameters of `libvirt.autostart`. */
export type Autostart = z.infer<typeof paramsSchema>;

/** Lets a pool or a network be started with libvirtd. */
export const autostart = defineStep<Autostart>({
  id: 'libvirt.autostart',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ thing, name }) => ({ title: `start the ${wordOf(thing)} at boot`, on: name }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(mark(params).argv)] }),
  check: async (host, { thing, name }) => {
    const seen = await see(host, thing, name);
    if (seen.kind === 'not known') return { kind: 'cannotTell', because: seen.because };
    if (seen.kind === 'absent') return { kind: 'notYet' };
    return { kind: seen.autostart ? 'done' : 'notYet' };
  },
  commands: (params) => [mark(params)],
  explain: explainVirsh,
  undo: ({ thing, name }) => ({
    kind: 'commands',
    says: `no longer start ${name} at boot`,
    commands: [virsh([verb(thing, 'autostart'), name, '--disable'])],
  }),
});

function mark({ thing, name }: Autostart) {
  return virsh([verb(thing, 'autostart'), name]);
}
