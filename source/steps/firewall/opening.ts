import type { Json } from '../../core/json.js';
import type { Basis } from '../../core/plan.js';
import { wantedWords, type Wanted } from './wanted.js';

/** What opens ports on one host. */
export interface Opening {
  /** In the order in which they are done: what runs first and under guard, then what outlives a boot. */
  readonly steps: readonly { readonly kind: string; readonly params: Json }[];
  /** The running rules that the steps were made for. */
  readonly basis: readonly Omit<Basis, 'host'>[];
  readonly warnings: readonly string[];
  /** Why they cannot be opened here. */
  readonly refused?: string;
}

/** Nothing is to be done. */
export const NOTHING: Opening = { steps: [], basis: [], warnings: [] };

/** A step that opens ports in what runs: under guard, and taken out again by undo. */
export function guarded(
  wanted: readonly Wanted[],
  on: string,
  commands: readonly { readonly argv: readonly string[]; readonly input?: string }[],
  there: readonly string[],
  out: readonly string[],
): Opening['steps'][number] {
  const params = {
    title: `open ${wantedWords(wanted)}`,
    on,
    commands: commands.map(({ argv, input }) => ({
      argv: [...argv],
      ...(input !== undefined && { input }),
    })),
    shows: { argv: [...there], expect: 'open' },
    undo: { says: `close ${wantedWords(wanted)} again`, argv: [...out] },
  };
  return { kind: 'host.guarded-change', params };
}
