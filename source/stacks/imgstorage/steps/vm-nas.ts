import { z } from 'zod';
import type { Command, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { vmNasCommand } from '../probes/frontend.js';
import { parseVmNas, type VmNas } from '../read/rocks.js';
import { ROCKS } from '../roll.js';
import { rollSaid } from './mapping.js';
import { hostName, poolName } from './names.js';

const placeSchema = z.strictObject({ nas: hostName, zpool: poolName });

const paramsSchema = z.strictObject({
  vm: hostName,
  ...placeSchema.shape,
  /** What it was; null: none. */
  before: placeSchema.nullable(),
});

/** The parameters of `imgstorage.set-vm-nas`. */
export type SetVmNas = z.infer<typeof paramsSchema>;

/** Gives a virtual machine's first disk a place on a NAS. It moves no image: it only says where one is. */
export const setVmNas = defineStep<SetVmNas>({
  id: 'imgstorage.set-vm-nas',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ vm, nas, zpool }) => ({ title: `give it a disk on ${nas}, in ${zpool}`, on: vm }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(set(params.vm, params).argv)] }),
  check: async (host, { vm, nas, zpool }): Promise<Verdict> => {
    const is = await placeOf(host, vm);
    if (!is.ok) return { kind: 'cannotTell', because: is.because };
    if (is.place?.nas === nas && is.place.zpool === zpool) return { kind: 'done' };
    const { nas: on, zpool: pool } = is.place ?? { nas: null, zpool: null };
    return {
      kind: 'notYet',
      says: on === null ? 'it has none' : `it has ${on}, ${pool ?? 'no pool'}`,
    };
  },
  commands: (params) => [set(params.vm, params)],
  explain: rollSaid,
  undo: ({ vm, before }) => ({
    kind: 'commands',
    says: before === null ? `take the NAS from ${vm}` : `give ${vm} ${before.nas} again`,
    commands: [set(vm, before)],
  }),
});

function set(vm: string, place: z.infer<typeof placeSchema> | null): Command<'changes'> {
  const to = place === null ? ['nas=none'] : [`nas=${place.nas}`, `zpool=${place.zpool}`];
  const argv = [ROCKS, 'set', 'host', 'vm', 'nas', vm, ...to];
  return { argv, effect: 'changes', deadline: 60_000 };
}

type Is =
  | { readonly ok: true; readonly place: VmNas | undefined }
  | { readonly ok: false; readonly because: string };

/** Asked for all: of one alone Rocks leaves the name out. */
async function placeOf(host: Reader, vm: string): Promise<Is> {
  const outcome = await host.run(vmNasCommand());
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  const all = parseVmNas(outcome.stdout);
  if (outcome.code !== 0 || !all.ok) {
    return { ok: false, because: rollSaid(outcome) ?? 'rocks does not tell' };
  }
  // The roll gives a NAS to the first disk alone.
  return { ok: true, place: all.value.find((one) => one.vm === vm) };
}
