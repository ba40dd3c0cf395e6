import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { World } from '../../engine/world.js';
import { useDesk } from './use-desk.js';

/**
 * Parts of the world, as an array. The component is drawn again only when one of them is another:
 * parts that did not change keep their identity from round to round.
 */
export function useWorld<T>(parts: (world: World) => readonly T[]): readonly T[] {
  const desk = useDesk();
  const watch = useStore(desk.watching, (state) => state.watch);
  return useStore(watch.store, useShallow(parts));
}
