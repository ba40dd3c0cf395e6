import { isAlive, type Fleet } from './state.js';
import type { Ceph, CephDaemon, Osd } from './ceph-state.js';

/** How long a silent OSD counts as up after its machine died, and after it stopped, in ms. */
const GRACE = { machine: 20_000, daemon: 1500, back: 3000 };
/** mon_osd_down_out_interval, in ms. */
const OUT_AFTER = 600_000;
/** Objects brought back per second. */
export const RECOVERY_PACE = 8;
/** Objects changed per second by the clients. */
const CHANGED = 6;

/** Whether a daemon's process runs. */
export function daemonRuns(fleet: Fleet, daemon: CephDaemon | Osd): boolean {
  return daemon.running && isAlive(fleet, daemon.machine);
}

/** The ranks of the monitors in quorum; empty when there is none. */
export function quorumOf(fleet: Fleet): readonly number[] {
  const { monitors } = fleet.ceph;
  const running = monitors.flatMap((monitor, rank) => (daemonRuns(fleet, monitor) ? [rank] : []));
  return running.length * 2 > monitors.length ? running : [];
}

/** The manager that is active, or undefined. */
export function activeManager(fleet: Fleet): CephDaemon | undefined {
  return fleet.ceph.managers.find((manager) => daemonRuns(fleet, manager));
}

/** How many OSDs the monitors see as up. */
export function osdsUp(ceph: Ceph): number {
  return ceph.osds.filter((osd) => osd.up).length;
}

/** Objects that lack copies, counted once for each copy. */
export function degradedObjects(ceph: Ceph): number {
  const away = ceph.osds.filter((osd) => !osd.up).length;
  const missing = ceph.osds.filter((osd) => osd.up).reduce((sum, osd) => sum + osd.missing, 0);
  return Math.min(ceph.osds.length, away) * ceph.objects + Math.round(missing);
}

/** Objects being brought back now; only while all copies' daemons are there. */
export function isRecovering(ceph: Ceph): boolean {
  return osdsUp(ceph) >= 2 && ceph.osds.some((osd) => osd.up && osd.missing > 0);
}

/** The count of placement groups in each state, most first. */
export function placementGroups(ceph: Ceph): readonly (readonly [string, number])[] {
  const away = ceph.osds.length - osdsUp(ceph);
  if (away === 1)
    return [
      ['active+undersized+degraded', 32],
      ['active+undersized', 1],
    ];
  if (away === 2)
    return [
      ['undersized+degraded+peered', 32],
      ['undersized+peered', 1],
    ];
  if (away >= 3)
    return [
      ['stale+undersized+degraded+peered', 32],
      ['stale+undersized+peered', 1],
    ];
  const missing = ceph.osds.reduce((sum, osd) => sum + osd.missing, 0);
  if (missing === 0) return [['active+clean', 33]];
  const late = Math.max(1, Math.min(32, Math.ceil((missing / 1440) * 32)));
  const groups: [string, number][] = [
    ['active+recovery_wait+degraded', late - 1],
    ['active+clean', 33 - late],
    ['active+recovering+degraded', 1],
  ];
  return groups.filter(([, count]) => count > 0).sort((x, y) => y[1] - x[1]);
}

/** Time passes: monitors notice, clients write, copies are brought back. */
export function cephPasses(fleet: Fleet, ms: number): void {
  const { ceph } = fleet;
  elect(fleet);
  if (quorumOf(fleet).length === 0) return;
  for (const osd of ceph.osds) notice(fleet, osd);
  const away = ceph.osds.length - osdsUp(ceph);
  if (away === 0) delete ceph.undersizedSince;
  else ceph.undersizedSince ??= fleet.clock.now;
  for (const osd of ceph.osds) {
    if (!osd.up && osdsUp(ceph) >= 2) {
      osd.missing = Math.min(ceph.objects, osd.missing + (CHANGED * ms) / 1000);
    }
  }
  if (away > 0) return;
  const behind = ceph.osds.find((osd) => osd.missing > 0);
  if (!behind) return;
  const done = Math.min(behind.missing, (RECOVERY_PACE * ms) / 1000);
  behind.missing -= done;
  ceph.recovered += done;
  if (behind.missing < 0.5) behind.missing = 0;
}

/** Monitors that come or go make an election. */
function elect(fleet: Fleet): void {
  const { ceph } = fleet;
  const now = quorumOf(fleet).join(',');
  if (ceph.electorate === now) return;
  ceph.electorate = now;
  ceph.election += 2;
  ceph.electedAt = fleet.clock.now;
}

function notice(fleet: Fleet, osd: Osd): void {
  const { ceph, clock } = fleet;
  const runs = daemonRuns(fleet, osd);
  if (runs === osd.up) {
    delete osd.noticed;
  } else {
    osd.noticed ??= clock.now;
    const grace = runs ? GRACE.back : isAlive(fleet, osd.machine) ? GRACE.daemon : GRACE.machine;
    if (clock.now - osd.noticed >= grace) markOsd(fleet, osd, runs);
  }
  if (!osd.up && osd.in && clock.now - osd.since >= OUT_AFTER) {
    osd.in = false;
    ceph.epoch += 1;
  }
}

/** The monitors take note that an OSD is up or down. */
export function markOsd(fleet: Fleet, osd: Osd, up: boolean): void {
  delete osd.noticed;
  osd.up = up;
  osd.since = fleet.clock.now;
  if (up) osd.in = true;
  fleet.ceph.epoch += 1;
}
