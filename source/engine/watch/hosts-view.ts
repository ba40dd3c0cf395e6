import { clean, count, listed } from '../../core/text.js';
import { clockTime } from '../../core/units.js';
import type { Block, Cell, Details, Drawing, Row, Summary, Tone } from '../../core/pane.js';
import type { HostState, Now } from '../../core/probe.js';
import type { Stack } from '../../core/stack.js';
import type { StackView } from './world.js';

const TONES: Record<HostState['phase'], Tone> = {
  connecting: 'working',
  up: 'good',
  down: 'alert',
};
const WORDS: Record<HostState['phase'], string> = {
  connecting: 'connecting',
  up: 'answers',
  down: 'no answer',
};

/** The hosts as a pane of their own. */
export function hostsView(now: Now, stacks: readonly Stack[]): StackView {
  const titles = new Map(stacks.map(({ id, title }) => [id, title]));
  return { id: 'hosts', title: 'Hosts', summary: summary(now), drawing: drawing(now, titles) };
}

function summary(now: Now): Summary {
  const up = now.hosts.filter((host) => host.phase === 'up');
  const down = now.hosts.filter((host) => host.phase === 'down');
  const connecting = now.hosts.length - up.length - down.length;
  const slowest = [...up].sort((a, b) => (b.took ?? 0) - (a.took ?? 0))[0];
  return {
    tone: down.length > 0 ? 'alert' : connecting > 0 ? 'working' : 'good',
    first: { text: `${up.length} of ${now.hosts.length} answer` },
    second:
      down.length > 0
        ? { text: `no answer: ${listed(down.map(({ name }) => name))}`, tone: 'alert' }
        : { text: connecting > 0 ? `${count(connecting, 'host')} connecting` : '' },
    third: {
      text: slowest?.took === undefined ? '' : `slowest ${slowest.name}, ${seconds(slowest.took)}`,
    },
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function drawing(now: Now, titles: ReadonlyMap<string, string>): Drawing {
  return {
    columns: [
      { title: 'host', min: 12, grow: 2, cut: 'middle' },
      { title: 'state', min: 10 },
      { title: 'systems', min: 14, grow: 3 },
      { title: 'answer', min: 7, align: 'right' },
      { title: 'clock', min: 9, align: 'right', drop: 1 },
      { title: 'address', min: 16, grow: 2, cut: 'middle', drop: 2 },
      { title: 'system', min: 14, grow: 2, drop: 3 },
    ],
    rows: now.hosts.map((host) => row(host, now, titles)),
    empty: 'No hosts. Add one with `holdfast hosts add`.',
  };
}

function row(host: HostState, now: Now, titles: ReadonlyMap<string, string>): Row {
  const { name, phase, took, survey, target } = host;
  return {
    id: name,
    tone: TONES[phase],
    hosts: [name],
    cells: [
      { text: clean(name) },
      { text: WORDS[phase], tone: TONES[phase] },
      { text: systems(host, titles) },
      { text: took === undefined ? '–' : seconds(took), sort: took ?? -1 },
      { text: survey ? offset(survey.clockOffset) : '–', sort: survey?.clockOffset ?? 0 },
      { text: clean(target) },
      { text: clean(survey?.os ?? '') },
    ],
    details: () => details(host, now, titles),
  };
}

function systems(host: HostState, titles: ReadonlyMap<string, string>): string {
  return host.stacks.map((id) => titles.get(id) ?? id).join(', ') || '–';
}

/** Signed, because the direction says which clock to set: `+0.02 s`. */
function offset(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1000).toFixed(2)} s`;
}

function details(host: HostState, now: Now, titles: ReadonlyMap<string, string>): Details {
  const { survey, failure, phase } = host;
  const fact = (label: string, value: Cell | string) => ({
    label,
    value: typeof value === 'string' ? { text: value } : value,
  });
  const blocks: Block[] = [
    {
      kind: 'facts',
      rows: [
        fact('state', {
          text: `${WORDS[phase]} since ${clockTime(host.since)}`,
          tone: TONES[phase],
        }),
        fact('address', clean(host.target)),
        fact('systems', systems(host, titles)),
        ...(survey
          ? [
              fact('calls itself', clean(survey.hostname)),
              fact('system', clean(survey.os)),
              fact('kernel', clean(survey.kernel)),
              fact('addresses', clean(survey.addresses.join('  '))),
              fact('runs as', survey.root ? 'root' : 'not root: some readings will be refused'),
              fact('clock', `${offset(survey.clockOffset)} from this machine`),
              fact('boot', clean(survey.bootId)),
            ]
          : []),
      ],
    },
    ...(failure
      ? [
          { kind: 'text', label: 'What happened', text: failure.what } as const,
          { kind: 'text', label: 'What it means', text: failure.means } as const,
          { kind: 'text', label: 'What to do', text: failure.todo } as const,
        ]
      : []),
    readingsBlock(host, now),
  ];
  return {
    title: host.name,
    tone: TONES[phase],
    state: WORDS[phase],
    blocks,
    commands: [{ says: 'each step of the way to it', line: `holdfast hosts test ${host.name}` }],
  };
}

function readingsBlock(host: HostState, now: Now): Block {
  return {
    kind: 'table',
    label: 'What is read there',
    columns: [
      { title: 'reading', min: 20, grow: 1 },
      { title: 'state', min: 8 },
      { title: 'at', min: 8 },
    ],
    rows: now.readings
      .filter((reading) => reading.host === host.name)
      .map((reading): readonly Cell[] => [
        { text: reading.probe.title },
        { text: reading.kind, tone: reading.kind === 'fresh' ? 'good' : 'unknown' },
        { text: clockTime(reading.at) },
      ]),
  };
}
