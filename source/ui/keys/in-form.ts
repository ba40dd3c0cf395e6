import type { Choice } from '../../core/form.js';
import type { Column } from '../../core/pane.js';
import { stackAt, type Scene } from '../scene.js';
import { pageOf } from '../state/form-reducers.js';
import { routeOf } from '../state/ui-state.js';
import type { Asked, Page } from '../state/wizard-work.js';
import { pageAsked } from '../views/form/form.js';
import type { Situation } from './situation.js';

/** Where keys go on a page of a form. */
export type FormContext = 'looking' | 'many' | 'one' | 'rows' | 'field';

/** Whose keys they are on a page of a form. */
export function formContext(scene: Scene, page: Page): FormContext {
  const work = scene.ui.work.wizard;
  if (!work || work.look.kind === 'looking' || work.look.kind === 'failed') return 'looking';
  const kind = pageAsked(scene, work, page)?.question.kind;
  switch (kind) {
    case 'many':
      return 'many';
    case 'one':
    case 'yes-no':
      return 'one';
    case 'table':
      return 'rows';
    case 'text':
    case 'secret':
    case 'number':
      return 'field';
    case undefined:
      return 'looking';
  }
}

/** What is asked in front. */
export function askedInFront(scene: Scene): Asked | undefined {
  const page = pageOf(scene.ui);
  const work = scene.ui.work.wizard;
  return page && work && pageAsked(scene, work, page);
}

/** The choice on the selected line. */
export function selectedChoice({ scene, layout }: Situation): Choice | undefined {
  const question = askedInFront(scene)?.question;
  if (question?.kind !== 'many' && question?.kind !== 'one') return undefined;
  return question.choices.find(({ value }) => value === layout.selected?.id);
}

/** The columns by which the lines in front can be sorted. */
export function columnsInFront(scene: Scene): readonly Column[] {
  const route = routeOf(scene.ui);
  if (route.kind === 'place') return stackAt(scene.world, route.place)?.drawing.columns ?? [];
  const { look } = scene.ui.work.wizard ?? {};
  if (route.kind !== 'form' || look?.kind === 'looking' || look?.kind === 'failed') return [];
  const question = askedInFront(scene)?.question;
  if (question?.kind === 'many') return question.columns;
  return question?.kind === 'table' ? question.columns.map(({ column }) => column) : [];
}
