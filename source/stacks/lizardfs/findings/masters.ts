import type { Finding } from '../../../core/finding.js';
import { count, listed } from '../../../core/text.js';
import type { MetadataNode, Picture } from '../picture.js';
import { clusterProbe, isNoMaster, isOnlyShadow } from '../probes/cluster.js';
import { isMaster } from '../tools/metadata-status.js';
import { hostsOf, type Quote } from './context.js';
import { standbyFindings } from './standby.js';

/** A state told by address alone counts as a second master only when this many changes apart. */
const APART = 1000;

/** What is wrong with the metadata servers. */
export function masterFindings(seen: Picture, quote: Quote): readonly Finding[] {
  const missing = noMaster(seen, quote);
  // Without a master every shadow is disconnected: that is told with it, not beside it.
  if (missing.length > 0) return [...missing, ...twoMasters(seen, quote)];
  return [...twoMasters(seen, quote), ...standbyFindings(seen, quote)];
}

function noMaster(
  { tries, metadataServers, cluster, words }: Picture,
  quote: Quote,
): readonly Finding[] {
  if (tries.some(({ kind }) => kind === 'fresh')) return [];
  const failures = tries.flatMap((t) => (t.kind === 'failed' || t.kind === 'stale' ? [t] : []));
  const shadowed = failures.filter(({ failure }) => isOnlyShadow(failure));
  const silent = failures.filter(({ failure }) => isNoMaster(failure));
  const [first] = [...shadowed, ...silent];
  if (!first) return [];
  const told = metadataServers.map(describe);
  const knows = told.length > 0 ? ` Known are ${listed(told, 6)}.` : '';
  const common = {
    severity: 'alert',
    subject: 'master',
    hosts: hostsOf(metadataServers),
    evidence: quote((line) =>
      /^Error: |^shadow\t|^master\t|^metadata servers|^Working master/.test(line),
    ),
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
      todo:
        words.standby === 'metalogger'
          ? 'Bring the old master back if it can be had: it knows the newest changes. Make a new one from a metalogger’s files only when the old master is surely off.'
          : 'Bring the old master back if it can be had: it knows the newest changes. Promote a shadow only when the old master is surely off, and compare metadata versions first.',
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
      evidence: quote((line) =>
        /^master\trunning\t| master running \d|^metadata servers/.test(line),
      ),
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
