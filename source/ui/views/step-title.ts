import type { Plan, Step } from '../../core/plan.js';
import type { Telling } from '../../core/step.js';
import { widthOf } from '../layout/width.js';
import type { Scene } from '../scene.js';

/** The least width of a step's title. */
const LEAST = 20;

/** What a step does and on what; its kind's name where the kind is not known. */
export function tellingOf({ changes }: Pick<Scene, 'changes'>, step: Step): Telling {
  const bound = changes?.kinds.bind(step);
  return bound?.ok === true ? bound.step.telling : { title: step.kind, on: '' };
}

/** The width of the titles of a plan's steps, such that `rest` cells are left beside them. */
export function stepTitleWidth(scene: Scene, { steps }: Plan, rest: number): number {
  const widest = Math.max(
    0,
    ...steps.map((step) => widthOf(scene.theme.text(tellingOf(scene, step).title))),
  );
  return Math.max(LEAST, Math.min(widest + 1, scene.size.columns - rest));
}
