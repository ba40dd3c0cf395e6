import type { Plan, Step } from '../../../core/plan.js';
import type { Telling } from '../../../core/step.js';
import { widthOf } from '../../layout/width.js';
import { wrap } from '../../layout/wrap.js';
import type { Scene } from '../../scene.js';
import { plainLine, type Line } from '../../theme/line.js';

/** The least width of a step's title. */
const LEAST = 20;

/** What a step does and on what; its kind's name where the kind is not known. */
export function tellingOf({ changes }: Pick<Scene, 'changes'>, step: Step): Telling {
  const bound = changes?.kinds.bind(step);
  return bound?.ok === true ? bound.step.telling : { title: step.kind, on: '' };
}

/** What has no room beside a step's number, as it stands beneath the step while it is selected. */
export function cutWords(
  { theme, size }: Scene,
  ...words: readonly (readonly [text: string, width: number])[]
): readonly Line[] {
  return words.flatMap(([text, width]) => {
    const shown = theme.text(text);
    if (widthOf(shown) <= width) return [];
    return wrap(shown, size.columns - 11).map((part) => plainLine(`          ${part}`, 'muted'));
  });
}

/** The width of the titles of a plan's steps, such that `rest` cells are left beside them. */
export function stepTitleWidth(scene: Scene, { steps }: Plan, rest: number): number {
  const widest = Math.max(
    0,
    ...steps.map((step) => widthOf(scene.theme.text(tellingOf(scene, step).title))),
  );
  return Math.max(LEAST, Math.min(widest + 1, scene.size.columns - rest));
}
