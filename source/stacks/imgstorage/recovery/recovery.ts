import type { HostName, Millis, Reader } from '../../../core/host.js';
import type { Case, Recovery } from '../../../core/recovery.js';
import { clean, listed } from '../../../core/text.js';
import { picture } from '../view.js';
import { blocksOf } from './blocks.js';
import { imageOf, lookAtAll, lookCloser, type Situation } from './look.js';
import { troubleOf } from './trouble/index.js';
import { waysOf } from './ways.js';

/** The guide out of a stuck storage map, with the clock by which it names what it keeps. */
export function stuckMapRecovery(clock: () => Millis): Recovery {
  return {
    id: 'imgstorage.stuck',
    title: 'Free a stuck storage map',
    says: 'Lays the chain of an image open from its row to its volumes, saves what only the container has, and unmaps it step by step.',
    gather: (subject, hosts) => gather(subject, hosts, clock),
  };
}

async function gather(
  subject: string,
  hosts: ReadonlyMap<HostName, Reader>,
  clock: () => Millis,
): Promise<Case> {
  const now = await lookAtAll(hosts, clock);
  const all = picture(now);
  const image = imageOf(all, subject);
  if (image) return caseOf(await lookCloser(image, now, hosts, clock()));
  const named = all.images.filter(({ zvol }) => zvol === subject);
  return {
    verdict: named.length > 0 ? 'more than one' : 'not found',
    mendable: false,
    happened:
      named.length > 0
        ? clean(`${subject} is on ${listed(named.map(({ nas }) => nas.name))}.`)
        : clean(`No NAS and no container that answers has anything of ${subject}.`),
    todo: 'Name it as `status` shows it: NAS:IMAGE.',
    blocks: [],
    ways: [],
  };
}

/** What was found, what it means, and the ways out of it. */
export function caseOf(found: Situation): Case {
  const trouble = troubleOf(found);
  const ways = waysOf(found, trouble);
  const { verdict, mendable, happened, todo } = trouble;
  const recommended = mendable ? advise(found, ways) : undefined;
  return {
    verdict: clean(verdict),
    mendable,
    happened: clean(happened),
    todo: clean(todo),
    blocks: blocksOf(found),
    ways,
    choosing: 'what becomes of the container’s data',
    ...(recommended && { recommended }),
  };
}

/** The first way is the safest; one that loses anything is never recommended. */
function advise(found: Situation, [first]: Case['ways']): Case['recommended'] {
  if (!first || first.loses.length > 0 || !first.plan({ keepCopy: false }).ok) return undefined;
  return { value: first.value, reasons: [found.newest.says] };
}
