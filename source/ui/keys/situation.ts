import type { Pending } from '../../engine/questions.js';
import type { Problem } from '../../engine/watch/world.js';
import type { Scene } from '../scene.js';
import { routeOf, type Subject } from '../state/ui-state.js';
import { findSubject, hostsOf, type Found } from '../views/watch/subject.js';
import type { Layout } from '../views/parts/frame.js';

/** What a key finds when it is pressed. */
export interface Situation {
  readonly scene: Scene;
  readonly layout: Layout;
  /** The question that waits for an answer. */
  readonly question?: Pending | undefined;
}

/** The thing that `e`, `x` and `a` are about: what is open, or what is selected. */
export function subjectOf({ scene, layout }: Situation): Subject | undefined {
  const route = routeOf(scene.ui);
  switch (route.kind) {
    case 'row':
    case 'problem':
      return route;
    case 'evidence':
    case 'commands':
      return route.of;
    case 'help':
    case 'case':
    case 'review':
    case 'run':
    case 'runs':
    case 'wizards':
    case 'form':
      return undefined;
    case 'place': {
      const target = layout.selected?.opens;
      return target?.kind === 'row' || target?.kind === 'problem' ? target : undefined;
    }
  }
}

/** The same, looked up. */
export function foundOf(situation: Situation): Found {
  const subject = subjectOf(situation);
  return subject ? findSubject(situation.scene.world, subject) : { kind: 'gone' };
}

/** The problem that would be acknowledged. */
export function problemOf(situation: Situation): string | undefined {
  const subject = subjectOf(situation);
  if (subject?.kind === 'problem') return subject.key;
  const found = foundOf(situation);
  // A thing with exactly one problem stands for it; with more, the person must say which.
  return found.kind === 'row' && found.problems.length === 1
    ? found.problems[0]?.key
    : situation.layout.selected?.problem;
}

/** The problems that could be mended: the one that is meant, or all of the thing in front. */
export function problemsOf(situation: Situation): readonly Problem[] {
  const found = foundOf(situation);
  const { problems } = situation.scene.world;
  const key = problemOf(situation);
  if (key !== undefined) return problems.filter((problem) => problem.key === key);
  return found.kind === 'row' ? found.problems : [];
}

/** The host a shell would go to: the first of those the selected thing concerns. */
export function hostOf(situation: Situation): string | undefined {
  return situation.layout.selected?.hosts?.[0] ?? hostsOf(foundOf(situation))[0];
}
