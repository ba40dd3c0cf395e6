import type { Finding } from '../../../core/finding.js';
import type { Block, Cell, Details, Tone } from '../../../core/pane.js';
import { clean, count, grouped, listed } from '../../../core/text.js';
import { bytes, clockTime, duration, percent, rate } from '../../../core/units.js';
import { checkLines } from '../evidence.js';
import { downMonitors, hostOfMonitor, spareMonitors } from '../monitors.js';
import { byClass, CLASS_TONES, CLASS_WORDS } from '../placement.js';
import { usedShare } from '../rules/make.js';
import { recoveryOf } from './running.js';
import type { Unanswered, View } from '../view.js';

type Fact = Extract<Block, { kind: 'facts' }>['rows'][number];

/** The whole cluster: everything that has a number. */
export function clusterDetails(view: View, tone: Tone): Details {
  const { status } = view;
  return {
    title: 'Ceph cluster',
    tone,
    state: clean(status.health ?? 'health not said'),
    blocks: [
      { kind: 'facts', rows: [...identity(view), ...space(view), ...pace(view)] },
      ...frozenBlock(view),
      ...checksBlock(view),
    ],
    commands: [
      { says: 'the same, as Ceph shows it', line: 'ceph -s' },
      { says: 'each check with what it concerns', line: 'ceph health detail' },
      { says: 'space by pool', line: 'ceph df' },
      { says: 'follow what happens', line: 'ceph -w' },
    ],
  };
}

function identity(view: View): readonly Fact[] {
  const { fsid, release, flags } = view.status;
  return [
    fact('cluster id', clean(fsid ?? 'not said')),
    ...(release === undefined ? [] : [fact('release of the monitors', clean(release))]),
    fact('answered by', `${view.host}, ${clockTime(view.at)}`, view.stale ? 'unknown' : undefined),
    fact(
      'flags',
      flags.length === 0 ? 'none' : listed(flags.map(clean), 12),
      flags.length === 0 ? undefined : 'warning',
    ),
  ];
}

function space(view: View): readonly Fact[] {
  const { usage, objects } = view.status;
  const used = usedShare(view);
  const tone = view.frozen ? 'unknown' : undefined;
  if (!usage) return [];
  return [
    fact(
      'used',
      `${bytes(usage.usedBytes)} of ${bytes(usage.totalBytes)}${used === undefined ? '' : ` (${percent(used)})`}`,
      tone,
    ),
    fact('free', bytes(usage.availableBytes), tone),
    ...(usage.dataBytes === undefined
      ? []
      : [fact('stored by clients', bytes(usage.dataBytes), tone)]),
    ...(objects.total === undefined ? [] : [fact('objects', grouped(objects.total), tone)]),
    fact('copies missing', grouped(objects.degraded), tone),
    fact('copies to be moved', grouped(objects.misplaced), tone),
    fact('objects not found', grouped(objects.unfound), objects.unfound > 0 ? 'alert' : tone),
  ];
}

function pace(view: View): readonly Fact[] {
  if (view.frozen || view.stale) return [fact('rates', 'not current', 'unknown')];
  const { client } = view.status;
  const recovery = recoveryOf(view);
  const left = recovery?.secondsLeft;
  return [
    fact('written', rate(client?.writeBytesPerSecond ?? 0)),
    fact('read', rate(client?.readBytesPerSecond ?? 0)),
    ...(recovery ? [fact('recovery', rate(recovery.bytesPerSecond ?? 0), 'working')] : []),
    ...(left === undefined ? [] : [fact('recovery ends in', `about ${duration(left)}`, 'working')]),
  ];
}

function frozenBlock(view: View): readonly Block[] {
  if (!view.frozen) return [];
  const text =
    'No manager is active. Health, monitors and OSDs are current; placement groups, usage and rates are those of the moment when it went.';
  return [{ kind: 'text', label: 'Standing still', text }];
}

function checksBlock(view: View): readonly Block[] {
  const lines = view.checks.flatMap(checkLines);
  return lines.length === 0 ? [] : [{ kind: 'lines', label: 'Health checks', lines }];
}

/** Something that is wrong, with what Ceph says of it. */
export function findingDetails(view: View, finding: Finding, tone: Tone): Details {
  const lines = finding.evidence.flatMap((evidence) => evidence.lines);
  return {
    title: finding.title,
    tone,
    state: finding.says,
    blocks: [
      { kind: 'text', label: 'What it means', text: finding.means },
      { kind: 'text', label: 'What to do', text: finding.todo },
      ...(lines.length === 0 ? [] : [{ kind: 'lines', label: 'Ceph says', lines } satisfies Block]),
    ],
    commands: [
      { says: 'each check with what it concerns', line: 'ceph health detail' },
      ...(finding.about.some((id) => id.startsWith('ceph.pgs:'))
        ? [{ says: 'placement groups that are not clean', line: 'ceph pg dump_stuck' }]
        : []),
      ...(view.checks.some((c) => `CEPH_${c.code}` === finding.code)
        ? [
            {
              says: 'quiet this check for four hours',
              line: `ceph health mute ${finding.code.slice(5)} 4h`,
            },
          ]
        : []),
    ],
  };
}

/** Monitors and manager: the daemons that keep and tell the state. */
export function monitorsDetails(view: View, tone: Tone): Details {
  const { monitors, quorumNames, quorumAge, manager } = view.status;
  const spare = spareMonitors(view.status);
  const down = downMonitors(view).map((one) => {
    const host = hostOfMonitor(view, one);
    return `${clean(one.name)}${host === undefined ? '' : ` on ${host}`}`;
  });
  return {
    title: 'Ceph monitors and manager',
    tone,
    state: monitors
      ? `${monitors.inQuorum} of ${monitors.total ?? '?'} monitors in quorum`
      : 'not said',
    blocks: [
      {
        kind: 'facts',
        rows: [
          fact(
            'in quorum',
            listed(quorumNames.filter((n) => n !== '').map(clean), 12) || 'not named',
          ),
          ...(down.length === 0 ? [] : [fact('out of quorum', listed(down, 12), 'alert')]),
          ...(quorumAge === undefined ? [] : [fact('quorum since', duration(quorumAge))]),
          fact(
            'may be lost',
            spare === undefined ? 'not known' : count(Math.max(0, spare), 'monitor'),
          ),
          fact(
            'manager',
            manager ? managerWords(manager.available, manager.standbys) : 'this release has none',
          ),
        ],
      },
      {
        kind: 'text',
        label: 'What it means',
        text: 'More than half of all monitors must be in the quorum, or the cluster stops. The manager only gathers figures; without it they stand still.',
      },
    ],
    commands: [
      { says: 'the quorum in full', line: 'ceph quorum_status -f json-pretty' },
      { says: 'the clocks of the monitors', line: 'ceph time-sync-status' },
      { says: 'who is the manager', line: 'ceph mgr stat' },
    ],
  };
}

function managerWords(isActive: boolean, standbys: number): string {
  return `${isActive ? 'active' : 'none active'}, ${count(standbys, 'standby', 'standbys')}`;
}

/** The placement groups, state by state. */
export function groupsDetails(view: View, tone: Tone): Details {
  const classes = byClass(view.status);
  return {
    title: 'Placement groups',
    tone,
    state: classes[0] ? CLASS_WORDS[classes[0].name] : 'none',
    blocks: [
      {
        kind: 'table',
        label: 'By state',
        columns: [
          { title: 'Class', min: 10 },
          { title: 'Count', min: 8, align: 'right' },
          { title: 'State', min: 30, grow: 1, cut: 'middle' },
        ],
        rows: classes.flatMap(({ name, states }) =>
          states.map(([state, n]): readonly Cell[] => [
            { text: name, tone: CLASS_TONES[name] },
            { text: grouped(n), sort: n },
            { text: clean(state) },
          ]),
        ),
      },
      {
        kind: 'facts',
        rows: classes.map(({ name, count: n }) =>
          fact(name, `${grouped(n)}: ${CLASS_WORDS[name]}`),
        ),
      },
      ...frozenBlock(view),
    ],
    commands: [
      { says: 'placement groups that are not clean', line: 'ceph pg dump_stuck' },
      { says: 'all of them, in short', line: 'ceph pg stat' },
      { says: 'what one of them waits for', line: 'ceph pg PG query' },
    ],
  };
}

/** A host that got no answer. */
export function unansweredDetails({ host, failure, kind }: Unanswered): Details {
  return {
    title: `Ceph asked on ${host}`,
    tone: kind === 'no quorum' ? 'alert' : 'unknown',
    state: clean(failure.what),
    blocks: [
      { kind: 'text', label: 'What it means', text: clean(failure.means) },
      { kind: 'text', label: 'What to do', text: clean(failure.todo) },
    ],
    commands: [
      { says: 'ask again', line: 'ceph --connect-timeout 5 -s' },
      {
        says: 'look at the monitor of this host',
        line: 'systemctl status ceph-mon@$(hostname -s)',
      },
      {
        says: "a monitor's own view, without a quorum",
        line: 'ceph daemon mon.$(hostname -s) mon_status',
      },
    ],
  };
}

function fact(label: string, text: string, tone?: Tone): Fact {
  return { label, value: { text, ...(tone !== undefined && { tone }) } };
}
