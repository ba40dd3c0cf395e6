import { useRef } from 'react';
import { useStore } from 'zustand';
import { shallow } from 'zustand/shallow';
import type { World } from '../../engine/watch/world.js';
import { useDesk } from './use-desk.js';

/**
 * The world, as it was when one of these parts changed last: the component is drawn again only
 * then. Parts that did not change keep their identity from round to round.
 */
export function useWorld(parts: (world: World) => readonly unknown[]): World {
  const desk = useDesk();
  const watch = useStore(desk.watching, (state) => state.watch);
  const drawn = useRef<World | undefined>(undefined);
  return useStore(watch.store, (world) => {
    const before = drawn.current;
    if (before && shallow(parts(before), parts(world))) return before;
    drawn.current = world;
    return world;
  });
}
