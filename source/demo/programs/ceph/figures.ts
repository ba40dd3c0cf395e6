import { degradedObjects, isRecovering, osdsUp, RECOVERY_PACE } from '../../fleet/ceph.js';
import type { Ceph } from '../../fleet/ceph-state.js';
import type { Fleet } from '../../fleet/state.js';

/** What the pools hold and what the clients do. Bytes, and per second. */
export interface Figures {
  readonly dataBytes: number;
  readonly usedPerOsd: number;
  readonly used: number;
  readonly available: number;
  readonly total: number;
  readonly degraded: number;
  readonly degradedTotal: number;
  readonly degradedRatio: number;
  readonly inactive: boolean;
  readonly readBytes: number;
  readonly writeBytes: number;
  readonly readOps: number;
  readonly writeOps: number;
  /** Objects and bytes per second; zero when nothing is recovered. */
  readonly recoveringObjects: number;
  readonly recoveringBytes: number;
}

/** What each OSD uses beyond the data: its own database and log. */
const OVERHEAD = 304_218_112;

/** Bytes of an average request of the clients. */
const READ_SIZE = 104_675;
const WRITE_SIZE = 378_175;

/** The cluster in numbers, now. */
export function figures({ ceph, clock }: Fleet): Figures {
  const dataBytes = ceph.objects * ceph.objectSize;
  const usedPerOsd = dataBytes + OVERHEAD;
  const total = ceph.osdSize * ceph.osds.length;
  const used = usedPerOsd * ceph.osds.length;
  const degraded = degradedObjects(ceph);
  const degradedTotal = ceph.objects * ceph.osds.length;
  const inactive = osdsUp(ceph) < 2;
  // Clients are never quite even.
  const sway = inactive ? 0 : 1 + 0.18 * Math.sin(clock.now / 7000);
  const recovering = isRecovering(ceph) && osdsUp(ceph) === ceph.osds.length ? RECOVERY_PACE : 0;
  return {
    dataBytes,
    usedPerOsd,
    used,
    available: total - used,
    total,
    degraded,
    degradedTotal,
    degradedRatio: degraded / degradedTotal,
    inactive,
    readBytes: Math.round(ceph.reads * sway),
    writeBytes: Math.round(ceph.writes * sway),
    readOps: Math.round((ceph.reads * sway) / READ_SIZE),
    writeOps: Math.round((ceph.writes * sway) / WRITE_SIZE),
    recoveringObjects: recovering,
    recoveringBytes: recovering * ceph.objectSize,
  };
}

/** The share of an OSD that is used, in percent. */
export function utilization(ceph: Ceph, { usedPerOsd }: Figures): number {
  return (usedPerOsd * 100) / ceph.osdSize;
}
