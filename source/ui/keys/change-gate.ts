import { touched } from '../../engine/run-state.js';
import { routeOf, type Agreement } from '../state/ui-state.js';
import { isUnderWay } from '../state/work.js';
import { selectedWay } from '../views/case.js';
import { remediesOf } from './menus.js';
import type { Gate } from './gate.js';
import { problemOf, type Situation } from './situation.js';

const open: Gate = { kind: 'open' };
const absent: Gate = { kind: 'absent' };
const closed = (because: string): Gate => ({ kind: 'closed', because });

/** Why nothing may be changed; it cannot be left from inside. */
function readOnly({ scene: { world } }: Situation): Gate | undefined {
  return world.readOnly
    ? closed(`the cluster ${world.cluster} is read-only: nothing is changed on its hosts`)
    : undefined;
}

/** A problem that a recovery mends is in front or selected. */
export function canMend(situation: Situation): Gate {
  const { scene } = situation;
  const key = problemOf(situation);
  if (!scene.changes || key === undefined) return absent;
  const refused = readOnly(situation);
  if (refused) return refused;
  const problem = scene.world.problems.find((one) => one.key === key);
  return remediesOf(scene, problem).length > 0
    ? open
    : closed('no recovery mends this: what to do is told with the problem');
}

/** A trouble was looked into. */
export function isCase({ scene: { ui } }: Situation): Gate {
  return ui.work.trouble?.found ? open : closed('it is being looked into');
}

export function canKeepCopy({ scene: { ui } }: Situation): Gate {
  const found = ui.work.trouble?.found;
  return found?.ok === true && found.made.ways.length > 0
    ? open
    : closed('there is no way out to choose');
}

export function canChooseWay(situation: Situation): Gate {
  const { trouble } = situation.scene.ui.work;
  const way = selectedWay(trouble, situation.layout.selected?.id);
  return way ? open : closed('mark one of the ways out first');
}

export function canApply(situation: Situation): Gate {
  const { review } = situation.scene.ui.work;
  const refused = readOnly(situation);
  if (refused) return refused;
  return review && review.plan.steps.length > 0 ? open : closed('there is nothing to do');
}

export function canRetry(situation: Situation): Gate {
  const result = situation.scene.ui.work.run?.result;
  if (!result || result.end.kind === 'finished') return absent;
  if (result.state?.direction === 'back') return closed('it is being taken back: undo goes on');
  return readOnly(situation) ?? open;
}

export function canUndo(situation: Situation): Gate {
  const { run } = situation.scene.ui.work;
  const state = run?.result?.state;
  const anything = state?.plan.steps.some(({ id }) => touched(state, id)) === true;
  return anything ? (readOnly(situation) ?? open) : closed('there is nothing to take back');
}

/** The confirmation whose word is still to be typed. */
export function openWord({ ui }: Situation['scene'], { to, words }: Agreement) {
  return to === 'apply' ? ui.work.review?.plan.confirmations[words.length] : undefined;
}

/** Whose keys they are while a change is in front: before those of the screen. */
export function changeContext({ ui }: Situation['scene']) {
  switch (routeOf(ui).kind) {
    case 'case':
      return 'case';
    case 'review':
      return 'review';
    case 'run':
      return isUnderWay(ui.work.run) ? 'running' : 'ended';
    default:
      return undefined;
  }
}
