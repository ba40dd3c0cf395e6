import { useStore } from 'zustand';
import type { Size } from '../scene.js';
import { useDesk } from './use-desk.js';

/** The size of the terminal. */
export function useSize(): Size {
  return useStore(useDesk().size);
}
