import { joinLines, splitLines } from './lines.js';

/**
 * /etc/ocfs2/cluster.conf (o2cb(7)): stanzas `node:`, `cluster:`, `heartbeat:` that begin in the first
 * column, their parameters as `key = value`, each after a TAB. Blanks instead of the TAB are read as well
 * (seen with ocfs2-tools 1.8.7); a parameter in the first column makes the whole file unreadable. What is
 * not edited is written back to the byte.
 */
export interface ClusterFile {
  readonly stanzas: readonly Stanza[];
  readonly lines: readonly ClusterLine[];
  readonly endsWithNewline: boolean;
}

/** A line as it stands in the file. */
interface ClusterLine {
  readonly raw: string;
  readonly key?: string;
  /** Why the tools do not read it. */
  readonly because?: string;
}

/** One stanza, with the lines that it stands on. */
export interface Stanza {
  readonly name: string;
  readonly params: ReadonlyMap<string, string>;
  /** Indices into the lines: its head, and the last line of its parameters. */
  readonly first: number;
  readonly last: number;
}

/** A machine of a cluster. */
export interface ClusterNode {
  /** Its short host name: under any other it stays offline. */
  readonly name: string;
  /** 0 to 254, unique; it decides who lives where two halves are equal. */
  readonly number: number;
  /** IPv4. */
  readonly address: string;
  readonly port: number;
}

/** One cluster of the file. */
export interface ClusterDefinition {
  readonly name: string;
  readonly nodes: readonly ClusterNode[];
  /** What the file says; undefined: nothing. */
  readonly nodeCount?: number;
  /** `local` (each file system its own heartbeat) or `global`. */
  readonly heartbeat: string;
}

/** Reads the file; every line is kept. */
export function parseClusterConf(text: string): ClusterFile {
  const { lines, endsWithNewline } = splitLines(text);
  const read: ClusterLine[] = [];
  const stanzas: Stanza[] = [];
  let params = new Map<string, string>();
  lines.forEach((raw, index) => {
    const head = /^([A-Za-z]\w*)\s*:\s*$/.exec(raw)?.[1];
    const [, key, value] = /^\s+([A-Za-z]\w*)\s*=\s*(.*?)\s*$/.exec(raw) ?? [];
    const current = stanzas.at(-1);
    if (head !== undefined) {
      params = new Map();
      stanzas.push({ name: head, params, first: index, last: index });
      read.push({ raw });
    } else if (key !== undefined && value !== undefined && current) {
      params.set(key, value);
      stanzas[stanzas.length - 1] = { ...current, last: index };
      read.push({ raw, key });
    } else {
      const because = faultOf(raw, current !== undefined);
      read.push({ raw, ...(because !== undefined && { because }) });
    }
  });
  return { stanzas, lines: read, endsWithNewline };
}

function faultOf(raw: string, within: boolean): string | undefined {
  if (raw.trim() === '' || raw.trimStart().startsWith('#')) return undefined;
  if (/^\S+\s*=/.test(raw))
    return 'a parameter stands in the first column; it needs a TAB before it';
  return within ? 'it is neither a stanza nor a parameter' : 'it belongs to no stanza';
}

/** The file's text; of an unedited file the same bytes. */
export function printClusterConf({ lines, endsWithNewline }: ClusterFile): string {
  return joinLines({ lines: lines.map(({ raw }) => raw), endsWithNewline });
}

/** What keeps the tools from reading the file, by line, counted from 1. */
export function clusterConfFaults({
  lines,
}: ClusterFile): readonly { readonly line: number; readonly says: string }[] {
  return lines.flatMap(({ because }, index) =>
    because === undefined ? [] : [{ line: index + 1, says: because }],
  );
}

/** The clusters of the file with their nodes, nodes by number. */
export function clustersOf({ stanzas }: ClusterFile): readonly ClusterDefinition[] {
  const nodes = new Map<string, ClusterNode[]>();
  for (const { name, params } of stanzas) {
    if (name !== 'node') continue;
    const cluster = params.get('cluster') ?? '';
    const list = nodes.get(cluster);
    if (list) list.push(nodeOf(params));
    else nodes.set(cluster, [nodeOf(params)]);
  }
  const clusters = new Map<string, ClusterDefinition>();
  for (const { name: kind, params } of stanzas) {
    const name = params.get('name') ?? '';
    if (kind !== 'cluster' || clusters.has(name)) continue;
    const nodeCount = numberOf(params.get('node_count'));
    clusters.set(name, {
      name,
      nodes: (nodes.get(name) ?? []).toSorted((a, b) => a.number - b.number),
      ...(nodeCount !== undefined && { nodeCount }),
      heartbeat: params.get('heartbeat_mode') ?? 'local',
    });
  }
  return [...clusters.values()];
}

function nodeOf(params: ReadonlyMap<string, string>): ClusterNode {
  return {
    name: params.get('name') ?? '',
    number: numberOf(params.get('number')) ?? -1,
    address: params.get('ip_address') ?? '',
    port: numberOf(params.get('ip_port')) ?? -1,
  };
}

function numberOf(word: string | undefined): number | undefined {
  return word !== undefined && /^\d{1,9}$/.test(word) ? Number(word) : undefined;
}

/** What is wrong with a cluster that is to be written; empty: nothing (o2cb(7), o2cb.cluster.conf(5)). */
export function clusterFaults({ name, nodes }: ClusterDefinition): readonly string[] {
  const twice = (what: string, values: readonly (string | number)[]) =>
    values
      .filter((value, index) => values.indexOf(value) !== index)
      .map((value) => `two nodes have the ${what} ${value}`);
  return [
    ...(/^[A-Za-z0-9]{1,16}$/.test(name)
      ? []
      : [`a cluster's name has at most 16 letters and digits: ${JSON.stringify(name)}`]),
    ...nodes.flatMap((node) => nodeFaults(node)),
    ...twice(
      'name',
      nodes.map((node) => node.name),
    ),
    ...twice(
      'number',
      nodes.map((node) => node.number),
    ),
    ...twice(
      'address',
      nodes.map((node) => node.address),
    ),
  ];
}

function nodeFaults({ name, number, address, port }: ClusterNode): readonly string[] {
  return [
    ...(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)
      ? []
      : [`${JSON.stringify(name)} is no name of a node`]),
    ...(number >= 0 && number <= 254 ? [] : [`${name}: a node's number is 0 to 254`]),
    ...(isAddress(address) ? [] : [`${name}: ${JSON.stringify(address)} is no IPv4 address`]),
    ...(port > 0 && port < 65536 ? [] : [`${name}: ${port} is no port`]),
  ];
}

function isAddress(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

/** The file with a cluster in it, or why it cannot be put there. */
export type WithCluster =
  | { readonly ok: true; readonly file: ClusterFile }
  | { readonly ok: false; readonly because: string };

/**
 * The file with this cluster: nodes that are there as wanted stay as they are, missing ones come at the
 * end, the count is set right. A node that is there otherwise is not changed: its cluster would have to
 * be offline everywhere for it.
 */
export function withCluster(file: ClusterFile, wanted: ClusterDefinition): WithCluster {
  const [fault] = clusterConfFaults(file);
  if (fault) return { ok: false, because: `line ${fault.line}: ${fault.says}` };
  const found = clustersOf(file);
  const other = found.find(({ name }) => name !== wanted.name);
  if (other) return { ok: false, because: `it has another cluster, ${other.name}` };
  const there = found[0]?.nodes ?? [];
  const odd = wanted.nodes.find((node) => {
    const same = there.find(({ name, number }) => name === node.name || number === node.number);
    return same && !sameNode(same, node);
  });
  if (odd) return { ok: false, because: `it has ${odd.name} or its number otherwise than wanted` };
  const fresh = wanted.nodes.filter((node) => !there.some((one) => sameNode(one, node)));
  const count = there.length + fresh.length;
  const stanzas = fresh.map((node) => nodeLines(node, wanted.name));
  const counted = withCount(file, wanted, count);
  const raws = [...counted, ...stanzas.flatMap((lines) => ['', ...lines])];
  const lines = raws[0] === '' ? raws.slice(1) : raws;
  return { ok: true, file: parseClusterConf(`${lines.join('\n')}\n`) };
}

function withCount(
  { stanzas, lines }: ClusterFile,
  { name, heartbeat }: ClusterDefinition,
  count: number,
): readonly string[] {
  const raws = lines.map(({ raw }) => raw);
  const cluster = stanzas.find((stanza) => stanza.name === 'cluster');
  const line = `\tnode_count = ${count}`;
  if (!cluster) {
    const head = ['cluster:', line, `\tname = ${name}`, `\theartbeat_mode = ${heartbeat}`];
    return raws.length === 0 ? head : [...raws, '', ...head];
  }
  if (numberOf(cluster.params.get('node_count')) === count) return raws;
  const at = lines.findIndex(
    ({ key }, index) => key === 'node_count' && index >= cluster.first && index <= cluster.last,
  );
  return at < 0 ? raws.toSpliced(cluster.last + 1, 0, line) : raws.with(at, line);
}

function nodeLines({ name, number, address, port }: ClusterNode, cluster: string): string[] {
  return [
    'node:',
    `\tip_port = ${port}`,
    `\tip_address = ${address}`,
    `\tnumber = ${number}`,
    `\tname = ${name}`,
    `\tcluster = ${cluster}`,
  ];
}

/** Whether two nodes are written alike. */
export function sameNode(a: ClusterNode, b: ClusterNode): boolean {
  return a.name === b.name && a.number === b.number && a.address === b.address && a.port === b.port;
}
