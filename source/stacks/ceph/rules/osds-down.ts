import type { Finding, Severity } from '../../../core/finding.js';
import type { NodeId } from '../../../core/graph.js';
import type { HostName } from '../../../core/host.js';
import { hostByAddress } from '../../../core/lookup.js';
import { count, listed } from '../../../core/text.js';
import { wordsFor } from './checks.js';
import { evidenceOf, statusEvidence } from '../evidence.js';
import { NO_CODE, type Check } from '../read/health.js';
import { osdNode, pgsNode } from '../nodes.js';
import type { Osd } from '../read/osd-tree.js';
import type { View } from '../view.js';

/** A share of the OSDs down that is more than one broken disk. */
const MANY = 0.1;

/** The OSDs that should carry data and are down, by the newest OSD tree. */
export function downOsds(view: View): readonly Osd[] {
  return (view.tree?.osds ?? []).filter((osd) => osd.in && !osd.up);
}

/** The host of ours on which an OSD runs, if it is one of ours. */
export function hostOfOsd(view: Pick<View, 'now'>, osd: Osd): HostName | undefined {
  return osd.host === undefined ? undefined : hostByAddress(view.now, osd.host);
}

/**
 * Lost OSDs as one finding, from Ceph's own check where there is one, else from the counts (Ceph
 * before Luminous; and the moment before the check appears). An OSD that is down and out is not
 * counted: Ceph has given up on it and made the copies elsewhere.
 */
export function osdsDown(view: View): Finding | undefined {
  const { osds } = view.status;
  const check = view.checks.find(({ code }) => code === 'OSD_DOWN');
  const missing = osds ? Math.max(0, osds.in - osds.up) : 0;
  const counted = check ? (check.count ?? leadingNumber(check.summary) ?? missing) : missing;
  if (!check && missing === 0) return undefined;
  const words = wordsFor('OSD_DOWN');
  return {
    code: 'CEPH_OSD_DOWN',
    severity: severityOf(check, counted, osds?.in ?? 0),
    title: words.title,
    subject: 'cluster',
    hosts: hostsOf(view),
    says: saysOf(view, counted),
    means: words.means,
    todo: words.todo,
    evidence: check ? evidenceOf(view, check) : sentenceEvidence(view),
    remedies: [],
    about: aboutDown(view),
    explains: true,
  };
}

function severityOf(check: Check | undefined, down: number, all: number): Severity {
  if (check?.muted) return 'notice';
  return check?.severity === 'HEALTH_ERR' || (all > 0 && down / all >= MANY) ? 'alert' : 'warning';
}

function saysOf(view: View, down: number): string {
  const named = downOsds(view).map((o) =>
    o.host === undefined ? o.name : `${o.name} on ${o.host}`,
  );
  const total = view.status.osds?.total;
  const what = total === undefined ? count(down, 'OSD') : `${down} of ${count(total, 'OSD')}`;
  // The tree is read less often: names that do not match the count are of a moment ago.
  const who = named.length === down && down > 0 ? `: ${listed(named)}` : '';
  return `${what} ${down === 1 ? 'is' : 'are'} down${who}.`;
}

/**
 * The OSDs that it is about. Those on hosts that do not answer are left out while others are down
 * too, so that a dead host does not hide a dead disk on a live one.
 */
function aboutDown(view: View): readonly NodeId[] {
  const down = downOsds(view);
  const dead = new Set(view.now.hosts.filter((h) => h.phase === 'down').map((h) => h.name));
  const alive = down.filter((osd) => !dead.has(hostOfOsd(view, osd) ?? ''));
  const chosen = alive.length > 0 ? alive : down;
  if (chosen.length === 0) return unnamed(view);
  return chosen.map(({ id }) => osdNode(view.status, id));
}

/** Which OSDs is not known: any of them. Where none is known, the data is all there is to name. */
function unnamed(view: View): readonly NodeId[] {
  const named = namedIn(view.checks.find(({ code }) => code === 'OSD_DOWN')?.details ?? []);
  const ids = named.length > 0 ? named : (view.tree?.osds ?? []).map(({ id }) => id);
  if (ids.length === 0) return [pgsNode(view.status)];
  return ids.map((id) => osdNode(view.status, id));
}

/** The OSDs that a check's detail names; without any, all data. */
export function osdsAbout(view: View, check: Check): readonly NodeId[] {
  const ids = namedIn(check.details);
  if (ids.length === 0) return [pgsNode(view.status)];
  return ids.map((id) => osdNode(view.status, id));
}

/** The OSDs that lines of detail name: `osd.0 (root=default,host=stor1) is down`. */
export function namedIn(details: readonly string[]): readonly number[] {
  const ids = details.flatMap((line) => /\bosd\.(\d{1,9})\b/.exec(line)?.[1] ?? []);
  return [...new Set(ids.map(Number))];
}

function hostsOf(view: View): readonly HostName[] {
  return [...new Set(downOsds(view).flatMap((osd) => hostOfOsd(view, osd) ?? []))];
}

function sentenceEvidence(view: View): ReturnType<typeof statusEvidence> {
  const said = view.checks.find((c) => c.code === NO_CODE && c.summary.includes('osds are down'));
  const { osds } = view.status;
  if (said) return statusEvidence(view, [said.summary]);
  return osds ? statusEvidence(view, [`${count(osds.in, 'OSD')} in, ${osds.up} up`]) : [];
}

function leadingNumber(text: string): number | undefined {
  const digits = /^\d{1,9}/.exec(text)?.[0];
  return digits === undefined ? undefined : Number(digits);
}
