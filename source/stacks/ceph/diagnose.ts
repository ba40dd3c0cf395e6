import { graver, type Finding, type Severity } from '../../core/finding.js';
import type { NodeId } from '../../core/graph.js';
import type { Now } from '../../core/probe.js';
import { clean } from '../../core/text.js';
import type { CheckWords } from './rules/check-words.js';
import { wordsFor } from './rules/checks.js';
import { evidenceOf } from './evidence.js';
import { NO_CODE, type Check } from './read/health.js';
import {
  bucketNode,
  clusterNode,
  managerNode,
  pgsNode,
  poolsNode,
  quorumNode,
  spaceNode,
} from './nodes.js';
import { downMonitors, monitorsAbout } from './monitors.js';
import { downOsds, osdsAbout, osdsDown } from './rules/osds-down.js';
import { moving } from './placement.js';
import { ownRules } from './rules/make.js';
import { noAnswer } from './rules/answer.js';
import { unanswered, viewOf, type View } from './view.js';

/** What is wrong with the cluster: that it does not answer, and what it said last. */
export function diagnose(now: Now): readonly Finding[] {
  const view = viewOf(now);
  return [...noAnswer(now, unanswered(now), view).map(drawable), ...(view ? findingsOf(view) : [])];
}

/** What is wrong by one state of the cluster. */
export function findingsOf(view: View): readonly Finding[] {
  const lost = osdsDown(view);
  const checks = view.checks.filter((check) => !isOsdsDown(check));
  return [
    ...(lost ? [lost] : []),
    ...checks.map((check) => checkFinding(view, check, lost !== undefined)),
    ...ownRules(view),
  ].map(drawable);
}

/** Findings hold words of the cluster's own: none of them may drive the terminal. */
function drawable(finding: Finding): Finding {
  return {
    ...finding,
    code: clean(finding.code),
    title: clean(finding.title),
    subject: clean(finding.subject),
    says: clean(finding.says),
    means: clean(finding.means),
    todo: clean(finding.todo),
  };
}

/** `2/6 in osds are down` is how releases before Luminous say OSD_DOWN. */
function isOsdsDown({ code, summary }: Check): boolean {
  return code === 'OSD_DOWN' || (code === NO_CODE && /^\d+\/\d+ in osds are down/.test(summary));
}

/** Checks that bring others about: a lost monitor the lack of a spare, a full OSD full pools. */
const EXPLAINING = new Set(['MON_DOWN', 'OSD_FULL']);

function checkFinding(view: View, check: Check, osdsAreDown: boolean): Finding {
  const words = check.code === NO_CODE ? wordsForSentence(check) : wordsFor(check.code);
  const { about, ownCause } = aboutOf(view, check, words);
  const moves = moving(view.status);
  const heals = words.heals ?? (words.place === 'pgs' && moves.now > 0);
  return {
    code: `CEPH_${check.code}`,
    severity: severityOf(check, words, osdsAreDown),
    title: words.title,
    subject: check.code === NO_CODE ? withoutNumbers(check.summary) : 'cluster',
    hosts: [],
    says: saysOf(check),
    means: words.means,
    todo: words.todo,
    evidence: evidenceOf(view, check),
    remedies: [],
    about,
    ...(heals && { heals }),
    ...(EXPLAINING.has(check.code) && { explains: true }),
    ...(ownCause && { ownCause }),
  };
}

/**
 * Ceph's own severity, only ever raised; but a check that somebody muted is a notice. Data that is
 * not available while no OSD is down has no cause that ends by itself: graver than Ceph says.
 */
function severityOf(check: Check, words: CheckWords, osdsAreDown: boolean): Severity {
  if (check.muted) return 'notice';
  const own: Severity = check.severity === 'HEALTH_ERR' ? 'alert' : 'warning';
  if (check.code === 'PG_AVAILABILITY' && !osdsAreDown) return 'alert';
  return words.raise ? graver(own, words.raise) : own;
}

function saysOf({ summary, code, muted }: Check): string {
  const text = summary === '' ? code : summary;
  const sentence = /[.:]$/.test(text) ? text : `${text}.`;
  return muted
    ? `${sentence} Somebody muted this check; it does not count in the status.`
    : sentence;
}

function aboutOf(
  view: View,
  check: Check,
  words: CheckWords,
): { readonly about: readonly NodeId[]; readonly ownCause: boolean } {
  const { status } = view;
  switch (words.place) {
    case 'pgs':
      return { about: [pgsNode(status)], ownCause: false };
    case 'data':
      return { about: [pgsNode(status)], ownCause: true };
    case 'space':
      return { about: [spaceNode(status)], ownCause: false };
    case 'pools':
      return { about: [poolsNode(status)], ownCause: false };
    case 'osds':
      return { about: osdsAbout(view, check), ownCause: false };
    case 'buckets':
      return { about: bucketsAbout(view, check), ownCause: false };
    case 'monitors':
      return {
        about:
          check.code === 'MON_DOWN'
            ? monitorsAbout(view, downMonitors(view))
            : [quorumNode(status)],
        ownCause: check.code !== 'MON_DOWN',
      };
    case 'manager':
      return { about: [managerNode(status)], ownCause: false };
    case 'cluster':
      return { about: [clusterNode(status)], ownCause: true };
  }
}

/** `host stor1 (root=default) (1 osds) is down`: the bucket, or all data where it is not named. */
function bucketsAbout(view: View, check: Check): readonly NodeId[] {
  const known = new Set(view.tree?.hosts.map(({ name }) => name));
  const named = check.details.flatMap((line) => /^\S+ (\S+) \(/.exec(line)?.[1] ?? []);
  const buckets = named.filter((name) => known.has(name));
  if (buckets.length > 0) return buckets.map((name) => bucketNode(view.status, name));
  return downOsds(view).length > 0 ? [pgsNode(view.status)] : [clusterNode(view.status)];
}

/** The subject of a sentence stays the same while only its numbers change. */
function withoutNumbers(text: string): string {
  return text.replace(/\d[\d.,/%]*/g, 'N');
}

/** Words for a release that had no codes: what Ceph said is all there is. */
function wordsForSentence({ summary }: Check): CheckWords {
  return {
    title: 'Ceph health',
    // `32 pgs degraded`, `recovery 12/39 objects degraded`: what lost OSDs bring about.
    place: /\bpgs?\b|objects (degraded|misplaced)/.test(summary) ? 'pgs' : 'cluster',
    means:
      'This release of Ceph gives a sentence and no code, so Holdfast cannot say more than it does.',
    todo: '`ceph health detail` names what it concerns.',
  };
}
