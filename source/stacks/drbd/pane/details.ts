import type { Finding } from '../../../core/finding.js';
import type { Block, Cell, Details, Tone } from '../../../core/pane.js';
import { clean, listed } from '../../../core/text.js';
import { bytes, clockTime } from '../../../core/units.js';
import { shortUuid } from '../generations.js';
import { stateLines } from '../rules/make.js';
import { verdictOf } from '../verdict.js';
import type { Leg, Link, Pair, Replica, Resource } from '../view.js';
import { mendedHosts } from '../works.js';
import { cell, connectionTone, connectionWord, diskTone } from './cells.js';
import { commandsFor } from './commands.js';

/** A resource laid open: both sides next to each other, what it means, and the proof. */
export function resourceDetails(
  resource: Resource,
  findings: readonly Finding[],
  tone: Tone,
): Details {
  const [worst] = findings;
  return {
    title: clean(resource.label),
    tone,
    state: worst ? worst.title.replace(/^DRBD /, '') : 'in order',
    blocks: [
      ...(resource.pairs.length === 1
        ? resource.pairs.map((pair) => pairBlock(resource, pair))
        : [allSides(resource)]),
      ...(resource.pairs.length > 1 ? [connectionTable(resource)] : []),
      ...findings.flatMap(findingText),
      ...(resource.byMinor ? [byMinorText(resource)] : []),
      ...evidenceBlocks(resource, findings),
      ...logBlocks(resource),
    ],
    commands: commandsFor(resource, findings),
  };
}

// --- sides ---

interface Side {
  readonly name: string;
  readonly role: Cell;
  readonly connection: Cell;
  readonly disk: Cell;
  readonly leg: Leg | undefined;
  readonly replica: Replica | undefined;
}

function sideOf(
  resource: Resource,
  replica: Replica,
  link: Link | undefined,
  leg: Leg | undefined,
): Side {
  const old: Tone | undefined = replica.stale ? 'unknown' : undefined;
  const volume =
    replica.volumes.find((known) => known.volume === leg?.volume) ?? replica.volumes[0];
  return {
    name: replica.stale ? `${replica.host} (before)` : replica.host,
    role: cell(replica.up ? replica.role : 'down', old),
    connection: link
      ? cell(connectionWord(link, leg), old ?? connectionTone(link, leg))
      : cell('–', old),
    disk: volume
      ? cell(
          volume.client ? 'none, by intention' : volume.disk,
          old ?? diskTone(volume.disk, volume.client, mendedHosts(resource).has(replica.host)),
        )
      : cell('–', old),
    leg,
    replica,
  };
}

/** A peer that is not read itself: what the side that is read says of it. */
function seenFrom(link: Link, leg: Leg | undefined): Side {
  return {
    name: `${link.peer} (as ${link.host} sees it)`,
    role: cell(link.peerRole, 'unknown'),
    connection: cell('not read', 'unknown'),
    disk: cell(leg?.peerDisk ?? '–', 'unknown'),
    leg: undefined,
    replica: undefined,
  };
}

function pairBlock(resource: Resource, pair: Pair): Block {
  const [first, second] = pair.ends;
  const legA = first && tellingLeg(first.link);
  const legB = second?.link.volumes.find(({ volume }) => volume === legA?.volume);
  const sides = [
    ...(first ? [sideOf(resource, first.replica, first.link, legA)] : []),
    ...(second ? [sideOf(resource, second.replica, second.link, legB)] : []),
    ...(first && !second ? [seenFrom(first.link, legA)] : []),
  ];
  return sidesBlock(sides, pair);
}

/** The volume on which most is going on. */
function tellingLeg({ volumes }: Link): Leg | undefined {
  return volumes.find(({ activity }) => activity !== 'replicating') ?? volumes[0];
}

function allSides(resource: Resource): Block {
  return sidesBlock(
    resource.replicas.map((replica) => {
      const link = replica.links.find(({ state }) => state !== 'in touch') ?? replica.links[0];
      return sideOf(resource, replica, link, link && tellingLeg(link));
    }),
    undefined,
  );
}

type SideRow = Extract<Block, { kind: 'sides' }>['rows'][number];

function sidesBlock(sides: readonly Side[], pair: Pair | undefined): Block {
  const generations = sides.map(({ leg }) => leg?.generations);
  const row = (label: string, values: readonly Cell[], remark?: Cell): SideRow => ({
    label,
    values,
    ...(remark ? { remark } : {}),
  });
  const uuids = (pick: 'current' | 'bitmap') =>
    generations.map((known) =>
      cell(known ? shortUuid(known[pick]) : 'not read', known ? undefined : 'unknown'),
    );
  return {
    kind: 'sides',
    sides: sides.map(({ name }) => clean(name)),
    rows: [
      row(
        'role',
        sides.map(({ role }) => role),
      ),
      row(
        'connection',
        sides.map(({ connection }) => connection),
      ),
      row(
        'disk',
        sides.map(({ disk }) => disk),
      ),
      ...(sides.some(({ replica }) => quorumOf(replica) !== undefined)
        ? [
            row(
              'quorum',
              sides.map(({ replica }) => quorumOf(replica) ?? cell('–')),
            ),
          ]
        : []),
      ...(generations.some((known) => known !== undefined)
        ? [
            row('data generation', uuids('current'), remarkOf(pair)),
            row('came from', uuids('bitmap'), splitRemark(pair)),
          ]
        : []),
      row(
        'changed since',
        sides.map(({ leg }) =>
          leg?.outOfSyncKiB == null ? cell('–') : cell(bytes(leg.outOfSyncKiB * 1024)),
        ),
      ),
      row(
        'backing disk',
        sides.map(({ replica }) => cell(backingOf(replica))),
      ),
      row(
        'mounted at',
        sides.map(({ replica }) => cell(mountsOf(replica))),
      ),
      row(
        'DRBD',
        sides.map(({ replica }) => cell(replica?.on.devices.value.proc?.version ?? '–')),
      ),
    ],
  };
}

function remarkOf(pair: Pair | undefined): Cell | undefined {
  switch (pair && verdictOf(pair).relation) {
    case 'same':
      return cell('same', 'good');
    case 'split':
      return cell('differs', 'alert');
    case 'ahead':
    case 'behind':
      return cell('one is ahead', 'warning');
    case 'unrelated':
      return cell('nothing in common', 'alert');
    case undefined:
      return undefined;
  }
}

function splitRemark(pair: Pair | undefined): Cell | undefined {
  if (!pair) return undefined;
  const { relation, lostAt, splitAt } = verdictOf(pair);
  if (relation !== 'split') return undefined;
  const at = lostAt ?? splitAt;
  return cell(at === undefined ? 'same' : `split at ${clockTime(at)}`);
}

/** Undefined before DRBD 9. */
function quorumOf(replica: Replica | undefined): Cell | undefined {
  const known = replica?.volumes.flatMap(({ quorum }) => quorum ?? []) ?? [];
  if (known.length === 0) return undefined;
  return known.includes(false) ? cell('lost', 'alert') : cell('yes');
}

function backingOf(replica: Replica | undefined): string {
  const disks = replica?.volumes.flatMap(({ backing }) => backing ?? []) ?? [];
  return disks.length > 0 ? disks.join(', ') : '–';
}

function mountsOf(replica: Replica | undefined): string {
  const mounts = replica?.volumes.flatMap((volume) => volume.mounts) ?? [];
  return mounts.length > 0 ? mounts.map(({ at, type }) => `${at} (${type})`).join(', ') : '–';
}

function connectionTable(resource: Resource): Block {
  return {
    kind: 'table',
    label: 'Connections',
    columns: [
      { title: 'from', min: 10, grow: 1, cut: 'middle' },
      { title: 'to', min: 10, grow: 1, cut: 'middle' },
      { title: 'connection', min: 12 },
      { title: 'peer’s disk', min: 12 },
      { title: 'differs', min: 9, align: 'right' },
    ],
    rows: resource.replicas.flatMap((replica) =>
      replica.links.flatMap((link) =>
        link.volumes.map((leg) => [
          cell(replica.host),
          cell(replica.volumes.length > 1 ? `${link.peer}/${leg.volume}` : link.peer),
          cell(connectionWord(link, leg), connectionTone(link, leg)),
          cell(
            leg.peerDisk,
            diskTone(leg.peerDisk, leg.peerClient, mendedHosts(resource).has(link.peer)),
          ),
          cell(leg.outOfSyncKiB === null ? '–' : bytes(leg.outOfSyncKiB * 1024)),
        ]),
      ),
    ),
  };
}

// --- words ---

function findingText(found: Finding): readonly Block[] {
  return [
    { kind: 'text', label: found.title, text: found.says },
    { kind: 'text', label: 'What it means', text: found.means },
    { kind: 'text', label: 'What to do', text: found.todo },
  ];
}

function byMinorText({ replicas }: Resource): Block {
  const hosts = listed(replicas.map(({ host }) => host));
  return {
    kind: 'text',
    label: 'Name not known',
    text: `Neither the kernel nor the configuration gave a name. The sides on ${hosts} are laid together by their minor number alone; they may be different resources.`,
  };
}

// --- proof ---

function evidenceBlocks(resource: Resource, findings: readonly Finding[]): readonly Block[] {
  const quoted = [
    ...stateLines(resource.replicas),
    ...findings.flatMap(({ evidence }) => evidence),
  ];
  const blocks = new Map<string, Block>();
  for (const { host, command, lines } of quoted) {
    const label = `${host}: ${clean(command)}`;
    blocks.set(`${label}\n${lines.join('\n')}`, { kind: 'lines', label, lines: lines.map(clean) });
  }
  return [...blocks.values()];
}

/** The newest words of the kernels about it, with times of day. */
function logBlocks(resource: Resource): readonly Block[] {
  return resource.replicas.flatMap(({ host, on, resource: name, volumes }) => {
    const { log } = on;
    if (!log) return [];
    const { lines, uptime } = log.value;
    const minors = new Set(volumes.map(({ minor }) => minor));
    const telling = lines.filter(
      (line) =>
        line.kind !== 'other' &&
        (line.resource === name || (line.minor !== null && minors.has(line.minor))),
    );
    if (telling.length === 0) return [];
    const shown = telling.slice(-8).map(({ at, text }) => {
      const words = text.replace(/^\s*\[[^\]]*\]\s*/, '').trim();
      if (at === null || uptime === null) return clean(words);
      return clean(`${clockTime(log.at - (uptime - at) * 1000)}  ${words}`);
    });
    return [{ kind: 'lines', label: `${host}: kernel log`, lines: shown }];
  });
}
