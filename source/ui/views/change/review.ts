import type { Effect } from '../../../core/host.js';
import type { Tone } from '../../../core/pane.js';
import type { Plan, Step } from '../../../core/plan.js';
import { quoteAll } from '../../../core/quote.js';
import { secretSays } from '../../../core/secret.js';
import { guardSays, type BoundStep, type Undo } from '../../../core/step.js';
import { count, linesOf } from '../../../core/text.js';
import { atMost, fit } from '../../layout/fit.js';
import { widthOf } from '../../layout/width.js';
import { wrap } from '../../layout/wrap.js';
import type { Scene } from '../../scene.js';
import type { ReviewWork } from '../../state/work.js';
import { ends, type Line } from '../../theme/line.js';
import { heading, labelled } from '../parts/blocks.js';
import { plainText } from '../watch/details.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';
import { cutWords, stepTitleWidth, tellingOf } from '../parts/step-title.js';
import { changeTitle } from '../parts/title.js';

const DANGER: Record<Effect, { readonly tone: Tone; readonly word: string }> = {
  reads: { tone: 'muted', word: '' },
  changes: { tone: 'notice', word: 'changes' },
  destroys: { tone: 'alert', word: 'DESTROYS' },
};

/** The width that is kept for what a step is done on: a device must be told from its neighbours. */
const ON = 28;
/** The most losses that stand above the steps; all of them stand beneath. */
const LOSSES = 3;

/** A whole plan for review; undefined where there is none. */
export function reviewFrame(scene: Scene): Frame | undefined {
  const { review } = scene.ui.work;
  if (!review || !scene.changes) return undefined;
  const lines = [...stepLines(scene, review), ...wholeLines(scene, review.plan)];
  return {
    head: [still(titleLine(scene, review.plan)), ...lossLines(scene, review.plan), blank],
    body: lines.map((line, at) => (line === blank ? line : { id: `line ${at}`, ...line })),
    foot: [],
    copy: () => plainText(lines),
  };
}

/** The ids of the steps that have this kind of preview. */
export function stepsWith(
  { changes }: Pick<Scene, 'changes'>,
  { plan }: ReviewWork,
  wanted: 'diff' | 'commands',
): readonly string[] {
  return plan.steps.flatMap((step) => {
    const bound = changes?.kinds.bind(step);
    const isDiff = bound?.ok === true && bound.step.preview.kind === 'diff';
    return isDiff === (wanted === 'diff') ? [step.id] : [];
  });
}

function titleLine(scene: Scene, plan: Plan): Line {
  const { theme, changes } = scene;
  const hosts = new Set(plan.steps.map(({ host }) => host)).size;
  const destroying = plan.steps.filter((step) => {
    const bound = changes?.kinds.bind(step);
    return bound?.ok === true && bound.step.effect === 'destroys';
  }).length;
  const right: Line = [
    { text: `${count(hosts, 'host')}   ${count(plan.steps.length, 'step')}   ` },
    destroying > 0
      ? { text: `${theme.sign('alert')} ${destroying} destroy `, as: 'alert' }
      : { text: 'none destroys ', as: 'muted' },
  ];
  return changeTitle(scene, { name: plan.title, state: 'review' }, right);
}

function lossLines(scene: Scene, { loses }: Plan): readonly DocLine[] {
  if (loses.length === 0) return [];
  const { theme, size } = scene;
  const more = loses.length - LOSSES;
  return [
    ...loses
      .slice(0, LOSSES)
      .map((loss) =>
        still([
          { text: ` ${theme.sign('alert')} lost for good: `, as: 'alert' },
          { text: atMost(theme, loss, size.columns - 21) },
        ]),
      ),
    ...(more > 0 ? [still([{ text: `   and ${more} more, beneath the steps`, as: 'alert' }])] : []),
  ];
}

function stepLines(scene: Scene, review: ReviewWork): readonly DocLine[] {
  const lines: DocLine[] = [];
  let host: string | undefined;
  review.plan.steps.forEach((step, index) => {
    const folded = review.foldedHosts.includes(step.host);
    if (step.host !== host) lines.push(hostLine(scene, review, step.host, index, folded));
    host = step.host;
    if (!folded) lines.push(...oneStep(scene, review, step, index));
  });
  return lines;
}

function hostLine(
  scene: Scene,
  { plan }: ReviewWork,
  host: string,
  from: number,
  folded: boolean,
): DocLine {
  const { theme, size } = scene;
  const own = plan.steps.slice(from).findIndex((step) => step.host !== host);
  const steps = count(own < 0 ? plan.steps.length - from : own, 'step');
  return {
    id: `host ${host} ${from}`,
    hosts: [host],
    draw: () =>
      ends(
        [{ text: ` ${theme.text(host)}`, as: 'heading' }],
        [{ text: folded ? `${steps}, folded ` : '', as: 'muted' }],
        size.columns,
      ),
  };
}

function oneStep(
  scene: Scene,
  { openSteps, plan }: ReviewWork,
  step: Step,
  index: number,
): readonly DocLine[] {
  const { theme, size, changes } = scene;
  const bound = changes?.kinds.bind(step);
  const number = String(index + 1).padStart(3);
  if (bound?.ok !== true) {
    const says = bound?.because ?? 'it is not known';
    return [still([{ text: `  ${number}  ${step.kind}: ${says}`, as: 'alert' }])];
  }
  const { telling, effect } = bound.step;
  const { tone, word } = DANGER[effect];
  const widest = Math.max(...plan.steps.map((one) => widthOf(tellingOf(scene, one).on)));
  const width = stepTitleWidth(scene, plan, 20 + Math.min(ON, widest));
  const beside = size.columns - width - 20;
  const head: DocLine = {
    id: `step ${step.id}`,
    hosts: [step.host],
    copy: plainPreview(bound.step).join('\n'),
    draw: () => [
      { text: `  ${theme.sign(tone)}`, as: tone },
      { text: ` ${number}  ` },
      {
        text: `${fit(theme, telling.title, width)} `,
        as: effect === 'destroys' ? 'alert' : undefined,
      },
      { text: fit(theme, telling.on, beside, { cut: 'middle' }), as: 'muted' },
      { text: ` ${word}`, as: tone },
    ],
    more: () => cutWords(scene, [telling.title, width], [telling.on, beside]),
  };
  return openSteps.includes(step.id) ? [head, ...openLines(scene, bound.step)] : [head];
}

/** What a step changes, to be read whole: nothing of it is cut. */
function openLines(scene: Scene, step: BoundStep): readonly DocLine[] {
  const { theme, size } = scene;
  const shown = (text: string, as?: Tone): readonly DocLine[] =>
    // What goes on beneath stands further in: it is no line of its own.
    wrap(theme.text(text), size.columns - 13).map((part, at) =>
      still([{ text: `          ${at === 0 ? '' : '  '}${part}`, as }]),
    );
  return [
    ...plainPreview(step).flatMap((line) => shown(line, diffTone(step, line))),
    ...(step.telling.loses === undefined ? [] : shown(`lost: ${step.telling.loses}`, 'alert')),
    ...(step.guard ? shown(`guarded: ${guardSays(step.guard, 'change')}`, 'notice') : []),
    ...shown(`undo: ${undoWords(step.undo)}`, 'muted'),
  ];
}

function plainPreview({ preview }: BoundStep): readonly string[] {
  switch (preview.kind) {
    case 'commands':
      // A script goes on over several lines; they are told from the next command.
      return preview.lines.flatMap((command) =>
        linesOf(command).map((line, at) => `${at === 0 ? '$' : '>'} ${line}`),
      );
    case 'diff':
      return [preview.file, ...preview.lines];
    case 'looks':
      return preview.lines;
  }
}

function diffTone({ preview }: BoundStep, line: string): Tone | undefined {
  if (preview.kind !== 'diff') return undefined;
  if (line.startsWith('+')) return 'good';
  return line.startsWith('-') ? 'warning' : 'muted';
}

/** What undo does with a step, in words. */
function undoWords(undo: Undo): string {
  switch (undo.kind) {
    case 'commands':
      return undo.says;
    case 'nothing':
      return 'there is nothing to take back';
    case 'impossible':
      return `not possible: ${undo.because}`;
  }
}

/** A moment as people read it: `2026-11-21 14:02:11 UTC`. */
function momentOf(at: string): string {
  return at.replace(/^(\S+)T([\d:]+)(?:\.\d+)?Z$/, '$1 $2 UTC');
}

/** What concerns the plan as a whole. */
function wholeLines(scene: Scene, plan: Plan): readonly DocLine[] {
  const { loses, putBack, warnings, confirmations, basis, secrets = [] } = plan;
  return [
    blank,
    ...list(
      scene,
      'Lost for good',
      loses.length > 0 ? loses : ['nothing'],
      loses.length > 0 ? 'alert' : undefined,
    ),
    ...list(scene, 'Undo puts back', [putBack === '' ? 'see each step' : putBack]),
    ...list(scene, 'Secrets', secrets.map(secretSays)),
    ...list(scene, 'Warnings', warnings, 'warning'),
    ...list(
      scene,
      'To be typed',
      confirmations.map(({ word, accepts }) => `${word}: ${accepts}`),
    ),
    ...list(scene, 'Made', [
      `by ${plan.madeBy} at ${momentOf(plan.madeAt)} with ${plan.origin.id}`,
    ]),
    ...(basis.length === 0 ? [] : heading('MADE FROM THIS, AND REFUSED IF IT IS NO LONGER SO')),
    ...basis.flatMap(({ host, says, expect, argv }) => [
      ...labelled(scene, host, `${says}: ${expect}`).map(still),
      ...labelled(scene, '', `$ ${quoteAll(argv)}`, 'muted').map(still),
    ]),
  ];
}

function list(
  scene: Scene,
  label: string,
  texts: readonly string[],
  as?: Tone,
): readonly DocLine[] {
  if (texts.length === 0) return [];
  return texts.flatMap((text, at) => labelled(scene, at === 0 ? label : '', text, as).map(still));
}
