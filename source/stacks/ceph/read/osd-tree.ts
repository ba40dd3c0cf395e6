import { notThis, type Parsed } from '../../../core/parsed.js';
import { aFlag, aList, aNumber, aText, Fields, Unread } from './fields.js';
import { findObject } from './json.js';

/** One OSD in its place in the CRUSH tree. */
export interface Osd {
  readonly id: number;
  /** `osd.3`. */
  readonly name: string;
  readonly up: boolean;
  /** In: data is placed on it. Out: its reweight is 0. */
  readonly in: boolean;
  /** Of the CRUSH bucket of type host that it is in; undefined where there is none. */
  readonly host?: string;
  /** `hdd`, `ssd`; said since Luminous. */
  readonly deviceClass?: string;
  /** The share of its CRUSH weight that is used, 0 to 1. */
  readonly reweight: number;
  /** In TiB, as CRUSH counts. */
  readonly weight?: number;
}

/** A CRUSH bucket (root, rack, host …) and the OSDs anywhere beneath it. */
export interface Bucket {
  readonly name: string;
  readonly type: string;
  readonly osds: readonly number[];
}

/** The OSDs of a cluster and where they stand. */
export interface OsdTree {
  readonly osds: readonly Osd[];
  /** The hosts of the CRUSH map in the tree's order, those without an OSD too. */
  readonly hosts: readonly Bucket[];
}

interface Node {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly fields: Fields;
  readonly children: readonly number[];
}

/**
 * Reads `ceph osd tree -f json`: `nodes` in tree order with `children` by id (OSDs from 0 up,
 * buckets below 0), `stray` for OSDs in no bucket.
 */
export function parseOsdTree(text: string): Parsed<OsdTree> {
  const found = findObject(text);
  if (!found.ok) return found;
  const { object, around } = found.value;
  const unread = new Unread(around);
  const fields = new Fields(object, '', unread);
  const listed = fields.objects('nodes');
  if (!listed) return notThis(1, 'the JSON of `ceph osd tree`: nodes');
  fields.only(new Set(['nodes', 'stray', 'summary']));
  const nodes = [...listed, ...(fields.objects('stray') ?? [])].flatMap(readNode);
  return { ok: true, value: placed(nodes), unread: unread.lines() };
}

function readNode(fields: Fields): readonly Node[] {
  const id = fields.get('id', aNumber);
  const type = fields.get('type', aText);
  if (id === undefined || type === undefined) {
    fields.note('node', fields.record);
    return [];
  }
  const children = (fields.get('children', aList) ?? []).filter((c) => typeof c === 'number');
  return [{ id, type, name: fields.get('name', aText) ?? String(id), fields, children }];
}

/** Walks down from the nodes that nothing contains, so that each OSD learns its host; each node once. */
function placed(nodes: readonly Node[]): OsdTree {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const contained = new Set(nodes.flatMap((node) => node.children));
  const hostOf = new Map<number, string | undefined>();
  const todo: { id: number; host: string | undefined }[] = [];
  for (const { id } of nodes) if (!contained.has(id)) todo.push({ id, host: undefined });
  for (let next = todo.pop(); next; next = todo.pop()) {
    const node = byId.get(next.id);
    if (!node || hostOf.has(node.id)) continue;
    const host = node.type === 'host' ? node.name : next.host;
    hostOf.set(node.id, host);
    for (const id of node.children) todo.push({ id, host });
  }
  const osds = [...byId.values()]
    .filter((node) => node.type === 'osd')
    .map((node) => readOsd(node, hostOf.get(node.id)))
    .sort((a, b) => a.id - b.id);
  return { osds, hosts: hostsOf(byId.values(), osds) };
}

function hostsOf(nodes: Iterable<Node>, osds: readonly Osd[]): readonly Bucket[] {
  const members = new Map<string, number[]>();
  for (const node of nodes) if (node.type === 'host') members.set(node.name, []);
  for (const { id, host } of osds) if (host !== undefined) members.get(host)?.push(id);
  return [...members]
    .map(([name, ids]) => ({ name, type: 'host', osds: ids }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function readOsd({ id, name, fields }: Node, host: string | undefined): Osd {
  const deviceClass = fields.get('device_class', aText);
  const weight = fields.get('crush_weight', aNumber);
  const reweight = fields.get('reweight', aNumber) ?? 1;
  const exists = fields.get('exists', aFlag) ?? true;
  return {
    id,
    name,
    up: exists && fields.get('status', aText) === 'up',
    in: exists && reweight > 0,
    reweight,
    ...(host === undefined ? {} : { host }),
    ...(deviceClass === undefined ? {} : { deviceClass }),
    ...(weight === undefined ? {} : { weight }),
  };
}
