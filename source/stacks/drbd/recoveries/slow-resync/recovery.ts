import type { HostName, Millis, Reader } from '../../../../core/host.js';
import type { Block } from '../../../../core/pane.js';
import type { Case, Recovery, WayOut } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import { bytes, duration, percent, rate } from '../../../../core/units.js';
import { hasFixedRate, HIGHEST_RATE, kibOf, RATES } from '../../read/rates.js';
import type { Pair } from '../../view.js';
import { worksOf, type Work } from '../../works.js';
import { leftAlone, lookAtPair, sidesBlock, type TwoSides } from '../find-pair.js';
import { ceiling, limitsOf, type Limit } from './limits.js';
import { lookAtPace, type PacedSide } from './look.js';
import { planRates, planResume, type NewRate } from './plan.js';

/** A resync that is paused, stalled or slow. */
export function slowResyncRecovery(clock: () => Millis): Recovery {
  return {
    id: 'drbd.slow-resync',
    title: 'Look after a DRBD resync that is paused or slow',
    says: 'Says what holds it back, lets it go on where it is paused, and changes its rates until it ends.',
    gather: (subject, hosts) => gather(subject, hosts, clock),
  };
}

function isCopying({ ends }: Pair): boolean {
  return ends.some(({ link }) =>
    link.volumes.some(({ activity }) => ['starting', 'syncing', 'paused'].includes(activity)),
  );
}

async function gather(
  subject: string,
  hosts: ReadonlyMap<HostName, Reader>,
  clock: () => Millis,
): Promise<Case> {
  const looked = await lookAtPair(subject, hosts, clock, isCopying);
  if (!looked.ok) return looked.found;
  const { two } = looked;
  const work = worksOf({ ...two.resource, pairs: [two.pair] }).find(
    ({ kind }) => kind === 'resync',
  );
  const index = two.sides.findIndex(({ host, end }) =>
    [host, end.link.host].includes(work?.target ?? ''),
  );
  if (!work || index < 0) {
    const words = two.ends.map(({ link }) => `${link.host} ${link.connection}`).join(', ');
    const happened = `No resync of ${two.resource.name} runs: ${words}.`;
    const todo = 'There is nothing to hurry.';
    return leftAlone({ verdict: 'no resync', happened, todo }, [sidesBlock(two.sides)]);
  }
  const [a, b] = await Promise.all([
    lookAtPace(two.hosts[0], two.sides[0]),
    lookAtPace(two.hosts[1], two.sides[1]),
  ]);
  const [target, source] = index === 0 ? [a, b] : [b, a];
  return judged(two, work, target, source);
}

function judged(two: TwoSides, work: Work, target: PacedSide, source: PacedSide): Case {
  const limits = limitsOf(work, target, source);
  const blocks = blocksOf(two, work, target, source, limits);
  const happened = `${work.name} is copied ${work.source} → ${work.target ?? ''}: ${progress(work)}. ${
    limits.length > 0
      ? `What holds it back: ${listed(limits.map(limitSays), 6)}.`
      : 'Nothing that was looked at holds it back.'
  }`;
  if (limits.some(({ kind }) => kind === 'dependency')) {
    const todo = 'It goes on by itself after that one. Look after that resync instead.';
    return leftAlone({ verdict: 'waits for another resync', happened, todo }, blocks);
  }
  const paused = [target, source].filter(({ side }) =>
    limits.some((limit) => limit.kind === 'paused' && limit.host === side.host),
  );
  const { name } = two.resource;
  const resuming: WayOut = {
    value: 'resume',
    says: clean(`Let it go on (paused on ${listed(paused.map(({ side }) => side.host))}).`),
    loses: [],
    plan: () =>
      planResume(
        name,
        paused.map(({ side }) => side),
        target.side,
      ),
  };
  return {
    verdict: paused.length > 0 ? 'paused' : work.stalled ? 'stalled' : 'running',
    mendable: true,
    happened: clean(happened),
    todo: clean(todoOf(limits, paused.length > 0)),
    blocks,
    choosing: 'what is done',
    ways: paused.length > 0 ? [resuming] : ratesWays(name, target),
    ...(paused.length > 0 && {
      recommended: { value: 'resume', reasons: ['until it ends there is one good copy alone'] },
    }),
  };
}

function progress({
  share,
  outOfSyncKiB,
  kibPerSecond,
  secondsLeft,
  stalled,
  state,
}: Work): string {
  const words = [
    ...(state === 'paused' ? ['paused'] : []),
    ...(stalled ? ['stalled'] : []),
    ...(share === undefined ? [] : [percent(share)]),
    ...(outOfSyncKiB === undefined ? [] : [`${bytes(outOfSyncKiB * 1024)} left`]),
    ...(kibPerSecond === undefined ? [] : [rate(kibPerSecond * 1024)]),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
  ];
  return words.length > 0 ? words.join(', ') : 'it is not known how far it is';
}

function limitSays(limit: Limit): string {
  switch (limit.kind) {
    case 'paused':
      return `somebody paused it on ${limit.host}`;
    case 'dependency':
      return `it waits for ${limit.after ?? 'another resource'} (resync-after)`;
    case 'rate':
      return limit.option === 'c-min-rate'
        ? `what is written by others comes first, and leaves it ${rate(limit.kib * 1024)} (c-min-rate)`
        : `${limit.option} allows ${rate(limit.kib * 1024)}`;
    case 'disk':
      return `${limit.path} on ${limit.host} is busy ${percent(limit.share)} of the time`;
    case 'network':
      return `${limit.card} on ${limit.host} is full (${percent(limit.share)})`;
  }
}

function todoOf(limits: readonly Limit[], isPaused: boolean): string {
  if (isPaused) return 'Let it go on, unless whoever paused it still has a reason.';
  if (limits.some(({ kind }) => kind === 'disk' || kind === 'network')) {
    return 'A higher rate does not help where a disk or the network is full, and takes from those who work. A lower one gives them room.';
  }
  return limits.some(({ kind }) => kind === 'rate')
    ? 'A higher rate helps; those who work on the same disks and network get less.'
    : 'Look at the kernel logs of both sides for errors of disks and network before changing a rate.';
}

const FASTER = 4;

/** Other rates for this session; a number that would not change anything is not offered. */
function ratesWays(resource: string, { side, settings }: PacedSide): readonly WayOut[] {
  if (!settings) return [];
  const { option, kib } = ceiling(settings);
  const least = kibOf(settings, 'c-min-rate');
  const way = (value: string, says: string, rates: readonly NewRate[]): readonly WayOut[] => {
    const news = rates.filter((one) => one.kib !== one.before);
    if (news.length === 0) return [];
    return [{ value, says: clean(says), loses: [], plan: () => planRates(resource, side, news) }];
  };
  const capped = (n: number) => Math.min(HIGHEST_RATE, Math.max(250, Math.round(n)));
  const to = (n: number): NewRate => ({ option, kib: capped(n), before: kib });
  const floor = (n: number): NewRate => ({ option: 'c-min-rate', kib: capped(n), before: least });
  return [
    ...way('faster', `Up to ${rate(to(kib * FASTER).kib * 1024)} until it ends.`, [
      to(kib * FASTER),
    ]),
    ...way('full', 'As fast as disks and network give, before those who work, until it ends.', [
      to(HIGHEST_RATE),
      floor(HIGHEST_RATE),
    ]),
    ...way('slower', `No more than ${rate(to(kib / FASTER).kib * 1024)} until it ends.`, [
      to(kib / FASTER),
    ]),
  ];
}

function blocksOf(
  two: TwoSides,
  work: Work,
  target: PacedSide,
  source: PacedSide,
  limits: readonly Limit[],
): readonly Block[] {
  const both = two.sides.map(({ host }) => (host === target.side.host ? target : source));
  const values = (of: (one: PacedSide) => string): readonly [string, string] => {
    const [x, y] = both.map(of);
    return [x ?? '', y ?? ''];
  };
  const kernel = (key: string) =>
    values(({ settings }) => (settings ? (settings.get(`disk/${key}`) ?? 'default') : 'not known'));
  const rates = RATES.map((option) => ({
    label: option,
    values: values(({ settings }) =>
      settings ? rate(kibOf(settings, option) * 1024) : 'not known',
    ),
  }));
  return [
    sidesBlock(two.sides, [
      ...rates,
      {
        label: 'how it is paced',
        values: values(({ settings }) =>
          !settings
            ? 'not known'
            : hasFixedRate(settings)
              ? 'fixed: resync-rate'
              : 'by DRBD, up to c-max-rate',
        ),
      },
      { label: 'c-plan-ahead', values: kernel('c-plan-ahead') },
      { label: 'resync-after', values: kernel('resync-after') },
      {
        label: 'disk busy',
        values: values(({ busy }) =>
          [...busy.disks].map(([path, share]) => `${path} ${percent(share)}`).join(', '),
        ),
      },
      {
        label: 'network',
        values: values(({ busy: { net } }) =>
          net
            ? `${net.card} ${rate(net.bytesPerSecond)}${net.speed === undefined ? '' : ` of ${rate(net.speed)}`}`
            : 'not known',
        ),
      },
    ]),
    {
      kind: 'facts',
      rows: [
        { label: 'how far', value: { text: clean(progress(work)) } },
        ...limits.map((limit) => ({
          label: 'held back',
          value: { text: clean(limitSays(limit)), tone: 'warning' as const },
        })),
      ],
    },
  ];
}
