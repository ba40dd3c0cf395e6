import type { Command } from '../../../source/core/host.js';
import { sessionDetailsCommand } from '../../../source/tools/iscsi-session.js';
import { databaseCommand } from '../../../source/stacks/imgstorage/probes/database.js';
import {
  infoCommand,
  numbersCommand,
  statusCommand,
  tableCommand,
} from '../../../source/stacks/imgstorage/probes/devices.js';
import {
  attributesCommand,
  listenersCommand,
  queuesCommand,
  storageMapCommand,
  vmNasCommand,
  vmPlacesCommand,
} from '../../../source/stacks/imgstorage/probes/frontend.js';
import { localCommand } from '../../../source/stacks/imgstorage/probes/local.js';
import { roleCommand } from '../../../source/stacks/imgstorage/probes/role.js';
import { targetsCommand } from '../../../source/stacks/imgstorage/probes/targets.js';
import {
  datasetsCommand,
  permissionsCommand,
  poolsCommand,
} from '../../../source/stacks/imgstorage/probes/volumes.js';
import {
  AT,
  GIB,
  iqn,
  type ContainerState,
  type NasState,
  type SetState,
  type World,
} from './world.js';

/** What a host says to one command. */
export interface Said {
  readonly command: Command<'reads'>;
  /** The name of its file in a recording, without its ending. */
  readonly file: string;
  readonly stdout: string;
  readonly stderr?: string;
  readonly exit?: number;
}

/** All that a world's hosts say, by host. */
export function printed(world: World): ReadonlyMap<string, readonly Said[]> {
  return new Map([
    ['frontend', frontend(world)],
    ...Object.entries(world.nas).map(([name, state]) => [name, nas(world, name, state)] as const),
    ...Object.entries(world.containers).map(
      ([name, state]) => [name, container(world, name, state)] as const,
    ),
  ]);
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

/** Rocks pads each cell to the widest of its column, what is not there with hyphens. */
function table(
  titles: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  owner = true,
): string {
  if (rows.length === 0) return '';
  const shown = rows.map((row) =>
    row.map((cell, at) => (at === 0 && owner ? `${cell ?? ''}:` : cell)),
  );
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...shown.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: readonly (string | null)[]): string =>
    widths.map((width, at) => row[at]?.padEnd(width) ?? '-'.repeat(width)).join(' ');
  return lines([line(titles), ...shown.map(line)]);
}

function frontend(world: World): readonly Said[] {
  const { vms, attributes } = world;
  const places = vms.map(({ vm, container: on }) => [vm, '1024', '1', on]);
  return [
    ...roles(['frontend']),
    { command: localCommand(), file: 'local', stdout: 'role frontend\n' },
    {
      command: vmNasCommand(),
      file: 'vm-nas',
      stdout: table(
        ['VM-HOST', 'NAS', 'ZPOOL'],
        vms.map(({ vm, nas: on, zpool }) => [vm, on, zpool]),
      ),
    },
    {
      command: vmPlacesCommand(),
      file: 'vm',
      stdout: table(['VM-HOST', 'MEM', 'CPUS', 'HOST'], places),
    },
    {
      command: attributesCommand(),
      file: 'attributes',
      stdout: table(
        ['HOST', 'ATTR', 'VALUE', 'SOURCE'],
        attributes.map(({ host, name, value }) => [host, name, value, 'H']),
      ),
    },
    { command: queuesCommand(), file: 'queues', stdout: queues(world) },
    { command: listenersCommand(), file: 'bindings', stdout: bindings(world) },
    ...Object.entries(world.nas).map(([name, state]) => ({
      command: storageMapCommand(name),
      file: `map-${name}`,
      stdout: storageMap(state),
    })),
  ];
}

function daemons({ nas: all, containers, deaf }: World): readonly string[] {
  return [...Object.keys(all), ...Object.keys(containers)].filter((name) => !deaf.includes(name));
}

function queues(world: World): string {
  const locks = Object.values(world.nas).flatMap((one) => one.locks.map(({ replyTo }) => replyTo));
  const callers = world.callers.filter((one) => locks.includes(one));
  return lines([
    ...daemons(world).map((name) => `${name}\t0\t1`),
    ...callers.map((name) => `${name}\t0\t1`),
  ]);
}

function bindings(world: World): string {
  return lines(
    daemons(world).flatMap((name) => [`\t${name}\t${name}`, `rocks.vm-manage\t${name}\t${name}`]),
  );
}

function storageMap({ rows, jobs, locks }: NasState): string {
  const titles = [
    ...[
      'ZVOL',
      'ZPOOL',
      'REMOTEHOST',
      'REMOTEPOOL',
      'TARGET',
      'STATE',
      'TIME',
      'NEXTSYNC',
      'LOCKED',
    ],
  ];
  const cells = rows.map((row) => {
    const job = jobs.find(({ zvol }) => zvol === row.zvol);
    const back = job?.last === 1 ? 'NAS<-VM' : 'NAS<-VM sched';
    const state =
      row.host === null ? 'unmapped' : !job ? 'mapped' : job.sending === 1 ? 'NAS->VM' : back;
    const time = job ? `0:00:${String(AT - job.since).padStart(2, '0')}` : null;
    const locked = locks.some(({ zvol }) => zvol === row.zvol) ? 'True' : null;
    return [row.zvol, row.zpool, row.host, row.pool, row.target, state, time, null, locked];
  });
  return table(titles, cells, false);
}

function roles(has: readonly ('frontend' | 'nas' | 'container')[]): readonly Said[] {
  const ask = (...wanted: readonly ('frontend' | 'nas' | 'container')[]): Said => ({
    command: roleCommand(...wanted),
    file: `role-${wanted.join('-')}`,
    stdout: '',
    ...(wanted.some((one) => has.includes(one)) ? {} : { exit: 1 }),
  });
  return [ask('frontend'), ask('nas'), ask('container'), ask('nas', 'container')];
}

function config(name: string, pool: string): readonly string[] {
  return [
    'config [ {',
    `config "name" : "${name}",`,
    'config "network" : "local",',
    `config "default_pool" : "${pool}",`,
    'config "img_sync_workers" : "8"',
    'config } ]',
  ];
}

function local(
  world: World,
  name: string,
  role: string,
  services: readonly string[],
  pool: string,
): Said {
  const codes = services.map((one) => `service ${one} ${world.services[`${name}/${one}`] ?? 0}`);
  const stdout = lines([`role ${role}`, ...codes, ...config(name, pool)]);
  return { command: localCommand(), file: 'local', stdout };
}

function nas(world: World, name: string, state: NasState): readonly Said[] {
  return [
    ...roles(['nas']),
    local(world, name, 'nas', ['img-storage-nas', 'tgtd'], 'None'),
    { command: databaseCommand(), file: 'database', stdout: nasDump(state) },
    { command: targetsCommand(), file: 'targets', stdout: targets(name, state) },
    ...volumes(world, name, 'tank', state.sets),
  ];
}

const literal = (value: string | number | null): string =>
  value === null
    ? 'NULL'
    : typeof value === 'number'
      ? String(value)
      : `'${value.replaceAll("'", "''")}'`;

function dump(
  tables: Record<string, { made: string; rows: readonly (string | number | null)[][] }>,
) {
  return lines([
    `-- now ${AT}`,
    'PRAGMA foreign_keys=OFF;',
    'BEGIN TRANSACTION;',
    ...Object.entries(tables).flatMap(([name, { made, rows }]) => [
      `CREATE TABLE ${name}(${made});`,
      ...rows.map((row) => `INSERT INTO ${name} VALUES(${row.map(literal).join(',')});`),
    ]),
    'COMMIT;',
  ]);
}

function nasDump({ rows, jobs, locks }: NasState): string {
  return dump({
    zvol_calls: {
      made: '\n  zvol TEXT PRIMARY KEY NOT NULL,\n  reply_to TEXT NOT NULL,\n  time INT NOT NULL',
      rows: locks.map(({ zvol, replyTo, since }) => [zvol, replyTo, since + 0.25]),
    },
    zvols: {
      made: 'zvol TEXT PRIMARY KEY NOT NULL, zpool TEXT, iscsi_target TEXT UNIQUE, remotehost TEXT, remotepool TEXT, sync BOOLEAN',
      rows: rows.map((row) => [row.zvol, row.zpool, row.target, row.host, row.pool, row.sync]),
    },
    zvolattrs: {
      made: 'zvol TEXT PRIMARY KEY NOT NULL, frequency INT DEFAULT NULL, nextsync INT DEFAULT NULL, downloadspeed INT DEFAULT NULL, uploadspeed INT DEFAULT NULL',
      rows: rows
        .filter(({ host, target }) => host !== null && target === null)
        .map(({ zvol }) => [zvol, null, AT + 120, null, null]),
    },
    sync_queue: {
      made: 'zvol TEXT PRIMARY KEY NOT NULL, zpool TEXT NOT NULL, remotehost TEXT, remotepool TEXT, is_sending BOOLEAN, is_delete_remote BOOLEAN, time INT',
      rows: jobs.map((job) => [
        job.zvol,
        'tank',
        job.host,
        'tank2',
        job.sending,
        job.last,
        job.since,
      ]),
    },
    globals: { made: 'attr TEXT PRIMARY KEY NOT NULL, value TEXT', rows: [['frequency', '300']] },
  });
}

function targets(name: string, { targets: all }: NasState): string {
  return lines(
    all.flatMap(({ tid, zvol, initiators }) => [
      `Target ${tid}: ${iqn(name, zvol)}`,
      '    System information:',
      '        Driver: iscsi',
      '        State: ready',
      '    I_T nexus information:',
      ...initiators.flatMap((host, at) => [
        `        I_T nexus: ${at + 1}`,
        `            Initiator: iqn.1994-05.com.redhat:${host} alias: ${host}.local`,
        '            Connection: 0',
        '                IP Address: 10.1.255.250',
      ]),
      '    LUN information:',
      ...lun(tid, 0, 'controller', 'null', 'None'),
      ...lun(tid, 1, 'disk', 'rdwr', `/dev/tank/${zvol}`),
      '    Account information:',
      '    ACL information:',
      '        10.1.255.250',
    ]),
  );
}

function lun(tid: number, number: number, type: string, store: string, path: string) {
  const disk = type === 'disk';
  return [
    `        LUN: ${number}`,
    `            Type: ${type}`,
    `            SCSI ID: IET     000${tid}000${number}`,
    `            SCSI SN: beaf${tid}${number}`,
    `            Size: ${disk ? Math.round((35 * GIB) / 1e6) : 0} MB, Block size: ${disk ? 512 : 1}`,
    '            Online: Yes',
    '            Removable media: No',
    '            Prevent removal: No',
    '            Readonly: No',
    `            Backing store type: ${store}`,
    `            Backing store path: ${path}`,
    '            Backing store flags: ',
  ];
}

const ALL = 'create,destroy,hold,mount,receive,send,snapshot';

function volumes(
  world: World,
  host: string,
  pool: string,
  sets: readonly SetState[],
): readonly Said[] {
  const key = `${host}/${pool}`;
  const own: SetState = { name: pool, type: 'filesystem', used: 231 * GIB, refer: 8 * GIB };
  const words = world.allowed[key] ?? ALL;
  return [
    {
      command: poolsCommand(),
      file: 'pools',
      stdout: `${pool}\t${world.health[key] ?? 'ONLINE'}\n`,
    },
    {
      command: datasetsCommand(),
      file: 'datasets',
      stdout: lines([own, ...sets].map((set, at) => setLine(set, at))),
    },
    {
      command: permissionsCommand(),
      file: 'permissions',
      stdout: lines([
        `== ${pool}`,
        ...(words === ''
          ? []
          : [
              `---- Permissions on ${pool} ---------------------------------------------`,
              'Local+Descendent permissions:',
              `\tuser img-storage ${words}`,
            ]),
      ]),
    },
  ];
}

function setLine(set: SetState, at: number) {
  const { name, type, used, refer, size, written, guid, created } = set;
  const free = type === 'snapshot' ? '-' : String(1649 * GIB);
  return [
    ...[name, type, String(Math.round(used)), free, String(Math.round(refer)), String(size ?? '-')],
    ...[String(created ?? AT - 86400), '-', String(Math.round(written ?? refer))],
    String(guid ?? 7417240184230000000n + BigInt(at)),
    // What is received lies beneath the volume, which itself has not changed yet.
    ...(type === 'snapshot'
      ? ['-', '-']
      : [refer, set.beneath ?? 0].map((one) => String(Math.round(one)))),
  ].join('\t');
}

function container(world: World, name: string, state: ContainerState): readonly Said[] {
  const nasOf = (zvol: string): string =>
    Object.entries(world.nas).find(([, one]) => one.rows.some((row) => row.zvol === zvol))?.[0] ??
    'nas-0-0';
  return [
    ...roles(['container']),
    local(world, name, 'container', ['img-storage-vm', 'iscsid'], 'tank2'),
    { command: databaseCommand(), file: 'database', stdout: containerDump(state, nasOf) },
    sessions(state, nasOf),
    ...mapper(state),
    ...volumes(world, name, 'tank2', state.sets),
  ];
}

function containerDump(state: ContainerState, nasOf: (zvol: string) => string): string {
  return dump({
    zvols: {
      made: 'zvol TEXT PRIMARY KEY NOT NULL, zpool TEXT, nas TEXT, iscsi_target TEXT UNIQUE, sync BOOLEAN',
      rows: state.rows.map((row) => [
        row.zvol,
        row.zpool === '' ? null : row.zpool,
        `${nasOf(row.zvol)}.local`,
        row.target,
        row.sync,
      ]),
    },
    sync_queue: {
      made: 'zvol TEXT PRIMARY KEY NOT NULL, iscsi_target TEXT UNIQUE, devsize INT, reply_to TEXT, correlation_id TEXT, started BOOLEAN default 0, time INT',
      rows: state.merges.map(({ zvol, sectors, started, since }) => {
        const target = iqn(nasOf(zvol), zvol);
        return [zvol, target, sectors, nasOf(zvol), 'c0ffee00', started, since];
      }),
    },
  });
}

function sessions({ sessions: all }: ContainerState, nasOf: (zvol: string) => string): Said {
  const base = { command: sessionDetailsCommand(), file: 'sessions' };
  if (all.length === 0) {
    return { ...base, stdout: '', stderr: 'iscsiadm: No active sessions.\n', exit: 21 };
  }
  const stdout = lines([
    'iSCSI Transport Class version 2.0-870',
    'version 2.0-873',
    ...all.flatMap(({ zvol, disk, state = 'LOGGED_IN' }, at) => [
      `Target: ${iqn(nasOf(zvol), zvol)}`,
      '\tCurrent Portal: 10.1.255.254:3260,1',
      '\tPersistent Portal: 10.1.255.254:3260,1',
      '\t\tInterface:',
      '\t\tIface Name: default',
      '\t\tIface IPaddress: 10.1.255.250',
      `\t\tSID: ${at + 1}`,
      `\t\tiSCSI Connection State: ${state === 'LOGGED_IN' ? 'LOGGED IN' : 'TRANSPORT WAIT'}`,
      `\t\tiSCSI Session State: ${state}`,
      '\t\tInternal iscsid Session State: NO CHANGE',
      '\t\tAttached SCSI devices:',
      `\t\tHost Number: ${at + 3}\tState: running`,
      `\t\tscsi${at + 3} Channel 00 Id 0 Lun: 0`,
      `\t\tscsi${at + 3} Channel 00 Id 0 Lun: 1`,
      `\t\t\tAttached scsi disk ${disk}\t\tState: running`,
    ]),
  ]);
  return { ...base, stdout };
}

function mapper({ devices, sets, sessions: all }: ContainerState): readonly Said[] {
  const none = 'No devices found\n';
  const list = (line: (one: ContainerState['devices'][number], at: number) => string): string =>
    devices.length === 0 ? none : lines(devices.map(line));
  const volumes = sets.filter(({ type }) => type === 'volume');
  const numbers = [
    ...volumes.map(({ name }, at) => `e6:${(at * 16).toString(16)} /dev/zvol/${name}`),
    ...['sda', ...all.map(({ disk }) => disk)].map(
      (disk) => `8:${((disk.charCodeAt(2) - 97) * 16).toString(16)} /dev/${disk}`,
    ),
  ];
  return [
    {
      command: tableCommand(),
      file: 'dm-table',
      stdout: list(({ zvol, sectors, target, beneath }) => {
        const [first = '', second = ''] = beneath;
        const rest = target === 'linear' ? `${first} 0` : `${first} ${second} P 16`;
        return `${zvol}-snap: 0 ${sectors} ${target} ${rest}`;
      }),
    },
    {
      command: statusCommand(),
      file: 'dm-status',
      stdout: list(({ zvol, sectors, target, status }) => {
        return `${zvol}-snap: 0 ${sectors} ${target} ${status}`;
      }),
    },
    {
      command: infoCommand(),
      file: 'dm-info',
      stdout: list(({ zvol, open, attr = 'L--w' }, at) => `${zvol}-snap|${open}|${attr}|253|${at}`),
    },
    { command: numbersCommand(), file: 'numbers', stdout: lines(numbers) },
  ];
}
