import { reads, type Command } from '../../../core/host.js';
import { parsed, type Parsed } from '../../../core/parsed.js';
import type { Answer, Probe } from '../../../core/probe.js';
import { linesOf } from '../../../core/text.js';
import { ask } from '../../../core/tool.js';
import {
  NO_SESSIONS,
  parseSessions,
  sessionDetailsCommand,
  type IscsiSession,
} from '../../../tools/iscsi-session.js';
import {
  INFO_FIELDS,
  parseMapperInfo,
  parseMapperStatus,
  parseMapperTable,
  type MapperDevice,
} from '../../../tools/mapper.js';
import { whereRole } from './role.js';

/** The devices of device mapper, and the devices that they stand on by their numbers. */
export interface Devices {
  readonly mapped: readonly MapperDevice[];
  /** Paths of volumes and disks by their numbers, `230:16`: `/dev/zvol/tank/vol1`. */
  readonly paths: ReadonlyMap<string, string>;
}

/** What each device is made of. */
export function tableCommand(): Command<'reads'> {
  return reads(['dmsetup', 'table']);
}

/** How full the snapshots are. */
export function statusCommand(): Command<'reads'> {
  return reads(['dmsetup', 'status']);
}

/** How often each device is open, and whether it is suspended. */
export function infoCommand(): Command<'reads'> {
  const columns = ['--noheadings', '--separator', '|', '-o', INFO_FIELDS];
  return reads(['dmsetup', 'info', '-c', ...columns]);
}

/** Numbers in hexadecimal, since old versions of stat have no others. */
const NUMBERS =
  "stat -L -c '%t:%T %n' /dev/zvol/*/* /dev/zvol/*/*/* /dev/sd*[a-z] 2>/dev/null; true";

/** The numbers of volumes and disks. */
export function numbersCommand(): Command<'reads'> {
  return reads(['sh', '-c', NUMBERS]);
}

/** Reads lines `e6:10 /dev/zvol/tank/vol1`. */
export function parseNumbers(text: string): Parsed<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  const unread: string[] = [];
  for (const line of linesOf(text)) {
    const [, major, minor, path] = /^([0-9a-f]+):([0-9a-f]+) (\/.+)$/.exec(line) ?? [];
    if (major === undefined || minor === undefined || path === undefined) unread.push(line);
    else paths.set(`${Number.parseInt(major, 16)}:${Number.parseInt(minor, 16)}`, path);
  }
  return parsed(paths, unread);
}

/** The devices that the containers' images are made of. */
export const devicesProbe: Probe<Devices> = {
  id: 'imgstorage.devices',
  title: 'devices of device mapper',
  every: 5000,
  scope: 'host',
  read: (host) =>
    whereRole(
      host,
      ['container'],
      joined(
        ask(host, { command: tableCommand, parse: parseMapperTable }),
        ask(host, { command: statusCommand, parse: parseMapperStatus }),
        ask(host, { command: infoCommand, parse: parseMapperInfo }),
        ask(host, { command: numbersCommand, parse: parseNumbers }),
      ),
    ),
};

type Asked<T extends (text: string) => Parsed<unknown>> = Promise<
  Answer<ReturnType<T> extends Parsed<infer V> ? V : never>
>;

/** Without the table there is nothing; what the others leave open stays open. */
async function joined(
  asked: Asked<typeof parseMapperTable>,
  status: Asked<typeof parseMapperStatus>,
  info: Asked<typeof parseMapperInfo>,
  numbers: Asked<typeof parseNumbers>,
): Promise<Answer<Devices>> {
  const [table, fillings, infos, paths] = await Promise.all([asked, status, info, numbers]);
  if (table.kind !== 'value') return table;
  const filled = fillings.kind === 'value' ? fillings.value : new Map<string, never>();
  const known = new Map(infos.kind === 'value' ? infos.value.map((one) => [one.name, one]) : []);
  const failure = [fillings, infos, paths].find((answer) => answer.kind === 'failed');
  const mapped = table.value.map((device): MapperDevice => {
    const filling = filled.get(device.name);
    const told = known.get(device.name);
    return {
      ...device,
      ...(filling && { filling }),
      ...(told && { open: told.open, suspended: told.suspended }),
    };
  });
  return {
    kind: 'value',
    value: { mapped, paths: paths.kind === 'value' ? paths.value : new Map() },
    unread: [table, fillings, infos, paths].flatMap((one) => ('unread' in one ? one.unread : [])),
    ...(failure?.kind === 'failed' && { partial: failure.failure }),
  };
}

/** The sessions of each container with the NAS. */
export const sessionsProbe: Probe<readonly IscsiSession[]> = {
  id: 'imgstorage.sessions',
  title: 'iSCSI sessions',
  every: 10_000,
  scope: 'host',
  read: (host) =>
    whereRole(
      host,
      ['container'],
      ask(host, {
        command: sessionDetailsCommand,
        parse: parseSessions,
        readableAt: [NO_SESSIONS],
      }),
    ),
};
