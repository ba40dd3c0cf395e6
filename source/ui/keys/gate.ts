import { stackAt } from '../scene.js';
import { routeOf } from '../state/ui-state.js';
import { commandsOf, evidenceOf } from '../views/watch/subject.js';
import { columnsInFront } from './in-form.js';
import { foundOf, hostOf, problemOf, type Situation } from './situation.js';

/** Whether a key does something here; where it does not, it says why, or does not belong here at all. */
export type Gate =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed'; readonly because: string }
  | { readonly kind: 'absent' };

const open: Gate = { kind: 'open' };
const absent: Gate = { kind: 'absent' };
const closed = (because: string): Gate => ({ kind: 'closed', because });

export const always = (): Gate => open;

/** There is something to copy. */
export function canCopy({ layout }: Situation): Gate {
  const has = layout.selected?.copy !== undefined || layout.frame.copy !== undefined;
  return has ? open : closed('there is nothing here to copy');
}

export function canOpen({ layout }: Situation): Gate {
  if (layout.frame.scrolls === true) return absent;
  return layout.selected?.opens ? open : closed('this cannot be opened');
}

/** There is a way back. */
export function canGoBack({ scene: { ui } }: Situation): Gate {
  return ui.opened.length > 0 || ui.place !== 'overview' ? open : absent;
}

/** A list whose lines can be narrowed. */
export function canFilter({ layout }: Situation): Gate {
  return layout.frame.matches ? open : absent;
}

/** A table. */
export function canSort({ scene }: Situation): Gate {
  return columnsInFront(scene).length > 0 ? open : absent;
}

export function canAcknowledge(situation: Situation): Gate {
  if (problemOf(situation) !== undefined) return open;
  const found = foundOf(situation);
  if (found.kind === 'row' && found.problems.length > 1) {
    return closed('it has several problems: choose one of them on the overview');
  }
  return routeOf(situation.scene.ui).kind === 'place' ? closed('no problem is selected') : absent;
}

/** There are consequences to show here. */
export function canShowMuted({ scene: { world, ui } }: Situation): Gate {
  const view = stackAt(world, ui.place);
  const isList = routeOf(ui).kind === 'place' && (ui.place === 'overview' || view !== undefined);
  if (!isList) return absent;
  const here = view ? world.problems.filter(({ stack }) => stack === view.id) : world.problems;
  return here.some(({ causedBy }) => causedBy !== undefined)
    ? open
    : closed('no problem here is only a consequence');
}

export function canShell(situation: Situation): Gate {
  return hostOf(situation) === undefined ? closed('no host is selected') : open;
}

export function canShowEvidence(situation: Situation): Gate {
  if (routeOf(situation.scene.ui).kind === 'evidence') return absent;
  const found = foundOf(situation);
  if (found.kind === 'gone') return absent;
  return evidenceOf(found).length > 0 ? open : closed('no output was kept for this');
}

export function canShowCommands(situation: Situation): Gate {
  if (routeOf(situation.scene.ui).kind === 'commands') return absent;
  const found = foundOf(situation);
  if (found.kind === 'gone') return absent;
  return commandsOf(found).length > 0 ? open : closed('there are no commands for this');
}

/** Only a simulated fleet has incidents. */
export function hasIncidents({ scene: { simulated } }: Situation): Gate {
  return simulated ? open : absent;
}

export function canSwitch({ scene: { clusters } }: Situation): Gate {
  return clusters.length > 1 ? open : closed('there is only one cluster');
}
