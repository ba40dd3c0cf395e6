import { useStore } from 'zustand';
import type { UiState } from '../state/ui-state.js';
import { useDesk } from './use-desk.js';

/** A part of what the user did. */
export function useUi<T>(part: (ui: UiState) => T): T {
  return useStore(useDesk().ui, part);
}
