import {
  activeManager,
  degradedObjects,
  osdsUp,
  placementGroups,
  quorumOf,
} from '../../fleet/ceph.js';
import type { Ceph } from '../../fleet/ceph-state.js';
import type { Fleet } from '../../fleet/state.js';

/** A health check as Ceph's monitors raise it. */
export interface Check {
  readonly code: string;
  readonly severity: 'HEALTH_WARN' | 'HEALTH_ERR';
  readonly message: string;
  readonly count: number;
  readonly detail: readonly string[];
}

/** How long placement groups are wanting before that has a check of its own, in ms. */
const STUCK_AFTER = 60_000;
const PGS = Array.from({ length: 32 }, (_, index) => `2.${index.toString(16)}`);

/** The checks that are raised now, in the order of their codes. */
export function healthChecks(fleet: Fleet): readonly Check[] {
  const { ceph } = fleet;
  const checks = [...monitorChecks(fleet), ...osdChecks(ceph), ...groupChecks(fleet)];
  if (!activeManager(fleet)) {
    checks.push({
      code: 'MGR_DOWN',
      severity: 'HEALTH_WARN',
      message: 'no active mgr',
      count: 0,
      detail: ['no active mgr'],
    });
  }
  return checks.sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** `HEALTH_OK`, or the worst of the checks. */
export function healthStatus(checks: readonly Check[]): string {
  if (checks.some(({ severity }) => severity === 'HEALTH_ERR')) return 'HEALTH_ERR';
  return checks.length > 0 ? 'HEALTH_WARN' : 'HEALTH_OK';
}

function monitorChecks(fleet: Fleet): readonly Check[] {
  const { monitors } = fleet.ceph;
  const quorum = quorumOf(fleet);
  const down = monitors.flatMap((monitor, rank) =>
    quorum.includes(rank) ? [] : [{ monitor, rank }],
  );
  if (down.length === 0) return [];
  const names = quorum.map((rank) => monitors[rank]?.name ?? '').join(',');
  return [
    {
      code: 'MON_DOWN',
      severity: 'HEALTH_WARN',
      message: `${down.length}/${monitors.length} mons down, quorum ${names}`,
      count: down.length,
      detail: down.map(({ monitor, rank }) => {
        const address = fleet.machines.find(({ name }) => name === monitor.machine)?.address ?? '';
        return `mon.${monitor.name} (rank ${rank}) addr [v2:${address}:3300/0,v1:${address}:6789/0] is down (out of quorum)`;
      }),
    },
  ];
}

function osdChecks(ceph: Ceph): readonly Check[] {
  const down = ceph.osds.filter((osd) => !osd.up && osd.in);
  if (down.length === 0) return [];
  const plural = down.length === 1 ? 'host' : 'hosts';
  const checks: Check[] = [
    {
      code: 'OSD_DOWN',
      severity: 'HEALTH_WARN',
      message: `${down.length} osds down`,
      count: down.length,
      detail: down.map(({ id, machine }) => `osd.${id} (root=default,host=${machine}) is down`),
    },
    {
      code: 'OSD_HOST_DOWN',
      severity: 'HEALTH_WARN',
      message: `${down.length} ${plural} (${down.length} osds) down`,
      count: down.length,
      detail: down.map(({ machine }) => `host ${machine} (root=default) (1 osds) is down`),
    },
  ];
  if (down.length === ceph.osds.length) {
    checks.push({
      code: 'OSD_ROOT_DOWN',
      severity: 'HEALTH_WARN',
      message: `1 root (${down.length} osds) down`,
      count: 1,
      detail: [`root default (root=default) (${down.length} osds) is down`],
    });
  }
  return checks;
}

function groupChecks(fleet: Fleet): readonly Check[] {
  const { ceph } = fleet;
  const checks: Check[] = [];
  const up = osdsUp(ceph);
  const since = ceph.undersizedSince;
  const stuck = since !== undefined && fleet.clock.now - since >= STUCK_AFTER;
  if (up === 0 || (up === 1 && stuck)) {
    const { detail } = groupDetail(ceph);
    checks.push({
      code: 'PG_AVAILABILITY',
      severity: 'HEALTH_WARN',
      message: 'Reduced data availability: 33 pgs inactive',
      count: 33,
      detail: detail.map((line) =>
        line.replace(
          /^(pg \S+) is (\S+), /,
          `$1 is stuck inactive for ${stuckFor(fleet)}, current state $2, last `,
        ),
      ),
    });
  }
  const degraded = degradedObjects(ceph);
  if (degraded > 0) {
    const { detail, count } = groupDetail(ceph);
    const share = ((degraded * 100) / (ceph.objects * ceph.osds.length)).toFixed(3);
    const undersized = stuck && up < ceph.osds.length ? `, 33 pgs undersized` : '';
    const total = ceph.objects * ceph.osds.length;
    checks.push({
      code: 'PG_DEGRADED',
      severity: 'HEALTH_WARN',
      message: `Degraded data redundancy: ${degraded}/${total} objects degraded (${share}%), ${count} pgs degraded${undersized}`,
      count: count + (undersized === '' ? 0 : 33),
      detail,
    });
  }
  return checks;
}

function stuckFor(fleet: Fleet): string {
  const seconds = Math.round((fleet.clock.now - (fleet.ceph.undersizedSince ?? 0)) / 1000);
  return seconds < 120 ? `${seconds}s` : `${Math.floor(seconds / 60)}m`;
}

/** A line for each placement group that is degraded. */
function groupDetail(ceph: Ceph): { readonly detail: readonly string[]; readonly count: number } {
  const up = ceph.osds.filter((osd) => osd.up).map(({ id }) => id);
  const states = placementGroups(ceph)
    .filter(([state]) => state.includes('degraded'))
    .flatMap(([state, count]) => new Array<string>(count).fill(state));
  const detail = states.map((state, index) => {
    const turn = index % Math.max(1, up.length);
    const acting = [...up.slice(turn), ...up.slice(0, turn)].join(',');
    return `pg ${PGS[index] ?? '2.0'} is ${state}, acting [${acting}]`;
  });
  return { detail, count: states.length };
}
