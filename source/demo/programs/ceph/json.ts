import { activeManager, osdsUp, placementGroups, quorumOf } from '../../fleet/ceph.js';
import type { Fleet } from '../../fleet/state.js';
import { healthChecks, healthStatus } from './checks.js';
import { figures, utilization } from './figures.js';

/** What is said of a moment, in seconds since 1970. */
const seconds = (ms: number) => Math.floor(ms / 1000);

/** Fields that are only there when they are not zero. */
function nonZero(fields: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== 0));
}

function checks(fleet: Fleet, withDetail: boolean) {
  return Object.fromEntries(
    healthChecks(fleet).map(({ code, severity, message, count, detail }) => [
      code,
      {
        severity,
        summary: { message, count },
        ...(withDetail && { detail: detail.map((line) => ({ message: line })) }),
        muted: false,
      },
    ]),
  );
}

/** `ceph health detail -f json`, and without detail `ceph health -f json`. */
export function healthJson(fleet: Fleet, withDetail: boolean): unknown {
  return {
    status: healthStatus(healthChecks(fleet)),
    checks: checks(fleet, withDetail),
    mutes: [],
  };
}

/** `ceph -s -f json` of Ceph 16. */
export function statusJson(fleet: Fleet): unknown {
  const { ceph, clock } = fleet;
  const quorum = quorumOf(fleet);
  const f = figures(fleet);
  return {
    fsid: ceph.fsid,
    health: healthJson(fleet, false),
    election_epoch: ceph.election,
    quorum,
    quorum_names: quorum.map((rank) => ceph.monitors[rank]?.name ?? ''),
    quorum_age: seconds(clock.now - ceph.electedAt),
    monmap: { epoch: 1, min_mon_release_name: 'pacific', num_mons: ceph.monitors.length },
    osdmap: {
      epoch: ceph.epoch,
      num_osds: ceph.osds.length,
      num_up_osds: osdsUp(ceph),
      osd_up_since: seconds(Math.max(...ceph.osds.map(({ since }) => since))),
      num_in_osds: ceph.osds.filter((osd) => osd.in).length,
      osd_in_since: seconds(Math.min(...ceph.osds.map(({ since }) => since))),
      num_remapped_pgs: 0,
    },
    pgmap: {
      pgs_by_state: placementGroups(ceph).map(([state_name, count]) => ({ state_name, count })),
      num_pgs: 33,
      num_pools: 2,
      num_objects: ceph.objects,
      data_bytes: f.dataBytes,
      bytes_used: f.used,
      bytes_avail: f.available,
      bytes_total: f.total,
      ...(f.inactive && { inactive_pgs_ratio: 1 }),
      ...(f.degraded > 0 && {
        degraded_objects: f.degraded,
        degraded_total: f.degradedTotal,
        degraded_ratio: f.degradedRatio,
      }),
      ...(f.recoveringObjects > 0 && {
        recovering_objects_per_sec: f.recoveringObjects,
        recovering_bytes_per_sec: f.recoveringBytes,
        recovering_keys_per_sec: 0,
        num_objects_recovered: Math.round(ceph.recovered),
        num_bytes_recovered: Math.round(ceph.recovered) * ceph.objectSize,
        num_keys_recovered: 0,
      }),
      ...nonZero({ read_bytes_sec: f.readBytes, write_bytes_sec: f.writeBytes }),
      ...nonZero({ read_op_per_sec: f.readOps, write_op_per_sec: f.writeOps }),
    },
    fsmap: { epoch: 1, by_rank: [], 'up:standby': 0 },
    mgrmap: {
      available: activeManager(fleet) !== undefined,
      num_standbys: Math.max(0, standbys(fleet)),
      modules: ['iostat', 'nfs', 'restful'],
      services: {},
    },
    servicemap: { epoch: 5, modified: '2026-11-20T18:35:44.484214+0000', services: {} },
    progress_events: {},
  };
}

/** Managers that wait to take over. */
export function standbys(fleet: Fleet): number {
  const alive = fleet.ceph.managers.filter(
    (manager) =>
      manager.running &&
      fleet.machines.some(({ name, reach }) => name === manager.machine && reach === 'up'),
  );
  return alive.length - 1;
}

/** `ceph osd tree -f json`. */
export function osdTreeJson({ ceph }: Fleet): unknown {
  const hosts = ceph.osds.flatMap((osd) => [
    {
      id: -3 - 2 * osd.id,
      name: osd.machine,
      type: 'host',
      type_id: 1,
      pool_weights: {},
      children: [osd.id],
    },
    {
      id: osd.id,
      device_class: 'hdd',
      name: `osd.${osd.id}`,
      type: 'osd',
      type_id: 0,
      crush_weight: weight(ceph.osdSize),
      depth: 2,
      pool_weights: {},
      exists: 1,
      status: osd.up ? 'up' : 'down',
      reweight: osd.in ? 1 : 0,
      primary_affinity: 1,
    },
  ]);
  const children = ceph.osds.map(({ id }) => -3 - 2 * id).reverse();
  const root = { id: -1, name: 'default', type: 'root', type_id: 11, children };
  return { nodes: [root, ...hosts], stray: [] };
}

/** CRUSH weighs in TiB. */
export function weight(bytes: number): number {
  return Math.floor((bytes / 1024 ** 4) * 65536) / 65536;
}

/** `ceph osd df -f json`. */
export function osdDfJson(fleet: Fleet): unknown {
  const { ceph } = fleet;
  const f = figures(fleet);
  const kib = (bytes: number) => Math.floor(bytes / 1024);
  const nodes = ceph.osds.map((osd) => ({
    id: osd.id,
    device_class: 'hdd',
    name: `osd.${osd.id}`,
    type: 'osd',
    type_id: 0,
    crush_weight: weight(ceph.osdSize),
    depth: 2,
    pool_weights: {},
    reweight: osd.in ? 1 : 0,
    kb: kib(ceph.osdSize),
    kb_used: kib(f.usedPerOsd),
    kb_used_data: kib(f.dataBytes),
    kb_used_omap: 0,
    kb_used_meta: kib(f.usedPerOsd - f.dataBytes),
    kb_avail: kib(ceph.osdSize - f.usedPerOsd),
    utilization: utilization(ceph, f),
    var: 1,
    pgs: osd.up ? 33 : 0,
    status: osd.up ? 'up' : 'down',
  }));
  const n = ceph.osds.length;
  const summary = {
    total_kb: kib(f.total),
    total_kb_used: kib(f.used),
    total_kb_used_data: kib(f.dataBytes) * n,
    total_kb_used_omap: 0,
    total_kb_used_meta: kib(f.usedPerOsd - f.dataBytes) * n,
    total_kb_avail: kib(f.available),
    average_utilization: utilization(ceph, f),
    min_var: 1,
    max_var: 1,
    dev: 0,
  };
  return { nodes, stray: [], summary };
}

/** `ceph df -f json`. */
export function dfJson(fleet: Fleet): unknown {
  const f = figures(fleet);
  const raw = {
    total_bytes: f.total,
    total_avail_bytes: f.available,
    total_used_bytes: f.used,
    total_used_raw_bytes: f.used,
    total_used_raw_ratio: f.used / f.total,
  };
  const max_avail = Math.floor((f.available * 0.95) / 3);
  const pool = (name: string, id: number, stored: number, objects: number) => ({
    name,
    id,
    stats: {
      stored,
      objects,
      kb_used: Math.floor((stored * 3) / 1024),
      bytes_used: stored * 3,
      percent_used: stored === 0 ? 0 : stored / (stored + max_avail),
      max_avail,
    },
  });
  const n = fleet.ceph.osds.length;
  return {
    stats: { ...raw, num_osds: n, num_per_pool_osds: n, num_per_pool_omap_osds: n },
    stats_by_class: { hdd: raw },
    pools: [
      pool('device_health_metrics', 1, 0, 0),
      pool('vms', 2, f.dataBytes, fleet.ceph.objects),
    ],
  };
}

const VERSION = 'ceph version 16.2.15 (618f440892089921c3e944a991122ddc44e60516) pacific (stable)';

/** `ceph versions`, which is JSON without being asked for it. */
export function versionsJson(fleet: Fleet): unknown {
  const { ceph } = fleet;
  const mon = quorumOf(fleet).length;
  const mgr = standbys(fleet) + 1;
  const osd = osdsUp(ceph);
  const of = (count: number) => (count > 0 ? { [VERSION]: count } : {});
  return { mon: of(mon), mgr: of(mgr), osd: of(osd), mds: {}, overall: of(mon + mgr + osd) };
}

/** `ceph --version` */
export const versionLine = `${VERSION}\n`;

/** `ceph quorum_status`. */
export function quorumJson(fleet: Fleet): unknown {
  const { ceph, clock } = fleet;
  const quorum = quorumOf(fleet);
  const names = quorum.map((rank) => ceph.monitors[rank]?.name ?? '');
  const releases = [
    'kraken',
    'luminous',
    'mimic',
    'osdmap-prune',
    'nautilus',
    'octopus',
    'pacific',
    'elector-pinging',
  ];
  const born = '2026-11-20T18:34:10.068001Z';
  const mons = ceph.monitors.map(({ name, machine }, rank) => {
    const address = fleet.machines.find((other) => other.name === machine)?.address ?? '';
    return {
      rank,
      name,
      public_addrs: {
        addrvec: [
          { type: 'v2', addr: `${address}:3300`, nonce: 0 },
          { type: 'v1', addr: `${address}:6789`, nonce: 0 },
        ],
      },
      addr: `${address}:6789/0`,
      public_addr: `${address}:6789/0`,
      priority: 0,
      weight: 0,
      crush_location: '{}',
    };
  });
  return {
    election_epoch: ceph.election,
    quorum,
    quorum_names: names,
    quorum_leader_name: names[0] ?? '',
    quorum_age: seconds(clock.now - ceph.electedAt),
    features: { quorum_con: '4540138314316775423', quorum_mon: releases },
    monmap: {
      epoch: 1,
      fsid: ceph.fsid,
      modified: born,
      created: born,
      min_mon_release: 16,
      min_mon_release_name: 'pacific',
      election_strategy: 1,
      'disallowed_leaders: ': '',
      stretch_mode: false,
      tiebreaker_mon: '',
      'removed_ranks: ': '',
      features: { persistent: releases, optional: [] },
      mons,
    },
  };
}
