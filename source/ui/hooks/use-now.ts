import { useStore } from 'zustand';
import type { Millis } from '../../core/host.js';
import { useDesk } from './use-desk.js';

/** The time by which ages are drawn; it moves on once a second. */
export function useNow(): Millis {
  return useStore(useDesk().clock, (clock) => clock.now);
}
