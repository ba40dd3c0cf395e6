import { touched } from '../../engine/run/run-state.js';
import type { Scene } from '../scene.js';
import { routeOf, type Agreement } from '../state/ui-state.js';
import { isUnderWay, type RunWork } from '../state/work.js';
import { selectedWay } from '../views/change/case.js';
import { formContext } from './in-form.js';
import { remediesOf } from './menus.js';
import type { Gate } from './gate.js';
import { problemsOf, type Situation } from './situation.js';

const open: Gate = { kind: 'open' };
const absent: Gate = { kind: 'absent' };
const closed = (because: string): Gate => ({ kind: 'closed', because });

/** Why nothing may be changed; it cannot be left from inside. */
function whyReadOnly({ world }: Scene): string | undefined {
  return world.readOnly
    ? `the cluster ${world.cluster} is read-only: nothing is changed on its hosts`
    : undefined;
}

function readOnly({ scene }: Situation): Gate | undefined {
  const why = whyReadOnly(scene);
  return why === undefined ? undefined : closed(why);
}

/** Why nothing can be set up here now; undefined where something can. */
export function whyNothing(scene: Scene): string | undefined {
  const { hosts, complete } = scene.world;
  if (hosts.some(({ phase }) => phase === 'up')) return whyReadOnly(scene);
  const none = complete
    ? 'no host is reached: there is nothing to look at'
    : 'no host is reached yet';
  return whyReadOnly(scene) ?? none;
}

/** Wizards can be listed; whether one can be begun is asked with it. */
export function canListWizards({ scene }: Situation): Gate {
  const after = changeContext(scene) === 'ended';
  if (!scene.changes || !(after || isBeneath(scene))) return absent;
  return scene.changes.wizards.length > 0 ? open : closed('no storage system brings a wizard');
}

/** A wizard is selected, and something can be set up. */
export function canBegin({ scene, layout }: Situation): Gate {
  const why = whyNothing(scene);
  if (why !== undefined) return closed(why);
  return layout.selected ? open : closed('there is nothing to be set up');
}

export function canListRuns({ scene }: Situation): Gate {
  return scene.changes && isBeneath(scene) ? open : absent;
}

/** Nothing is being changed in front, nor chosen to be. */
function isBeneath(scene: Scene): boolean {
  return routeOf(scene.ui).kind !== 'help' && changeContext(scene) === undefined;
}

export function canOpenRun({ layout }: Situation): Gate {
  return layout.selected ? open : closed('there is no run to open');
}

/** A problem that a recovery or a wizard mends is in front or selected. */
export function canMend(situation: Situation): Gate {
  const { scene } = situation;
  const problems = problemsOf(situation);
  if (!scene.changes || problems.length === 0) return absent;
  const refused = readOnly(situation);
  if (refused) return refused;
  return problems.some((problem) => remediesOf(scene, problem).length > 0)
    ? open
    : closed('nothing here mends this: what to do is told with the problem');
}

/** A trouble was looked into. */
export function isCase({ scene: { ui } }: Situation): Gate {
  return ui.work.trouble?.found ? open : closed('it is being looked into');
}

export function canKeepCopy({ scene: { ui } }: Situation): Gate {
  const found = ui.work.trouble?.found;
  if (found?.ok !== true || found.made.ways.length === 0) {
    return closed('there is no way out to choose');
  }
  return found.made.copies === true ? open : closed('nothing is given up that could be copied');
}

export function canChooseWay(situation: Situation): Gate {
  const { trouble } = situation.scene.ui.work;
  if (!trouble?.found) return closed('it is being looked into');
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
  const { run } = situation.scene.ui.work;
  const result = run?.result;
  if (!result || result.end.kind === 'finished') return absent;
  const refused = whyNotThis(situation, run);
  if (refused) return refused;
  if (result.state?.direction === 'back') return closed('it is being taken back: undo goes on');
  return readOnly(situation) ?? open;
}

export function canUndo(situation: Situation): Gate {
  const { run } = situation.scene.ui.work;
  const state = run?.result?.state;
  const refused = run && whyNotThis(situation, run);
  if (refused) return refused;
  const anything = state?.plan.steps.some(({ id }) => touched(state, id)) === true;
  return anything ? (readOnly(situation) ?? open) : closed('there is nothing to take back');
}

/** A run of before may be in other hands, or of a cluster that is not watched now. */
function whyNotThis({ scene }: Situation, { elsewhere, plan }: RunWork): Gate | undefined {
  if (elsewhere) return closed('another process of this machine carries it out');
  return plan.cluster === scene.world.cluster
    ? undefined
    : closed(`it belongs to the cluster ${plan.cluster}: watch that one first`);
}

/** The confirmation whose word is still to be typed. */
export function openWord({ ui }: Situation['scene'], { to, words }: Agreement) {
  return to === 'apply' ? ui.work.review?.plan.confirmations[words.length] : undefined;
}

/** Whose keys they are while a change is in front: before those of the screen. */
export function changeContext(scene: Scene) {
  const { ui } = scene;
  const route = routeOf(ui);
  switch (route.kind) {
    case 'wizards':
    case 'runs':
      return route.kind;
    case 'form':
      return formContext(scene, route.page);
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
