import type { HostName, Millis, Reader } from '../../../core/host.js';
import type { Case, Recovery, WayOut } from '../../../core/recovery.js';
import { clean, listed } from '../../../core/text.js';
import { clockTime } from '../../../core/units.js';
import { viewOf } from '../assemble.js';
import type { End, Resource } from '../view.js';
import { blocksOf } from './blocks.js';
import { lookAtAll } from './gather.js';
import { judge } from './judge.js';
import type { Judged } from './judged.js';
import { severalCase } from './several/case.js';
import { tellSolved } from './solved.js';
import { losesAnything, losses } from './losses.js';
import { planFor } from './plan.js';
import { advise, amount } from './recommend.js';
import { releaseOf } from './release.js';
import { lookCloser, type Side } from './side.js';
import { splitAlike, wayForAll } from './together.js';

/** The recovery, with the clock by which it tells times and names copies. */
export function splitBrainRecovery(clock: () => Millis): Recovery {
  return {
    id: 'drbd.split-brain',
    title: 'Mend a DRBD split brain',
    says: 'Lays both sides next to each other, says whose data would be lost, and brings them together again.',
    gather: (subject, hosts) => gather(subject, hosts, clock),
  };
}

async function gather(
  subject: string,
  hosts: ReadonlyMap<HostName, Reader>,
  clock: () => Millis,
): Promise<Case> {
  const now = await lookAtAll(hosts, clock);
  const view = viewOf(now);
  const judged = judge(view, subject);
  if (judged.kind === 'near miss') return withStory(judged, hosts, clock());
  if (judged.kind === 'split of several') return severalCase(judged, hosts, clock());
  const [a, b] = judged.ends;
  const named = (end: End) => [...hosts.values()].find(({ name }) => name === end.replica.host);
  const [hostA, hostB] = [named(a), named(b)];
  if (!hostA || !hostB) {
    const happened = 'A side belongs to a host that was not asked.';
    return nearMiss({ kind: 'near miss', verdict: 'not known', happened, todo: 'Ask again.' });
  }
  const sides = await Promise.all([lookCloser(a, hostA), lookCloser(b, hostB)]);
  const own = { name: judged.resource.name, sides };
  const others = await splitAlike(view, own, hosts);
  const found = splitCase(judged, sides, clock());
  if (others.length === 0) return found;
  const all = [own, ...others];
  const names = listed(
    others.map(({ name }) => name),
    12,
  );
  return {
    ...found,
    happened: clean(
      `${found.happened} Between the same hosts ${names} ${others.length === 1 ? 'is' : 'are'} split as well.`,
    ),
    ways: [...found.ways, ...sides.map(({ host }) => wayForAll(all, host, clock()))],
  };
}

/** A split brain that is over: what was discarded is told, since nobody may have noticed. */
async function withStory(
  judged: Extract<Judged, { kind: 'near miss' }>,
  hosts: ReadonlyMap<HostName, Reader>,
  at: Millis,
): Promise<Case> {
  const found = nearMiss(judged);
  const isOver = judged.verdict === 'healed' || judged.verdict === 'resync under way';
  if (!isOver || !judged.resource) return found;
  const ends = judged.resource.pairs.flatMap((pair) => pair.ends);
  const told = await tellSolved(ends, hosts, at);
  if (told.length === 0) return found;
  return {
    ...found,
    happened: clean([judged.happened, ...told].join(' ')),
    todo: clean(
      `${judged.todo} What was discarded is on no DRBD disk any more: a backup or a snapshot of that time may have it.`,
    ),
  };
}

function nearMiss({
  verdict,
  happened,
  todo,
  resource,
}: Extract<Judged, { kind: 'near miss' }>): Case {
  return {
    verdict,
    mendable: false,
    happened: clean(happened),
    todo: clean(todo),
    blocks: resource ? stateBlock(resource) : [],
    ways: [],
  };
}

function stateBlock({ pairs }: Resource): Case['blocks'] {
  const ends = pairs.flatMap((pair) => pair.ends);
  if (ends.length === 0) return [];
  const row = (label: string, values: readonly string[]) => ({
    label,
    values: values.map((text) => ({ text: clean(text) })),
  });
  return [
    {
      kind: 'sides',
      sides: ends.map(({ link }) => clean(link.host)),
      rows: [
        row(
          'role',
          ends.map(({ replica }) => replica.role),
        ),
        row(
          'connection',
          ends.map(({ link }) => link.connection),
        ),
        row(
          'disk',
          ends.map(({ replica }) => replica.volumes.map(({ disk }) => disk).join(', ')),
        ),
      ],
    },
  ];
}

function splitCase(
  judged: Extract<Judged, { kind: 'split' }>,
  [a, b]: readonly [Side, Side],
  at: Millis,
): Case {
  const { name } = judged.resource;
  const advice = advise(a, b);
  return {
    verdict: 'split brain',
    mendable: true,
    happened: clean(story(judged, a, b)),
    todo:
      advice.kind === 'none'
        ? clean(`No side is recommended: ${advice.because}. Look at the data of both, and choose.`)
        : clean(
            `Safest: discard what ${advice.victim.host} wrote. Look at the reasons, and choose.`,
          ),
    blocks: blocksOf(name, a, b, at),
    ways: [
      wayOut(name, a, b, at),
      wayOut(name, b, a, at),
      ...stoppingFirst(name, a, b, at),
      ...stoppingFirst(name, b, a, at),
    ],
    choosing: 'who gives way',
    copies: true,
    ...(advice.kind === 'victim' && {
      recommended: { value: advice.victim.host, reasons: advice.reasons.map(clean) },
    }),
  };
}

function story({ verdict, ends }: Extract<Judged, { kind: 'split' }>, a: Side, b: Side): string {
  const { lostAt, splitAt } = verdict;
  const lost =
    lostAt === undefined
      ? 'The sides lost each other'
      : `The sides lost each other at ${clockTime(lostAt)}`;
  const met =
    splitAt === undefined ? 'When they met again' : `When they met again at ${clockTime(splitAt)}`;
  const waiting = ends.find(({ link }) => link.state === 'waiting');
  const state = waiting
    ? `; ${waiting.link.host} still waits, and would be refused again`
    : ', and both stand alone';
  return `${lost}, and both went on alone: ${amount(a)}, ${amount(b)}. ${met}, DRBD refused to choose${state}. Nothing is replicated until one side gives up its changes.`;
}

function wayOut(resource: string, victim: Side, survivor: Side, at: Millis): WayOut {
  return {
    value: victim.host,
    says: clean(`Keep ${survivor.host}; ${victim.host} gives up its changes.`),
    loses: losesAnything(victim) ? losses(victim, survivor).map(clean) : [],
    plan: ({ keepCopy }) => planFor({ resource, victim, survivor, keepCopy, at }),
  };
}

/** The victim gives way after what runs on it was stopped, where steps can do that. */
function stoppingFirst(
  resource: string,
  victim: Side,
  survivor: Side,
  at: Millis,
): readonly WayOut[] {
  const release = releaseOf(victim);
  if (!release) return [];
  const stops = [
    ...release.guests.map((guest) => `guest ${guest}`),
    ...release.mounts.map(({ target }) => target),
  ];
  return [
    {
      ...wayOut(resource, victim, survivor, at),
      value: `${victim.host}:stop-first`,
      says: clean(
        `Keep ${survivor.host}; on ${victim.host} ${listed(stops, 8)} ${stops.length === 1 ? 'is' : 'are'} stopped first: guests shut down, file systems unmounted.`,
      ),
      plan: ({ keepCopy }) => planFor({ resource, victim, survivor, keepCopy, release, at }),
    },
  ];
}
