import { reads, type Command } from '../../../core/host.js';
import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';
import { clustersOf, parseClusterConf, type ClusterFile } from '../../../files/ocfs2-cluster.js';
import { parseMountLine, type MountEntry } from '../../../tools/mountinfo.js';

/** A cluster as the kernel has it (configfs): what `o2cb cluster-status` judges by. */
export interface KernelCluster {
  readonly name: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly number: number;
    readonly address: string;
    readonly local: boolean;
  }[];
  /** Heartbeat regions: the UUID of the file system, and the device that it beats on. */
  readonly regions: readonly { readonly uuid: string; readonly device: string }[];
  /** Iterations of 2 s after which a node that does not write counts as dead. */
  readonly deadThreshold?: number;
}

/** What a region's heartbeat shows (debugfs, root alone). */
export interface Beat {
  /** Since this host wrote last, in ms. */
  readonly elapsed?: number;
  /** Numbers of the nodes whose heartbeat is seen; this host among them. */
  readonly alive: readonly number[];
}

/** A mounted file system as the kernel has it (debugfs). */
export interface KernelVolume {
  /** How many nodes may have it mounted at a time. */
  readonly slots: number;
  /** `147:0` */
  readonly number: string;
  readonly label: string;
}

/** What a host is in its cluster, from its files and from the kernel's memory. No disk is read. */
export interface NodeFacts {
  /** `uname -n`, which must be a node's name up to its first dot. */
  readonly hostname: string;
  /** Null: there is no /etc/ocfs2/cluster.conf. */
  readonly conf: ClusterFile | null;
  /** `O2CB_ENABLED`, `O2CB_BOOTCLUSTER` and others of /etc/default/o2cb or /etc/sysconfig/o2cb. */
  readonly settings: ReadonlyMap<string, string>;
  /** `o2cb`, `pcmk`, `cman`; undefined: the file system's module is not loaded. */
  readonly stack?: string;
  readonly clusters: readonly KernelCluster[];
  readonly mounts: readonly MountEntry[];
  /** By region; empty: not root, or nothing is mounted. */
  readonly beats: ReadonlyMap<string, Beat>;
  /** Mounted file systems by UUID. */
  readonly volumes: ReadonlyMap<string, KernelVolume>;
  /** Numbers of the nodes that it has a connection to (debugfs); undefined: not known. */
  readonly connected?: readonly number[];
  /** Roles of DRBD's devices by minor, as `/proc/drbd` has them: `Primary/Secondary`. */
  readonly drbd: ReadonlyMap<number, string>;
  readonly root: boolean;
}

/**
 * One fact a line. configfs has a folder for each cluster that is registered; a region is there while a
 * file system is mounted with the heartbeat on its own disk. Nothing here touches a file system. The
 * shell reads by itself what is one line: on a busy host each process costs more than what it reads.
 */
const SCRIPT = [
  'line() { v=; [ -r "$1" ] && { IFS= read -r v < "$1"; true; }; }',
  'echo "hostname $(uname -n)"; echo "root $(id -u)"',
  'if [ -e /etc/ocfs2/cluster.conf ]; then echo "conf-is there"; sed "s/^/conf /" /etc/ocfs2/cluster.conf; fi',
  'for f in /etc/default/o2cb /etc/sysconfig/o2cb; do [ -r "$f" ] && sed -n "s/^[[:blank:]]*\\(O2CB_[A-Z_]*=\\)/setting \\1/p" "$f"; done',
  'line /sys/fs/ocfs2/cluster_stack && echo "stack $v"',
  'cd /sys/kernel/config/cluster 2>/dev/null && for c in *; do [ -d "$c" ] || continue; echo "cluster $c"; for n in "$c"/node/*; do [ -d "$n" ] || continue; line "$n/num"; i=$v; line "$n/ipv4_address"; a=$v; line "$n/local"; echo "node $c $i $a $v ${n##*/}"; done; for r in "$c"/heartbeat/*; do [ -d "$r" ] || continue; line "$r/dev" 2>/dev/null; echo "region $c ${r##*/} $v"; done; line "$c/heartbeat/dead_threshold" && echo "threshold $c $v"; done',
  'for d in /sys/kernel/debug/o2hb/*; do [ -r "$d/livenodes" ] || continue; line "$d/livenodes"; echo "alive ${d##*/} $v"; line "$d/elapsed_time_in_ms" && echo "elapsed ${d##*/} $v"; done',
  'for d in /sys/kernel/debug/ocfs2/*; do [ -r "$d/fs_state" ] && awk -v "d=${d##*/}" "/Device => Id: / { m = \\$0; sub(/.*Device => Id: /, \\"\\", m); sub(/ .*/, \\"\\", m); sub(/,/, \\":\\", m) } / Label: / { l = \\$0; sub(/.* Label: /, \\"\\", l) } s && /^[ *]*[0-9]/ { n++ } /Slots =>/ { s = 1 } END { print \\"slots\\", d, n + 0, m; if (m != \\"\\") print \\"label\\", d, l }" "$d/fs_state"; done',
  'line /sys/kernel/debug/o2net/connected_nodes && echo "connected $v"',
  'sed -n "/ - ocfs2 /s/^/mount /p" /proc/self/mountinfo',
  'sed -n "s,^ *\\([0-9]*\\): cs:[^ ]* ro:\\([^ ]*\\).*,drbd \\1 \\2,p" /proc/drbd 2>/dev/null',
  'true',
].join('\n');

/** Asks for all of it. */
export function nodeFactsCommand(): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT], 15_000);
}

interface Growing {
  readonly name: string;
  readonly nodes: KernelCluster['nodes'][number][];
  readonly regions: KernelCluster['regions'][number][];
  deadThreshold?: number;
}

/** Reads what the script printed; lines of no known kind are told. */
export function parseNodeFacts(stdout: string): Parsed<NodeFacts> {
  const facts = new Facts();
  const unread = linesOf(stdout).filter((line) => line.trim() !== '' && !facts.take(line));
  if (facts.hostname === undefined) return notThis(1, 'the name of the host');
  const { hostname, stack, connected } = facts;
  return parsed(
    {
      hostname,
      conf: facts.hasConf ? parseClusterConf(facts.conf.map((line) => `${line}\n`).join('')) : null,
      settings: facts.settings,
      ...(stack !== undefined && { stack }),
      clusters: [...facts.clusters.values()],
      mounts: facts.mounts,
      beats: facts.beats,
      volumes: facts.volumes,
      ...(connected && { connected }),
      drbd: facts.drbd,
      root: facts.root,
    },
    unread,
  );
}

class Facts {
  hostname?: string;
  root = false;
  hasConf = false;
  readonly conf: string[] = [];
  readonly settings = new Map<string, string>();
  stack?: string;
  readonly clusters = new Map<string, Growing>();
  readonly mounts: MountEntry[] = [];
  readonly beats = new Map<string, Beat>();
  readonly volumes = new Map<string, KernelVolume>();
  connected?: readonly number[];
  readonly drbd = new Map<number, string>();

  /** False: the line is none of ours. */
  take(line: string): boolean {
    const blank = line.indexOf(' ');
    const rest = blank < 0 ? '' : line.slice(blank + 1);
    const words = rest.split(' ').filter((word) => word !== '');
    const [first = '', second = '', third = '', fourth = '', ...more] = words;
    switch (blank < 0 ? line : line.slice(0, blank)) {
      case 'hostname':
        this.hostname = rest.trim();
        return true;
      case 'root':
        this.root = first === '0';
        return true;
      case 'conf-is':
        this.hasConf = true;
        return true;
      case 'conf':
        this.conf.push(rest);
        return true;
      case 'setting':
        return this.#setting(rest);
      case 'stack':
        this.stack = rest.trim();
        return true;
      case 'cluster':
        this.clusters.set(rest, { name: rest, nodes: [], regions: [] });
        return true;
      case 'node': {
        const node = { name: more.join(' '), number: Number(second), address: third };
        this.clusters.get(first)?.nodes.push({ ...node, local: fourth === '1' });
        return this.clusters.has(first) && /^\d+$/.test(second);
      }
      case 'region':
        this.clusters.get(first)?.regions.push({ uuid: second, device: third });
        return this.clusters.has(first);
      case 'threshold':
        return this.#threshold(first, second);
      case 'alive':
        this.beats.set(first, { ...this.beats.get(first), alive: numbers(words.slice(1)) });
        return true;
      case 'elapsed':
        return this.#elapsed(first, second);
      case 'slots':
        this.volumes.set(first, { slots: Number(second), number: third, label: '' });
        return /^\d+$/.test(second);
      case 'label': {
        const volume = this.volumes.get(first);
        if (volume) this.volumes.set(first, { ...volume, label: words.slice(1).join(' ') });
        return volume !== undefined;
      }
      case 'connected':
        this.connected = numbers(words);
        return true;
      case 'mount': {
        const entry = parseMountLine(rest);
        if (entry) this.mounts.push(entry);
        return entry !== undefined;
      }
      case 'drbd':
        this.drbd.set(Number(first), second);
        return /^\d+$/.test(first);
      default:
        return false;
    }
  }

  #setting(rest: string): boolean {
    const [, key, value] = /^(O2CB_[A-Z_]+)=["']?([^"'#]*?)["']?\s*(?:#.*)?$/.exec(rest) ?? [];
    if (key !== undefined && value !== undefined) this.settings.set(key, value);
    return key !== undefined;
  }

  #threshold(name: string, value: string): boolean {
    const cluster = this.clusters.get(name);
    if (!cluster || !/^\d+$/.test(value)) return false;
    cluster.deadThreshold = Number(value);
    return true;
  }

  #elapsed(region: string, value: string): boolean {
    if (!/^\d+$/.test(value)) return false;
    const { alive = [] } = this.beats.get(region) ?? {};
    this.beats.set(region, { alive, elapsed: Number(value) });
    return true;
  }
}

function numbers(words: readonly string[]): readonly number[] {
  return words.filter((word) => /^\d+$/.test(word)).map(Number);
}

/** The part of a host's name before its first dot: by that a node is known. */
export function shortName({ hostname }: Pick<NodeFacts, 'hostname'>): string {
  return hostname.split('.')[0] ?? hostname;
}

/** The clusters that the host's file defines. */
export function configured({ conf }: NodeFacts): ReturnType<typeof clustersOf> {
  return conf ? clustersOf(conf) : [];
}

/** Debian 12, ocfs2-tools 1.8.7, kernel 6.1: one of two nodes, with a file system mounted. */
export const nodeFactsSample = `hostname fiori
root 0
conf-is there
conf cluster:
conf 	node_count = 1
conf 	name = ocfs2
conf node:
conf 	ip_port = 7777
conf 	ip_address = 192.0.2.1
conf 	number = 1
conf 	name = fiori
conf 	cluster = ocfs2
setting O2CB_ENABLED=true
setting O2CB_BOOTCLUSTER=ocfs2
stack o2cb
cluster ocfs2
node ocfs2 1 192.0.2.1 1 fiori
region ocfs2 CAF6600443E3459099E2E9C79223EB48 drbd0
threshold ocfs2 31
alive CAF6600443E3459099E2E9C79223EB48 1
elapsed CAF6600443E3459099E2E9C79223EB48 204
slots CAF6600443E3459099E2E9C79223EB48 2 147:0
label CAF6600443E3459099E2E9C79223EB48 data
connected 
mount 85 24 147:0 / /mnt/data rw,relatime shared:46 - ocfs2 /dev/drbd0 rw,_netdev,heartbeat=local,data=ordered
drbd 0 Primary/Primary
`;
