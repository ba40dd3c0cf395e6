import type { Finding, Severity } from '../../../core/finding.js';
import { count, grouped, listed } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import { wordsFor } from './checks.js';
import { statusEvidence } from '../evidence.js';
import { managerNode, pgsNode, poolsNode, quorumNode } from '../nodes.js';
import { spareMonitors } from '../monitors.js';
import { inactive, moving } from '../placement.js';
import type { View } from '../view.js';

/** Used space from which it is time to act, and from which there is no time left. */
const HIGH = 0.85;
const HIGHEST = 0.95;
/** Ceph's balancer keeps up to this share misplaced on purpose (`target_max_misplaced_ratio`). */
const BALANCING = 0.05;

/** Where Ceph's own health says too little, or nothing. */
export function ownRules(view: View): readonly Finding[] {
  return [pgsInactive, managerDown, noSpare, unfound, usage, misplaced].flatMap(
    (rule) => rule(view) ?? [],
  );
}

/**
 * Seen on 16.2.15: two of three OSDs down is HEALTH_WARN while every placement group is inactive
 * and all I/O hangs; and a new cluster is HEALTH_OK with inactive groups.
 */
function pgsInactive(view: View): Finding | undefined {
  const { pgs } = view.status;
  const { stuck, passing, unknown, states } = inactive(view.status);
  const all = stuck + passing + unknown;
  if (!pgs || all === 0) return undefined;
  const evidence = states.map((state) => `${pgs.byState[state] ?? 0} ${state}`);
  const what = `${grouped(all)} of ${count(pgs.total, 'placement group')}`;
  return {
    ...plain(view, evidence),
    code: 'CEPH_PGS_INACTIVE',
    severity: stuck > 0 ? 'alert' : 'warning',
    title: 'placement groups serve no I/O',
    says: saysInactive(what, stuck > 0, states),
    means: meansInactive(view, stuck > 0, unknown > 0),
    todo:
      stuck > 0
        ? 'Bring OSDs back until enough copies are up. `ceph pg dump_stuck inactive` lists the groups, `ceph pg PG query` says what one waits for.'
        : 'It passes within seconds. If it stays: `ceph pg dump_stuck inactive`.',
    about: [pgsNode(view.status)],
    ...(stuck === 0 && { heals: true }),
  };
}

function saysInactive(what: string, isStuck: boolean, states: readonly string[]): string {
  if (states.length === 0) return `${what} are not active.`;
  return isStuck ? `${what} serve no I/O: ${listed(states)}.` : `${what} are ${listed(states)}.`;
}

function meansInactive(view: View, isStuck: boolean, isUnknown: boolean): string {
  const health = view.status.health ?? 'no status';
  if (isStuck) {
    return `Too few copies are up: reads and writes of what lies in them hang, whatever the status says (${health}).`;
  }
  if (isUnknown) {
    return 'The manager has had no report of them: it has just started, or their OSDs are gone.';
  }
  return 'The OSDs agree on who serves what; reads and writes wait that long.';
}

/** The manager's map can say it before the health check does. */
function managerDown(view: View): Finding | undefined {
  const { manager, checks } = view.status;
  if (manager?.available !== false || checks.some((c) => c.code === 'MGR_DOWN')) return undefined;
  const { title, means, todo } = wordsFor('MGR_DOWN');
  return {
    ...plain(view, ['"mgrmap": {"available": false}']),
    code: 'CEPH_MGR_DOWN',
    severity: 'warning',
    title,
    says: 'No manager is active.',
    means,
    todo,
    about: [managerNode(view.status)],
  };
}

/**
 * A monitor is lost and the quorum has none to spare. A cluster that was built with one or two
 * monitors never has one: the pane says it, it is no news.
 */
function noSpare(view: View): Finding | undefined {
  const { monitors, quorumNames } = view.status;
  if (monitors?.total == null || monitors.inQuorum >= monitors.total) return undefined;
  if (spareMonitors(view.status) !== 0) return undefined;
  return {
    ...plain(view, [`"quorum_names": ${JSON.stringify(quorumNames)}`]),
    code: 'CEPH_QUORUM_NO_SPARE',
    severity: 'alert',
    title: 'quorum without a spare',
    says: `${monitors.inQuorum} of ${count(monitors.total, 'monitor')} are in the quorum; it needs all of these.`,
    means: 'If one more monitor is lost, the cluster stops answering and I/O stops with it.',
    todo: 'Bring the lost monitor back before any other maintenance, and restart no monitor until then.',
    about: [quorumNode(view.status)],
  };
}

/** Before Luminous a sentence says it; the count is there in all releases. */
function unfound(view: View): Finding | undefined {
  const { objects, checks } = view.status;
  if (objects.unfound === 0 || checks.some((c) => c.code === 'OBJECT_UNFOUND')) return undefined;
  const { title, means, todo } = wordsFor('OBJECT_UNFOUND');
  return {
    ...plain(view, [`"unfound_objects": ${objects.unfound}`]),
    code: 'CEPH_OBJECT_UNFOUND',
    severity: 'alert',
    title,
    says: `${count(objects.unfound, 'object')} cannot be found.`,
    means,
    todo,
    about: [pgsNode(view.status)],
    ownCause: true,
  };
}

function usage(view: View): Finding | undefined {
  const used = usedShare(view);
  const space = view.status.usage;
  if (used === undefined || used < HIGH || !space) return undefined;
  const severity: Severity = used >= HIGHEST ? 'alert' : 'warning';
  return {
    ...plain(view, [`"bytes_used": ${space.usedBytes}, "bytes_total": ${space.totalBytes}`]),
    code: 'CEPH_USAGE_HIGH',
    severity,
    title: 'Ceph nearly full',
    says: `${percent(used)} of the raw space is used: ${bytes(space.usedBytes)} of ${bytes(space.totalBytes)}.`,
    means:
      'OSDs fill unevenly: the fullest reaches its limit first, and one full OSD stops all writes to its pools. A lost OSD leaves less.',
    todo: 'Free space or add OSDs. `ceph df` shows the pools, `ceph osd df tree` the fullest OSDs.',
    about: [poolsNode(view.status)],
  };
}

/** Seen on 16.2.15: after `ceph osd out` a third is misplaced under HEALTH_OK. */
function misplaced(view: View): Finding | undefined {
  const { objects, checks } = view.status;
  const share = objects.copies ? objects.misplaced / objects.copies : 0;
  if (share <= BALANCING || checks.some((c) => c.code === 'OBJECT_MISPLACED')) return undefined;
  const { title, means, todo } = wordsFor('OBJECT_MISPLACED');
  const moves = moving(view.status);
  const isMoving = moves.now + moves.waiting > 0;
  return {
    ...plain(view, [
      `"misplaced_objects": ${objects.misplaced}, "misplaced_total": ${objects.copies ?? 0}`,
    ]),
    code: 'CEPH_OBJECT_MISPLACED',
    severity: 'notice',
    title,
    says: `${percent(share)} of the copies are not where they should be (${grouped(objects.misplaced)} of ${grouped(objects.copies ?? 0)}).`,
    means: isMoving
      ? means
      : 'All copies are there, and none is on the way: CRUSH finds no other place for them, or moving is switched off.',
    todo: isMoving
      ? todo
      : 'Look for an OSD that is out, for too few hosts to choose from, and for norebalance or nobackfill among the flags.',
    about: [pgsNode(view.status)],
    ...(isMoving && { heals: true }),
  };
}

/** The share of the raw space that is used; undefined while no OSD has reported any. */
export function usedShare({ status }: Pick<View, 'status'>): number | undefined {
  const { usage: space } = status;
  return space && space.totalBytes > 0 ? space.usedBytes / space.totalBytes : undefined;
}

function plain(
  view: View,
  lines: readonly string[],
): Pick<Finding, 'subject' | 'hosts' | 'evidence' | 'remedies'> {
  return { subject: 'cluster', hosts: [], evidence: statusEvidence(view, lines), remedies: [] };
}
