import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf, listed } from '../../../core/text.js';
import { parsePermissions } from '../../../tools/zfs.js';
import { NEEDED_PERMISSIONS, ROLL_USER } from '../roll.js';
import { poolName } from './names.js';

const paramsSchema = z.strictObject({
  pool: poolName,
  /** What the user may not yet: undo takes these away again, and no more. */
  missing: z.array(z.enum(NEEDED_PERMISSIONS)).min(1),
});

/** The parameters of `imgstorage.allow`. */
export type Allow = z.infer<typeof paramsSchema>;

/** Lets the roll's user copy in a pool, and sees by `zfs allow` that it may. */
export const allow = defineStep<Allow>({
  id: 'imgstorage.allow',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ pool, missing }) => ({
    title: `let ${ROLL_USER} ${listed(missing, 8)}`,
    on: `the pool ${pool}`,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(give('allow', params).argv)] }),
  check: async (host, { pool }): Promise<Verdict> => {
    const user = await userOn(host);
    if (user) return user;
    const may = await permissionsOn(host, pool);
    if (!may.ok) return { kind: 'cannotTell', because: may.because };
    const left = NEEDED_PERMISSIONS.filter((one) => !may.has.has(one));
    return left.length === 0
      ? { kind: 'done' }
      : { kind: 'notYet', says: `it may not ${listed(left, 8)}` };
  },
  commands: (params) => [give('allow', params)],
  undo: (params) => ({
    kind: 'commands',
    says: `take from ${ROLL_USER} what it was given in ${params.pool}`,
    commands: [give('unallow', params)],
  }),
});

function give(verb: 'allow' | 'unallow', { pool, missing }: Allow): Command<'changes'> {
  return {
    argv: ['zfs', verb, ROLL_USER, missing.join(','), pool],
    effect: 'changes',
    deadline: 60_000,
  };
}

/** What `zfs allow` says of an unknown user stands at the end of a page of help, and it ends with 0 (2.1). */
async function userOn(host: Reader): Promise<Verdict | undefined> {
  const outcome = await host.run(reads(['getent', 'passwd', ROLL_USER]));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  if (outcome.code === 0) return undefined;
  const because = `there is no user ${ROLL_USER} on this host: the img-storage roll makes it at installation`;
  return { kind: 'refused', because };
}

type May =
  | { readonly ok: true; readonly has: ReadonlySet<string> }
  | { readonly ok: false; readonly because: string };

async function permissionsOn(host: Reader, pool: string): Promise<May> {
  const outcome = await host.run(reads(['zfs', 'allow', pool], 30_000));
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  if (outcome.code !== 0) {
    return { ok: false, because: linesOf(outcome.stderr)[0]?.trim() ?? 'zfs says nothing' };
  }
  const read = parsePermissions(`== ${pool}\n${outcome.stdout}`);
  const users = read.ok ? read.value[0]?.users : undefined;
  return { ok: true, has: users?.get(ROLL_USER) ?? new Set() };
}
