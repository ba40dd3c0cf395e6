import { masterAt, servingMasters, versionOf } from '../../fleet/metadata-servers.js';
import { isAlive, machineNamed, type Fleet } from '../../fleet/state.js';
import {
  chunkCounts,
  defectiveFiles,
  diskFigures,
  GOALS,
  goalHealth,
  serverFigures,
  scanning,
} from './figures.js';

type Query = (fleet: Fleet, flags: ReadonlySet<string>) => string;

/** What each query prints with `--porcelain`: a record a line, fields set apart by blanks. */
export const PORCELAIN: Readonly<Record<string, Query>> = {
  info: (fleet) => `${infoFields(fleet).join(' ')}\n`,
  'list-chunkservers': (fleet) =>
    lines(
      serverFigures(fleet).map(({ place, server, chunks, used, total, removed, errors }) =>
        server.connected
          ? `${place} ${fleet.lizardfs.version} ${chunks} ${used} ${total} ${removed.chunks} ${removed.used} ${removed.total} ${errors} ${server.label}`
          : `${place} - 0 0 0 0 0 0 0 -`,
      ),
    ),
  'list-disks': (fleet, flags) =>
    lines(
      diskFigures(fleet).map(({ place, disk, chunks, used, errorChunk, errorTime }) => {
        const damaged = disk.damaged ? 'yes' : 'no';
        const more = flags.has('--verbose') ? ` ${operations(chunks)}` : '';
        return `${place} ${disk.path} ${disk.draining === true ? 'yes' : 'no'} ${damaged} ${scanning(fleet, disk)} ${errorChunk} ${errorTime} ${disk.total} ${used} ${chunks}${more}`;
      }),
    ),
  'chunks-health': (fleet, flags) => {
    const wanted = ['--availability', '--replication', '--deletion'].filter((f) => flags.has(f));
    const all = wanted.length === 0;
    const goals = goalHealth(fleet);
    return [
      all || flags.has('--availability')
        ? lines(goals.map((g) => `AVA ${g.goal} ${g.safe} ${g.endangered} ${g.lost}`))
        : '',
      all || flags.has('--replication')
        ? lines(goals.map((g) => `REP ${g.goal} ${g.replicate.join(' ')}`))
        : '',
      all || flags.has('--deletion')
        ? lines(goals.map((g) => `DEL ${g.goal} ${g.remove.join(' ')}`))
        : '',
    ].join('');
  },
  'list-metadataservers': (fleet) =>
    lines(metadataServers(fleet).map((server) => server.fields.join(' '))),
  'list-goals': () =>
    lines(
      GOALS.map(({ name, definition }, index) => `${index + 1} ${name} "${name}: ${definition}"`),
    ),
  'list-mounts': (fleet, flags) =>
    lines(
      mounts(fleet).map(({ session, address, target }) => {
        const base = `${session} ${address} ${target} ${fleet.lizardfs.version} / 0 0 999 999 no yes no no no`;
        return flags.has('--verbose') ? `${base} 1 40 - -` : base;
      }),
    ),
  'list-defective-files': (fleet) =>
    lines(defectiveFiles(fleet).map(({ path, flags }) => `"${path}" ${flags}`)),
  'list-tapeservers': () => '',
  'iolimits-status': () => '',
};

/** The fields of `info` in their order. */
export function infoFields(fleet: Fleet): readonly (string | number)[] {
  const connected = serverFigures(fleet).filter(({ server }) => server.connected);
  const total = connected.reduce((sum, server) => sum + server.total, 0);
  const used = connected.reduce((sum, server) => sum + server.used, 0);
  const { chunks, copies } = chunkCounts(fleet);
  const available = Math.max(0, Math.floor((total - used) * 0.95));
  return [
    ...[fleet.lizardfs.version, 412_766_208, total, available],
    ...[0, 0, 0, 0, 1411, 213, 1198, chunks, copies, copies],
  ];
}

/** The metadata servers that answer the master. */
export function metadataServers(fleet: Fleet) {
  const { lizardfs } = fleet;
  const shadows = lizardfs.metadataServers.filter(
    ({ running, machine, personality, follows }) =>
      personality === 'shadow' && running && isAlive(fleet, machine) && masterAt(fleet, follows),
  );
  return [...servingMasters(fleet).slice(0, 1), ...shadows].map((server) => {
    const { machine, personality } = server;
    return {
      fields: [
        machineNamed(fleet, machine)?.address ?? '',
        9421,
        machine,
        personality,
        personality === 'master' ? 'running' : 'connected',
        versionOf(fleet, server),
        lizardfs.version,
      ],
    };
  });
}

/** The mounts of machines that live. */
export function mounts(fleet: Fleet) {
  return fleet.lizardfs.mounts
    .filter(({ machine, master }) => isAlive(fleet, machine) && masterAt(fleet, master))
    .map(({ machine, target }, index) => {
      return { session: index + 1, address: machineNamed(fleet, machine)?.address ?? '', target };
    });
}

/** Three periods (minute, hour, day) of eight numbers: bytes, longest times in µs, counts. */
function operations(chunks: number): string {
  const period = (share: number) =>
    [
      chunks * share * 812,
      chunks * share * 4096,
      share > 0 ? 911 : 0,
      share > 0 ? 1207 : 0,
      share > 0 ? 9120 : 0,
      chunks * share * 3,
      chunks * share * 14,
      chunks * share,
    ].join(' ');
  return [period(0), period(1), period(24)].join(' ');
}

function lines(records: readonly string[]): string {
  return records.map((record) => `${record}\n`).join('');
}
