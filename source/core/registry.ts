import type { Recovery } from './recovery.js';
import type { Stack } from './stack.js';
import { StepKinds, type AnyStepKind } from './step.js';
import type { Wizard } from './wizard.js';

/** Everything that can change a host, of all storage systems together. */
export interface Registry {
  readonly kinds: StepKinds;
  readonly wizards: readonly Wizard[];
  readonly recoveries: readonly Recovery[];
}

/**
 * Collects the step kinds, wizards and recoveries of the stacks.
 *
 * @param general the kinds of step that belong to no stack
 * @throws Error when two of them have one id: a plan names its parts by id, so that would be a
 *   mistake of the program that must not go unseen
 */
export function registryOf(stacks: readonly Stack[], general: readonly AnyStepKind[]): Registry {
  const kinds = [...general, ...stacks.flatMap((stack) => stack.steps ?? [])];
  const wizards = stacks.flatMap((stack) => stack.wizards ?? []);
  const recoveries = stacks.flatMap((stack) => stack.recoveries ?? []);
  unique('step kinds', kinds);
  unique('wizards and recoveries', [...wizards, ...recoveries]);
  return { kinds: new StepKinds(kinds), wizards, recoveries };
}

function unique(what: string, things: readonly { readonly id: string }[]): void {
  const seen = new Set<string>();
  for (const { id } of things) {
    if (seen.has(id)) throw new Error(`two ${what} are called ${id}`);
    seen.add(id);
  }
}
