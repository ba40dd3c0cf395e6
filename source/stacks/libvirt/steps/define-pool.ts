import { z } from 'zod';
import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { poolFrom } from '../read/definitions.js';
import { virsh } from '../virsh.js';
import { explainVirsh, nameSchema, pathSchema, see } from './things.js';

const paramsSchema = z.strictObject({ name: nameSchema, path: pathSchema });

/** The parameters of `libvirt.define-pool`. */
export type DefinePool = z.infer<typeof paramsSchema>;

/** Makes a folder known as a storage pool. What lies in it is found as it is, and stays by undo. */
export const definePool = defineStep<DefinePool>({
  id: 'libvirt.define-pool',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ path }) => [{ kind: 'folder', path }],
  tell: ({ name, path }) => ({ title: 'define the storage pool', on: `${name} at ${path}` }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(define(params).argv)] }),
  check: async (host, { name, path }) => {
    const seen = await see(host, 'pool', name);
    if (seen.kind === 'absent') return { kind: 'notYet' };
    if (seen.kind === 'not known') return { kind: 'cannotTell', because: seen.because };
    const pool = poolFrom(seen.xml, new Map());
    if (pool?.type === 'dir' && pool.target === path) return { kind: 'done' };
    const what = pool ? `${pool.type} at ${pool.target}` : 'of a kind that is not known';
    return { kind: 'refused', because: `there is another pool ${name}: ${what}` };
  },
  commands: (params) => [define(params)],
  explain: explainVirsh,
  undo: ({ name }) => ({
    kind: 'commands',
    says: `take the pool ${name} out of libvirt; what lies in it stays`,
    commands: [virsh(['pool-undefine', name])],
  }),
});

function define({ name, path }: DefinePool) {
  return virsh(['pool-define-as', '--name', name, '--type', 'dir', '--target', path]);
}
