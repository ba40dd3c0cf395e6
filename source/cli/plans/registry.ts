import { registryOf, type Registry } from '../../core/registry.js';
import type { Context } from '../context.js';
import { usage } from '../exit.js';
import { didYouMean } from '../near.js';

/** The step kinds, wizards and recoveries of all storage systems. */
export async function loadRegistry(context: Context): Promise<Registry> {
  const { generalSteps } = await import('../../steps/index.js');
  return registryOf(await context.parts.stacks(), generalSteps);
}

/** The thing of this id. Throws a `Stop` that says which there are. */
export function findById<T extends { readonly id: string }>(
  what: string,
  id: string,
  things: readonly T[],
  list: string,
): T {
  const found = things.find((thing) => thing.id === id);
  if (found) return found;
  const ids = things.map((thing) => thing.id);
  throw usage(
    `There is no ${what} ${JSON.stringify(id)}.`,
    ...didYouMean(id, ids),
    `\`${list}\` shows them all.`,
  );
}
