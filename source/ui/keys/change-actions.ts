import type { Desk } from '../desk.js';
import {
  changeAgreement,
  changeWork,
  goBack,
  notify,
  otherIndex,
  showSheet,
} from '../state/reducers.js';
import { routeOf } from '../state/ui-state.js';
import { toggle, toggleAll } from '../state/work.js';
import type { Doing } from '../changes.js';
import { selectedWay } from '../views/change/case.js';
import { stepsWith } from '../views/change/review.js';
import { openWord } from './change-gate.js';
import { acceptChoice, backInForm } from './form-actions.js';
import { remediesOf, type Remedy } from './menus.js';
import { problemsOf, type Situation } from './situation.js';

/** Looks into the selected problem; with several recoveries a person says which. */
export function mend(desk: Desk, situation: Situation): void {
  const { scene } = situation;
  const ways = problemsOf(situation).flatMap((problem) =>
    remediesOf(scene, problem).map((remedy) => ({ problem, remedy })),
  );
  const [first, ...more] = ways;
  if (!first) return;
  if (more.length === 0) {
    takeRemedy(desk, first.remedy, first.problem.finding.subject);
    return;
  }
  const keys = new Set(ways.map(({ problem }) => problem.key));
  const menu = { kind: 'mend', problems: [...keys] } as const;
  desk.change((ui) => showSheet(ui, { kind: 'menu', menu, index: 0 }));
}

/** Looks into the trouble, or begins the wizard, which asks anew whom it concerns. */
export function takeRemedy(desk: Desk, { kind, offered }: Remedy, subject: string): void {
  if (kind === 'wizard') desk.wizarding.begin(offered);
  else desk.changing.lookInto(offered, subject);
}

export function lookAgain(desk: Desk, { scene }: Situation): void {
  const { trouble } = scene.ui.work;
  if (trouble) desk.changing.lookInto(trouble.recovery, trouble.subject);
}

export function chooseWay(desk: Desk, { scene, layout }: Situation): void {
  const { trouble } = scene.ui.work;
  const way = selectedWay(trouble, layout.selected?.id);
  if (trouble && way) desk.changing.choose(trouble, way);
}

export function keepCopy(desk: Desk): void {
  desk.change((ui) => {
    const { trouble } = ui.work;
    return trouble ? changeWork(ui, { trouble: { ...trouble, keepCopy: !trouble.keepCopy } }) : ui;
  });
}

/** One step back; what was to be changed is let go with its screen. */
export function back(desk: Desk): void {
  if (routeOf(desk.ui.getState()).kind === 'form') {
    backInForm(desk);
    return;
  }
  desk.change((ui) => {
    switch (routeOf(ui).kind) {
      case 'case':
        return changeWork(goBack(ui), { trouble: undefined });
      case 'run': {
        // The plan was carried out, or in part: it is not to be applied once more from its review.
        const opened = ui.opened.filter(({ kind }) => !CHANGING.has(kind));
        const { runs } = ui.work;
        return { ...ui, opened, work: { runs } };
      }
      default:
        return goBack(ui);
    }
  });
  if (desk.ui.getState().work.trouble === undefined) desk.changing.leaveLook();
}

const CHANGING: ReadonlySet<string> = new Set(['case', 'wizards', 'form', 'review', 'run']);

export function fold(desk: Desk, { layout }: Situation): void {
  const id = layout.selected?.id ?? '';
  const [kind, host = ''] = id.split(' ');
  desk.change((ui) => {
    const { review } = ui.work;
    if (!review) return ui;
    if (kind === 'step') {
      const openSteps = toggle(review.openSteps, id.slice('step '.length));
      return changeWork(ui, { review: { ...review, openSteps } });
    }
    if (kind !== 'host') return ui;
    return changeWork(ui, { review: { ...review, foldedHosts: toggle(review.foldedHosts, host) } });
  });
}

export function openAll(desk: Desk, { scene }: Situation, part: 'diff' | 'commands'): void {
  const { review } = scene.ui.work;
  if (!review) return;
  const steps = stepsWith(scene, review, part);
  if (steps.length === 0) {
    const text = part === 'diff' ? 'no step edits a file' : 'no step runs a command';
    desk.change((ui) => notify(ui, { text, tone: 'muted' }));
    return;
  }
  desk.change((ui) => changeWork(ui, { review: toggleAll(review, steps) }));
}

/** Asks whether hosts are to be changed; it begins on No. */
export function ask(desk: Desk, to: Doing): void {
  desk.change((ui) => showSheet(ui, { kind: 'agree', to, words: [], text: '', index: 0 }));
}

/** The word must stand there exactly; anything else is said and tried again. */
export function acceptWord(desk: Desk, { scene }: Situation): void {
  const { sheet } = scene.ui;
  if (sheet?.kind !== 'agree') return;
  const wanted = openWord(scene, sheet);
  if (!wanted) return;
  if (sheet.text === wanted.word) {
    desk.change((ui) => changeAgreement(ui, { words: [...sheet.words, wanted.word], text: '' }));
    return;
  }
  const text = sheet.text === '' ? 'nothing was typed' : `that is not ${wanted.word}`;
  desk.change((ui) => notify(changeAgreement(ui, { text: '' }), { text, tone: 'warning' }));
}

export function otherAnswer(desk: Desk): void {
  desk.change(otherIndex);
}

export function agree(desk: Desk, situation: Situation): void {
  const { scene } = situation;
  const { sheet } = scene.ui;
  if (sheet?.kind === 'accept') acceptChoice(desk, situation);
  if (sheet?.kind !== 'agree') return;
  const yes = sheet.index === 1 && openWord(scene, sheet) === undefined;
  desk.change((ui) => showSheet(ui, undefined));
  if (!yes) {
    desk.change((ui) => notify(ui, { text: 'nothing was changed', tone: 'muted' }));
    return;
  }
  if (sheet.to === 'apply') desk.changing.apply(sheet.words);
  else desk.changing.goOn(sheet.to);
}
