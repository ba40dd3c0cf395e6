import { z } from 'zod';
import { reads, type Reader } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import type { Preview, StepKind, Verdict } from '../core/step.js';

/** A look that tells whether something is so: what a reading command says is matched. */
export const showsSchema = z.strictObject({
  argv: z.array(z.string()).min(1),
  /** What its stdout must be, with white space at the ends taken off. */
  expect: z.string(),
});

/** A look at a host, and what it says when the step is done. */
export type Shows = z.infer<typeof showsSchema>;

/** Whether a host shows it. An exit code other than 0 is an answer too: it is not so. */
export async function shown(host: Reader, { argv, expect }: Shows): Promise<Verdict> {
  const outcome = await host.run(reads(argv, 20_000));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  if (outcome.code === 127) {
    return { kind: 'cannotTell', because: `${argv[0] ?? ''} is not installed` };
  }
  const said = outcome.stdout.trim();
  return said === expect ? { kind: 'done' } : { kind: 'notYet', says: instead(said, expect) };
}

/** Of a long answer the first line tells enough. */
function instead(said: string, expect: string): string {
  const [first = ''] = said.split('\n');
  return `it says ${first === '' ? 'nothing' : `"${first.slice(0, 120)}"`} instead of "${expect}"`;
}

/** What a step that changes nothing is told: what it looks for, and on what. */
export const lookSchema = z.strictObject({
  /** `see that mfsmaster means 10.0.0.1`. */
  title: z.string().min(1),
  on: z.string(),
  shows: showsSchema,
});

/** The parameters of a step that changes nothing. */
export type Look = z.infer<typeof lookSchema>;

/** What all kinds of step have in common that only look: there is nothing to run or to take back. */
export const onlyLooks: Pick<
  StepKind<Look>,
  'params' | 'effect' | 'touches' | 'tell' | 'commands' | 'undo'
> = {
  params: lookSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ title, on }) => ({ title, on }),
  commands: () => [],
  undo: () => ({ kind: 'nothing' }),
};

/** The look as the review shows it. */
export function lookPreview({ shows }: Look, words: 'must say' | 'until it says'): Preview {
  return { kind: 'looks', lines: [`${quoteAll(shows.argv)}  ${words} ${shows.expect}`] };
}
