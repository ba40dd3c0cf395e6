import type { Millis } from '../../../../core/host.js';
import { defineStep, type AnyStepKind } from '../../../../core/step.js';
import { lookAtStage, progressOfStage } from './look.js';
import { numberOf, STAGE_FACTS, stageSchema, type StageParams } from './stages.js';

/** A step that waits until a stage of the boot workflow is reached. It changes nothing. */
function stageStep(id: string, every: Millis, atMost: Millis): AnyStepKind {
  return defineStep<StageParams>({
    id,
    params: stageSchema,
    effect: () => 'reads',
    touches: () => [],
    tell: ({ stage, nas, zvol, vm }) => ({
      title: `${numberOf(stage)} ${STAGE_FACTS[stage].title}`,
      on: stage === 'booted' && vm !== null ? vm : `${nas}:${zvol}`,
    }),
    preview: ({ stage }) => ({ kind: 'looks', lines: [STAGE_FACTS[stage].looks] }),
    check: lookAtStage,
    commands: () => [],
    wait: {
      every,
      atMost,
      progress: progressOfStage,
      tooLate: ({ stage, nas, zvol }) =>
        `${zvol} has not got to the stage “${stage}”: look at ${nas}:${zvol} in the pane and at its chain. \`resume\` waits on.`,
    },
    undo: () => ({ kind: 'nothing' }),
  });
}

/** What the call itself has made before it returned: it is there at once or not at all. */
export const seeStage = stageStep('imgstorage.see-stage', 1000, 120_000);

/** What the daemons go on with by themselves, however long: it can be left, and waited for again. */
export const waitStage = stageStep('imgstorage.wait-stage', 5000, 14 * 24 * 3600 * 1000);
