import { z } from 'zod';
import type { Command, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { ATTRIBUTES, attributesCommand } from '../probes/frontend.js';
import { parseAttributes } from '../read/rocks.js';
import { ROCKS } from '../roll.js';
import { hostName } from './names.js';

const value = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.,:-]{0,200}$/, 'no value of an attribute');

const paramsSchema = z.strictObject({
  /** The host whose attribute it is. */
  of: hostName,
  name: z.enum(ATTRIBUTES),
  value,
  /** What it was; null: it was not set. */
  before: value.nullable(),
});

/** The parameters of `imgstorage.set-attribute`. */
export type SetAttribute = z.infer<typeof paramsSchema>;

/** Sets an attribute of a host in the frontend's database, one of those that the roll looks at. */
export const setAttribute = defineStep<SetAttribute>({
  id: 'imgstorage.set-attribute',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ of, name, value: to, before }) => ({
    title: `set ${name} to ${to}${before === null ? '' : ` (it is ${before})`}`,
    on: of,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(set(params, params.value).argv)] }),
  check: async (host, { of, name, value: to }): Promise<Verdict> => {
    const is = await attributeOf(host, of, name);
    if (!is.ok) return { kind: 'cannotTell', because: is.because };
    if (is.value === to) return { kind: 'done' };
    return { kind: 'notYet', says: is.value === undefined ? 'it is not set' : `it is ${is.value}` };
  },
  commands: (params) => [set(params, params.value)],
  undo: (params) => ({
    kind: 'commands',
    says:
      params.before === null
        ? `take ${params.name} away from ${params.of}`
        : `set ${params.name} of ${params.of} to ${params.before} again`,
    commands: [params.before === null ? remove(params) : set(params, params.before)],
  }),
});

function set({ of, name }: SetAttribute, to: string): Command<'changes'> {
  return change([ROCKS, 'set', 'host', 'attr', of, name, to]);
}

function remove({ of, name }: SetAttribute): Command<'changes'> {
  return change([ROCKS, 'remove', 'host', 'attr', of, name]);
}

function change(argv: readonly string[]): Command<'changes'> {
  return { argv, effect: 'changes', deadline: 60_000 };
}

type Is =
  | { readonly ok: true; readonly value: string | undefined }
  | { readonly ok: false; readonly because: string };

async function attributeOf(host: Reader, of: string, name: string): Promise<Is> {
  const outcome = await host.run(attributesCommand());
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  const all = parseAttributes(outcome.stdout);
  if (!all.ok) return { ok: false, because: 'rocks does not tell the attributes' };
  return { ok: true, value: all.value.find((one) => one.host === of && one.name === name)?.value };
}
