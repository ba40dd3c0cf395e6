import type { Choice, Fault, Question } from './form.js';
import type { Json } from './json.js';
import type { Answers } from './wizard.js';

/**
 * What is wrong with answers that were given without a screen: a choice that is not offered, or one
 * that is closed, with its reason. Whether an answer has the right shape at all is the schema's
 * business; answers of another shape are passed over here.
 */
export function choiceFaults(questions: readonly Question[], answers: Answers): readonly Fault[] {
  return questions.flatMap((question) => {
    if (question.kind !== 'one' && question.kind !== 'many') return [];
    const answer = Object.hasOwn(answers, question.key) ? answers[question.key] : undefined;
    return chosen(answer).flatMap((value) => choiceFault(question.key, question.choices, value));
  });
}

function chosen(answer: Json | undefined): readonly string[] {
  if (typeof answer === 'string') return [answer];
  if (!isList(answer)) return [];
  return answer.filter((value) => typeof value === 'string');
}

function isList(answer: Json | undefined): answer is readonly Json[] {
  return Array.isArray(answer);
}

function choiceFault(key: string, choices: readonly Choice[], value: string): readonly Fault[] {
  const choice = choices.find((one) => one.value === value);
  if (!choice) return [{ key, says: `${JSON.stringify(value)} is not among the choices` }];
  return choice.gate.open ? [] : [{ key, says: `${value}: ${choice.gate.because}` }];
}

/** The answers that the questions begin with, later ones asked in the light of the earlier. */
export function defaultAnswers(
  questionsFor: (answers: Answers) => readonly Question[],
  given: Answers = {},
): { readonly questions: readonly Question[]; readonly answers: Answers } {
  let answers = given;
  let questions = questionsFor(answers);
  // A question may hang on the answer to one before it, so each round can bring new ones.
  for (let round = 0; round < questions.length + 1; round += 1) {
    const before = JSON.stringify(answers);
    answers = { ...defaultsOf(questions), ...given };
    if (JSON.stringify(answers) === before) break;
    questions = questionsFor(answers);
  }
  return { questions, answers };
}

function defaultsOf(questions: readonly Question[]): Answers {
  const entries = questions.flatMap((question): [string, Json][] =>
    question.default === undefined ? [] : [[question.key, question.default]],
  );
  return Object.fromEntries(entries);
}
