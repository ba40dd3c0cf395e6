import type { Confirmation } from '../../core/plan.js';
import { clean } from '../../core/text.js';
import { note, type Context } from '../context.js';
import { EXIT, Stop, usage } from '../exit.js';
import { readAnswer } from '../terminal-asker.js';

/** What the command line says in advance. */
export interface Consent {
  readonly yes?: boolean;
  readonly confirm?: readonly string[];
}

/**
 * Asks a person to agree, or holds the command line to it where there is no terminal. `--yes` answers
 * the question and nothing else: each confirmation needs its own word, typed or given by `--confirm`.
 * Throws a `Stop`: 64 with what is missing, 130 where the person did not agree.
 */
export async function agree(
  context: Context,
  question: string,
  confirmations: readonly Confirmation[],
  { yes = false, confirm = [] }: Consent,
): Promise<void> {
  const words = new Set(confirmations.map(({ word }) => word));
  const idle = confirm.filter((word) => !words.has(word));
  if (idle.length > 0) {
    throw usage(
      `Nothing here is confirmed by ${idle.map((word) => clean(JSON.stringify(word))).join(', ')}.`,
      ...wanted('To be confirmed:', confirmations),
    );
  }
  const open = confirmations.filter(({ word }) => !confirm.includes(word));
  if (context.io.stdin.isTTY === true) {
    for (const confirmation of open) await typed(context, confirmation);
    if (!yes) await askYes(context, question);
    return;
  }
  if (yes && open.length === 0) return;
  throw usage(
    'There is no terminal to ask on, so the command line must say it:',
    ...(yes ? [] : ['  --yes']),
    ...open.map(({ word, accepts }) => `  --confirm ${clean(word)}   ${clean(accepts)}`),
    'Nothing was changed.',
  );
}

function wanted(title: string, confirmations: readonly Confirmation[]): readonly string[] {
  if (confirmations.length === 0) return ['This plan has nothing to be confirmed by a word.'];
  return [title, ...confirmations.map(({ word }) => `  --confirm ${clean(word)}`)];
}

/** The word must be typed exactly; Enter alone is No. */
async function typed(context: Context, { word, accepts }: Confirmation): Promise<void> {
  note(context, `\n${clean(accepts)}`);
  const answer = await readAnswer(context.io, `Type ${clean(word)} to accept that: `, false);
  if (answer !== word) throw declined(`That is not ${clean(word)}.`);
}

async function askYes(context: Context, question: string): Promise<void> {
  const answer = await readAnswer(context.io, `\n${question} [y/N] `, false);
  if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw declined('Not agreed to.');
}

function declined(why: string): Stop {
  return new Stop(EXIT.interrupted, [`${why} Nothing was changed.`]);
}
