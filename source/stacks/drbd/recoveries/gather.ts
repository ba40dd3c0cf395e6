import type { HostName, Millis, Reader } from '../../../core/host.js';
import type { Case, Recovery } from '../../../core/recovery.js';
import { standingBlocks } from './blocks.js';
import { lookAround, type Several, type Standing } from './look.js';
import { missCase, type Miss } from './miss.js';

/** What a recovery of one resource does with what all hosts say of it. */
export interface Judging<J extends { readonly ok: true }> {
  readonly clock: () => Millis;
  readonly several: Several;
  readonly judge: (standing: Standing) => J | Miss;
  readonly caseOf: (standing: Standing, judged: J) => Case | Promise<Case>;
}

/** Looks at a resource on all hosts and judges it; what it is not is told with the evidence. */
export function gathering<J extends { readonly ok: true }>({
  clock,
  several,
  judge,
  caseOf,
}: Judging<J>): Recovery['gather'] {
  return async (subject: string, hosts: ReadonlyMap<HostName, Reader>): Promise<Case> => {
    const looked = await lookAround(subject, hosts, clock, several);
    if (!looked.ok) return missCase(looked);
    const { standing } = looked;
    const judged = judge(standing);
    return judged.ok ? caseOf(standing, judged) : missCase(judged, standingBlocks(standing));
  };
}
