import { answerTo, isList, isMapping } from './check-answers.js';
import type { Answers, Choice, Field, ManyOf, Question, TableField } from './form.js';
import type { Json } from './json.js';

/** Questions as they stand, with the answers that they have: those given, else what they begin with. */
export interface Filled {
  readonly questions: readonly Question[];
  readonly answers: Answers;
}

/** The answers that the questions begin with, later ones asked in the light of the earlier. */
export function defaultAnswers(
  questionsFor: (answers: Answers) => readonly Question[],
  given: Answers = {},
): Filled {
  return settle(questionsFor, (questions) => ({ ...defaultsOf(questions), ...given }), given);
}

/**
 * The same for a form that a person fills in, where answers change: what is not asked any more, is
 * not offered any more or does not fit is left out. An acceptance must not outlive what it was for.
 */
export function fillForm(
  questionsFor: (answers: Answers) => readonly Question[],
  given: Answers,
): Filled {
  const fitting = (questions: readonly Question[]): Answers =>
    answersOf(questions, (question) => {
      const kept = fit(question, answerTo(given, question.key));
      return kept ?? defaultOf(question);
    });
  return settle(questionsFor, fitting, given);
}

/** A question may hang on the answer to one before it, so each round can bring new ones. */
function settle(
  questionsFor: (answers: Answers) => readonly Question[],
  answersFor: (questions: readonly Question[]) => Answers,
  first: Answers,
): Filled {
  let answers = first;
  let questions = questionsFor(answers);
  for (let round = 0; round < questions.length + 1; round += 1) {
    const before = JSON.stringify(answers);
    answers = answersFor(questions);
    if (JSON.stringify(answers) === before) break;
    questions = questionsFor(answers);
  }
  return { questions, answers };
}

function defaultsOf(questions: readonly Question[]): Answers {
  return answersOf(questions, defaultOf);
}

function answersOf<Q extends { readonly key: string }>(
  questions: readonly Q[],
  answer: (question: Q) => Json | undefined,
): Answers {
  const entries = questions.flatMap((question): [string, Json][] => {
    const value = answer(question);
    return value === undefined ? [] : [[question.key, value]];
  });
  return Object.fromEntries(entries);
}

/** What a question begins with; a choice that is closed is not begun with. */
export function defaultOf(asked: Field | ManyOf | TableField): Json | undefined {
  if (asked.kind === 'one') return isOpen(asked.choices, asked.default) ? asked.default : undefined;
  return asked.default;
}

/** A new row of a table. */
export function emptyRow({ columns }: TableField): Answers {
  return answersOf(columns, defaultOf);
}

/** An answer as far as it fits its question; undefined where nothing of it does. */
function fit(asked: Field | ManyOf | TableField, answer: Json | undefined): Json | undefined {
  switch (asked.kind) {
    case 'one':
      return typeof answer === 'string' && isOpen(asked.choices, answer) ? answer : undefined;
    case 'many':
      return isList(answer)
        ? answer.filter((one) => typeof one === 'string' && isOpen(asked.choices, one))
        : undefined;
    case 'text':
    case 'secret':
      return typeof answer === 'string' ? answer : undefined;
    case 'number':
      return typeof answer === 'number' ? answer : undefined;
    case 'yes-no':
      return typeof answer === 'boolean' ? answer : undefined;
    case 'table':
      return isList(answer) ? answer.filter(isMapping).map((row) => fitRow(asked, row)) : undefined;
  }
}

function fitRow({ columns }: TableField, row: Answers): Answers {
  return answersOf(columns, (column) => fit(column, answerTo(row, column.key)));
}

function isOpen(choices: readonly Choice[], value: string | undefined): boolean {
  return choices.find((choice) => choice.value === value)?.gate.open === true;
}

/** Answers without their secrets, as they may be kept and told. */
export function withoutSecrets(questions: readonly Question[], answers: Answers): Answers {
  const secret = new Set(questions.filter(isSecret).map(({ key }) => key));
  const tables = new Map(
    questions.flatMap((question): [string, TableField][] =>
      question.kind === 'table' ? [[question.key, question]] : [],
    ),
  );
  const entries = Object.entries(answers).flatMap(([key, value]): [string, Json][] => {
    if (secret.has(key)) return [];
    const table = tables.get(key);
    if (!table || !isList(value)) return [[key, value]];
    const hidden = new Set(table.columns.filter(isSecret).map((column) => column.key));
    const rows = value.map((row) =>
      isMapping(row)
        ? Object.fromEntries(Object.entries(row).filter(([cell]) => !hidden.has(cell)))
        : row,
    );
    return [[key, rows]];
  });
  return Object.fromEntries(entries);
}

/** The secrets among answers; one that was left empty is none. */
export function secretsIn(questions: readonly Question[], answers: Answers): readonly string[] {
  return allSecrets(questions, answers).filter((secret) => secret !== '');
}

/** The secrets that questions of their own ask for, by key: a plan may name its secret by that key. */
export function namedSecrets(
  questions: readonly Question[],
  answers: Answers,
): Readonly<Record<string, string>> {
  const named = questions.filter(isSecret).flatMap(({ key }): [string, string][] => {
    const answer = answerTo(answers, key);
    return typeof answer === 'string' && answer !== '' ? [[key, answer]] : [];
  });
  return Object.fromEntries(named);
}

function allSecrets(questions: readonly Question[], answers: Answers): readonly string[] {
  return questions.flatMap((question): readonly string[] => {
    const answer = answerTo(answers, question.key);
    if (question.kind === 'secret') return typeof answer === 'string' ? [answer] : [];
    if (question.kind !== 'table' || !isList(answer)) return [];
    const hidden = question.columns.filter(isSecret);
    return answer.filter(isMapping).flatMap((row) =>
      hidden.flatMap(({ key }) => {
        const cell = answerTo(row, key);
        return typeof cell === 'string' ? [cell] : [];
      }),
    );
  });
}

function isSecret({ kind }: { readonly kind: Question['kind'] }): boolean {
  return kind === 'secret';
}
