import type { Details, Metric, Row, Summary } from '../../source/core/pane.js';
import type { Finding } from '../../source/core/finding.js';
import { findingKey } from '../../source/core/finding.js';
import type { HostState } from '../../source/core/probe.js';
import type { History } from '../../source/engine/watch/history.js';
import type {
  Event,
  LogEntry,
  Problem,
  StackView,
  World,
} from '../../source/engine/watch/world.js';

/** The moment at which the worlds of the tests stand still. */
export const NOW = Date.UTC(2026, 10, 20, 14, 2, 11);

const MINUTE = 60_000;

/** A finding with what a test does not care about filled in. */
export function aFinding(more: Partial<Finding> & Pick<Finding, 'title' | 'subject'>): Finding {
  return {
    code: more.title.toUpperCase().replaceAll(' ', '_'),
    severity: 'warning',
    hosts: ['kvm-1'],
    says: '',
    means: '',
    todo: '',
    evidence: [],
    remedies: [],
    about: [],
    ...more,
  };
}

/** A problem from a finding. */
export function aProblem(finding: Finding, more: Partial<Problem> = {}): Problem {
  return {
    finding,
    key: findingKey(finding),
    severity: finding.severity,
    causes: [],
    stack: 'mirror',
    since: NOW - 12 * MINUTE,
    ...more,
  };
}

/** A row with details that show one block of each kind. */
export function aRow(id: string, cells: readonly string[], more: Partial<Row> = {}): Row {
  return {
    id,
    tone: 'good',
    cells: cells.map((text) => ({ text })),
    hosts: ['kvm-1', 'kvm-2'],
    details: () => someDetails(id),
    ...more,
  };
}

function someDetails(title: string): Details {
  return {
    title,
    tone: 'alert',
    state: 'split brain',
    blocks: [
      {
        kind: 'sides',
        sides: ['fiori', 'torchio'],
        rows: [
          { label: 'role', values: [{ text: 'Primary' }, { text: 'Primary' }] },
          {
            label: 'connection',
            values: [
              { text: 'StandAlone', tone: 'alert' },
              { text: 'StandAlone', tone: 'alert' },
            ],
          },
          {
            label: 'data generation',
            values: [{ text: '8A9C11F2B0D441F0' }, { text: '77D09E31AA010C1E' }],
            remark: { text: 'differ', tone: 'warning' },
          },
        ],
      },
      {
        kind: 'facts',
        rows: [
          { label: 'size', value: { text: '931 GiB' } },
          { label: 'last write', value: { text: '14:01:58', tone: 'unknown' } },
        ],
      },
      {
        kind: 'text',
        label: 'What happened',
        text: 'The link was lost at 13:49:51 (eth1, both). Both sides stayed Primary and wrote. When it came back at 13:58:10 the mirror refused to choose.',
      },
      {
        kind: 'table',
        label: 'PATHS',
        columns: [
          { title: 'path', min: 8 },
          { title: 'state', min: 8 },
          { title: 'errors', min: 6, align: 'right' },
        ],
        rows: [
          [{ text: '3:0:0:1' }, { text: 'active' }, { text: '0' }],
          [{ text: '4:0:0:1' }, { text: 'failed', tone: 'alert' }, { text: '12' }],
        ],
      },
      {
        kind: 'lines',
        label: 'KERNEL',
        lines: ['block drbd0: Split-Brain detected, dropping connection!'],
      },
    ],
    commands: [
      { says: 'the state as the kernel has it', line: 'cat /proc/drbd' },
      { says: 'the generations of both sides', line: 'drbdadm show-gi r0' },
    ],
  };
}

const summary = (tone: Summary['tone'], first: string, second: string, third: string): Summary => ({
  tone,
  first: { text: first },
  second: { text: second },
  third: { text: third },
});

function mirror(): StackView {
  const states = ['UpToDate', 'UpToDate', 'Inconsistent', 'UpToDate'];
  const rows = Array.from({ length: 40 }, (_, at): Row => {
    const split = at === 0;
    const cells = [
      `r${at}`,
      split ? 'Primary / Primary' : 'Primary / Secondary',
      split ? 'StandAlone' : 'Connected',
      states[at % states.length] ?? '',
      `${(at * 37) % 900} GiB`,
    ];
    return aRow(`r${at}`, cells, {
      tone: split ? 'alert' : at % 4 === 2 ? 'working' : at === 7 ? 'unknown' : 'good',
      cells: cells.map((text, column) =>
        column === 4 ? { text, sort: (at * 37) % 900 } : { text },
      ),
      metrics: [`mirror.r${at}.written`, `mirror.r${at}.behind`],
    });
  });
  return {
    id: 'mirror',
    title: 'Mirrors',
    summary: summary('alert', '1 of 40 resources split', '', '4 virtual machines on it'),
    drawing: {
      columns: [
        { title: 'resource', min: 12, grow: 1, cut: 'middle' },
        { title: 'roles', min: 20 },
        { title: 'connection', min: 12 },
        { title: 'disk', min: 12, drop: 1 },
        { title: 'size', min: 9, align: 'right', drop: 2 },
      ],
      rows,
      empty: 'No resource is configured.',
      head: [{ text: '40 resources on 2 hosts' }, { text: '10 resyncing', tone: 'working' }],
    },
  };
}

function chunks(): StackView {
  return {
    id: 'chunks',
    title: 'Chunk store',
    summary: summary(
      'warning',
      '3/3 servers',
      '12 chunks below goal',
      'copying 41 MiB/s, 6 m left',
    ),
    drawing: {
      columns: [
        { title: 'server', min: 20, grow: 1, cut: 'middle' },
        { title: 'version', min: 8, drop: 1 },
        { title: 'used', min: 6, align: 'right' },
        { title: 'last error', min: 20, grow: 2 },
      ],
      rows: [
        aRow('master', ['master on kvm-1', '3.12', '', '']),
        aRow('cs-1', ['10.0.0.11:9422', '3.12', '61 %', ''], { depth: 1 }),
        aRow('disk-1', ['/mnt/ata-CT250MX200SSD1_15371037C4260', '', '61 %', ''], { depth: 2 }),
        aRow('cs-2', ['10.0.0.12:9422', '3.12', '93 %', 'read error 3 h ago'], {
          depth: 1,
          tone: 'warning',
        }),
        aRow('cs-3', ['10.0.0.13:9422', '3.10', '64 %', 'seen 4 min ago'], {
          depth: 1,
          tone: 'unknown',
        }),
      ],
      empty: 'No server is connected.',
    },
  };
}

function hostsView(hosts: readonly HostState[]): StackView {
  return {
    id: 'hosts',
    title: 'Hosts',
    summary: summary('good', `${hosts.length} answer`, '', 'slowest kvm-2, 0.4 s'),
    drawing: {
      columns: [
        { title: 'host', min: 12, grow: 1 },
        { title: 'target', min: 18 },
        { title: 'state', min: 10 },
        { title: 'round', min: 7, align: 'right' },
      ],
      rows: hosts.map(({ name, target, phase, took }) =>
        aRow(name, [name, target, phase, `${((took ?? 0) / 1000).toFixed(1)} s`], {
          tone: phase === 'up' ? 'good' : 'alert',
          hosts: [name],
        }),
      ),
      empty: 'No host is configured.',
    },
  };
}

function someHosts(): readonly HostState[] {
  return Array.from({ length: 9 }, (_, at) => ({
    name: `kvm-${at + 1}`,
    target: `root@10.0.0.${at + 11}`,
    phase: 'up' as const,
    since: NOW - 60 * MINUTE,
    took: 100 + 40 * at,
    stacks: ['mirror'],
  }));
}

const PATH_LOST = 'PATH_LOST/data';

function someProblems(): readonly Problem[] {
  const evidence = [
    {
      host: 'fiori',
      command: 'cat /proc/drbd',
      lines: ['0: cs:StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown   r-----'],
    },
  ];
  const split = aFinding({
    title: 'split brain',
    subject: 'r0',
    severity: 'alert',
    hosts: ['fiori', 'torchio'],
    says: 'both sides wrote after 13:50:02; neither has all of it',
    means: 'Each side has data that the other lacks. Joining them again loses what one side wrote.',
    todo: 'Keep the side with the running virtual machines. Save what the other side wrote first.',
    evidence,
  });
  const path = aFinding({
    title: 'path lost',
    subject: 'data',
    hosts: ['kvm-2'],
    says: 'kvm-2 has 1 of 2 paths to san-b:2',
    means: 'One more failure, and the disk is gone.',
    todo: 'Look at the cable and at the switch port.',
    explains: true,
  });
  const below = aFinding({
    title: 'chunks below goal',
    subject: 'goal 2',
    hosts: ['kvm-1'],
    says: '12 of 4,031 chunks have one copy instead of two',
    heals: true,
  });
  const seen = aFinding({
    title: 'nearly full',
    subject: 'cs-2',
    hosts: ['kvm-2'],
    says: '93 % used',
  });
  const consequences = ['sr-1', 'sr-2', 'vm-web'].map((subject) =>
    aFinding({ title: 'storage slow', subject, says: `${subject} waits for its disk` }),
  );
  return [
    aProblem(split),
    aProblem(path, {
      since: NOW - 3 * MINUTE,
      causes: consequences.map((finding) => findingKey(finding)),
    }),
    aProblem(below, { stack: 'chunks', since: NOW - 48_000 }),
    aProblem(seen, {
      stack: 'chunks',
      acknowledged: { at: NOW - MINUTE, until: NOW + 7 * 60 * MINUTE },
    }),
    ...consequences.map((finding) => aProblem(finding, { causedBy: PATH_LOST })),
  ];
}

function someHistory(): History {
  const metric = (key: string, label: string, unit: Metric['unit'], value: number): Metric => ({
    key,
    label,
    unit,
    value,
  });
  const metrics = [
    metric('mirror.r0.written', 'written', 'bytesPerSecond', 38 * 1024 * 1024),
    metric('mirror.r0.behind', 'behind', 'bytes', 20 * 1024 * 1024),
  ];
  return new Map(
    metrics.map((one) => [
      one.key,
      {
        metric: one,
        samples: Array.from({ length: 80 }, (_, at) => ({
          at: NOW - (80 - at) * 15_000,
          value: one.value * (0.6 + 0.4 * Math.sin(at / 6)),
        })),
      },
    ]),
  );
}

function someEvents(): readonly Event[] {
  return Array.from({ length: 30 }, (_, at): Event => ({
    id: at + 1,
    at: NOW - (30 - at) * MINUTE,
    tone: at % 5 === 0 ? 'alert' : 'good',
    subject: at === 29 ? 'r0' : `r${at}`,
    says: at === 29 ? 'split brain was seen' : 'came back',
    ...(at === 29 ? { problem: 'SPLIT_BRAIN/r0' } : {}),
  }));
}

function someLog(): readonly LogEntry[] {
  return Array.from({ length: 12 }, (_, at): LogEntry => ({
    id: at + 1,
    at: NOW - (12 - at) * 5000,
    host: `kvm-${(at % 9) + 1}`,
    says: 'read mirrors',
    commands: [
      { line: 'drbdadm status', ended: 'exit 0', tone: 'good', took: 180 },
      {
        line: 'cat /proc/drbd',
        ended: at === 11 ? 'no answer in 8 s' : 'exit 0',
        tone: at === 11 ? 'alert' : 'good',
        took: at === 11 ? 8000 : 20,
      },
    ],
  }));
}

/** A world with something of everything; what a test is about is given. */
export function aWorld(more: Partial<World> = {}): World {
  const hosts = more.hosts ?? someHosts();
  return {
    cluster: 'main',
    readOnly: false,
    at: NOW,
    hosts,
    readings: [],
    hostsView: hostsView(hosts),
    stacks: [chunks(), mirror()],
    problems: someProblems(),
    running: [
      {
        id: 'resync r1',
        title: 'resync r1  torchio → fiori',
        share: 0.52,
        bytesPerSecond: 38 * 1024 * 1024,
        secondsLeft: 250,
      },
    ],
    events: someEvents(),
    log: someLog(),
    history: someHistory(),
    paused: false,
    complete: true,
    ...more,
  };
}

/** The same world without anything wrong. */
export function aCalmWorld(more: Partial<World> = {}): World {
  return aWorld({ problems: [], running: [], ...more });
}
