import type { Json } from '../../core/json.js';

/** A step without its place in a plan. */
export interface Making {
  readonly kind: string;
  readonly params: Json;
}

/** A part of a change of a host's network, or why it cannot be. */
export type Part =
  | { readonly steps: readonly Making[]; readonly warnings: readonly string[] }
  | { readonly refused: string };

/** There is nothing to do. */
export const NOTHING: Part = { steps: [], warnings: [] };

/** A file as it is to be; nothing where it is so already. */
export function fileEdit(
  texts: ReadonlyMap<string, string>,
  path: string,
  after: string,
  more: {
    readonly mode?: string;
    readonly checker?: readonly string[];
    readonly afterUndo?: readonly string[];
  } = {},
): readonly Making[] {
  const before = texts.get(path) ?? null;
  if (before === after) return [];
  const { mode, checker, afterUndo } = more;
  return [
    {
      kind: 'file.edit',
      params: {
        path,
        before,
        after,
        ...(mode !== undefined && { mode }),
        ...(checker && { checker: [...checker] }),
        ...(afterUndo && { afterUndo: [...afterUndo] }),
      },
    },
  ];
}
