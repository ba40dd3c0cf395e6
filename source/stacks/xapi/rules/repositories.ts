import type { Finding } from '../../../core/finding.js';
import { listed } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import { groupBy } from '../../../core/group.js';
import { srNode } from '../nodes.js';
import { listEvidence, type PoolPicture, type Repository } from '../view.js';
import { harm, oursOf } from './context.js';

/** A repository is told from here on, and is as good as full from there on. */
const NEARLY = 0.9;
const FULL = 0.99;

/** Media and hardware lists are always full. */
const NEVER_FULL = new Set(['iso', 'udev']);

/** What is wrong with repositories themselves. */
export function repositoryFindings(pool: PoolPicture): readonly Finding[] {
  return pool.repositories.flatMap((repository) => full(pool, repository));
}

/** How full a repository is, 0 to 1; undefined: it has no size, or it is not known. */
export function shareOf({ sr }: Pick<Repository, 'sr'>): number | undefined {
  if (sr.size === undefined || sr.used === undefined || NEVER_FULL.has(sr.type)) return undefined;
  return sr.used / sr.size;
}

function full(pool: PoolPicture, repository: Repository): readonly Finding[] {
  const share = shareOf(repository);
  if (share === undefined || share < NEARLY) return [];
  const { sr, label, plugs } = repository;
  const { size = 0, used = 0 } = sr;
  return [
    {
      code: share >= FULL ? 'XAPI_SR_FULL' : 'XAPI_SR_NEARLY_FULL',
      severity: share >= FULL ? 'alert' : 'warning',
      title: share >= FULL ? 'repository full' : 'repository nearly full',
      subject: label,
      hosts: oursOf(plugs),
      says: `${label} is ${percent(share)} full: ${bytes(used)} of ${bytes(size)}.`,
      means: `At full every write of a growing disk fails, and snapshots cannot be joined any more.${harm(repository)}`,
      todo: 'Delete snapshots, move disks elsewhere, or make what lies beneath larger.',
      evidence: listEvidence(pool.storage, 'srs', sr.lines),
      remedies: [],
      about: [srNode(sr.uuid)],
    },
  ];
}

/** A repository that two pools have attached at a time: both write, and neither knows. */
export function sharedByPools(pools: readonly PoolPicture[]): readonly Finding[] {
  const all = pools.flatMap((pool) =>
    pool.repositories
      .filter(({ sr, plugs }) => sr.type !== 'iso' && plugs.some(({ pbd }) => pbd.attached))
      .map((repository) => ({ pool, repository })),
  );
  const twice = [...groupBy(all, ({ repository }) => repository.sr.uuid).values()];
  return twice.flatMap((uses): Finding[] => {
    const [first] = uses;
    if (!first || uses.length < 2) return [];
    const { sr, label } = first.repository;
    return [
      {
        code: 'XAPI_SR_IN_TWO_POOLS',
        severity: 'alert',
        title: 'repository in two pools',
        subject: label,
        hosts: uses.flatMap(({ repository }) => oursOf(repository.plugs)),
        says: `${label} is attached in the pools ${listed(uses.map(({ pool }) => pool.name))} at a time.`,
        means:
          'Each pool takes itself for the only one: both may open one disk, and garbage collection of the one deletes disks of the other.',
        todo: 'Unplug and forget it in one of them (`xe pbd-unplug`, `xe sr-forget`), never `sr-destroy`.',
        evidence: uses.flatMap(({ pool, repository }) =>
          listEvidence(pool.storage, 'srs', repository.sr.lines),
        ),
        remedies: [],
        about: [srNode(sr.uuid)],
        ownCause: true,
      },
    ];
  });
}
