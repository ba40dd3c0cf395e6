import type { Machine } from './state.js';

const told = new WeakMap<Machine, Map<string, string>>();

/** What somebody answered to the questions of packages, by the question. */
export function answersOn(machine: Machine): Map<string, string> {
  const answers = told.get(machine) ?? new Map<string, string>();
  told.set(machine, answers);
  return answers;
}
