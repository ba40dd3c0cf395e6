import { bySeverity, type Finding } from '../../../core/finding.js';
import { toneOf, type Cell, type Row, type Tone } from '../../../core/pane.js';
import { clean, listed } from '../../../core/text.js';
import { percent } from '../../../core/units.js';
import { guestNode, networkNode, poolNode } from '../graph.js';
import { isLive, type Guest, type Network, type Pool } from '../read/state.js';
import { sourceText, subjectOf, usedShare, type HostView, type Thing } from '../view.js';
import { guestDetails, hostDetails, networkDetails, poolDetails } from './details.js';

/** The tone of the worst of some findings. */
export function toneOfAll(findings: readonly Finding[]): Tone {
  return toneOf(findings.map(({ severity }) => severity).toSorted(bySeverity)[0]);
}

/** The key of a pool's history. */
export function metricOf({ host }: HostView, { name }: Pool): string {
  return `libvirt.${host}/${name}.used`;
}

/** A host whose libvirt does not answer. */
export function silentRow(view: HostView, findings: readonly Finding[]): Row {
  const tone = view.stale ? 'unknown' : toneOfAll(findings);
  const { daemon } = view.report;
  return {
    id: view.host,
    tone,
    hosts: [view.host],
    cells: [
      { text: 'libvirt' },
      { text: 'daemon' },
      { text: view.host },
      { text: 'no answer', tone: findings.length > 0 ? tone : 'muted' },
      { text: daemon.answers || !daemon.wanted ? 'no' : 'yes' },
      { text: '' },
      { text: daemon.answers ? '' : clean(daemon.because) },
    ],
    details: () => hostDetails(view, findings, tone),
  };
}

/** The row of a pool, a network or a guest. */
export function rowOf(thing: Thing, all: ReadonlyMap<string, readonly Finding[]>): Row {
  switch (thing.kind) {
    case 'pool':
      return poolRow(thing.on, thing.pool, all);
    case 'network':
      return networkRow(thing.on, thing.network, all);
    case 'guest':
      return guestRow(thing.on, thing.guest, all);
  }
}

type Findings = ReadonlyMap<string, readonly Finding[]>;

/** A guest and a pool may have one name: the rows are told apart, the findings by their codes. */
function own(all: Findings, view: HostView, name: string, kind: string): readonly Finding[] {
  const findings = all.get(subjectOf(view, name)) ?? [];
  return findings.filter(({ code }) => code.startsWith(`LIBVIRT_${kind}_`));
}

function base(view: HostView, kind: string, name: string, findings: readonly Finding[]) {
  const tone: Tone = view.stale ? 'unknown' : toneOfAll(findings);
  return { id: `${subjectOf(view, name)} ${kind}`, tone, hosts: [view.host] };
}

function poolRow(view: HostView, pool: Pool, all: Findings): Row {
  const findings = own(all, view, pool.name, 'POOL');
  const row = base(view, 'pool', pool.name, findings);
  const share = usedShare(pool);
  const full = findings.find(({ code }) => code === 'LIBVIRT_POOL_FULL');
  return {
    ...row,
    about: [poolNode(view.host, pool)],
    metrics: [metricOf(view, pool)],
    cells: [
      { text: clean(pool.name) },
      { text: clean(`pool ${pool.type}`) },
      { text: view.host },
      stateCell(pool.state, pool.state === 'running', row.tone),
      bootCell(pool.autostart),
      share === undefined
        ? { text: '–', sort: 0 }
        : { text: percent(share), sort: share, ...(full && { tone: row.tone }) },
      { text: clean(pool.target || listed(pool.sources)) },
    ],
    details: () => poolDetails(view, pool, findings, row.tone),
  };
}

function networkRow(view: HostView, network: Network, all: Findings): Row {
  const findings = own(all, view, network.name, 'NETWORK');
  const row = base(view, 'network', network.name, findings);
  const where = network.addresses.map(({ address, prefix }) => `${address}/${prefix}`);
  return {
    ...row,
    about: [networkNode(view.host, network)],
    cells: [
      { text: clean(network.name) },
      { text: clean(`net ${network.forward}`) },
      { text: view.host },
      stateCell(network.active ? 'active' : 'inactive', network.active, row.tone),
      bootCell(network.autostart),
      { text: '–', sort: 0 },
      { text: clean([...where, network.bridge].filter((word) => word !== '').join('  ')) },
    ],
    details: () => networkDetails(view, network, findings, row.tone),
  };
}

function guestRow(view: HostView, guest: Guest, all: Findings): Row {
  const findings = own(all, view, guest.name, 'GUEST');
  const row = base(view, 'guest', guest.name, findings);
  const [first] = guest.disks.flatMap(({ sources }) => sources);
  return {
    ...row,
    about: [guestNode(view.host, guest)],
    cells: [
      { text: clean(guest.name) },
      { text: 'guest' },
      { text: view.host },
      stateCell(guest.state, isLive(guest), row.tone),
      { text: '' },
      { text: '–', sort: 0 },
      { text: first ? clean(sourceText(first)) : '' },
    ],
    details: () => guestDetails(view, guest, findings, row.tone),
  };
}

function stateCell(state: string, active: boolean, tone: Tone): Cell {
  const wrong = tone === 'alert' || tone === 'warning';
  return { text: clean(state), tone: active && !wrong ? 'plain' : wrong ? tone : 'muted' };
}

function bootCell(autostart: boolean): Cell {
  return { text: autostart ? 'yes' : 'no' };
}
