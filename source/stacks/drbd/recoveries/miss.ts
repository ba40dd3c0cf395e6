import type { Case } from '../../../core/recovery.js';
import { clean } from '../../../core/text.js';
import type { Resource } from '../view.js';

/** Something else than what was asked for, or what cannot be mended here: told and left alone. */
export interface Miss {
  readonly ok: false;
  readonly verdict: string;
  readonly happened: string;
  readonly todo: string;
  readonly resource?: Resource;
}

/** Why a trouble is left alone. */
export function missed(verdict: string, happened: string, todo: string, resource?: Resource): Miss {
  return { ok: false, verdict, happened, todo, ...(resource && { resource }) };
}

/** A trouble that is left alone, as it is shown; the evidence, where there is any, beneath it. */
export function missCase({ verdict, happened, todo }: Miss, blocks: Case['blocks'] = []): Case {
  return {
    verdict,
    mendable: false,
    happened: clean(happened),
    todo: clean(todo),
    blocks,
    ways: [],
  };
}
