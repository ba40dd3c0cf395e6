import type { Effect } from '../../core/host.js';
import type { Plan, Step } from '../../core/plan.js';
import { quoteAll, showCommand } from '../../core/quote.js';
import { secretSays } from '../../core/secret.js';
import { guardSays, type BoundStep, type StepKinds } from '../../core/step.js';
import { clean, count, linesOf } from '../../core/text.js';

const DANGER: Record<Effect, string> = {
  reads: 'changes nothing',
  changes: 'changes',
  destroys: 'DESTROYS',
};

/**
 * A whole plan for review: each step with its host, its danger, the exact commands or the diff, what
 * is lost by it and what undo does, then what concerns the plan as a whole. Text of a plan may come
 * from hosts: it is made safe to draw.
 */
export function reviewText(plan: Plan, kinds: StepKinds): string {
  const blocks = [
    headLines(plan),
    ...plan.steps.map((step, index) => stepLines(step, index, plan.steps.length, kinds)),
    basisLines(plan),
    listLines('Secrets, which the plan does not hold', (plan.secrets ?? []).map(secretSays)),
    listLines('Warnings', plan.warnings),
    listLines('Lost for good', plan.loses.length > 0 ? plan.loses : ['nothing']),
    listLines('Undo puts back', plan.putBack === '' ? ['see each step'] : [plan.putBack]),
    listLines(
      'To be confirmed by typing',
      plan.confirmations.map(({ word, accepts }) => `${word}: ${accepts}`),
    ),
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${text.join('\n\n')}\n`;
}

function headLines({ title, cluster, steps, origin, madeAt, madeBy }: Plan): readonly string[] {
  const hosts = new Set(steps.map(({ host }) => host)).size;
  return [
    `${clean(title)}   cluster ${clean(cluster)}   ${count(steps.length, 'step')} on ${count(hosts, 'host')}`,
    `Made by ${clean(madeBy)} at ${clean(madeAt)} with ${clean(origin.id)}.`,
  ];
}

function stepLines(step: Step, index: number, all: number, kinds: StepKinds): readonly string[] {
  const head = `Step ${index + 1} of ${all}   ${clean(step.host)}`;
  const bound = kinds.bind(step);
  if (!bound.ok) return [`${head}   ${clean(step.kind)}: ${clean(bound.because)}`];
  const { telling, effect, guard } = bound.step;
  const title = [head, DANGER[effect], clean(telling.title), clean(telling.on)];
  return [
    title.filter((part) => part !== '').join('   '),
    ...previewLines(bound.step).map((line) => `    ${clean(line)}`),
    ...(guard ? [`  guarded: ${clean(guardSays(guard, 'change'))}`] : []),
    ...(telling.loses === undefined ? [] : [`  lost: ${clean(telling.loses)}`]),
    `  undo: ${clean(undoSays(bound.step))}`,
  ];
}

function previewLines({ preview }: BoundStep): readonly string[] {
  switch (preview.kind) {
    case 'commands':
      return preview.lines.flatMap(commandLines);
    case 'diff':
      return [`edit of ${preview.file}`, ...preview.lines];
    case 'looks':
      return preview.lines;
  }
}

/** A script goes on over several lines; a person must be able to tell them from the next command. */
function commandLines(command: string): readonly string[] {
  return linesOf(command).map((line, index) => `${index === 0 ? '$' : '>'} ${line}`);
}

/** What undo does with a step, in words. */
export function undoSays({ undo }: BoundStep): string {
  switch (undo.kind) {
    case 'commands':
      return undo.says;
    case 'nothing':
      return 'there is nothing to take back';
    case 'impossible':
      return `not possible: ${undo.because}`;
  }
}

/** What undo would do with a step, for the review of an undo. */
export function undoLines(step: Step, kinds: StepKinds): readonly string[] {
  const bound = kinds.bind(step);
  if (!bound.ok) return [`${clean(step.host)}   ${clean(step.kind)}: ${clean(bound.because)}`];
  const { undo, telling, guard } = bound.step;
  const commands = undo.kind === 'commands' ? undo.commands : [];
  return [
    `${clean(step.host)}   ${clean(telling.title)}   ${clean(telling.on)}`,
    `  ${clean(undoSays(bound.step))}`,
    ...commands
      .flatMap(({ argv }) => commandLines(showCommand(argv)))
      .map((line) => `    ${clean(line)}`),
    ...(guard && undo.kind === 'commands' ? [`  guarded: ${clean(guardSays(guard, 'undo'))}`] : []),
  ];
}

function basisLines({ basis }: Plan): readonly string[] {
  if (basis.length === 0) return [];
  return [
    'It was made from this, and is refused if it is no longer so',
    ...basis.flatMap(({ host, says, argv, expect }) => [
      `  ${clean(host)}: ${clean(says)}: ${expect === '' ? 'none' : clean(expect)}`,
      `    $ ${clean(quoteAll(argv))}`,
    ]),
  ];
}

function listLines(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${clean(line)}`)];
}
