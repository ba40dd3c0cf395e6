import { useMemo } from 'react';
import { situationOf } from '../desk.js';
import type { Situation } from '../keys/situation.js';
import { routeOf, type Route } from '../state/ui-state.js';
import { stackAt } from '../scene.js';
import type { World } from '../../engine/watch/world.js';
import { useDesk } from './use-desk.js';
import { useNow } from './use-now.js';
import { useQuestion } from './use-question.js';
import { useSize } from './use-size.js';
import { useUi } from './use-ui.js';
import { useWorld } from './use-world.js';

/** All that the screen in front is drawn from; another only when something of that is another. */
export function useSituation(): Situation {
  const desk = useDesk();
  const ui = useUi((state) => state);
  const now = useNow();
  const size = useSize();
  const question = useQuestion();
  const world = useWorld((all) => partsFor(routeOf(ui), all));
  return useMemo(
    () => situationOf({ ...desk.scene(), world, ui, now, size }, question),
    [desk, world, ui, now, size, question],
  );
}

/** The parts of the world that the screen in front shows. */
function partsFor(route: Route, world: World): readonly unknown[] {
  const always = [world.cluster, world.complete, world.stacks, world.hostsView, world.problems];
  switch (route.kind) {
    case 'place':
      if (route.place === 'events') return [...always, world.events];
      if (route.place === 'log') return [...always, world.log];
      if (route.place === 'overview') return [...always, world.running, world.hosts];
      return [
        world.cluster,
        world.complete,
        world.problems,
        world.paused,
        stackAt(world, route.place),
      ];
    case 'row':
    case 'problem':
    case 'evidence':
    case 'commands':
      return [...always, world.history, world.events];
    case 'help':
    case 'case':
    case 'review':
    case 'run':
    case 'runs':
      return [world.cluster, world.readOnly];
    case 'wizards':
    case 'form':
      return [world.cluster, world.readOnly, world.hosts];
  }
}
