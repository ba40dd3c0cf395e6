import type { Finding } from '../../../core/finding.js';
import type { NodeId } from '../../../core/graph.js';
import type { Cell, Column, Drawing, Row, Tone } from '../../../core/pane.js';
import { toneOf } from '../../../core/pane.js';
import type { Now } from '../../../core/probe.js';
import { viewOf } from '../assemble.js';
import { connectionNode, replicaNode, resourceNode } from '../nodes.js';
import type { Leg, Link, Replica, Resource, View, Volume } from '../view.js';
import { mendedHosts, worksOf, type Work } from '../works.js';
import {
  cell,
  connectionTone,
  connectionWord,
  diskTone,
  leftCell,
  nothing,
  outOfSyncCell,
  rateCell,
  shareCell,
} from './cells.js';
import { resourceDetails } from './details.js';
import { findingsAbout, findingsOn, outOfSyncKey, outOfSyncOf, rateKey } from './about.js';

const COLUMNS: readonly Column[] = [
  { title: 'resource', min: 16, grow: 2, cut: 'middle' },
  { title: 'role', min: 9 },
  { title: 'connection', min: 12 },
  { title: 'disk', min: 12 },
  { title: 'peer’s disk', min: 12, drop: 4 },
  { title: 'out of sync', min: 11, align: 'right', drop: 2 },
  { title: 'done', min: 5, align: 'right', drop: 1 },
  { title: 'rate', min: 10, align: 'right', drop: 5 },
  { title: 'left', min: 8, align: 'right', drop: 3 },
];

/** One row a resource, and beneath it one for each side, peer and volume. */
export function draw(now: Now): Drawing {
  const view = viewOf(now);
  return {
    columns: COLUMNS,
    rows: view.resources.flatMap((resource) => [
      resourceRow(view, resource),
      ...resource.replicas.flatMap((replica) => sideRows(view, resource, replica)),
    ]),
    empty: 'DRBD is here, and no resource is configured.',
  };
}

function toneFor(findings: readonly Finding[], stale: boolean, cells: readonly Cell[] = []): Tone {
  const [worst] = findings;
  if (worst?.code === 'DRBD_SYNC_RUNNING' || worst?.code === 'DRBD_VERIFY_RUNNING') {
    return 'working';
  }
  if (worst) return toneOf(worst.severity);
  return stale ? 'unknown' : (worstOf(cells)?.tone ?? 'good');
}

function resourceRow(view: View, resource: Resource): Row {
  const findings = findingsAbout(view, resource);
  const stale = resource.replicas.every((replica) => replica.stale);
  const tone = toneFor(findings, stale);
  const work = worksOf(resource)[0];
  return {
    id: resource.label,
    tone,
    hosts: resource.replicas.map(({ host }) => host),
    about: [resourceNode(resource)],
    metrics: [outOfSyncKey(resource), rateKey(resource)],
    cells: [
      cell(resource.label, tone),
      rolesOf(resource),
      rollUpConnection(resource, findings),
      rollUpDisk(resource),
      nothing,
      outOfSyncCell(outOfSyncOf(resource)),
      ...workCells(work),
    ],
    details: () => resourceDetails(resource, findings, tone),
  };
}

function workCells(work: Work | undefined): readonly Cell[] {
  return [shareCell(work?.share), rateCell(work?.kibPerSecond), leftCell(work?.secondsLeft)];
}

function rolesOf({ replicas }: Resource): Cell {
  if (replicas.some(({ suspended, stale }) => suspended && !stale))
    return cell('I/O held', 'alert');
  const primaries = replicas.filter(({ role }) => role === 'Primary').length;
  if (primaries > 1) return cell(`${primaries} Primary`);
  return cell(primaries === 1 ? 'Primary' : (replicas.find(({ up }) => up)?.role ?? ''));
}

function rollUpConnection(resource: Resource, findings: readonly Finding[]): Cell {
  if (findings.some(({ code }) => code === 'DRBD_SPLIT_BRAIN')) return cell('split brain', 'alert');
  if (findings.some(({ code }) => code === 'DRBD_QUORUM_LOST')) return cell('no quorum', 'alert');
  const cells = resource.replicas.flatMap((replica) =>
    replica.links.flatMap((link) =>
      legsOrNone(link).map((leg) =>
        cell(connectionWord(link, leg), replica.stale ? 'unknown' : connectionTone(link, leg)),
      ),
    ),
  );
  return worstOf(cells) ?? nothing;
}

function rollUpDisk(resource: Resource): Cell {
  const cells = resource.replicas.flatMap((replica) =>
    replica.volumes.map((volume) => diskCell(resource, replica, volume)),
  );
  return worstOf(cells) ?? nothing;
}

const WORST_FIRST: readonly Tone[] = ['alert', 'warning', 'unknown', 'working', 'notice', 'good'];

function worstOf(cells: readonly Cell[]): Cell | undefined {
  for (const tone of WORST_FIRST) {
    const found = cells.find((one) => one.tone === tone);
    if (found) return found;
  }
  return cells[0];
}

function sideRows(view: View, resource: Resource, replica: Replica): readonly Row[] {
  const details = (): ReturnType<Row['details']> => {
    const findings = findingsAbout(view, resource);
    return resourceDetails(resource, findings, toneFor(findings, replica.stale));
  };
  const row = (id: string, node: readonly NodeId[], cells: readonly Cell[]): Row => {
    const findings = findingsOn(view, new Set([replicaNode(replica), ...node]));
    return {
      id: `${resource.name}@${replica.host}${id}`,
      depth: 1,
      hosts: [replica.host],
      // Where the cause lies with the other side, this side still looks as it is.
      tone: toneFor(findings, replica.stale, cells.slice(1, 4)),
      details,
      cells: replica.stale ? cells.map((one): Cell => ({ ...one, tone: 'unknown' })) : cells,
    };
  };
  if (replica.links.length === 0) {
    return replica.volumes.map((volume) =>
      row(`#${volume.volume}`, [], aloneCells(resource, replica, volume)),
    );
  }
  return replica.links.flatMap((link) =>
    legsOrNone(link).map((leg) =>
      row(
        `>${link.peer}#${leg?.volume ?? ''}`,
        [connectionNode(resource.name, link)],
        linkCells(resource, replica, link, leg),
      ),
    ),
  );
}

function aloneCells(resource: Resource, replica: Replica, volume: Volume): readonly Cell[] {
  return [
    cell(volumeLabel(replica, undefined, volume.volume)),
    cell(replica.up ? replica.role : 'down', replica.up ? undefined : 'warning'),
    nothing,
    diskCell(resource, replica, volume),
    nothing,
    nothing,
    ...workCells(undefined),
  ];
}

function linkCells(
  resource: Resource,
  replica: Replica,
  link: Link,
  leg: Leg | undefined,
): readonly Cell[] {
  const volume = replica.volumes.find((known) => known.volume === leg?.volume);
  const progress = leg?.progress;
  return [
    cell(volumeLabel(replica, link, leg?.volume)),
    cell(replica.role),
    cell(connectionWord(link, leg), connectionTone(link, leg)),
    volume ? diskCell(resource, replica, volume) : nothing,
    leg
      ? cell(
          leg.peerDisk,
          diskTone(leg.peerDisk, leg.peerClient, mendedHosts(resource).has(link.peer)),
        )
      : nothing,
    outOfSyncCell(leg?.outOfSyncKiB),
    shareCell(progress?.percent == null ? undefined : progress.percent / 100),
    rateCell(progress?.kibPerSecond),
    leftCell(progress?.secondsLeft),
  ];
}

function volumeLabel(replica: Replica, link: Link | undefined, volume: number | undefined): string {
  const peer = link && replica.links.length > 1 ? ` → ${link.peer}` : '';
  return `${replica.host}${peer}${replica.volumes.length > 1 ? `/${volume ?? ''}` : ''}`;
}

function legsOrNone(link: Link): readonly (Leg | undefined)[] {
  return link.volumes.length > 0 ? link.volumes : [undefined];
}

function diskCell(resource: Resource, replica: Replica, volume: Volume): Cell {
  const mended = mendedHosts(resource).has(replica.host);
  const tone = replica.stale ? 'unknown' : diskTone(volume.disk, volume.client, mended);
  return cell(volume.disk, tone);
}
