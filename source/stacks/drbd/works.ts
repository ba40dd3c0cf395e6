import { volumeName, type End, type Leg, type Resource } from './view.js';

/** A resync or a verify, as both its ends tell it. */
export interface Work {
  readonly kind: 'resync' | 'verify';
  readonly state: 'starting' | 'running' | 'paused';
  /** `r0`, `r0/1`, or with the pair where a resource has several connections. */
  readonly subject: string;
  /** The volume alone: `r0`, `r0/1`. */
  readonly name: string;
  readonly source: string;
  /** Undefined while it is not known which way it goes. */
  readonly target: string | undefined;
  readonly ends: readonly End[];
  /** 0 to 1. */
  readonly share: number | undefined;
  readonly kibPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  readonly outOfSyncKiB: number | undefined;
  readonly stalled: boolean;
  readonly pausedBy: readonly string[];
}

const BUSY: ReadonlySet<Leg['activity']> = new Set(['starting', 'syncing', 'verifying', 'paused']);

/** Everything that is being copied or compared; stale sides are not heard. */
export function worksOf(resource: Resource): readonly Work[] {
  return resource.pairs.flatMap(({ ends }) => {
    const heard = ends.filter(({ replica }) => !replica.stale);
    const volumes = new Set(heard.flatMap(({ link }) => link.volumes.map(({ volume }) => volume)));
    return [...volumes].flatMap((volume) => {
      const told = heard.flatMap((end) =>
        end.link.volumes
          .filter((leg) => leg.volume === volume && BUSY.has(leg.activity))
          .map((leg) => ({ end, leg })),
      );
      const works = toWork(resource, volume, told);
      return works ? [works] : [];
    });
  });
}

interface Told {
  readonly end: End;
  readonly leg: Leg;
}

function toWork(resource: Resource, volume: number, told: readonly Told[]): Work | undefined {
  // The target knows best: it sets the pace, and its numbers come from its own disk.
  const best =
    told.find(({ leg }) => leg.word.endsWith('T') || leg.word === 'SyncTarget') ?? told[0];
  if (!best) return undefined;
  const { end, leg } = best;
  const towardsUs = /(?:T|Target)$/.test(leg.word);
  const known = /(?:[ST]|Source|Target)$/.test(leg.word);
  const name = volumeName(resource, volume);
  const progress = leg.progress;
  const several = resource.pairs.length > 1;
  const source = towardsUs ? end.link.peer : end.link.host;
  const target = towardsUs ? end.link.host : end.link.peer;
  return {
    kind: leg.activity === 'verifying' ? 'verify' : 'resync',
    state:
      leg.activity === 'paused' ? 'paused' : leg.activity === 'starting' ? 'starting' : 'running',
    name,
    subject: several ? `${name} ${source}–${target}` : name,
    source,
    target: known ? target : undefined,
    ends: told.map((one) => one.end),
    share: progress?.percent == null ? undefined : progress.percent / 100,
    kibPerSecond: progress?.kibPerSecond ?? undefined,
    secondsLeft: progress?.secondsLeft ?? undefined,
    outOfSyncKiB: leg.outOfSyncKiB ?? undefined,
    stalled: told.some((one) => one.leg.progress?.stalled === true),
    pausedBy: [...new Set(told.flatMap((one) => one.leg.pausedBy.filter((by) => by !== 'peer')))],
  };
}

/** The hosts whose copy is being made good, by whatever peer. */
export function mendedHosts(resource: Resource): ReadonlySet<string> {
  const copied = worksOf(resource).filter(
    ({ kind, state }) => kind === 'resync' && state !== 'paused',
  );
  return new Set(copied.flatMap(({ target }) => target ?? []));
}
