import { answerFaults, answerTo, isList, isMapping } from '../../core/check-answers.js';
import type { Failure } from '../../core/failure.js';
import { defaultOf, emptyRow, fillForm, type Filled } from '../../core/fill-form.js';
import type { Answers, Fault, Question, TableColumn, TableField } from '../../core/form.js';
import type { HostName, Millis } from '../../core/host.js';
import type { Json } from '../../core/json.js';
import type { Plan } from '../../core/plan.js';
import type { WizardSession } from '../../core/wizard.js';
import type { Offered } from '../changes.js';
import { lineEdit, type LineEdit } from './line-editor.js';

/** How far a wizard's look at the hosts is. */
export type Looking =
  /** It is still asked which hosts. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'looking'; readonly since: Millis; readonly says: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'found'; readonly session: WizardSession };

/** A wizard that somebody is in the middle of. */
export interface WizardWork {
  /** Tells its look from one that was left before. */
  readonly id: number;
  readonly cluster: string;
  readonly wizard: Offered;
  /** It asks for a way out of a trouble: that is where its plan comes from. */
  readonly wayOut?: Plan['origin'] | undefined;
  /** The hosts to look at. */
  readonly hosts: readonly HostName[];
  /** There is more than one, so it is asked which. */
  readonly asksHosts: boolean;
  readonly look: Looking;
  /** What was answered, by key. */
  readonly given: Answers;
  /** What stands against the answers, as it was found last. */
  readonly faults: readonly Fault[];
  /** What is being typed into the field in front. */
  readonly field: LineEdit;
  /** The row of a table that is being made or changed. */
  readonly row?: Answers | undefined;
}

/** Where somebody is in a form: at a question, or in a cell of a row of a table. */
export interface Page {
  /** The question's key; `HOSTS` is the question that comes before all others. */
  readonly question: string;
  readonly cell?: { readonly row: number; readonly column: string };
}

/** The page on which it is asked which hosts are looked at; no question has this key. */
export const HOSTS = '';

/** The questions as they stand, with their answers; none before the hosts were looked at. */
export function filledOf({ look, given }: Pick<WizardWork, 'look' | 'given'>): Filled {
  if (look.kind !== 'found') return { questions: [], answers: {} };
  return fillForm(look.session.questions, given);
}

/** A question's rows. */
export function rowsOf(answer: Json | undefined): readonly Answers[] {
  return isList(answer) ? answer.filter(isMapping) : [];
}

/** The values that are chosen. */
export function chosenOf(answer: Json | undefined): readonly string[] {
  return isList(answer) ? answer.filter((one) => typeof one === 'string') : [];
}

/** What is asked on a page. */
export type Asked =
  | { readonly kind: 'question'; readonly question: Question; readonly answer: Json | undefined }
  | {
      readonly kind: 'cell';
      readonly table: Question & TableField;
      readonly question: TableColumn;
      readonly answer: Json | undefined;
      readonly row: number;
    };

/** What is asked on a page; undefined where it is not asked any more. */
export function askedOn(work: WizardWork, page: Page): Asked | undefined {
  const { questions, answers } = filledOf(work);
  const question = questions.find(({ key }) => key === page.question);
  if (!question) return undefined;
  if (!page.cell) {
    return { kind: 'question', question, answer: answerTo(answers, question.key) };
  }
  if (question.kind !== 'table') return undefined;
  const column = question.columns.find(({ key }) => key === page.cell?.column);
  if (!column) return undefined;
  const answer = answerTo(work.row ?? {}, column.key);
  return { kind: 'cell', table: question, question: column, answer, row: page.cell.row };
}

/** Gives an answer; what stood against the one before is no longer known. */
export function answered(work: WizardWork, page: Page, answer: Json | undefined): WizardWork {
  const { question, cell } = page;
  if (cell) return { ...work, row: put(work.row ?? {}, cell.column, answer) };
  const changed = { ...work, given: put(work.given, question, answer) };
  const { questions, answers } = filledOf(changed);
  const gone = filledOf(work).questions.filter(({ key }) => !questions.some((q) => q.key === key));
  const faults = work.faults.filter(
    (fault) => ![question, ...gone.map(({ key }) => key)].some((key) => isAbout(fault, key)),
  );
  // What is not asked any more is forgotten with it; what nobody gave stays with its question.
  const given = Object.entries(answers).filter(([key]) => Object.hasOwn(changed.given, key));
  return { ...changed, faults, given: Object.fromEntries(given) };
}

function put(answers: Answers, key: string, answer: Json | undefined): Answers {
  const others = Object.entries(answers).filter(([other]) => other !== key);
  return Object.fromEntries(answer === undefined ? others : [...others, [key, answer]]);
}

/** Whether a fault belongs to a question, or to a part of its answer. */
export function isAbout({ key }: Fault, question: string): boolean {
  return key === question || key.startsWith(`${question}.`);
}

/** The field as it stands when a page is come to. */
export function fieldFor(work: WizardWork, page: Page): LineEdit {
  const asked = askedOn(work, page);
  return lineEdit(asked ? textOf(asked.answer ?? defaultOf(asked.question)) : '');
}

function textOf(answer: Json | undefined): string {
  return typeof answer === 'string' || typeof answer === 'number' ? String(answer) : '';
}

/** Whether what is asked is typed. */
export function isField({ kind }: Pick<Question, 'kind'>): boolean {
  return kind === 'text' || kind === 'secret' || kind === 'number';
}

/** The answer that stands in the field; what is no number is a fault. */
export function typedAnswer(
  kind: Question['kind'],
  { text }: LineEdit,
): { readonly ok: true; readonly answer: Json | undefined } | { readonly ok: false } {
  if (kind !== 'number') return { ok: true, answer: text };
  const bare = text.trim();
  if (bare === '') return { ok: true, answer: undefined };
  const number = Number(bare);
  return Number.isFinite(number) ? { ok: true, answer: number } : { ok: false };
}

/** What stands against the answer on a page by its question alone. */
export function faultsOn(work: WizardWork, page: Page): readonly Fault[] {
  const { questions, answers } = filledOf(work);
  if (!page.cell) {
    return answerFaults(questions, answers).filter((fault) => isAbout(fault, page.question));
  }
  const asked = askedOn(work, page);
  if (asked?.kind !== 'cell') return [];
  const { cell } = page;
  const only = { ...asked.table, columns: [asked.question] };
  const rows = [work.row ?? {}];
  return answerFaults([only], { [only.key]: rows })
    .filter(({ key }) => key.endsWith(`.${cell.column}`))
    .map((fault) => ({ ...fault, key: `${page.question}.${cell.row}.${cell.column}` }));
}

/** The page after one: the next cell of the row, or the next question; undefined: it was the last. */
export function pageAfter(work: WizardWork, page: Page): Page | undefined {
  const { questions } = filledOf(work);
  const at = questions.findIndex(({ key }) => key === page.question);
  const question = questions[at];
  if (page.cell && question?.kind === 'table') {
    const { columns } = question;
    const cell = columns.findIndex(({ key }) => key === page.cell?.column);
    const next = columns[cell + 1];
    return next
      ? { question: question.key, cell: { row: page.cell.row, column: next.key } }
      : undefined;
  }
  const next = questions[at + 1];
  return next ? { question: next.key } : undefined;
}

/** The way to a page through all that come before it: what Esc goes back along. */
export function wayTo(work: WizardWork, page: Page): readonly Page[] {
  const hosts: readonly Page[] = work.asksHosts ? [{ question: HOSTS }] : [];
  return page.question === HOSTS ? hosts : [...hosts, ...questionsTo(work, page)];
}

function questionsTo(work: WizardWork, page: Page): readonly Page[] {
  const { questions } = filledOf(work);
  const at = questions.findIndex(({ key }) => key === page.question);
  const before = questions.slice(0, at + 1).map(({ key }): Page => ({ question: key }));
  const table = questions[at];
  const { cell } = page;
  if (!cell || table?.kind !== 'table') return before;
  const column = table.columns.findIndex(({ key }) => key === cell.column);
  const cells = table.columns.slice(0, column + 1).map(({ key }): Page => ({
    question: table.key,
    cell: { row: cell.row, column: key },
  }));
  return [...before, ...cells];
}

/** Begins a row: a new one past the end, or one that is there. */
export function withRow(work: WizardWork, question: string, row: number): WizardWork {
  const asked = askedOn(work, { question });
  if (asked?.question.kind !== 'table') return work;
  const there = rowsOf(asked.answer)[row];
  return { ...work, row: there ?? emptyRow(asked.question) };
}

/** Puts the row that is being changed into its table. */
export function keptRow(work: WizardWork, question: string, row: number): WizardWork {
  const asked = askedOn(work, { question });
  const rows = rowsOf(asked?.answer);
  const all = [...rows.slice(0, row), work.row ?? {}, ...rows.slice(row + 1)];
  return { ...answered(work, { question }, all), row: undefined };
}
