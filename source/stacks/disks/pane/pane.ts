import { bySeverity } from '../../../core/finding.js';
import {
  toneOf,
  type Column,
  type Drawing,
  type Metric,
  type Pane,
  type Row,
  type Running,
  type Summary,
} from '../../../core/pane.js';
import type { Now, Reading } from '../../../core/probe.js';
import { clean, count } from '../../../core/text.js';
import { percent } from '../../../core/units.js';
import { findings } from '../findings.js';
import { arraysProbe, devicesProbe } from '../probes.js';
import { usedShare } from '../read/usage.js';
import { hostDisks, type FileSystem } from '../view.js';
import { detailsOf } from './details.js';
import { thingsOf, usedKey, wholeDisks } from './rows.js';

const COLUMNS: readonly Column[] = [
  { title: 'Host / thing', min: 22, grow: 2, cut: 'middle' },
  { title: 'Kind', min: 13 },
  { title: 'State', min: 20, grow: 2 },
  { title: 'Size', min: 8, align: 'right' },
  { title: 'Used', min: 5, align: 'right' },
];

function summary(now: Now): Summary {
  const readings = now.of(devicesProbe);
  const empty = { text: '' };
  if (readings.length === 0) {
    const first = { text: 'not read yet', tone: 'unknown' } as const;
    return { tone: 'unknown', first, second: empty, third: empty };
  }
  const [worst] = findings(now).toSorted((a, b) => bySeverity(a.severity, b.severity));
  const unread = readings.filter(({ kind }) => kind === 'failed' || kind === 'stale').length;
  const disks = now
    .known(devicesProbe)
    .reduce((sum, { value }) => sum + wholeDisks(value.devices).length, 0);
  const well = unread > 0 ? 'unknown' : 'good';
  return {
    tone: worst && worst.severity !== 'notice' ? toneOf(worst.severity) : well,
    first: { text: count(disks, 'disk') },
    second: { text: worst ? `${worst.title} ${worst.subject}` : fullest(now) },
    third: unread > 0 ? { text: `${count(unread, 'host')} not read`, tone: 'unknown' } : empty,
  };
}

function fileSystems(now: Now): readonly FileSystem[] {
  return hostDisks(now).flatMap((view) => view.fileSystems);
}

/** Where nothing is wrong, what comes next: the file system that is fullest. */
function fullest(now: Now): string {
  const shares = fileSystems(now).flatMap(({ point, host, use }) =>
    use ? [{ name: `${point}@${host}`, share: usedShare(use) }] : [],
  );
  const [first] = shares.toSorted((a, b) => b.share - a.share);
  return first ? clean(`fullest ${percent(first.share)} ${first.name}`) : '';
}

function draw(now: Now): Drawing {
  const found = findings(now);
  const rows = hostDisks(now).flatMap((view) =>
    thingsOf(view, found).map((thing): Row => {
      const about = thing.node.startsWith('host:') ? {} : { about: [thing.node] };
      return { ...thing.row, ...about, details: () => detailsOf(now, thing) };
    }),
  );
  const empty = now.of(devicesProbe).length > 0 ? 'No disks on these hosts.' : 'Not read yet.';
  return { columns: COLUMNS, rows: [...rows, ...now.of(devicesProbe).flatMap(notRead)], empty };
}

/** A host that was never read stands in the list, so that nothing seems well by silence. */
function notRead(reading: Reading<unknown>): readonly Row[] {
  if (reading.kind !== 'failed') return [];
  const { host, failure } = reading;
  const text = (label: string, said: string) =>
    ({ kind: 'text', label, text: clean(said) }) as const;
  return [
    {
      id: `disks.unread:${host}`,
      tone: 'unknown',
      hosts: [host],
      cells: [
        { text: host },
        { text: 'host', tone: 'muted' },
        { text: clean(failure.what), tone: 'unknown' },
        { text: '' },
        { text: '' },
      ],
      details: () => ({
        title: `Disks of ${host}`,
        tone: 'unknown',
        state: 'not read',
        blocks: [
          text('What happened', failure.what),
          text('What it means', failure.means),
          text('What to do', failure.todo),
        ],
        commands: [{ says: 'ask the host itself', line: 'lsblk' }],
      }),
    },
  ];
}

function running(now: Now): readonly Running[] {
  return now.known(arraysProbe).flatMap(({ host, value }) =>
    value.flatMap(({ name, work }): readonly Running[] => {
      if (!work || work.waits === 'PENDING') return [];
      const { what, share, bytesPerSecond, secondsLeft } = work;
      return [
        {
          id: `disks.${host}/${name}`,
          title: clean(`${what} ${name} on ${host}`),
          ...(share !== null && { share }),
          ...(bytesPerSecond !== null && { bytesPerSecond }),
          ...(secondsLeft !== null && { secondsLeft }),
        },
      ];
    }),
  );
}

function metrics(now: Now): readonly Metric[] {
  return fileSystems(now).flatMap((fs): readonly Metric[] => {
    if (!fs.use) return [];
    const label = clean(`used of ${fs.point} on ${fs.host}`);
    return [{ key: usedKey(fs), label, value: usedShare(fs.use), unit: 'share' }];
  });
}

/** The disks pane: each host with its arrays, volume groups, file systems and disks. */
export const disksPane: Pane = { summary, draw, running, metrics };
