import { listed } from '../../../core/text.js';
import { compareGenerations, type Relation } from '../generations.js';
import { verdictOf, type Verdict } from '../verdict.js';
import type { End, Pair, Resource } from '../view.js';
import type { Judged, Miss } from './judged.js';

/** Judges one connection of which both ends were read. */
export function judgePair(
  resource: Resource,
  pair: Pair,
  ends: readonly [End, End],
  miss: Miss,
): Judged {
  const verdict = verdictOf(pair);
  const states = ends.map(({ link }) => link.state);
  const words = ends.map(({ link }) => `${link.host} ${link.connection}`).join(', ');
  if (ends.some(({ replica }) => replica.stale)) {
    return miss('not known', `What is known of ${resource.name} is old.`, 'Ask again.');
  }
  if (states.every((state) => state === 'in touch')) return inTouch(resource, ends, words, miss);
  if (verdict.refused !== undefined) return refused(resource, words, verdict, miss);
  const unread = unreadEnds(ends);
  if (unread.length > 0) {
    return miss(
      verdict.split ? 'split brain, data not compared' : 'not known',
      `${words}. ${verdict.split ? 'The kernel log tells of a split brain, but the' : 'The'} data generation of ${listed(unread)} could not be read.`,
      `Nothing is proposed without it: look why \`drbdadm get-gi ${resource.name}\` fails there (a disk that is detached, no rights).`,
    );
  }
  const others = relationsOf(ends).filter(({ relation }) => !['split', 'same'].includes(relation));
  if (verdict.relation === 'split' && others.length > 0) {
    return miss(
      'split brain of some volumes',
      `${words}. Volume ${listed(others.map(({ volume }) => String(volume)))} of ${resource.name} is not split, but ahead, behind or unrelated.`,
      'The volumes would be copied in different directions. Look at each volume by hand before anything is discarded.',
    );
  }
  if (verdict.relation !== 'split') return apart(resource, ends, words, verdict, miss);
  if (!states.includes('standalone') || states.includes('in touch')) {
    return miss(
      'split, and still apart',
      `Both sides have data of their own, but they have not met yet: ${words}.`,
      'Mend the network between them first. When they meet, DRBD solves it by its own rules or both stand alone; then come back here.',
    );
  }
  if (!states.every((state) => state === 'standalone' || state === 'waiting')) {
    return miss('changing', `The connection is changing: ${words}.`, 'Ask again in a moment.');
  }
  return { kind: 'split', resource, pair, verdict, ends };
}

function unreadEnds(ends: readonly [End, End]): readonly string[] {
  return ends
    .filter(({ link }) => {
      return link.volumes.length === 0 || link.volumes.some(({ generations }) => !generations);
    })
    .map(({ link }) => link.host);
}

function relationsOf([a, b]: readonly [End, End]): readonly {
  readonly volume: number;
  readonly relation: Relation;
}[] {
  const volumes = new Set([...a.link.volumes, ...b.link.volumes].map(({ volume }) => volume));
  return [...volumes].map((volume) => {
    const [x, y] = [a, b].map(
      ({ link }) => link.volumes.find((leg) => leg.volume === volume)?.generations,
    );
    return { volume, relation: x && y ? compareGenerations(x, y) : 'unrelated' };
  });
}

function inTouch(resource: Resource, ends: readonly [End, End], words: string, miss: Miss): Judged {
  const legs = ends.flatMap(({ link }) => link.volumes);
  if (
    legs.every(({ activity, localDisk }) => activity === 'replicating' && localDisk === 'UpToDate')
  ) {
    return miss(
      'healed',
      `${resource.name} is connected and UpToDate on both sides.`,
      'There is nothing to mend.',
    );
  }
  if (legs.some(({ activity }) => ['syncing', 'starting', 'paused', 'queued'].includes(activity))) {
    return miss(
      'resync under way',
      `The sides of ${resource.name} are connected, and one is being brought up to date: ${words}.`,
      'Let it finish. While it runs, the side that is being written is not consistent.',
    );
  }
  return miss(
    'connected',
    `The sides of ${resource.name} are connected: ${words}.`,
    'This is no split brain; look at the resource’s other problems.',
  );
}

/** The driver's own words for a peer that it will not have. */
function refused(resource: Resource, words: string, verdict: Verdict, miss: Miss): Judged {
  const said = verdict.refused ?? '';
  const kind = said.includes('uthentication')
    ? 'secrets differ'
    : said.includes('Unrelated')
      ? 'unrelated data'
      : /dialects|protocol/i.test(said) && !said.includes('settings')
        ? 'protocols do not fit'
        : 'settings differ';
  const also =
    verdict.relation === 'split'
      ? ' Besides, both sides have data of their own: when the settings agree, it shows as a split brain.'
      : '';
  return miss(
    kind,
    `${words}. DRBD refused the peer: ${said}.${also}`,
    kind === 'unrelated data'
      ? 'One side was made anew, or points at the wrong disk. Find out which before connecting them.'
      : `Nothing is to be discarded. Make \`/etc/drbd.d/${resource.name}.res\` the same on both sides, then \`drbdadm adjust ${resource.name}\` on both.`,
  );
}

function apart(
  resource: Resource,
  ends: readonly [End, End],
  words: string,
  { relation }: Verdict,
  miss: Miss,
): Judged {
  const [a, b] = ends.map(({ link }) => link.host);
  const connect = `Nothing is to be discarded: \`drbdadm connect ${resource.name}\` where it stands alone. If it parts again, the kernel log says why.`;
  switch (relation) {
    case 'same':
      return miss('no split brain', `${words}. Both sides have the same data.`, connect);
    case 'ahead':
    case 'behind': {
      const whole = (relation === 'ahead' ? a : b) ?? '';
      return miss(
        'no split brain',
        `${words}. ${whole} has all the data; the other side would be brought up to date.`,
        connect,
      );
    }
    case 'unrelated':
    case 'split':
    case undefined:
      return miss(
        'unrelated data',
        `${words}. The data of the two sides has nothing in common that is known.`,
        'One side was made anew, or points at the wrong disk. Find out which before connecting them.',
      );
  }
}
