import type { Details, Row, Tone } from '../../../core/pane.js';
import { clean, count, listed } from '../../../core/text.js';
import { percent } from '../../../core/units.js';
import type { Osd } from '../read/osd-tree.js';
import { hostOfOsd, namedIn } from '../rules/osds-down.js';
import { current } from './tones.js';
import type { View } from '../view.js';

/** The OSDs beneath their hosts; only their counts where the tree is not known. */
export function osdRows(view: View): readonly Row[] {
  const { osds } = view.status;
  const tree = view.tree;
  if (!osds && !tree) return [];
  const hosts = tree?.hosts ?? [];
  const named = checksByOsd(view);
  const loose = (tree?.osds ?? []).filter(({ host }) => host === undefined);
  return [
    ...(osds ? [totalRow(view, osds)] : []),
    ...hosts.flatMap(({ name }) => {
      const own = (tree?.osds ?? []).filter((osd) => osd.host === name);
      return [bucketRow(view, name, own), ...own.map((osd) => osdRow(view, osd, 2, named))];
    }),
    ...loose.map((osd) => osdRow(view, osd, 1, named)),
  ];
}

function totalRow(view: View, osds: NonNullable<View['status']['osds']>): Row {
  const tone = current(view, osds.up < osds.in ? 'warning' : 'good');
  const out = osds.total - osds.in;
  return {
    id: 'osds',
    tone,
    cells: [
      { text: 'OSDs' },
      { text: `${osds.up} of ${osds.total} up`, tone },
      { text: `${osds.in} in${out > 0 ? `, ${out} out` : ''}` },
    ],
    hosts: [],
    details: () => ({
      title: 'OSDs',
      tone,
      state: `${osds.up} of ${osds.total} up`,
      blocks: [
        {
          kind: 'table',
          label: 'OSDs',
          columns: [
            { title: 'OSD', min: 8 },
            { title: 'State', min: 10 },
            { title: 'Host', min: 12, grow: 1, cut: 'middle' },
            { title: 'Class', min: 6, drop: 1 },
          ],
          rows: (view.tree?.osds ?? []).map((osd) => [
            { text: clean(osd.name) },
            { text: stateOf(osd), tone: toneOfOsd(view, osd) },
            { text: clean(osd.host ?? '–') },
            { text: clean(osd.deviceClass ?? '–') },
          ]),
        },
      ],
      commands: COMMANDS,
    }),
  };
}

const COMMANDS: Details['commands'] = [
  { says: 'all OSDs and where they stand', line: 'ceph osd tree' },
  { says: 'how full each is', line: 'ceph osd df tree' },
];

function bucketRow(view: View, name: string, own: readonly Osd[]): Row {
  const down = own.filter((osd) => osd.in && !osd.up).length;
  const up = own.filter((osd) => osd.up).length;
  const tone = current(view, own.length === 0 ? 'muted' : down > 0 ? 'warning' : 'good');
  const [first] = own;
  const host = first && hostOfOsd(view, first);
  return {
    id: `bucket:${name}`,
    depth: 1,
    tone,
    cells: [
      { text: clean(name) },
      { text: own.length === 0 ? 'empty' : `${up} of ${own.length} up`, tone },
      { text: host === undefined ? 'not a host that Holdfast knows' : `host ${host}` },
    ],
    hosts: host === undefined ? [] : [host],
    details: () => ({
      title: clean(name),
      tone,
      state: own.length === 0 ? 'no OSD' : `${up} of ${count(own.length, 'OSD')} up`,
      blocks: [
        {
          kind: 'facts',
          rows: [
            {
              label: 'down',
              value: { text: listed(own.filter((o) => !o.up).map(nameOf)) || 'none' },
            },
            { label: 'OSDs', value: { text: listed(own.map(nameOf), 12) || 'none' } },
          ],
        },
      ],
      commands: [
        ...COMMANDS,
        {
          says: 'before maintenance: whether these may stop',
          line: `ceph osd ok-to-stop ${own.map((o) => o.id).join(' ')}`,
        },
      ],
    }),
  };
}

type Named = ReadonlyMap<number, readonly string[]>;

/** The codes of the checks whose detail names an OSD, by OSD; that it is down is said already. */
function checksByOsd(view: View): Named {
  const named = new Map<number, string[]>();
  for (const check of view.checks) {
    if (check.code === 'OSD_DOWN') continue;
    for (const id of namedIn(check.details)) {
      const codes = named.get(id);
      if (codes) codes.push(check.code);
      else named.set(id, [check.code]);
    }
  }
  return named;
}

function osdRow(view: View, osd: Osd, depth: number, named: Named): Row {
  const codes = named.get(osd.id) ?? [];
  const own = toneOfOsd(view, osd);
  const tone = own === 'good' && codes.length > 0 ? 'warning' : own;
  const host = hostOfOsd(view, osd);
  const parts = [
    osd.deviceClass ?? '',
    ...codes,
    osd.reweight < 1 && osd.in ? `used to ${percent(osd.reweight)}` : '',
  ];
  return {
    id: `osd:${osd.id}`,
    depth,
    tone,
    cells: [
      { text: clean(osd.name) },
      { text: stateOf(osd), tone },
      { text: clean(parts.filter((part) => part !== '').join(', ')) },
    ],
    hosts: host === undefined ? [] : [host],
    details: () => osdDetails(osd, tone, codes),
  };
}

function osdDetails(osd: Osd, tone: Tone, codes: readonly string[]): Details {
  return {
    title: clean(osd.name),
    tone,
    state: stateOf(osd),
    blocks: [
      {
        kind: 'facts',
        rows: [
          { label: 'state', value: { text: stateOf(osd), tone } },
          { label: 'host', value: { text: clean(osd.host ?? 'in no CRUSH host') } },
          { label: 'device class', value: { text: clean(osd.deviceClass ?? 'not said') } },
          {
            label: 'CRUSH weight',
            value: { text: osd.weight === undefined ? 'not said' : `${osd.weight.toFixed(3)} TiB` },
          },
          { label: 'health checks', value: { text: clean(listed(codes)) || 'none' } },
          { label: 'reweight', value: { text: percent(osd.reweight) } },
        ],
      },
      { kind: 'text', label: 'What it means', text: meaningOf(osd) },
    ],
    commands: [
      { says: 'what runs on its host', line: `systemctl status ceph-osd@${osd.id}` },
      { says: 'why it stopped', line: `journalctl -u ceph-osd@${osd.id} -n 100` },
      { says: 'start it', line: `systemctl start ceph-osd@${osd.id}` },
      { says: 'where it is and on which devices', line: `ceph osd metadata ${osd.id}` },
      { says: 'whether it may be stopped', line: `ceph osd ok-to-stop ${osd.id}` },
    ],
  };
}

function meaningOf(osd: Osd): string {
  if (osd.up && osd.in) return 'It runs and carries data.';
  if (osd.up) return 'It runs, and its data is being moved, or has been moved, to others.';
  if (osd.in)
    return 'It does not run. Copies on it are missing until it is back, or until Ceph gives it up and makes them elsewhere.';
  return 'It does not run, and Ceph has given it up: its copies are made elsewhere.';
}

function stateOf(osd: Osd): string {
  return `${osd.up ? 'up' : 'down'}${osd.in ? '' : ', out'}`;
}

function toneOfOsd(view: View, osd: Osd): Tone {
  if (osd.up) return current(view, osd.in ? 'good' : 'notice');
  return current(view, osd.in ? 'alert' : 'muted');
}

function nameOf(osd: Osd): string {
  return clean(osd.name);
}
