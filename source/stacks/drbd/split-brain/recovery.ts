import { randomUUID } from 'node:crypto';
import type { HostName, Millis, Reader } from '../../../core/host.js';
import type { Case, Recovery } from '../../../core/recovery.js';
import { clean, listed } from '../../../core/text.js';
import { clockTime } from '../../../core/units.js';
import { viewOf } from '../assemble.js';
import { lookAtRoom } from '../compare/aside.js';
import { lookAtComparisons } from '../compare/look.js';
import { comparisonBlocks } from '../compare/show.js';
import type { End, Resource } from '../view.js';
import { blocksOf } from './blocks.js';
import { wayForEach } from './each.js';
import { lookAtAll } from './gather.js';
import { judge } from './judge.js';
import type { Judged } from './judged.js';
import { severalCase } from './several/case.js';
import { tellSolved } from './solved.js';
import { advise, amount } from './recommend.js';
import { lookCloser, type Side } from './side.js';
import { splitAlike, wayForAll } from './together.js';
import { waysOf, type Around } from './ways.js';

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
  const both = [hostA, hostB] as const;
  const [others, volumes, roomA, roomB] = await Promise.all([
    splitAlike(view, own, hosts),
    lookAtComparisons(own.name, sides, both),
    ...both.map(lookAtRoom),
  ]);
  const rooms = [roomA ?? [], roomB ?? []] as const;
  const around = { resource: own.name, sides, volumes, rooms, at: clock(), id: randomUUID() };
  const found = splitCase(judged, around);
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
    ways: [
      ...found.ways,
      ...sides.map(({ host }) => wayForAll(all, host, clock())),
      wayForEach(all, clock()),
    ],
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

function splitCase(judged: Extract<Judged, { kind: 'split' }>, around: Around): Case {
  const { resource, sides, volumes, at } = around;
  const [a, b] = sides;
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
    blocks: blocksOf(resource, a, b, { at, found: comparisonBlocks([a.host, b.host], volumes) }),
    ways: waysOf(around),
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
