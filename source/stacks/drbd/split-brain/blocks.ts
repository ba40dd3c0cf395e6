import type { Millis } from '../../../core/host.js';
import type { Block, Cell } from '../../../core/pane.js';
import { clean, listed, linesOf } from '../../../core/text.js';
import { bytes, clockTime } from '../../../core/units.js';
import { shortUuid } from '../generations.js';
import { linesAbout } from '../verdict.js';
import type { End } from '../view.js';
import { copiesOf } from './copy.js';
import type { Side, SideVolume } from './side.js';

/** The newest lines of each kernel log that are shown. */
const MOST_LINES = 16;

/** What comparing the sides found, the sides next to each other, then what each kernel said. */
export function blocksOf(
  resource: string,
  a: Side,
  b: Side,
  { at, found }: { readonly at: Millis; readonly found: readonly Block[] },
): readonly Block[] {
  return [
    // Once they were compared, that is what one looks for.
    ...found,
    { kind: 'sides', sides: [clean(a.host), clean(b.host)], rows: rowsOf(resource, a, b, at) },
    ...[a, b].flatMap(({ end }) => logBlock(end)),
  ];
}

type SidesRow = Extract<Block, { readonly kind: 'sides' }>['rows'][number];

function rowsOf(resource: string, a: Side, b: Side, at: number): readonly SidesRow[] {
  const row = (label: string, of: (side: Side, other: Side) => Cell, remark?: Cell): SidesRow => ({
    label,
    values: [of(a, b), of(b, a)],
    ...(remark && { remark }),
  });
  const isOnLvm = [a, b].some(({ volumes }) =>
    volumes.some(({ beneath: on }) => on.kind !== 'other'),
  );
  return [
    row('role', ({ role }) => ({ text: clean(role) })),
    row('connection', ({ connection }) => ({
      text: clean(connection),
      ...(connection === 'StandAlone' && { tone: 'alert' }),
    })),
    row('disk', ({ volumes }) => ({ text: each(volumes, ({ disk }) => clean(disk)) })),
    row('data generation', ({ volumes }) => ({ text: each(volumes, current) }), {
      text: 'differ',
      tone: 'alert',
    }),
    row('came from', ({ volumes }) => ({ text: each(volumes, cameFrom) }), {
      text: 'same data once',
    }),
    row('its own way since', ({ ownSince }) =>
      ownSince === undefined ? notKnown : { text: clockTime(ownSince) },
    ),
    row('changed since', ({ changedKiB }) =>
      changedKiB === null ? notKnown : { text: bytes(changedKiB * 1024), sort: changedKiB },
    ),
    row('last write', () => notKnown, { text: 'not kept by DRBD', tone: 'muted' }),
    row('written since up', ({ volumes, use }) => {
      const known = volumes.map(({ minor }) => use.written.get(minor) ?? Number.NaN);
      return { text: bytes(known.reduce((sum, n) => sum + n, 0)) };
    }),
    row('open or mounted by', ({ use }) => usedBy(use)),
    row('stands on', ({ volumes }) => ({ text: each(volumes, beneath) })),
    ...(isOnLvm
      ? [row('free in its group', ({ volumes }) => ({ text: each(volumes, free) }))]
      : []),
    row('copy can be kept', (side, other) => {
      const no = copiesOf(side, other, resource, at).find(({ ok }) => !ok);
      return no && !no.ok ? { text: `no: ${clean(no.because)}` } : { text: 'yes', tone: 'good' };
    }),
  ];
}

const notKnown: Cell = { text: 'not known', tone: 'unknown' };

function each(volumes: readonly SideVolume[], of: (volume: SideVolume) => string): string {
  return volumes.map(of).join(', ');
}

function current({ generations }: SideVolume): string {
  return generations ? shortUuid(generations.current) : 'not known';
}

function cameFrom({ generations }: SideVolume): string {
  return generations ? shortUuid(generations.bitmap) : 'not known';
}

function usedBy({ users, complete }: Side['use']): Cell {
  const who = listed([...new Set(users.map(({ what }) => clean(what)))]);
  if (!complete)
    return { text: who === '' ? 'not known' : `${who}, perhaps others`, tone: 'unknown' };
  return { text: who || '–' };
}

function beneath({ beneath: below, backing }: SideVolume): string {
  if (below.kind === 'other') return clean(backing ?? 'not known');
  return `LVM ${clean(`${below.vg}/${below.lv}`)}`;
}

function free({ beneath: below }: SideVolume): string {
  return below.kind === 'other' ? '–' : bytes(below.freeBytes);
}

function logBlock(end: End): readonly Block[] {
  const lines = linesAbout(end)
    .slice(-MOST_LINES)
    .flatMap(({ text }) => linesOf(clean(text)));
  if (lines.length === 0) return [];
  return [{ kind: 'lines', label: `kernel log of ${clean(end.link.host)}`, lines }];
}
