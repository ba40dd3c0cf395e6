import type { Finding } from '../../core/finding.js';
import type { Now } from '../../core/probe.js';
import { cleaned } from '../../core/clean-finding.js';
import { hookFindings } from './rules/hooks.js';
import { hostFindings } from './rules/hosts.js';
import { plugFindings } from './rules/plugs.js';
import { repositoryFindings, sharedByPools } from './rules/repositories.js';
import { picture, type PoolPicture } from './view.js';

/** What is wrong with pools, their hosts and their storage repositories. */
export function diagnose(now: Now): readonly Finding[] {
  return diagnosePools(picture(now));
}

/** The same for what is joined already. */
export function diagnosePools(pools: readonly PoolPicture[]): readonly Finding[] {
  return [
    ...pools.flatMap((pool) => [
      ...hostFindings(pool),
      ...plugFindings(pool),
      ...hookFindings(pool),
      ...repositoryFindings(pool),
    ]),
    ...sharedByPools(pools),
  ].map(cleaned);
}
