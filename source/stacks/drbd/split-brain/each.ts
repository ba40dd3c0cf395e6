import { z } from 'zod';
import type { Answers, Choice, Question } from '../../../core/form.js';
import { closed, open } from '../../../core/form.js';
import type { Millis } from '../../../core/host.js';
import type { WayOut } from '../../../core/recovery.js';
import { clean, count } from '../../../core/text.js';
import { sessionOf, type Drafted } from '../../../core/wizard.js';
import { losses } from './losses.js';
import { advise } from './recommend.js';
import { planTogether, verdictFor, type SplitResource } from './together.js';

/** One way for all of them in which each resource has a victim of its own. */
export function wayForEach(all: readonly SplitResource[], at: Millis): WayOut {
  const answers = z.strictObject(
    Object.fromEntries(
      all.map((one, index) => [keyOf(one, index), z.enum(one.sides.map(({ host }) => host))]),
    ),
  );
  const plan = (given: Answers, keepCopy: boolean): Drafted => {
    const verdicts = all.flatMap((one, index) => {
      const victim = given[keyOf(one, index)];
      return typeof victim === 'string' ? (verdictFor(one, victim) ?? []) : [];
    });
    return verdicts.length === all.length
      ? planTogether(verdicts, keepCopy, at)
      : {
          ok: false,
          faults: [{ key: '', says: 'It is not said of every resource who gives way.' }],
        };
  };
  const questions = all.map(questionOf);
  const defaults = Object.fromEntries(
    questions.flatMap((one): [string, string][] =>
      one.kind === 'one' && one.default !== undefined ? [[one.key, one.default]] : [],
    ),
  );
  return {
    value: 'each',
    says: clean(
      `Of each of the ${count(all.length, 'resource')} that are split another side may give way: it is asked one by one.`,
    ),
    loses: ['what the side that is chosen wrote, resource by resource'],
    plan: ({ keepCopy }) => plan(defaults, keepCopy),
    asks: ({ keepCopy }) =>
      sessionOf(
        { answers, questions: () => questions, plan: (_found, given) => plan(given, keepCopy) },
        undefined,
      ),
  };
}

/** A key is a path to whoever finds faults, so what would part it is left out. */
function keyOf({ name }: SplitResource, index: number): string {
  return /^[\w-]+$/.test(name) ? name : `resource-${index + 1}`;
}

function questionOf(one: SplitResource, index: number): Question {
  const advice = advise(...one.sides);
  const reasons =
    advice.kind === 'victim'
      ? `Safest is ${advice.victim.host}: ${advice.reasons.join('; ')}.`
      : `None is recommended: ${advice.because}.`;
  return {
    kind: 'one',
    key: keyOf(one, index),
    ask: clean(`Who gives up its changes of ${one.name}?`),
    explains: clean(reasons),
    choices: one.sides.map((side): Choice => choiceOf(one, side.host)),
    ...(advice.kind === 'victim' && { default: advice.victim.host }),
  };
}

function choiceOf(one: SplitResource, host: string): Choice {
  const verdict = verdictFor(one, host);
  const users = verdict?.victim.use.users.map(({ what }) => clean(what)) ?? [];
  return {
    value: host,
    cells: [
      { text: clean(host) },
      { text: verdict ? clean(losses(verdict.victim, verdict.survivor).join(' ')) : '' },
    ],
    gate:
      users.length === 0
        ? open
        : closed(`it is in use there: ${users.join(', ')}; stop it first, or keep this side`),
  };
}
