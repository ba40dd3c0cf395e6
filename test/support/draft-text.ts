import assert from 'node:assert/strict';
import { StepKinds, type AnyStepKind } from '../../source/core/step.js';
import type { Draft } from '../../source/core/wizard.js';
import { generalSteps } from '../../source/steps/index.js';

/** A draft as a text that can be kept as golden: every step with what it runs and how it goes back. */
export function draftText(draft: Draft, own: readonly AnyStepKind[] = []): string {
  const kinds = new StepKinds([...generalSteps, ...own]);
  const steps = draft.steps.flatMap((step) => {
    const bound = kinds.bind(step);
    assert.ok(bound.ok, bound.ok ? '' : `${step.kind}: ${bound.because}`);
    const { telling, preview, undo, guard } = bound.step;
    const back =
      undo.kind === 'commands' ? undo.says : undo.kind === 'impossible' ? undo.because : '-';
    return [
      `${step.id} ${step.host} ${step.kind} after ${step.needs.join(' ') || 'nothing'}: ${telling.title}, ${telling.on}`,
      ...preview.lines.flatMap((line) => line.split('\n')).map((line) => `    ${line}`.trimEnd()),
      ...(guard ? [`    guarded for ${guard.seconds} s`] : []),
      `    undo: ${back}`,
    ];
  });
  return [
    draft.title,
    ...steps,
    ...draft.confirmations.map(({ word, accepts }) => `type ${word}: ${accepts}`),
    ...draft.loses.map((line) => `loses: ${line}`),
    ...draft.warnings.map((line) => `warning: ${line}`),
    ...draft.basis.map(({ host, says, argv }) => `basis: ${host}: ${says}: ${argv.join(' ')}`),
    `puts back: ${draft.putBack}`,
    '',
  ].join('\n');
}
