import type { Block, Cell } from '../../../core/pane.js';
import { clean, linesOf, listed } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import { shortUuid } from '../generations.js';
import type { Generations } from '../read/generations.js';
import { linesAbout } from '../verdict.js';
import type { DownPlace, Place, Standing, UpPlace } from './look.js';

/** The newest lines of each kernel log that are shown. */
const MOST_LINES = 16;

/** The sides next to each other, whatever each of them could tell, then what each kernel said. */
export function standingBlocks({ places }: Standing): readonly Block[] {
  const row = (label: string, of: (place: Place) => Cell) => ({ label, values: places.map(of) });
  return [
    {
      kind: 'sides',
      sides: places.map(({ host }) => clean(host)),
      rows: [
        row('answers', reachedCell),
        row('DRBD', driverCell),
        row(
          'role',
          up(({ side }) => ({ text: clean(side.role) })),
        ),
        row(
          'connection',
          up(({ side }) => ({ text: clean(side.connection) })),
        ),
        row('disk', diskCell),
        row('data generation', generationCell),
        row('changed since', up(changedCell)),
        row('open or mounted by', up(usedCell)),
        row('way to the peer', up(pathCell)),
        row('stands on', backingCell),
      ],
    },
    ...places.flatMap((place) => (place.kind === 'up' ? logBlock(place) : [])),
  ];
}

const notKnown: Cell = { text: 'not known', tone: 'unknown' };

function up(of: (place: UpPlace) => Cell): (place: Place) => Cell {
  return (place) => (place.kind === 'up' ? of(place) : notKnown);
}

function reachedCell(place: Place): Cell {
  if (place.kind !== 'away') return { text: 'yes', tone: 'good' };
  switch (place.why) {
    case 'silent':
      return { text: 'no', tone: 'alert' };
    case 'not ours':
      return { text: 'not asked: no host of this cluster', tone: 'unknown' };
    case 'bare':
      return { text: 'yes', tone: 'good' };
  }
}

function driverCell(place: Place): Cell {
  switch (place.kind) {
    case 'up':
      return { text: 'up', tone: 'good' };
    case 'down':
      return { text: `down; ${moduleWords(place)}`, tone: 'warning' };
    case 'away':
      return place.why === 'bare'
        ? { text: 'the resource is not configured', tone: 'warning' }
        : notKnown;
  }
}

function moduleWords({ down }: DownPlace): string {
  switch (down.module) {
    case 'loaded':
      return 'module loaded';
    case 'can be loaded':
      return 'module not loaded';
    case 'missing':
      return 'there is no module for the running kernel';
  }
}

function diskCell(place: Place): Cell {
  if (place.kind !== 'up') return notKnown;
  const disks = place.side.volumes.map(({ disk }) => clean(disk));
  const isGood = disks.every((disk) => disk === 'UpToDate');
  return { text: disks.join(', '), tone: isGood ? 'good' : 'alert' };
}

function generationCell(place: Place): Cell {
  switch (place.kind) {
    case 'up':
      return { text: each(place.side.volumes.map(({ generations }) => current(generations))) };
    case 'down':
      return {
        text: each(
          place.down.volumes.map(({ metadata }) => {
            if (metadata.kind === 'none') return 'no metadata';
            return current(metadata.kind === 'there' ? metadata.generations : undefined);
          }),
        ),
      };
    case 'away':
      return notKnown;
  }
}

function current(generations: Generations | undefined): string {
  return generations ? shortUuid(generations.current) : 'not known';
}

function each(words: readonly string[]): string {
  return words.length > 0 ? words.join(', ') : 'not known';
}

function changedCell({ side }: UpPlace): Cell {
  return side.changedKiB === null ? notKnown : { text: bytes(side.changedKiB * 1024) };
}

function usedCell({ side }: UpPlace): Cell {
  const who = listed([...new Set(side.use.users.map(({ what }) => clean(what)))]);
  if (!side.use.complete) return { text: `${who}, perhaps others`, tone: 'unknown' };
  return { text: who || '–' };
}

function pathCell({ path }: UpPlace): Cell {
  switch (path.kind) {
    case 'answers':
      return { text: `${path.address} answers`, tone: 'good' };
    case 'silent':
      return { text: `${path.address} does not answer`, tone: 'alert' };
    case 'not known':
      return { text: clean(`not known: ${path.because}`), tone: 'unknown' };
  }
}

function backingCell(place: Place): Cell {
  switch (place.kind) {
    case 'up':
      return { text: each(place.side.volumes.map(({ backing }) => clean(backing ?? 'not known'))) };
    case 'down':
      return {
        text: each(
          place.down.volumes.map(({ backing }) =>
            clean(
              backing.kind === 'there'
                ? `${backing.path} (${listed(backing.holds) || 'blank'})`
                : `${backing.path}: ${backing.because}`,
            ),
          ),
        ),
      };
    case 'away':
      return notKnown;
  }
}

function logBlock({ end }: UpPlace): readonly Block[] {
  const lines = linesAbout(end)
    .slice(-MOST_LINES)
    .flatMap(({ text }) => linesOf(clean(text)));
  if (lines.length === 0) return [];
  return [{ kind: 'lines', label: `kernel log of ${clean(end.link.host)}`, lines }];
}
