import type { Failure } from '../../core/failure.js';
import type { NodeId } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';
import { hostByAddress } from '../../core/lookup.js';
import type { Known, Now, Reading } from '../../core/probe.js';
import { clusterProbe, type ClusterView } from './probes/cluster.js';
import { localProbe, type Local } from './probes/local.js';
import { wordsOf, type Words } from './words.js';
import { CLIENT_PORT, placeName, valueOf, type Place } from './tools/question.js';

/** A metadata server, from all that was told of it. */
export interface MetadataNode {
  readonly id: NodeId;
  /** `10.0.0.1:9421` */
  readonly place: string;
  readonly host?: HostName;
  /** `master`, `shadow`, or what the config says when it does not answer. */
  readonly personality: string;
  /** `running`, `connected`, `disconnected`, `not running`, `no answer`. */
  readonly status: string;
  /** The newest that was told; undefined: not known. */
  readonly metadataVersion?: number;
  /** What the master's list said a moment earlier. */
  readonly listedVersion?: number;
  /** Of the program. */
  readonly version?: string;
  /** Said by itself to its own host, which no stale address can confuse. */
  readonly own: boolean;
  /** How long ago it wrote its metadata to disk, in s, where it tells. */
  readonly savedSecondsAgo?: number;
  /** Why there is `no answer`. */
  readonly failure?: Failure;
}

/** Everything known of the installation at one moment, joined. */
export interface Picture {
  readonly now: Now;
  /** The newest answer of a master, if there ever was one. */
  readonly cluster?: Known<ClusterView>;
  /** All rounds of the cluster's question, with and without an answer. */
  readonly tries: readonly Reading<ClusterView>[];
  readonly locals: readonly Known<Local>[];
  /** The master first. */
  readonly metadataServers: readonly MetadataNode[];
  /** The master that the cluster's answer is from. */
  readonly asked?: MetadataNode;
  /** The host that an address in the master's lists belongs to; loopback is the master's own host. */
  readonly hostAt: (address: string) => HostName | undefined;
  /** How things are called here. */
  readonly words: Words;
}

/** Joins what the probes read. */
export function picture(now: Now): Picture {
  const tries = now.of(clusterProbe);
  const [cluster] = now.known(clusterProbe).toSorted(newestFirst);
  const locals = now.known(localProbe);
  const metadataServers = joinMetadata(now, cluster, locals);
  const askedId = cluster && idOf(askedKey(now, cluster));
  const asked = metadataServers.find(({ id }) => id === askedId);
  const hostAt = (address: string): HostName | undefined => {
    const host = address.replace(/:\d+$/, '');
    return isSelf(host) ? asked?.host : hostByAddress(now, host);
  };
  const known = { ...(cluster && { cluster }), ...(asked && { asked }) };
  const admins = [cluster?.value.admin, ...locals.map(({ value }) => value.admin)];
  const words = wordsOf(admins.find((admin) => admin !== undefined));
  return { now, tries, locals, metadataServers, hostAt, words, ...known };
}

/** The key of the history of a metadata server's version. */
export function versionMetric(place: string): string {
  return `lizardfs.${place}.metadataVersion`;
}

function newestFirst(a: Known<ClusterView>, b: Known<ClusterView>): number {
  return Number(b.kind === 'fresh') - Number(a.kind === 'fresh') || b.at - a.at;
}

function isSelf(address: string): boolean {
  return address === '127.0.0.1' || address === 'localhost';
}

function idOf(key: string): NodeId {
  return `lizardfs.master:${key}`;
}

/** A metadata server told apart from all others, however it is reached. */
interface Identity {
  readonly key: string;
  readonly host?: HostName;
  /** Its address rather than a name or loopback, where that is known. */
  readonly place: string;
}

/**
 * Whose a place is: a host of ours if its address is one's, else the address itself.
 *
 * @param asker the host that names the place: loopback means that host
 * @param addresses what the asker takes a name for
 */
function identify(
  now: Now,
  asker: HostName,
  { host: name, port }: Place,
  addresses: readonly string[] = [],
): Identity {
  const address = addresses[0] ?? name;
  const host = isSelf(address) ? asker : (hostByAddress(now, address) ?? hostByAddress(now, name));
  const own = now.hosts.find((one) => one.name === host)?.survey?.addresses[0];
  const place = placeName({ host: isSelf(address) ? (own ?? address) : address, port });
  // More than one on a host is unusual, and then they differ by their ports.
  const key = `${host ?? address}${port === CLIENT_PORT ? '' : `:${port}`}`;
  return { key, place, ...(host !== undefined && { host }) };
}

function askedKey(now: Now, { host, value: { master, statuses } }: Known<ClusterView>): string {
  const at = statuses.find((one) => one.host === master.host && one.port === master.port);
  return identify(now, host, master, at?.addresses).key;
}

type Draft = Omit<MetadataNode, 'id'>;
/** Adds what one source says; `wins`: it is to be believed more than what was there before. */
type Merge = (key: string, draft: Draft, wins?: boolean) => void;

function joinMetadata(
  now: Now,
  cluster: Known<ClusterView> | undefined,
  locals: readonly Known<Local>[],
): readonly MetadataNode[] {
  const drafts = new Map<string, Draft>();
  const merge: Merge = (key, draft, wins) => {
    const before = drafts.get(key);
    // A failure knows less than any answer, unless it is newer than all of them.
    const unknown = before === undefined || before.status === 'no answer';
    const better = wins === true || draft.metadataVersion !== undefined || unknown;
    drafts.set(key, better ? { ...before, ...draft } : { ...draft, ...before });
  };
  if (cluster) addFromCluster(now, cluster, merge);
  for (const local of locals) addFromHost(now, local, cluster, merge);
  const nodes = [...drafts].map(([key, draft]) => ({ id: idOf(key), ...draft }));
  const rank = (node: MetadataNode): number => (node.status === 'running' ? 0 : 1);
  return nodes.toSorted((a, b) => rank(a) - rank(b) || a.place.localeCompare(b.place));
}

function addFromCluster(now: Now, { host: asker, value }: Known<ClusterView>, merge: Merge): void {
  for (const server of valueOf(value.metadataServers)?.servers ?? []) {
    const { ip, port = value.master.port, hostname: _, metadataVersion, ...rest } = server;
    const { key, ...whose } = identify(now, asker, { host: ip, port });
    // A shadow that has not told its port yet has not told its version either.
    const told = port > 0 && server.status !== 'no answer';
    merge(key, {
      ...whose,
      ...rest,
      own: false,
      ...(told && { metadataVersion, listedVersion: metadataVersion }),
    });
  }
  for (const { addresses, status: part, ...place } of value.statuses) {
    const { key, ...whose } = identify(now, asker, place, addresses);
    const base = { ...whose, own: false };
    if (!('value' in part)) {
      const { failure } = part;
      merge(key, { ...base, personality: 'unknown', status: 'no answer', failure });
    } else {
      merge(key, { ...base, ...part.value });
    }
  }
}

function addFromHost(
  now: Now,
  { host: name, value, kind, at }: Known<Local>,
  cluster: Known<ClusterView> | undefined,
  merge: Merge,
): void {
  const { ownServer, status, personality = 'master' } = value;
  if (!ownServer) return;
  const { key, place } = identify(now, name, ownServer);
  const base = { place, host: name, own: kind === 'fresh' };
  if (status && 'value' in status) {
    merge(key, { ...base, ...status.value }, kind === 'fresh');
    return;
  }
  const newer = kind === 'fresh' && (cluster?.kind !== 'fresh' || cluster.at <= at);
  const failure = status?.failure;
  const silent = ownServer.running ? 'no answer' : 'not running';
  merge(key, { ...base, personality, status: silent, ...(failure && { failure }) }, newer);
}
