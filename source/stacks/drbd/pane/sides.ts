import type { Block, Cell, Tone } from '../../../core/pane.js';
import { clean } from '../../../core/text.js';
import { bytes, clockTime } from '../../../core/units.js';
import { shortUuid } from '../generations.js';
import { verdictOf } from '../verdict.js';
import type { Leg, Link, Pair, Replica, Resource } from '../view.js';
import { mendedHosts } from '../works.js';
import { cell, connectionTone, connectionWord, diskTone } from './cells.js';

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

/** The two sides of a connection next to each other. */
export function pairBlock(resource: Resource, pair: Pair): Block {
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

/** All sides of a resource next to each other, each with its connection that is worst off. */
export function allSides(resource: Resource): Block {
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
