import { listed } from '../../../../core/text.js';
import { meetingOf, meetingOfDown, type Meeting } from '../down-side.js';
import type { AwayPlace, DownPlace, Standing, UpPlace } from '../look.js';
import { missed, type Miss } from '../miss.js';

/** What became of the peer. */
export type Judged =
  /** Its host answers and the resource is down there; or it is down on both. */
  | {
      readonly ok: true;
      readonly kind: 'down';
      readonly living: UpPlace | undefined;
      readonly down: readonly DownPlace[];
      /** It has no metadata: a new disk, or a new node of the old name. */
      readonly isNew: boolean;
    }
  /** Its host does not answer, or nobody here knows it. */
  | {
      readonly ok: true;
      readonly kind: 'away';
      readonly living: UpPlace;
      readonly away: AwayPlace;
    }
  | Miss;

/** Judges where the peer of a resource is. Pure. */
export function judge({ resource, places }: Standing): Judged {
  const up = places.filter((place) => place.kind === 'up');
  const down = places.filter((place) => place.kind === 'down');
  const away = places.filter((place) => place.kind === 'away');
  const [living, other] = up;
  const miss = (verdict: string, happened: string, todo: string): Miss =>
    missed(verdict, happened, todo, resource);
  if (living?.end.replica.stale) {
    return miss('not known', `What is known of ${resource.name} is old.`, 'Ask again.');
  }
  if (living && other) return bothUp(resource.name, living, other, miss);
  if (!living && (down.length === 0 || away.length > 0)) {
    const hosts = listed(away.map(({ host }) => host));
    return miss(
      'not up, and one side unknown',
      `${resource.name} is up nowhere that could be asked; ${hosts} did not answer.`,
      `Make ${hosts} reachable first: it may have the newest data. Without it, bring the resource up by hand and look at it before making anything Primary.`,
    );
  }
  if (living?.end.link.state === 'standalone') return standsAlone(living, miss);
  const [gone] = away;
  if (living && gone) return { ok: true, kind: 'away', living, away: gone };
  const clash = clashOf(living, down, miss);
  if (clash) return clash;
  const isNew = down.some(({ down: side }) => {
    return side.volumes.length > 0 && side.volumes.every((one) => one.metadata.kind === 'none');
  });
  return { ok: true, kind: 'down', living, down, isNew };
}

type Missing = (verdict: string, happened: string, todo: string) => Miss;

function bothUp(name: string, a: UpPlace, b: UpPlace, miss: Missing): Miss {
  const words = `${a.host} is ${a.side.connection}, ${b.host} ${b.side.connection}`;
  const states = [a, b].map(({ end }) => end.link.state);
  if (states.every((state) => state === 'in touch')) {
    return miss(
      'not lost',
      `The sides of ${name} are connected: ${words}.`,
      'Nobody is lost here.',
    );
  }
  if (states.includes('standalone')) return standsAlone(a, miss, words);
  const paths = [a, b].filter(({ path }) => path.kind === 'silent').map(({ host }) => host);
  return miss(
    'network between them',
    `${name} is up on both, and they do not reach each other: ${words}.`,
    paths.length > 0
      ? `The peer's address does not answer ${listed(paths)}: mend the cluster's network (link, address, switch). DRBD connects by itself then.`
      : `The addresses answer: look whether a firewall keeps the port of ${name} out, and whether both configurations name the same addresses. DRBD connects by itself then.`,
  );
}

function standsAlone({ host, side, end }: UpPlace, miss: Missing, words = ''): Miss {
  return miss(
    'stands alone',
    words === '' ? `${host} is ${side.connection}.` : `${words}.`,
    `It gave up on ${end.link.peer} and does not try again by itself: look at why first (split brain, settings or secrets that differ), then \`drbdadm connect\`.`,
  );
}

/** Both have data of their own: to let them meet is another recovery's, and may discard by itself. */
function clashOf(
  living: UpPlace | undefined,
  [first, second]: readonly DownPlace[],
  miss: Missing,
): Miss | undefined {
  if (!first) return undefined;
  if (living) return clashing(meetingOf(first.down, living.end.link), first, living.host, miss);
  if (!second) return undefined;
  return clashing(meetingOfDown(first.down, second.down), first, second.host, miss);
}

function clashing(
  meeting: Meeting,
  { host }: DownPlace,
  other: string,
  miss: Missing,
): Miss | undefined {
  switch (meeting) {
    case 'split':
      return miss(
        'split brain ahead',
        `${host} is down, and has data of its own that ${other} has not, as ${other} has what ${host} has not.`,
        `When they meet, DRBD refuses, or discards one side where after-sb-* says so: look at those settings, then \`drbdadm up\` on ${host}, and mend the split brain.`,
      );
    case 'unrelated':
      return miss(
        'unrelated data',
        `${host} is down, and its data has nothing in common with that of ${other} that is known.`,
        'One side was made anew, or points at the wrong disk. Find out which before connecting them.',
      );
    case 'same':
    case 'ahead':
    case 'behind':
    case 'fresh':
    case 'not known':
      return undefined;
  }
}
