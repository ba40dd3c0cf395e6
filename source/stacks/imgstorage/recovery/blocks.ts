import type { Block, Cell, Tone } from '../../../core/pane.js';
import { clean } from '../../../core/text.js';
import { bytes, duration } from '../../../core/units.js';
import type { Link, Standing } from '../chain.js';
import { writtenBeside } from '../newest.js';
import type { Situation } from './look.js';

/** The chain with the broken link marked, where the newest data is, and the evidence of both sides. */
export function blocksOf(found: Situation): readonly Block[] {
  return [chainBlock(found), newestBlock(found), sidesBlock(found)];
}

const TONES: Readonly<Record<Standing, Tone>> = {
  there: 'good',
  none: 'muted',
  missing: 'alert',
  unlike: 'alert',
  'left over': 'warning',
  'not looked at': 'unknown',
};

function chainBlock({ chain }: Situation): Block {
  const row = (link: Link): readonly Cell[] => [
    { text: link === chain.broken ? '>' : '', tone: 'alert' },
    { text: link.part },
    { text: link.standing, tone: TONES[link.standing] },
    { text: link.says },
  ];
  return {
    kind: 'table',
    label: `chain (${chain.phase})`,
    columns: [
      { title: '', min: 1 },
      { title: 'PART', min: 17 },
      { title: 'STANDS', min: 13 },
      { title: 'WHAT IT IS', min: 20, grow: 1 },
    ],
    rows: chain.links.map(row),
  };
}

function newestBlock({ newest }: Situation): Block {
  const where: Readonly<Record<typeof newest.where, Cell>> = {
    nas: { text: 'on the NAS', tone: 'good' },
    container: { text: 'on the container', tone: 'warning' },
    both: { text: 'on both: only together they are whole', tone: 'warning' },
    'not known': { text: 'not known', tone: 'unknown' },
  };
  const unsaved: Cell =
    newest.unsaved === undefined
      ? { text: 'not known', tone: 'unknown' }
      : newest.unsaved === 0
        ? { text: 'nothing', tone: 'good' }
        : { text: bytes(newest.unsaved), sort: newest.unsaved, tone: 'warning' };
  return {
    kind: 'facts',
    rows: [
      { label: 'newest data', value: where[newest.where] },
      { label: 'the NAS does not have', value: unsaved },
      { label: 'in words', value: { text: newest.says } },
    ],
  };
}

const nobody: Cell = { text: '–' };

function sidesBlock(found: Situation): Block {
  const { image, far, nas, container } = found;
  const { lock } = image;
  const age = lock && image.nas.at !== null ? Math.max(0, image.nas.at - lock.since) : undefined;
  const left = far?.device && writtenBeside(far.device);
  const row = (label: string, ...values: readonly [Cell, Cell]) => ({ label, values });
  const volume = (name: string | undefined, size: number | null | undefined): Cell =>
    name === undefined
      ? nobody
      : { text: `${clean(name)}${size == null ? '' : `, ${bytes(size)} in it`}` };
  return {
    kind: 'sides',
    sides: [clean(image.nas.name), clean(far?.container.name ?? 'no container')],
    rows: [
      row('daemon', runs(nas.host, nas.pid), runs(container.host, container.pid)),
      row(
        'volume',
        volume(image.volume?.name, image.volume?.referenced),
        volume(far?.local?.name, far?.local?.referenced),
      ),
      row('written beside', nobody, {
        text: left === undefined ? clean(far?.temp?.name ?? '–') : `${bytes(left)} not merged`,
      }),
      row('device open by', nobody, { text: clean(found.openBy ?? '–') }),
      row(
        'lock',
        lock
          ? { text: `${clean(lock.replyTo)}${age === undefined ? '' : `, ${duration(age)}`}` }
          : nobody,
        nobody,
      ),
    ],
  };
}

function runs(host: string | undefined, pid: number | undefined): Cell {
  if (host === undefined) return { text: 'not asked', tone: 'unknown' };
  return pid === undefined ? { text: 'does not run', tone: 'alert' } : { text: `runs (${pid})` };
}
