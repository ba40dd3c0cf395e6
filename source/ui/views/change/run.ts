import type { Failure } from '../../../core/failure.js';
import type { Tone } from '../../../core/pane.js';
import type { Plan, Step } from '../../../core/plan.js';
import { count, linesOf } from '../../../core/text.js';
import { duration, percent } from '../../../core/units.js';
import { touched } from '../../../engine/run/run-state.js';
import { bar } from '../../layout/bar.js';
import { fit } from '../../layout/fit.js';
import { widthOf } from '../../layout/width.js';
import { wrap } from '../../layout/wrap.js';
import type { Scene } from '../../scene.js';
import {
  currentStep,
  doneCount,
  isUnderWay,
  type RunWork,
  type StepMark,
} from '../../state/work.js';
import { plainLine, type Line } from '../../theme/line.js';
import { labelled } from '../parts/blocks.js';
import { plainText } from '../watch/details.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';
import { cutWords, stepTitleWidth, tellingOf } from '../parts/step-title.js';
import { changeTitle } from '../parts/title.js';

const BAR = 16;
const TOOK = 8;
/** The least and the most width that is kept for what a step is done on, and how far it is. */
const LEAST = 20;
const MOST = 30;

/** A run as it goes on, and how it ended; undefined where there is none. */
export function runFrame(scene: Scene): Frame | undefined {
  const { run } = scene.ui.work;
  if (!run) return undefined;
  const body = run.plan.steps.flatMap((step, index) => stepLines(scene, run, step, index));
  const current = currentStep(run) ?? failedStep(run) ?? lastStep(run);
  return {
    head: [still(titleLine(scene, run)), blank],
    body,
    foot: [blank, ...footLines(scene, run)],
    // Nobody has moved: the step that is under way stays in sight.
    start: current === undefined ? undefined : `step ${current}`,
    copy: () => plainText([...body, ...footLines(scene, run)]),
  };
}

function titleLine(scene: Scene, run: RunWork): Line {
  const { theme, now } = scene;
  const { done, all } = doneCount(run);
  const elapsed = duration(Math.max(0, (run.endedAt ?? now) - run.since) / 1000);
  const right: Line = [
    { text: bar(theme.glyphs, all === 0 ? 1 : done / all, BAR), as: 'accent' },
    { text: ` ${done} of ${all}   ${elapsed} ` },
  ];
  return changeTitle(scene, { name: run.plan.title, state: stateWords(run) }, right);
}

function stateWords({ result, doing, stopping, elsewhere = false }: RunWork): string {
  const back = doing === 'undo';
  if (elsewhere) return 'carried out by another process';
  switch (result?.end.kind) {
    case undefined:
      if (stopping) return 'stopping';
      return back ? 'taking back' : 'applying';
    case 'finished':
      return back ? 'taken back' : 'finished';
    case 'stopped':
      return 'stopped';
    case 'failed':
      return 'failed';
  }
}

function stepLines(scene: Scene, run: RunWork, step: Step, index: number): readonly DocLine[] {
  const first = run.plan.steps[index - 1]?.host !== step.host;
  const mark = markIn(run, step.id);
  const command = mark?.command ?? '';
  return [
    ...(first
      ? [still([{ text: ` ${scene.theme.text(step.host)}`, as: 'heading' as const }])]
      : []),
    {
      id: `step ${step.id}`,
      hosts: [step.host],
      ...stepLine(scene, run.plan, index, mark),
      ...(command === '' ? {} : { copy: command }),
    },
  ];
}

function stepLine(
  scene: Scene,
  plan: Plan,
  index: number,
  mark: StepMark | undefined,
): Pick<DocLine, 'draw' | 'more'> {
  const { theme, size } = scene;
  const step = plan.steps[index];
  if (!step) return { draw: () => [] };
  const { title, on } = tellingOf(scene, step);
  const { tone, says } = lookOf(mark, on, isLook(scene, step));
  const widest = Math.max(...plan.steps.map((one) => widthOf(tellingOf(scene, one).on)));
  const width = stepTitleWidth(scene, plan, 12 + TOOK + Math.max(LEAST, Math.min(MOST, widest)));
  const aside = size.columns - width - TOOK - 12;
  const draw = (): Line => [
    { text: `   ${tone === undefined ? ' ' : theme.sign(tone)}`, as: tone },
    { text: ` ${String(index + 1).padStart(3)}  `, as: mark ? undefined : 'muted' },
    { text: `${fit(theme, title, width)} `, as: mark ? undefined : 'muted' },
    {
      // A name is told from its neighbours by its end; of a sentence the beginning says most.
      text: fit(theme, says, aside, { cut: says === on ? 'middle' : 'end' }),
      as: tone === 'alert' ? 'alert' : 'muted',
    },
    { text: fit(theme, timeOf(scene, mark), TOOK, { align: 'right' }), as: 'muted' },
  ];
  return { draw, more: () => moreOf(scene, mark, [title, width], [says, aside]) };
}

/** What is cut of the step; while it goes on, the command that is running. */
function moreOf(
  scene: Scene,
  mark: StepMark | undefined,
  ...words: readonly (readonly [text: string, width: number])[]
): readonly Line[] {
  const under = mark?.state.kind === 'begun' && mark.took === undefined && mark.past !== true;
  const [command = ''] = under ? linesOf(mark.command ?? '') : [];
  const running = command === '' ? [] : [plainLine(`          $ ${command}`, 'muted')];
  return [...cutWords(scene, ...words), ...running];
}

/** Whether a step changes nothing: that it was so before it was looked at is not worth a word. */
function isLook({ changes }: Scene, step: Step): boolean {
  const bound = changes?.kinds.bind(step);
  return bound?.ok === true && bound.step.effect === 'reads';
}

/** How a step stands; one that a run left while it was under way does not go on being told. */
function markIn(run: RunWork, id: string): StepMark | undefined {
  const mark = run.steps[id];
  if (!mark || run.endedAt === undefined || mark.took !== undefined || mark.past) return mark;
  return { ...mark, took: run.endedAt - mark.since };
}

/** The sign of a step, and what is said beside its title. */
function lookOf(
  mark: StepMark | undefined,
  on: string,
  looks: boolean,
): { readonly tone?: Tone; readonly says: string } {
  if (!mark) return { says: on };
  const { state } = mark;
  switch (state.kind) {
    case 'waiting':
      return { says: on };
    case 'begun':
      if (mark.took !== undefined || mark.past) {
        return { tone: 'unknown', says: 'left while it was under way' };
      }
      return { tone: 'working', says: mark.progress ? progressWords(mark) : on };
    case 'done':
      return { tone: 'good', says: state.how === 'did' || looks ? on : 'was done already' };
    case 'failed':
      return { tone: 'alert', says: state.because };
    case 'undoing':
      return { tone: 'working', says: 'being taken back' };
    case 'undone':
      return {
        tone: 'muted',
        says: state.says === '' ? 'taken back' : `taken back: ${state.says}`,
      };
  }
}

function progressWords({ progress }: StepMark): string {
  if (!progress) return '';
  const { share, says, secondsLeft } = progress;
  return [
    ...(share === undefined || says.includes('%') ? [] : [percent(share)]),
    says,
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
  ].join('  ');
}

function timeOf({ now }: Scene, mark: StepMark | undefined): string {
  if (!mark || mark.past) return '';
  if (mark.took !== undefined) return `${(mark.took / 1000).toFixed(1)} s`;
  return duration(Math.max(0, now - mark.since) / 1000);
}

/** Where a run that has ended came to: the steps do not jump when it ends. */
function lastStep({ plan, doing, endedAt }: RunWork): string | undefined {
  if (endedAt === undefined) return undefined;
  return (doing === 'undo' ? plan.steps[0] : plan.steps.at(-1))?.id;
}

function failedStep({ plan, steps }: RunWork): string | undefined {
  return plan.steps.find(({ id }) => steps[id]?.state.kind === 'failed')?.id;
}

/** What can be done now; and how it ended. */
function footLines(scene: Scene, run: RunWork): readonly DocLine[] {
  const { changes } = scene;
  if (isUnderWay(run)) {
    const stops = run.stopping ? 'Stopping after this step.' : 'Ctrl-C stops after this step.';
    return said(scene, `${stops} ${changes?.leaving(run.run) ?? ''}`);
  }
  if (run.elsewhere) {
    return said(scene, 'Another process of this machine carries it out; it stands as shown here.');
  }
  const end = run.result?.end;
  switch (end?.kind) {
    case undefined:
      return [];
    case 'finished':
      return [
        ...said(
          scene,
          `${run.doing === 'undo' ? 'Taken back' : 'Finished'}: run ${run.run}. The hosts show it.`,
        ),
        ...nextLines(scene, run),
        ...(end.stillLocked ?? []).flatMap((host) =>
          said(
            scene,
            `${host}: its lock could not be given back; holdfast unlock does it.`,
            'warning',
          ),
        ),
      ];
    case 'stopped':
      return [...said(scene, 'Stopped as asked.'), ...said(scene, standing(run))];
    case 'failed':
      return [...failureLines(scene, end.failure), ...said(scene, standing(run))];
  }
}

/** What comes next: as the plan says, or what is usually set up, as the wizard that made it says. */
function nextLines(scene: Scene, { plan, doing }: RunWork): readonly DocLine[] {
  const { kind, id: maker } = plan.origin;
  const wizard = kind === 'wizard' && scene.changes?.wizards.find(({ id }) => id === maker);
  const next = plan.next ?? (wizard ? wizard.next : undefined);
  if (next === undefined || doing === 'undo') return [];
  return said(scene, `Next: ${next}`);
}

function failureLines(scene: Scene, { what, where, means, todo }: Failure): readonly DocLine[] {
  const rows = [
    ['What happened', `${where}: ${what}`, 'alert'],
    ['What it means', means, undefined],
    ['What to do', todo, undefined],
  ] as const;
  return rows.flatMap(([label, text, as]) =>
    text === '' ? [] : labelled(scene, label, text, as).map(still),
  );
}

/** What is done and what is not, and who holds the hosts. */
function standing(run: RunWork): string {
  const { plan, result } = run;
  const state = result?.state;
  if (!state) {
    const begun = Object.keys(run.steps).length > 0;
    return begun
      ? 'What was done is not known: its journal cannot be read. Look at the hosts.'
      : 'Nothing was begun and nothing was changed.';
  }
  const open = plan.steps.filter(({ id }) => touched(state, id)).length;
  if (state.direction === 'back') {
    return `${count(open, 'step')} still to be taken back. The hosts stay locked for run ${run.run}.`;
  }
  const done = [...state.steps.values()].filter(({ kind }) => kind === 'done').length;
  const locked = state.begun.size > 0 ? ` The hosts stay locked for run ${run.run}.` : '';
  return `${done} of ${count(plan.steps.length, 'step')} done.${locked}`;
}

function said(scene: Scene, text: string, as: Tone = 'muted'): readonly DocLine[] {
  return wrap(scene.theme.text(text), scene.size.columns - 3).map((line) =>
    still([{ text: ` ${line}`, as }]),
  );
}
