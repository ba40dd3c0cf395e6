import { activeManager, osdsUp, placementGroups, quorumOf } from '../../fleet/ceph.js';
import type { Fleet } from '../../fleet/state.js';
import { healthChecks, healthStatus } from './checks.js';
import { figures, utilization } from './figures.js';
import { standbys, weight } from './json.js';

/** `ceph -s` for people. */
export function statusText(fleet: Fleet): string {
  const { ceph } = fleet;
  const f = figures(fleet);
  const checks = healthChecks(fleet);
  const groups = placementGroups(ceph);
  const wide = String(Math.max(...groups.map(([, count]) => count))).length;
  const groupLines = [
    ...(f.inactive ? ['100.000% pgs not active'] : []),
    ...(f.degraded > 0 ? [degraded(fleet)] : []),
    ...groups.map(([state, count]) => `${String(count).padEnd(wide)} ${state}`),
  ];
  const client = [
    ...(f.readBytes > 0 ? [`${size(f.readBytes)}/s rd`] : []),
    ...(f.writeBytes > 0 ? [`${size(f.writeBytes)}/s wr`] : []),
    ...(f.readOps + f.writeOps > 0 ? [`${f.readOps} op/s rd`, `${f.writeOps} op/s wr`] : []),
  ];
  const io = [
    ...(client.length > 0 ? [`    client:   ${client.join(', ')}`] : []),
    ...(f.recoveringObjects > 0
      ? [`    recovery: ${size(f.recoveringBytes)}/s, ${f.recoveringObjects} objects/s`]
      : []),
  ];
  const lines = [
    '  cluster:',
    `    id:     ${ceph.fsid}`,
    `    health: ${healthStatus(checks)}`,
    ...checks.map(({ message }) => `            ${message}`),
    ' ',
    '  services:',
    `    mon: ${monitorsText(fleet)}`,
    `    mgr: ${managerText(fleet)}`,
    `    osd: ${osdsText(fleet)}`,
    ' ',
    '  data:',
    '    pools:   2 pools, 33 pgs',
    `    objects: ${objects(ceph.objects)} objects, ${size(f.dataBytes)}`,
    `    usage:   ${size(f.used)} used, ${size(f.available)} / ${size(f.total)} avail`,
    `    pgs:     ${groupLines.join('\n             ')}`,
    ' ',
    ...(io.length > 0 ? ['  io:', ...io, ' '] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function degraded(fleet: Fleet): string {
  const f = figures(fleet);
  const share = (f.degradedRatio * 100).toFixed(3);
  return `${f.degraded}/${f.degradedTotal} objects degraded (${share}%)`;
}

function monitorsText(fleet: Fleet): string {
  const { monitors, electedAt } = fleet.ceph;
  const quorum = quorumOf(fleet);
  const names = quorum.map((rank) => monitors[rank]?.name ?? '').join(',');
  const out = monitors.filter((_, rank) => !quorum.includes(rank)).map(({ name }) => name);
  const away = out.length > 0 ? `, out of quorum: ${out.join(', ')}` : '';
  return `${monitors.length} daemons, quorum ${names} (age ${age(fleet, electedAt)})${away}`;
}

function managerText(fleet: Fleet): string {
  const active = activeManager(fleet);
  const since = age(fleet, fleet.ceph.managerSince);
  if (!active) return `no daemons active (since ${since})`;
  const others = standbys(fleet) > 0 ? fleet.ceph.managers.filter((other) => other !== active) : [];
  const list = others.map(({ name }) => name).join(', ');
  return `${active.name}(active, since ${since})${list ? `, standbys: ${list}` : ''}`;
}

/** `3 osds: 2 up (since 18s), 3 in (since 4m)` */
function osdsText(fleet: Fleet): string {
  const { osds } = fleet.ceph;
  const changed = Math.max(...osds.map(({ since }) => since));
  const first = Math.min(...osds.map(({ since }) => since));
  const taken = osds.filter((osd) => osd.in).length;
  return `${osds.length} osds: ${osdsUp(fleet.ceph)} up (since ${age(fleet, changed)}), ${taken} in (since ${age(fleet, first)})`;
}

/** `ceph health` and `ceph health detail`. */
export function healthText(fleet: Fleet, withDetail: boolean): string {
  const checks = healthChecks(fleet);
  const messages = checks.map(({ message }) => message).join('; ');
  const head = `${healthStatus(checks)}${messages ? ` ${messages}` : ''}\n`;
  if (!withDetail) return head;
  const blocks = checks.map(({ code, severity, message, detail }) => {
    const tag = severity === 'HEALTH_ERR' ? 'ERR' : 'WRN';
    return `[${tag}] ${code}: ${message}\n${detail.map((line) => `    ${line}\n`).join('')}`;
  });
  return head + blocks.join('');
}

/** `ceph osd tree` */
export function osdTreeText({ ceph }: Fleet): string {
  const total = weight(ceph.osdSize) * ceph.osds.length;
  const own = weight(ceph.osdSize).toFixed(5);
  const rows = ceph.osds.flatMap((osd) => {
    const host = `${String(-3 - 2 * osd.id).padStart(2)}         ${own.padStart(7)}      host ${osd.machine}`;
    const status = (osd.up ? 'up' : 'down').padStart(6);
    const daemon = `${String(osd.id).padStart(2)}    hdd  ${own.padStart(7)}          ${`osd.${osd.id}`.padEnd(8)}  ${status}   ${osd.in ? '1.00000' : '      0'}  1.00000`;
    return [host.padEnd(61), daemon];
  });
  const head = 'ID  CLASS  WEIGHT   TYPE NAME        STATUS  REWEIGHT  PRI-AFF';
  const root = `-1         ${total.toFixed(5).padStart(7)}  root default`.padEnd(61);
  return `${[head, root, ...rows].join('\n')}\n`;
}

/** `ceph osd df` */
export function osdDfText(fleet: Fleet): string {
  const { ceph } = fleet;
  const f = figures(fleet);
  const use = utilization(ceph, f).toFixed(2);
  const meta = f.usedPerOsd - f.dataBytes;
  const cells = (id: string, rest: readonly string[]) => [id, ...rest];
  const rows = ceph.osds.map((osd) =>
    cells(String(osd.id), [
      'hdd',
      weight(ceph.osdSize).toFixed(5),
      osd.in ? '1.00000' : '0',
      size(ceph.osdSize),
      size(f.usedPerOsd),
      size(f.dataBytes),
      '0 B',
      size(meta),
      size(ceph.osdSize - f.usedPerOsd),
      use,
      '1.00',
      osd.up ? '33' : '0',
      osd.up ? 'up' : 'down',
    ]),
  );
  const n = ceph.osds.length;
  const sum = [
    size(f.total),
    size(f.used),
    size(f.dataBytes * n),
    '0 B',
    size(meta * n),
    size(f.available),
    use,
  ];
  const total = ['', '', '', 'TOTAL', ...sum, '', '', ''];
  const heads = [
    'ID',
    'CLASS',
    'WEIGHT',
    'REWEIGHT',
    'SIZE',
    'RAW USE',
    'DATA',
    'OMAP',
    'META',
    'AVAIL',
    '%USE',
    'VAR',
    'PGS',
    'STATUS',
  ];
  return `${columns([heads, ...rows, total], 'right')}MIN/MAX VAR: 1.00/1.00  STDDEV: 0\n`;
}

/** `ceph df` */
export function dfText(fleet: Fleet): string {
  const f = figures(fleet);
  const percent = ((f.used * 100) / f.total).toFixed(2);
  const raw = [size(f.total), size(f.available), size(f.used), size(f.used), percent];
  const max = Math.floor((f.available * 0.95) / 3);
  const used = ((f.dataBytes * 100) / (f.dataBytes + max)).toFixed(2);
  const storage = columns(
    [
      ['CLASS', 'SIZE', 'AVAIL', 'USED', 'RAW USED', '%RAW USED'],
      ['hdd', ...raw],
      ['TOTAL', ...raw],
    ],
    'left',
  );
  const pools = columns(
    [
      ['POOL', 'ID', 'PGS', 'STORED', 'OBJECTS', 'USED', '%USED', 'MAX AVAIL'],
      ['device_health_metrics', '1', '1', '0 B', '0', '0 B', '0', size(max)],
      [
        'vms',
        '2',
        '32',
        size(f.dataBytes),
        objects(fleet.ceph.objects),
        size(f.dataBytes * 3),
        used,
        size(max),
      ],
    ],
    'left',
  );
  return `--- RAW STORAGE ---\n${storage} \n--- POOLS ---\n${pools}`;
}

/** Columns to the right, the first to the left if it is wanted so, two blanks between. */
function columns(rows: readonly (readonly string[])[], first: 'left' | 'right'): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 && first === 'left' ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ');
  return rows.map((row) => `${line(row)}\n`).join('');
}

/** `ceph osd stat`, `ceph pg stat`, `ceph mon stat`. */
export function statLine(fleet: Fleet, of: 'osd' | 'pg' | 'mon'): string {
  const { ceph } = fleet;
  const f = figures(fleet);
  switch (of) {
    case 'osd':
      return `${osdsText(fleet)}; epoch: e${ceph.epoch}\n`;
    case 'pg': {
      const groups = placementGroups(ceph)
        .map(([state, count]) => `${count} ${state}`)
        .reverse();
      const more = f.degraded > 0 ? `; ${degraded(fleet)}` : '';
      return `33 pgs: ${groups.join(', ')}; ${size(f.dataBytes)} data, ${size(f.used)} used, ${size(f.available)} / ${size(f.total)} avail${more}\n`;
    }
    case 'mon': {
      const mons = ceph.monitors.map(({ name, machine }) => {
        const address = fleet.machines.find((other) => other.name === machine)?.address ?? '';
        return `${name}=[v2:${address}:3300/0,v1:${address}:6789/0]`;
      });
      const quorum = quorumOf(fleet);
      const names = quorum.map((rank) => ceph.monitors[rank]?.name ?? '');
      return `e1: ${mons.length} mons at {${mons.join(',')}} removed_ranks: {}, election epoch ${ceph.election}, leader ${quorum[0] ?? 0} ${names[0] ?? ''}, quorum ${quorum.join(',')} ${names.join(',')}\n`;
    }
  }
}

/** `18s`, `4m`, `3h`, `2d`: Ceph's shortest way. */
function age(fleet: Fleet, since: number): string {
  const seconds = Math.max(0, Math.floor((fleet.clock.now - since) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`;
  return seconds < 1_209_600
    ? `${Math.floor(seconds / 86_400)}d`
    : `${Math.floor(seconds / 604_800)}w`;
}

/** `440`, `31.74k`: decimal thousands. */
function objects(n: number): string {
  return n < 1000 ? String(n) : `${(n / 1000).toFixed(2)}k`;
}

/** `850 MiB`, `2.3 GiB`: two digits at least. */
function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const whole = unit === 0 || value >= 100 || Number.isInteger(value);
  const shown = whole || value >= 10 ? String(Math.round(value)) : value.toFixed(1);
  return `${shown} ${units[unit] ?? ''}`;
}
