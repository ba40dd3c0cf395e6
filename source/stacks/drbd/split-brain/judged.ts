import type { HostName } from '../../../core/host.js';
import type { Verdict } from '../verdict.js';
import type { End, Pair, Resource } from '../view.js';

/** What the trouble is. */
export type Judged =
  | {
      readonly kind: 'split';
      readonly resource: Resource;
      readonly pair: Pair;
      readonly verdict: Verdict;
      readonly ends: readonly [End, End];
    }
  /** DRBD 9: the same among three nodes and more. */
  | {
      readonly kind: 'split of several';
      readonly resource: Resource;
      readonly choices: readonly Choice[];
    }
  | NearMiss;

/** Something else, or a split brain that cannot be mended here: told and left alone. */
export interface NearMiss {
  readonly kind: 'near miss';
  readonly verdict: string;
  readonly happened: string;
  readonly todo: string;
  readonly resource?: Resource;
}

/** A way to end a split brain among several: whose data everybody has afterwards. */
export interface Choice {
  /** The host that the others take it from. */
  readonly survivor: HostName;
  /** Those that have the same data, and lose nothing. */
  readonly alike: readonly HostName[];
  /** Those that have older data of the same history, and lose nothing. */
  readonly behind: readonly HostName[];
  /** Those that went their own way, each with its end towards the survivor, and the survivor's. */
  readonly victims: readonly { readonly own: End; readonly survivors: End }[];
}

/** Makes the trouble that is told and left alone. */
export type Miss = (verdict: string, happened: string, todo: string) => NearMiss;
