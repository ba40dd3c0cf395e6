import { outcomeFailure } from '../../core/failure.js';
import type { Reader } from '../../core/host.js';
import type { Answer, Probe } from '../../core/probe.js';
import { linesOf } from '../../core/text.js';
import { ask } from '../../core/tool.js';
import { parseDump, show, type ConfResource } from './read/configuration.js';
import { deviceNames, type DeviceName } from './read/device-names.js';
import { getGi, getGi83, getGi9, type Generations } from './read/generations.js';
import { dumpHidden } from './read/hidden.js';
import { kernelLog, uptime, type LogLine } from './read/kernel-log.js';
import { mounts, type DrbdMount } from './read/mounts.js';
import { isConfigured, procDrbd, type ProcDrbd } from './read/proc.js';
import { allSettings, type Settings } from './read/settings.js';
import { lastSolved, type Solved } from './read/solved.js';
import { statusJson, type Status } from './read/status-json.js';
import { isInTouch } from './states.js';

/** The state of all devices of a host: of `status` where DRBD 9 gives it, else of `proc`. */
export interface Devices {
  /** Null: the kernel module is not loaded. */
  readonly proc: ProcDrbd | null;
  /** Null before DRBD 9. */
  readonly status: Status | null;
}

async function askDevices(host: Reader): Promise<Answer<Devices>> {
  const [proc, status] = await Promise.all([ask(host, procDrbd), ask(host, statusJson)]);
  if (proc.kind === 'failed') return proc;
  if (proc.kind === 'absent') {
    return { kind: 'value', value: { proc: null, status: null }, unread: [] };
  }
  const isNine = Number.parseInt(proc.value.version ?? '', 10) >= 9;
  // On DRBD 9 /proc/drbd says nothing of the devices: without the status nothing is known.
  if (isNine && status.kind === 'failed') return status;
  const value = { proc: proc.value, status: status.kind === 'value' ? status.value : null };
  const unread = [...proc.unread, ...(status.kind === 'value' ? status.unread : [])];
  return { kind: 'value', value, unread };
}

/** Fast and cheap: one small file, and one question to the kernel. */
export const devicesProbe: Probe<Devices> = {
  id: 'drbd.devices',
  title: 'DRBD devices',
  every: 2000,
  scope: 'host',
  read: askDevices,
};

/** What the devices are called and what stands on them, from the kernel and from udev's links. */
export interface Names {
  /** Null where drbdsetup knows no `show` for all resources (DRBD 8.3 and before). */
  readonly shown: readonly ConfResource[] | null;
  readonly links: readonly DeviceName[];
  readonly mounts: readonly DrbdMount[];
}

export const namesProbe: Probe<Names> = {
  id: 'drbd.names',
  title: 'DRBD names and mounts',
  every: 10_000,
  scope: 'host',
  read: async (host) => {
    const [shown, links, mounted] = await Promise.all([
      ask(host, show),
      ask(host, deviceNames),
      ask(host, mounts),
    ]);
    return {
      kind: 'value',
      value: { shown: valueOf(shown), links: valueOf(links) ?? [], mounts: valueOf(mounted) ?? [] },
      unread: [...unreadOf(shown), ...unreadOf(links), ...unreadOf(mounted)],
    };
  },
};

/** The configuration files as drbdadm reads them. */
export type Config =
  | {
      readonly kind: 'read';
      readonly resources: readonly ConfResource[];
      /** What each resource is set to, by its name. */
      readonly settings: ReadonlyMap<string, Settings>;
    }
  /** No drbdadm command works; what it says, with `file:line:`. */
  | { readonly kind: 'broken'; readonly says: readonly string[] };

export const configProbe: Probe<Config> = {
  id: 'drbd.config',
  title: 'DRBD configuration',
  every: 30_000,
  scope: 'host',
  read: async (host) => {
    const command = dumpHidden();
    const outcome = await host.run(command);
    if (outcome.kind !== 'exited') {
      return { kind: 'failed', failure: outcomeFailure(host.name, command, outcome) };
    }
    if (outcome.code === 127) return { kind: 'absent', because: 'drbdadm is not installed' };
    if (outcome.code === 0) {
      const { value, unread } = parseDump(outcome.stdout);
      const settings = allSettings(outcome.stdout);
      return { kind: 'value', value: { kind: 'read', resources: value, settings }, unread };
    }
    // Its messages stand on standard error, which a tool's parser does not see.
    const says = linesOf(outcome.stderr).filter((line) => line.trim() !== '');
    if (says.some((line) => line.includes('no resources defined'))) {
      return {
        kind: 'value',
        value: { kind: 'read', resources: [], settings: new Map() },
        unread: [],
      };
    }
    return { kind: 'value', value: { kind: 'broken', says: says.slice(0, 12) }, unread: [] };
  },
};

/** The generation identifiers of a volume, by the name under which the host was asked for them. */
export interface Identified {
  /** DRBD 8: the minor. */
  readonly minor: number | null;
  /** DRBD 9, where a volume has a bitmap for each peer. */
  readonly of: {
    readonly resource: string;
    readonly peer: string;
    readonly volume: number;
  } | null;
  readonly generations: Generations;
}

/** The most volumes asked for in one round: those out of touch come first. */
const MOST_IDENTIFIED = 16;

export const identifiersProbe: Probe<readonly Identified[]> = {
  id: 'drbd.identifiers',
  title: 'DRBD data generations',
  every: 10_000,
  scope: 'host',
  read: (host) => readIdentifiers(host, MOST_IDENTIFIED),
};

/** The identifiers of at most so many volumes; a recovery asks for all. */
export async function readIdentifiers(
  host: Reader,
  most: number,
): Promise<Answer<readonly Identified[]>> {
  const devices = await askDevices(host);
  if (devices.kind !== 'value') return devices;
  const asked = [...questions8(host, devices.value), ...questions9(host, devices.value)]
    .sort((a, b) => Number(a.inTouch) - Number(b.inTouch))
    .slice(0, most);
  const answers = await Promise.all(asked.map((question) => question.ask()));
  return {
    kind: 'value',
    value: answers.flatMap(({ found }) => found),
    unread: answers.flatMap(({ unread }) => unread),
  };
}

interface Question {
  readonly inTouch: boolean;
  readonly ask: () => Promise<{
    readonly found: readonly Identified[];
    readonly unread: readonly string[];
  }>;
}

function questions8(host: Reader, { proc }: Devices): readonly Question[] {
  const [major = 8, middle = 4] = (proc?.version ?? '').split('.').map(Number);
  const tool = major === 8 && middle < 4 ? getGi83 : getGi;
  return (proc?.devices ?? []).filter(isConfigured).map(({ minor, connection }) => ({
    inTouch: isInTouch(connection),
    ask: async () => identified(await ask(host, tool, minor), { minor, of: null }),
  }));
}

function questions9(host: Reader, { status }: Devices): readonly Question[] {
  return (status?.resources ?? []).flatMap(({ name: resource, peers, volumes }) =>
    peers.flatMap(({ name: peer, nodeId, connection }) =>
      nodeId === null
        ? []
        : volumes.map(({ volume }) => ({
            inTouch: isInTouch(connection),
            ask: async () =>
              identified(await ask(host, getGi9, resource, nodeId, volume), {
                minor: null,
                of: { resource, peer, volume },
              }),
          })),
    ),
  );
}

function identified(
  answer: Answer<Generations>,
  volume: Pick<Identified, 'minor' | 'of'>,
): { readonly found: readonly Identified[]; readonly unread: readonly string[] } {
  if (answer.kind !== 'value') return { found: [], unread: [] };
  return { found: [{ ...volume, generations: answer.value }], unread: answer.unread };
}

/** The kernel log about DRBD; empty while every connection is in touch, when nobody asks for it. */
export interface Log {
  readonly lines: readonly LogLine[];
  /** Seconds since boot when it was read; null if not known. */
  readonly uptime: number | null;
}

export const logProbe: Probe<Log> = {
  id: 'drbd.log',
  title: 'kernel log about DRBD',
  every: 10_000,
  scope: 'host',
  read: async (host) => {
    const devices = await askDevices(host);
    if (devices.kind !== 'value') return devices;
    if (!hasLostOne(devices.value)) {
      return { kind: 'value', value: { lines: [], uptime: null }, unread: [] };
    }
    const [log, up] = await Promise.all([ask(host, kernelLog), ask(host, uptime)]);
    if (log.kind !== 'value') return log;
    return { kind: 'value', value: { lines: log.value, uptime: valueOf(up) }, unread: log.unread };
  },
};

/** The split brains that were solved, by a host's kernel log. */
export interface SolvedOnes {
  readonly solved: readonly Solved[];
  /** Seconds since boot when it was read; null if not known. */
  readonly uptime: number | null;
}

const NONE_SOLVED: SolvedOnes = { solved: [], uptime: null };

/** Read now and then also while all is in touch: what DRBD solves by itself nobody else tells. */
export const solvedProbe: Probe<SolvedOnes> = {
  id: 'drbd.solved',
  title: 'split brains that were solved',
  every: 600_000,
  scope: 'host',
  read: async (host) => {
    const devices = await askDevices(host);
    if (devices.kind !== 'value') return devices;
    const [log, up] = await Promise.all([ask(host, kernelLog), ask(host, uptime)]);
    // Where the log may not be read, nobody knows of any: no reason to call the host half read.
    if (log.kind !== 'value') return { kind: 'value', value: NONE_SOLVED, unread: [] };
    const minors = new Set(log.value.flatMap(({ minor }) => minor ?? []));
    const solved = [...minors].flatMap((minor) => lastSolved(log.value, minor) ?? []);
    return { kind: 'value', value: { solved, uptime: valueOf(up) }, unread: [] };
  },
};

function hasLostOne({ proc, status }: Devices): boolean {
  return (
    (proc?.devices ?? []).some((d) => isConfigured(d) && !isInTouch(d.connection)) ||
    (status?.resources ?? []).some(({ peers }) => peers.some((p) => !isInTouch(p.connection)))
  );
}

function valueOf<T>(answer: Answer<T>): T | null {
  return answer.kind === 'value' ? answer.value : null;
}

function unreadOf(answer: Answer<unknown>): readonly string[] {
  return answer.kind === 'value' ? answer.unread : [];
}
