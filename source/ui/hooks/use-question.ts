import { useStore } from 'zustand';
import type { Pending } from '../../engine/questions.js';
import { useDesk } from './use-desk.js';

/** The question that is shown: the oldest that waits. */
export function useQuestion(): Pending | undefined {
  return useStore(useDesk().options.questions, ({ pending }) => pending[0]);
}
