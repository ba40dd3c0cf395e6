import type { Finding } from '../../core/finding.js';
import type { Block, Cell, Column, Details, Tone } from '../../core/pane.js';
import type { Now } from '../../core/probe.js';
import { quote } from '../../core/quote.js';
import { clean } from '../../core/text.js';
import { bytes } from '../../core/units.js';
import { evidence } from './map-rules.js';
import { queuesNow } from './map.js';
import { mapViews, type MapView, type PathView, type SessionView } from './view.js';

interface Fact {
  readonly label: string;
  readonly value: Cell;
}

function fact(label: string, text: string | null | undefined): readonly Fact[] {
  return text === null || text === undefined || text === ''
    ? []
    : [{ label, value: { text: clean(text) } }];
}

/** A word from a host in a command that is shown: quoted, and drawable. */
function argument(word: string): string {
  return clean(quote(word));
}

const PATH_COLUMNS: readonly Column[] = [
  { title: 'Path', min: 8 },
  { title: 'Address', min: 9 },
  { title: 'Group', min: 5, align: 'right' },
  { title: 'States', min: 22, grow: 1 },
  { title: 'Portal', min: 18, grow: 1, drop: 1 },
  { title: 'Session', min: 10, grow: 2, drop: 2 },
];

/** A map laid open: what it is, its paths, what is wrong with it and what proves it. */
export function mapDetails(
  now: Now,
  view: MapView,
  findings: readonly Finding[],
  tone: Tone,
): Details {
  const { map, host } = view;
  const name = argument(map.alias);
  return {
    title: `Multipath › ${view.name}`,
    tone,
    state: findings[0]?.title ?? 'all paths usable',
    blocks: [
      ...findings.flatMap(explanation),
      { kind: 'facts', rows: mapFacts(now, view) },
      groupTable(view),
      pathTable(view),
      ...evidence(view, view.paths).map(({ command, lines }): Block => ({
        kind: 'lines',
        label: `${host}: ${command}`,
        lines: lines.map(clean),
      })),
      ...saidBlock(view),
    ],
    commands: [
      { says: 'this map, looked at now', line: `multipath -ll ${name}` },
      { says: 'what the daemon holds', line: 'multipathd show maps json' },
      { says: 'the kernel’s own counters', line: `dmsetup status ${name}` },
      { says: 'the iSCSI sessions with their disks', line: 'iscsiadm -m session -P 3' },
      { says: 'what the kernel said', line: 'dmesg -T | grep -e multipath -e "sd " -e connection' },
    ],
  };
}

function explanation({ says, means, todo, title }: Finding): readonly Block[] {
  return [{ kind: 'text', label: title, text: `${says} ${means} ${todo}` }];
}

function mapFacts(now: Now, view: MapView): readonly Fact[] {
  const { map, host, sizeBytes } = view;
  const others = mapViews(now).filter((o) => o.map.wwid === map.wwid && o.host !== host);
  return [
    ...fact('host', host),
    ...fact('identity', map.wwid),
    ...fact('device', map.dm),
    ...fact('size', sizeBytes === null ? null : bytes(sizeBytes)),
    ...fact('array', [map.vendor, map.product].filter((part) => part !== null).join(' ')),
    ...fact('usable paths', `${view.usable} of ${view.paths.length}`),
    ...fact('without a path', noPathWords(view)),
    ...fact('access', map.access),
    ...fact('features', map.features),
    ...fact('also on', others.map((o) => `${o.host} (${o.usable}/${o.paths.length})`).join(', ')),
  ];
}

function noPathWords({ map }: MapView): string {
  if (map.queueing === null) return '';
  const retry = map.retry === null || map.retry === '-' ? '' : ` (${map.retry})`;
  return `${queuesNow(map) ? 'I/O waits' : 'I/O fails at once'}${retry}`;
}

function groupTable(view: MapView): Block {
  return {
    kind: 'table',
    label: 'Path groups',
    columns: [
      { title: 'Group', min: 5, align: 'right' },
      { title: 'State', min: 9 },
      { title: 'Priority', min: 8, align: 'right' },
      { title: 'Policy', min: 14, grow: 1 },
    ],
    rows: view.groups.map(({ group }, index) => [
      { text: `${index + 1}` },
      { text: clean(group.state ?? '') },
      { text: group.priority === null ? '' : `${group.priority}` },
      { text: clean(group.policy ?? '') },
    ]),
  };
}

function pathTable(view: MapView): Block {
  const rows = view.groups.flatMap(({ paths }, index) =>
    paths.map((path): readonly Cell[] => [
      { text: path.name },
      { text: path.hctl },
      { text: `${index + 1}` },
      { text: path.states },
      { text: path.session?.portal ?? '' },
      { text: path.session?.states ?? '' },
    ]),
  );
  return { kind: 'table', label: 'Paths', columns: PATH_COLUMNS, rows };
}

function saidBlock({ reading }: MapView): readonly Block[] {
  const other = reading?.value.said.other ?? [];
  if (other.length === 0) return [];
  return [{ kind: 'lines', label: 'multipath also said', lines: other.slice(0, 12).map(clean) }];
}

/** A path laid open. */
export function pathDetails(view: MapView, path: PathView, tone: Tone): Details {
  const { session } = path;
  const { device } = path.path;
  const found = session?.session.disks.find((disk) => disk.device === device);
  const name = argument(device ?? path.name);
  return {
    title: `Multipath › ${view.name} › ${path.name}`,
    tone,
    state: path.condition,
    blocks: [
      {
        kind: 'facts',
        rows: [
          ...fact('host', view.host),
          ...fact('map', view.name),
          ...fact('address', path.hctl),
          ...fact('number', path.path.devt),
          ...fact('kernel', path.path.dmState),
          ...fact('checker', path.path.checkerState),
          ...fact('device', path.path.deviceState),
          ...fact('portal', session?.portal),
          ...fact('target', session?.session.target),
          ...fact('from', session?.session.from),
          ...fact('session', session ? `${session.session.sid}: ${session.states}` : null),
          ...fact('disk in the session', found?.state),
        ],
      },
      ...evidence(view, [path]).map(({ host, command, lines }): Block => ({
        kind: 'lines',
        label: `${host}: ${command}`,
        lines: lines.map(clean),
      })),
    ],
    commands: [
      { says: 'the paths as the daemon sees them', line: 'multipathd show paths' },
      { says: 'the state of the disk in the kernel', line: `cat /sys/block/${name}/device/state` },
      ...(session ? [sessionCommand(session.session.sid)] : []),
    ],
  };
}

/** A session laid open. */
export function sessionDetails(view: SessionView, tone: Tone): Details {
  const { session, host, portal, states } = view;
  return {
    title: `iSCSI session ${clean(session.sid)} › ${host}`,
    tone,
    state: view.standing,
    blocks: [
      {
        kind: 'facts',
        rows: [
          ...fact('host', host),
          ...fact('target', session.target),
          ...fact('portal', portal),
          ...fact('from', session.from),
          ...fact('states', states),
          ...fact('disks', session.disks.map((d) => `${d.device} ${d.state ?? ''}`).join(', ')),
        ],
      },
    ],
    commands: [sessionCommand(session.sid)],
  };
}

function sessionCommand(sid: string): Details['commands'][number] {
  return { says: 'the iSCSI session', line: `iscsiadm -m session -r ${argument(sid)} -P 3` };
}
