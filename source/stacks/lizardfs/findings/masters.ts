import type { Evidence, Finding } from '../../../core/finding.js';
import type { HostName } from '../../../core/host.js';
import { count, grouped, listed } from '../../../core/text.js';
import type { MetadataNode, Picture } from '../picture.js';
import { clusterProbe, NO_MASTER, ONLY_SHADOW } from '../probes/cluster.js';
import { failureOf, valueOf } from '../tools/admin.js';
import { isMaster } from '../tools/metadata-status.js';

/** A state told by address alone counts as a second master only when this many changes apart. */
const APART = 1000;

/** Gives the lines that prove a finding, from all that was asked. */
export type Quote = (matches: (line: string) => boolean) => readonly Evidence[];

/** What is wrong with the metadata servers. */
export function masterFindings(seen: Picture, quote: Quote): readonly Finding[] {
  const missing = noMaster(seen, quote);
  // Without a master every shadow is disconnected: that is told with it, not beside it.
  if (missing.length > 0) return [...missing, ...twoMasters(seen, quote)];
  return [...twoMasters(seen, quote), ...shadows(seen, quote)];
}

function noMaster({ tries, metadataServers, cluster }: Picture, quote: Quote): readonly Finding[] {
  if (tries.some(({ kind }) => kind === 'fresh')) return [];
  const failures = tries.flatMap((t) => (t.kind === 'failed' || t.kind === 'stale' ? [t] : []));
  const saying = (words: string): typeof failures =>
    failures.filter(({ failure }) => failure.what.startsWith(words));
  const shadowed = saying(ONLY_SHADOW);
  const silent = saying(NO_MASTER);
  const [first] = [...shadowed, ...silent];
  if (!first) return [];
  const told = metadataServers.map(describe);
  const knows = told.length > 0 ? ` Known are ${listed(told, 6)}.` : '';
  const common = {
    severity: 'alert',
    subject: 'master',
    hosts: hostsOf(metadataServers),
    evidence: quote((line) => /^Error: |^shadow\t|^master\t/.test(line)),
    remedies: [],
    about: metadataServers
      .filter(({ personality }) => personality !== 'shadow')
      .map(({ id }) => id),
    explains: true,
    covers: [clusterProbe.id],
  } as const;
  if (shadowed.length > 0) {
    return [
      {
        ...common,
        code: 'LIZARDFS_ASKED_SHADOW',
        severity: 'warning',
        title: 'master not found',
        says: `${sentence(first.failure.what)}; it has a master that these hosts do not name.${knows}`,
        means: 'Nothing is known of chunkservers and chunks as long as the master is not asked.',
        todo: 'Correct MASTER_HOST, or add the host of the master to this cluster.',
      },
    ];
  }
  const old = cluster ? ' What is shown of chunks and servers is from before.' : '';
  return [
    {
      ...common,
      code: 'LIZARDFS_NO_MASTER',
      title: 'no master',
      remedies: ['lizardfs.lost-master'],
      says: `${sentence(first.failure.what)}.${knows}`,
      means: `${first.failure.means} Every read and write on the file system hangs.${old}`,
      todo: 'Bring the old master back if it can be had: it knows the newest changes. Promote a shadow only when the old master is surely off, and compare metadata versions first.',
    },
  ];
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function describe({ place, personality, status, metadataVersion }: MetadataNode): string {
  const version = metadataVersion === undefined ? '' : ` at metadata version ${metadataVersion}`;
  return `${place} (${personality}, ${status}${version})`;
}

function hostsOf(nodes: readonly MetadataNode[]): readonly HostName[] {
  return [...new Set(nodes.flatMap(({ host }) => (host === undefined ? [] : [host])))];
}

function twoMasters({ metadataServers, asked }: Picture, quote: Quote): readonly Finding[] {
  const masters = metadataServers.filter(isMaster).filter((node, _, all) => isApart(node, all));
  if (masters.length < 2) return [];
  const versions = masters.map(
    ({ place, metadataVersion }) => `${place} (metadata version ${metadataVersion ?? 'unknown'})`,
  );
  const shown = asked ? ` Servers and chunks are shown as ${asked.place} sees them.` : '';
  return [
    {
      code: 'LIZARDFS_TWO_MASTERS',
      severity: 'alert',
      title: 'two masters',
      subject: 'master',
      hosts: hostsOf(masters),
      says: `${count(masters.length, 'metadata server')} serve as master at once: ${listed(versions)}.${shown}`,
      means:
        'Clients and chunkservers of each go their own way. What is written to the one does not exist in the other, and nothing fences them.',
      todo: 'Find out which one chunkservers and mounts use. Stop the other one before anything more is written to it; keep its data folder.',
      evidence: quote((line) => /^master\trunning\t| master running \d/.test(line)),
      remedies: [],
      about: masters.map(({ id }) => id),
      ownCause: true,
    },
  ];
}

/**
 * Whether a master is one of its own for certain. A host says so of itself; a state told by an
 * address that belongs to none of our hosts (a floating address, say) may be another one's again,
 * and counts only when its metadata is far from every other's.
 */
function isApart(node: MetadataNode, masters: readonly MetadataNode[]): boolean {
  if (node.own || node.host !== undefined) return true;
  return masters.every(
    (other) =>
      other === node ||
      Math.abs((other.metadataVersion ?? 0) - (node.metadataVersion ?? 0)) > APART,
  );
}

function shadows(seen: Picture, quote: Quote): readonly Finding[] {
  const { metadataServers, locals, cluster } = seen;
  if (!cluster) return [];
  const others = metadataServers.filter((node) => !isMaster(node) && isShadow(node));
  const [master, second] = metadataServers.filter(isMaster);
  const down = others.filter(({ status }) => status !== 'connected');
  const behind = others.filter(({ status }) => status === 'connected');
  const logger = locals.some(({ value }) => value.daemons.some((d) => d.endsWith('metalogger')));
  return [
    ...down.map((node) => shadowDown(node, quote)),
    ...(down.length === 0 ? unnamedShadow(seen, quote) : []),
    ...behind.flatMap((node) => shadowBehind(node, master, quote)),
    ...(others.length === 0 && !logger && master && !second ? [noShadow(master)] : []),
  ];
}

/** Whether a server is meant to stand by: a stopped one whose config says nothing is not. */
function isShadow({ personality, status }: MetadataNode): boolean {
  if (status === 'not running') return personality !== 'master';
  return personality !== 'master' || status === 'no answer';
}

function shadowDown(node: MetadataNode, quote: Quote): Finding {
  const { place, personality, status, id, failure } = node;
  const what = personality === 'unknown' ? 'metadata server' : 'shadow';
  const words: Readonly<Record<string, string>> = {
    disconnected: 'runs and has no connection to the master',
    'not running': 'is configured and does not run',
    'no answer': `does not answer: ${failure?.what ?? 'the reason is not known'}`,
  };
  return {
    code: 'LIZARDFS_SHADOW_DOWN',
    severity: 'alert',
    title: `${what} down`,
    subject: place,
    hosts: hostsOf([node]),
    says: `The ${what} ${place} ${words[status] ?? `is in the state ${status}`}.`,
    means:
      'It no longer gets the changes. If the master is lost now, what changed since is lost too.',
    todo: 'Start it, or look at its MASTER_HOST and the network to the master.',
    evidence: quote((line) => line.startsWith('shadow\t') || line.includes(place)),
    remedies: status === 'not running' ? ['lizardfs.lost-master'] : [],
    about: [id],
    explains: true,
  };
}

/**
 * The tool asks each shadow in the master's list and stops at the first that is silent, before it
 * has printed which one that is.
 */
function unnamedShadow({ cluster }: Picture, quote: Quote): readonly Finding[] {
  const list = cluster?.kind === 'fresh' ? cluster.value.metadataServers : undefined;
  const failure = list && valueOf(list) && failureOf(list);
  if (!failure) return [];
  return [
    {
      code: 'LIZARDFS_SHADOW_DOWN',
      severity: 'alert',
      title: 'shadow down',
      subject: 'a shadow',
      hosts: [],
      says: `A shadow that is connected to the master does not answer: ${failure.what}.`,
      means:
        'Whether it keeps up with the changes is not known. Shadows after it in the list were not asked.',
      todo: 'Look at the shadows one by one: `lizardfs-admin metadataserver-status HOST 9421`.',
      evidence: quote((line) => line.startsWith('Error: ')),
      remedies: [],
      about: [],
    },
  ];
}

/** The shadow was asked after the master's list was made: it should know by then all of that. */
function shadowBehind(
  node: MetadataNode,
  master: MetadataNode | undefined,
  quote: Quote,
): readonly Finding[] {
  const { place, metadataVersion, id } = node;
  const had = master?.listedVersion;
  if (had === undefined || metadataVersion === undefined || metadataVersion >= had) return [];
  return [
    {
      code: 'LIZARDFS_SHADOW_BEHIND',
      severity: 'warning',
      title: 'shadow behind',
      subject: place,
      hosts: hostsOf([node]),
      says: `The shadow ${place} is ${count(had - metadataVersion, 'change')} behind: metadata version ${metadataVersion}, the master had ${had} before.`,
      means: `If it were promoted now, ${grouped(had - metadataVersion)} of the newest changes would be missing.`,
      todo: 'Look again: it should catch up within seconds. If it does not, restart it so that it loads the metadata anew.',
      evidence: quote(
        (line) => / (?:master|shadow) \w+ \d/.test(line) || line.startsWith('shadow\t'),
      ),
      remedies: [],
      about: [id],
      // It is asked a moment after the master and may be a few changes behind at any time.
      onlyAfter: 60_000,
    },
  ];
}

function noShadow(master: MetadataNode): Finding {
  return {
    code: 'LIZARDFS_NO_SHADOW',
    severity: 'warning',
    title: 'no shadow',
    subject: 'master',
    hosts: hostsOf([master]),
    says: `${master.place} is the only metadata server, and no metalogger runs on the hosts that are watched.`,
    means: 'If its disk is lost, the whole file system is lost, whatever the goals are.',
    todo: 'Set up a shadow on another host, or at least a metalogger.',
    evidence: [],
    remedies: [],
    about: [master.id],
  };
}
