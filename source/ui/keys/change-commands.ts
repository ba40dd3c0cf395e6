import { inContext } from './command.js';
import { canSaveAnswers } from './form-gate.js';
import { canApply, canChooseWay, canKeepCopy, canRetry, canUndo, isCase } from './change-gate.js';
import type { Situation } from './situation.js';

/** Keys of a trouble that was looked into. */
export const caseCommands = inContext('case', [
  {
    id: 'choose-way',
    keys: ['enter'],
    label: 'make the plan',
    says: 'Ways out: make the plan of the marked way out, and review it. Nothing is changed yet.',
    topic: 'Change',
    gate: canChooseWay,
    rank: 1,
  },
  {
    id: 'keep-copy',
    keys: ['K'],
    label: 'keep a copy',
    says: 'Ways out: whether what is given up is copied first.',
    topic: 'Change',
    gate: canKeepCopy,
    rank: 3,
  },
  {
    id: 'look-again',
    keys: ['R'],
    label: 'look again',
    says: 'Ways out: look into it again, from all hosts.',
    topic: 'Change',
    gate: isCase,
    rank: 4,
  },
]);

/** Whether Enter opens or folds what is marked. */
function foldLabel({ scene, layout }: Situation): string {
  const [kind, ...rest] = (layout.selected?.id ?? '').split(' ');
  const { review } = scene.ui.work;
  const isFolded =
    kind === 'host'
      ? review?.foldedHosts.includes(rest[0] ?? '')
      : kind === 'step' && review?.openSteps.includes(rest.join(' ')) === false;
  return isFolded === true ? 'open' : 'fold';
}

/** Keys of the review of a plan. */
export const reviewCommands = inContext('review', [
  {
    id: 'fold',
    keys: ['enter'],
    label: foldLabel,
    says: 'Review: fold or unfold the marked step or host.',
    topic: 'Change',
    rank: 2,
  },
  {
    id: 'diffs',
    keys: ['d'],
    label: 'diffs',
    says: 'Review: unfold or fold all edits of files.',
    topic: 'Change',
    rank: 3,
  },
  {
    id: 'step-commands',
    keys: ['x'],
    label: 'commands',
    says: 'Review: unfold or fold the exact commands of all steps.',
    topic: 'Change',
    rank: 4,
  },
  {
    id: 'save-plan',
    keys: ['s'],
    label: 'save',
    says: 'Review: keep the plan in a file, for another to read or for holdfast apply.',
    topic: 'Change',
    rank: 5,
  },
  {
    id: 'apply',
    keys: ['F8', 'A'],
    label: 'apply…',
    says: 'Review: ask whether the plan is to be carried out. It begins on No.',
    topic: 'Change',
    gate: canApply,
    rank: 1,
  },
  {
    id: 'save-answers',
    keys: ['F2'],
    label: 'keep answers',
    says: 'Review: keep the answers that the plan was made from, for holdfast plan --answers.',
    topic: 'Change',
    gate: canSaveAnswers,
    rank: 6,
  },
]);

/** Keys while a run goes on. Everything else waits until it has ended. */
export const runningCommands = inContext('running', [
  {
    id: 'stop-run',
    keys: ['ctrl-c'],
    label: 'stop after this step',
    says: 'While a run goes on: stop the run after the step that is under way.',
    topic: 'Change',
    rank: 1,
  },
  {
    id: 'quit',
    keys: ['F10'],
    label: 'leave',
    says: 'While a run goes on: leave in the middle of the run, at once.',
    topic: 'Change',
    rank: 2,
  },
  {
    id: 'up',
    keys: ['up', 'k'],
    label: 'up',
    says: 'While a run goes on: one step up.',
    topic: 'Change',
  },
  {
    id: 'down',
    keys: ['down', 'j'],
    label: 'down',
    says: 'While a run goes on: one step down.',
    topic: 'Change',
  },
  {
    id: 'top',
    keys: ['g', 'home'],
    label: 'top',
    says: 'While a run goes on: to the first step.',
    topic: 'Change',
  },
  {
    id: 'bottom',
    keys: ['G', 'end'],
    label: 'bottom',
    says: 'While a run goes on: to the last step.',
    topic: 'Change',
  },
  {
    id: 'stay',
    keys: ['q', 'escape'],
    label: 'stay',
    says: 'While a run goes on: nothing, so that it is not left by accident.',
    topic: 'Change',
  },
]);

/** A run that was stopped as asked has not failed: it is gone on with. */
function retryLabel({ scene }: Situation): string {
  return scene.ui.work.run?.result?.end.kind === 'stopped' ? 'go on' : 'try again';
}

/** Keys of a run that has ended. */
export const endedCommands = inContext('ended', [
  {
    id: 'retry',
    keys: ['t'],
    label: retryLabel,
    says: 'After a run: go on with the run where it stopped; what is done is passed over.',
    topic: 'Change',
    gate: canRetry,
    rank: 1,
  },
  {
    id: 'undo',
    keys: ['u'],
    label: 'undo',
    says: 'After a run: take back what the run did, the last step first.',
    topic: 'Change',
    gate: canUndo,
    rank: 2,
  },
]);

/** Keys while a word is typed to accept a loss. */
export const wordCommands = inContext('word', [
  {
    id: 'accept-word',
    keys: ['enter'],
    label: 'accept',
    says: 'Typed word: accept the loss, once its word stands there exactly.',
    topic: 'Answer',
    rank: 1,
  },
  {
    id: 'cancel',
    keys: ['escape'],
    label: 'change nothing',
    says: 'Typed word: close without an answer.',
    topic: 'Answer',
    rank: 2,
  },
]);

/** Keys of the last question before hosts are changed. */
export const agreeCommands = inContext('agree', [
  {
    id: 'agree',
    keys: ['enter'],
    label: 'take the marked answer',
    says: 'Before a change: take the marked answer.',
    topic: 'Answer',
    rank: 1,
  },
  {
    id: 'other-answer',
    keys: ['tab', 'right', 'left', 'shift-tab', 'up', 'down', 'h', 'j', 'k', 'l'],
    label: 'the other answer',
    says: 'Before a change: mark the other answer.',
    topic: 'Answer',
    rank: 2,
  },
  {
    id: 'cancel',
    keys: ['escape', 'q'],
    label: 'change nothing',
    says: 'Before a change: close without an answer.',
    topic: 'Answer',
    rank: 3,
  },
]);
