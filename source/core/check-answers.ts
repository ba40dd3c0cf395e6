import type { Answers, Choice, Fault, Field, ManyOf, NumberField, Question } from './form.js';
import type { TableField } from './form.js';
import type { Json } from './json.js';
import { count } from './text.js';

/**
 * What is wrong with answers by their questions alone: a choice that is not offered, or one that is
 * closed, with its reason; a number that is missing or out of its bounds; too few. Whether an answer
 * has the right shape at all is the schema's business; answers of another shape are passed over here.
 */
export function answerFaults(questions: readonly Question[], answers: Answers): readonly Fault[] {
  return questions.flatMap((question) =>
    faultsIn(question.key, question, answerTo(answers, question.key)),
  );
}

/** The answer to a question; what an object inherits is none. */
export function answerTo(answers: Answers, key: string): Json | undefined {
  return Object.hasOwn(answers, key) ? answers[key] : undefined;
}

function faultsIn(
  key: string,
  asked: Field | ManyOf | TableField,
  answer: Json | undefined,
): readonly Fault[] {
  switch (asked.kind) {
    case 'one':
      return typeof answer === 'string' ? choiceFault(key, asked.choices, answer) : [];
    case 'many': {
      const chosen = isList(answer) ? answer.filter((one) => typeof one === 'string') : [];
      return [
        ...chosen.flatMap((value) => choiceFault(key, asked.choices, value)),
        ...(isList(answer) ? tooFew(key, asked.least, answer.length, 'choose') : []),
      ];
    }
    case 'number':
      if (answer === undefined) return [{ key, says: 'it must be given' }];
      return typeof answer === 'number' ? numberFault(key, asked, answer) : [];
    case 'table':
      return isList(answer) ? tableFaults(key, asked, answer) : [];
    case 'text':
      return asked.needed === true && answer === '' ? [{ key, says: 'it must be given' }] : [];
    case 'secret':
    case 'yes-no':
      return [];
  }
}

function tooFew(key: string, least: number | undefined, there: number, verb: string): Fault[] {
  if (least === undefined || there >= least) return [];
  return [{ key, says: least === 1 ? `${verb} at least one` : `${verb} at least ${least}` }];
}

function choiceFault(key: string, choices: readonly Choice[], value: string): readonly Fault[] {
  const choice = choices.find((one) => one.value === value);
  if (!choice) return [{ key, says: `${JSON.stringify(value)} is not among the choices` }];
  return choice.gate.open ? [] : [{ key, says: `${value}: ${choice.gate.because}` }];
}

function numberFault(
  key: string,
  { least, most, whole, unit }: NumberField,
  answer: number,
): readonly Fault[] {
  const shown = (n: number): string => `${n}${unit === undefined ? '' : ` ${unit}`}`;
  if (whole === true && !Number.isInteger(answer)) {
    return [{ key, says: `${answer} is not a whole number` }];
  }
  if (least !== undefined && answer < least) {
    return [{ key, says: `${shown(answer)} is less than ${shown(least)}` }];
  }
  if (most !== undefined && answer > most) {
    return [{ key, says: `${shown(answer)} is more than ${shown(most)}` }];
  }
  return [];
}

function tableFaults(
  key: string,
  { columns, least, row }: TableField,
  rows: readonly Json[],
): readonly Fault[] {
  const few =
    least !== undefined && rows.length < least
      ? [{ key, says: `there must be at least ${count(least, row)}` }]
      : [];
  const inside = rows.flatMap((one, at) => {
    if (!isMapping(one)) return [];
    return columns.flatMap((column) =>
      faultsIn(`${key}.${at}.${column.key}`, column, answerTo(one, column.key)),
    );
  });
  return [...few, ...inside];
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value is a mapping, such as a row of a table. */
export function isMapping(value: Json | undefined): value is Answers {
  return typeof value === 'object' && value !== null && !isList(value);
}
