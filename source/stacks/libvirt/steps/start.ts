import { z } from 'zod';
import type { Command, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { mountedAt } from '../../../steps/mounted-at.js';
import { virsh } from '../virsh.js';
import { stopUnused } from './in-use.js';
import { explainVirsh, nameSchema, pathSchema, see, thingSchema, verb, wordOf } from './things.js';

const paramsSchema = z.strictObject({
  thing: thingSchema,
  name: nameSchema,
  /** Of a pool: its folder, and the mount point in which that lies; null: it lies on the root's. */
  folder: z.strictObject({ path: pathSchema, within: pathSchema.nullable() }).optional(),
});

/** The parameters of `libvirt.start`. */
export type Start = z.infer<typeof paramsSchema>;

/** Starts a pool, only where its file system is mounted, or a network. */
export const start = defineStep<Start>({
  id: 'libvirt.start',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ folder }) => (folder ? [{ kind: 'folder', path: folder.path }] : []),
  tell: ({ thing, name }) => ({ title: `start the ${wordOf(thing)}`, on: name }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(command(params).argv)] }),
  check: async (host, { thing, name, folder }) => {
    const bare = folder?.within == null ? undefined : await notMounted(host, folder.within);
    if (bare) return bare;
    const seen = await see(host, thing, name);
    if (seen.kind === 'not known') return { kind: 'cannotTell', because: seen.because };
    if (seen.kind === 'absent') return { kind: 'notYet' };
    return { kind: seen.active ? 'done' : 'notYet' };
  },
  commands: (params) => [command(params)],
  explain: explainVirsh,
  undo: ({ thing, name }) => ({
    kind: 'commands',
    says: `stop the ${wordOf(thing)} ${name}${thing === 'pool' ? '; what lies in it stays' : ', unless a guest is on it'}`,
    commands: [thing === 'pool' ? virsh(['pool-destroy', name]) : stopUnused(name)],
  }),
});

/** A pool on a bare mount point would take what is written for the file system beneath. */
async function notMounted(host: Reader, within: string): Promise<Verdict | undefined> {
  const found = await mountedAt(host, within);
  if (found.kind === 'not known') return { kind: 'cannotTell', because: found.because };
  return found.kind === 'nothing'
    ? { kind: 'refused', because: `nothing is mounted at ${within}` }
    : undefined;
}

function command({ thing, name }: Start): Command<'changes'> {
  return virsh([verb(thing, 'start'), name]);
}
