import { z } from 'zod';
import type { Command } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { listCommand, xeFailure } from '../probes/xe.js';
import { explainXe } from '../read/errors.js';
import { FIELDS, parseSrs } from '../read/lists.js';
import { uuidSchema } from './params.js';

const paramsSchema = z.strictObject({
  /** Made when the plan was made, or that of a repository that is there already. */
  sr: uuidSchema,
  name: z.string().min(1),
  contentType: z.enum(['user', 'iso']),
});

/** The parameters of `xapi.introduce-sr`. */
export type IntroduceSr = z.infer<typeof paramsSchema>;

/**
 * Makes a shared file repository known to the pool. Nothing is written to the storage: introduced
 * again, or with the UUID of an old one, what lies in the folder is found as it is.
 */
export const introduceSr = defineStep<IntroduceSr>({
  id: 'xapi.introduce-sr',
  params: paramsSchema,
  effect: () => 'changes',
  // A line in the pool's database; what it stands for is named by the PBDs.
  touches: () => [],
  tell: ({ sr, name }) => ({ title: 'introduce the storage repository', on: `${name} (${sr})` }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(introduce(params).argv)] }),
  check: async (host, { sr }) => {
    const command = listCommand('sr-list', FIELDS.srs, `uuid=${sr}`);
    const outcome = await host.run(command);
    if (outcome.kind !== 'exited' || outcome.code !== 0) {
      return { kind: 'cannotTell', because: xeFailure(host.name, command, outcome).means };
    }
    const read = parseSrs(outcome.stdout);
    if (!read.ok) return { kind: 'cannotTell', because: `xe: expected ${read.expected}` };
    const [there] = read.value;
    if (!there) return { kind: 'notYet' };
    if (there.type === 'file' && there.shared) return { kind: 'done' };
    const shared = there.shared ? 'shared' : 'not shared';
    const because = `a repository with this UUID is there: ${there.name}, type ${there.type}, ${shared}`;
    return { kind: 'refused', because };
  },
  commands: (params) => [introduce(params)],
  explain: explainXe,
  undo: ({ sr, name }) => ({
    kind: 'commands',
    says: `forget ${name}; what lies in it stays`,
    commands: [{ argv: ['xe', 'sr-forget', `uuid=${sr}`], effect: 'changes', deadline: 60_000 }],
  }),
});

function introduce({ sr, name, contentType }: IntroduceSr): Command<'changes'> {
  const words = [`uuid=${sr}`, `name-label=${name}`, 'type=file', `content-type=${contentType}`];
  return {
    argv: ['xe', 'sr-introduce', ...words, 'shared=true'],
    effect: 'changes',
    deadline: 60_000,
  };
}
