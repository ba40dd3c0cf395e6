import type { Metric, Running } from '../../../core/pane.js';
import type { Now } from '../../../core/probe.js';
import { clean } from '../../../core/text.js';
import { moving } from '../placement.js';
import { viewOf, type View } from '../view.js';

/** What runs on its own: the recovery, and the work that the manager reports on. */
export function running(now: Now): readonly Running[] {
  const view = viewOf(now);
  // Of an old status nothing can be said to be running now.
  if (!view || view.stale) return [];
  const recovery = recoveryOf(view);
  const events = view.frozen ? [] : view.status.progress;
  return [
    ...(recovery ? [recovery] : []),
    ...events.map(({ id, message, share }): Running => ({
      id: `ceph.progress.${id}`,
      title: clean(message) || 'Ceph progress',
      share,
    })),
  ];
}

/**
 * Copies being restored or moved, while any placement group does that or waits for its turn. Its
 * share is that of all copies which are where they should be. Rates that Ceph still averages after
 * the end are not looked at; with no manager there is no pace to tell.
 */
export function recoveryOf(view: View): Running | undefined {
  const { objects, recovery } = view.status;
  const groups = moving(view.status);
  const left = objects.degraded + objects.misplaced;
  if (groups.now + groups.waiting === 0) return undefined;
  const share = objects.copies ? Math.max(0, 1 - left / objects.copies) : undefined;
  const base = { id: 'ceph.recovery', title: titleOf(view), ...(share !== undefined && { share }) };
  if (view.frozen) return base;
  const pace = recovery?.objectsPerSecond ?? 0;
  const bytesPerSecond = recovery?.bytesPerSecond ?? 0;
  return {
    ...base,
    bytesPerSecond,
    ...(pace > 0 && { secondsLeft: left / pace }),
    // Waiting is no standstill while others work; with no pace at all nothing works.
    ...(groups.now === 0 && bytesPerSecond === 0 && { stalled: true }),
  };
}

function titleOf({ status, frozen }: View): string {
  const { degraded, misplaced } = status.objects;
  const what =
    degraded > 0 ? 'Ceph recovery' : misplaced > 0 ? 'Ceph rebalancing' : 'Ceph recovery';
  return frozen ? `${what} (pace not known)` : what;
}

/** Keys of the metrics, by what they belong to. */
export const METRICS = {
  client: ['ceph.cluster.written', 'ceph.cluster.read'],
  usage: ['ceph.cluster.used'],
  objects: ['ceph.cluster.degraded', 'ceph.cluster.recovery'],
} as const;

/** Numbers worth a history; none while they are not current. */
export function metrics(now: Now): readonly Metric[] {
  const view = viewOf(now);
  if (!view || view.stale || view.frozen) return [];
  const { objects, recovery, client, usage } = view.status;
  return [
    metric(METRICS.objects[0], 'copies missing', objects.degraded, 'count'),
    metric(METRICS.objects[1], 'recovery', recovery?.bytesPerSecond ?? 0, 'bytesPerSecond'),
    metric(METRICS.client[0], 'written', client?.writeBytesPerSecond ?? 0, 'bytesPerSecond'),
    metric(METRICS.client[1], 'read', client?.readBytesPerSecond ?? 0, 'bytesPerSecond'),
    ...(usage ? [metric(METRICS.usage[0], 'used', usage.usedBytes, 'bytes')] : []),
  ];
}

function metric(key: string, label: string, value: number, unit: Metric['unit']): Metric {
  return { key, label, value, unit };
}
