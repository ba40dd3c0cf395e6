import type { Choice, NumberField, Question, TableColumn } from '../../core/form.js';
import type { Json } from '../../core/json.js';
import { clean } from '../../core/text.js';
import type { Answers, Wizard } from '../../core/wizard.js';
import { columns } from '../columns.js';

/** A wizard's questions as they stand after a look at the hosts. */
export interface Asked {
  readonly wizard: Pick<Wizard, 'id' | 'title' | 'says' | 'next'>;
  readonly hosts: readonly string[];
  readonly questions: readonly Question[];
  /** What the questions begin with: what was found. */
  readonly answers: Answers;
  readonly schema: Json;
}

/** The questions for programs. */
export function questionsJson({ wizard, hosts, questions, answers, schema }: Asked): object {
  return {
    wizard: wizard.id,
    title: wizard.title,
    says: wizard.says,
    hosts,
    questions: questions.map(questionJson),
    answers,
    schema,
  };
}

function questionJson(question: Question | TableColumn): object {
  const { key, ask, explains, kind } = question;
  return { key, ask, explains, kind, default: question.default ?? null, ...partsJson(question) };
}

/** What only some kinds of question have. */
function partsJson(question: Question | TableColumn): object {
  switch (question.kind) {
    case 'one':
      return { choices: question.choices.map(choiceJson) };
    case 'many':
      return { choices: question.choices.map(choiceJson), least: question.least ?? 0 };
    case 'number': {
      const { least = null, most = null, unit = null, whole = false } = question;
      return { least, most, unit, whole };
    }
    case 'table': {
      const { row, columns: asked, least = 0 } = question;
      return { row, columns: asked.map(questionJson), least };
    }
    case 'text':
      return question.needed === true ? { needed: true } : {};
    case 'secret':
    case 'yes-no':
      return {};
  }
}

function choiceJson({ value, cells, gate, accepts }: Choice): object {
  return {
    value,
    says: cells.map(({ text }) => text),
    open: gate.open,
    ...(gate.open ? {} : { because: gate.because }),
    ...(accepts === undefined ? {} : { accepts }),
  };
}

/** The questions for people, with an answers file to begin with. */
export async function questionsText({ wizard, ...asked }: Asked): Promise<string> {
  const { stringify } = await import('yaml');
  const blocks = [
    [`${wizard.title}   ${wizard.id}`, wizard.says, `Looked at: ${asked.hosts.join(', ')}`],
    ...asked.questions.map(questionLines),
    [
      'Answers, with what was found; keep them in a file for --answers',
      indent(stringify(asked.answers)),
    ],
    ['JSON schema of the answers', indent(JSON.stringify(asked.schema, undefined, 2))],
  ];
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${clean(line)}`)
    .join('\n');
}

function questionLines(question: Question | TableColumn): readonly string[] {
  const { key, ask, explains } = question;
  const head = [
    `${clean(key)}: ${clean(ask)}`,
    ...(explains === '' ? [] : [`  ${clean(explains)}`]),
  ];
  switch (question.kind) {
    case 'one':
    case 'many':
      return [...head, ...choiceLines(question.choices)];
    case 'text':
      return [...head, '  a text'];
    case 'secret':
      return [...head, '  a secret: it is never shown, and kept in no plan'];
    case 'number':
      return [...head, `  ${numberWords(question)}`];
    case 'yes-no':
      return [...head, '  true or false'];
    case 'table':
      return [
        ...head,
        `  a list; each ${clean(question.row)} is a mapping of these`,
        ...question.columns.flatMap(questionLines).map((line) => `  ${line}`),
      ];
  }
}

function numberWords({ least, most, unit, whole }: NumberField): string {
  const bounds = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(most === undefined ? [] : [`at most ${most}`]),
  ];
  const what = whole === true ? 'a whole number' : 'a number';
  const of = unit === undefined ? '' : ` of ${clean(unit)}`;
  return [`${what}${of}`, ...bounds].join(', ');
}

function choiceLines(choices: readonly Choice[]): readonly string[] {
  if (choices.length === 0) return ['  nothing was found to choose from'];
  const rows = choices.map(({ value, cells, gate, accepts }) => [
    `  ${gate.open ? '-' : 'x'}`,
    clean(value),
    ...cells.map(({ text }) => clean(text)),
    gate.open ? '' : `not offered: ${clean(gate.because)}`,
    accepts === undefined ? '' : `choosing it accepts: ${clean(accepts)}`,
  ]);
  return columns(rows);
}
