import { outcomeFailure, type Failure } from '../../core/failure.js';
import type { Command, Outcome, Reader } from '../../core/host.js';
import type { Answer, Probe } from '../../core/probe.js';
import { ask, readOutput, type Tool } from '../../core/tool.js';
import {
  NO_SESSIONS,
  parseSessions,
  sessionDetailsCommand,
  sessionListCommand,
  type IscsiSession,
} from '../../tools/iscsi-session.js';
import { kernelDisksCommand, parseKernelDisks, type KernelDisks } from './kernel-disks.js';
import type { MultipathMap } from './map.js';
import { parseMapsJson, showMapsCommand } from './maps-json.js';
import { listCommand, parseMultipathList } from './multipath-ll.js';
import { readStderr, type Said } from './stderr.js';

/** The maps of a host, and who told us. */
export interface HostMaps {
  readonly maps: readonly MultipathMap[];
  /** Whether multipathd answers; unknown where it may not be asked (not root). */
  readonly daemon: 'running' | 'stopped' | 'unknown';
  readonly said: Said;
}

type Exited = Extract<Outcome, { readonly kind: 'exited' }>;

/**
 * Asks the daemon, which answers at once; where it cannot (stopped, or older than 0.6.2) asks
 * `multipath -ll`, which looks for itself and may wait 15 s on a dying path.
 */
async function readMaps(host: Reader): Promise<Answer<HostMaps>> {
  const shown = showMapsCommand();
  const first = await host.run(shown);
  if (first.kind === 'unreachable') return failed(host, shown, first);
  if (first.kind === 'exited' && first.code === 0) {
    const result = parseMapsJson(first.stdout);
    if (result.ok) {
      const said = readStderr(first.stderr);
      return {
        kind: 'value',
        value: { maps: result.value, daemon: 'running', said },
        unread: result.unread,
      };
    }
  }
  const listed = listCommand();
  const second = await host.run(listed);
  if (second.kind !== 'exited') return failed(host, listed, second);
  if (second.code === 127) return { kind: 'absent', because: 'multipath is not installed' };
  // Seen on 0.9.4 in a kernel without it: exit 1, and words of libdevmapper on stderr.
  if (second.code === 1 && /kernel dm version|kernel device-mapper driver/.test(second.stderr)) {
    return { kind: 'absent', because: 'the kernel has no device-mapper, so there are no maps' };
  }
  // Not root: `need to be root`, exit 1.
  if (second.code !== 0) return failed(host, listed, second, notRoot(second));
  const answer = readOutput(host, listed, parseMultipathList(second.stdout));
  if (answer.kind !== 'value') return answer;
  const value: HostMaps = {
    maps: answer.value,
    daemon: daemonState(first),
    said: readStderr(`${first.kind === 'exited' ? first.stderr : ''}\n${second.stderr}`),
  };
  return { ...answer, value };
}

/** What became of the daemon when its answer could not be used: stopped, it exits 1 in silence. */
function daemonState(outcome: Outcome): HostMaps['daemon'] {
  if (outcome.kind !== 'exited' || outcome.code === 127) return 'unknown';
  if (outcome.code === 0) return 'running';
  return outcome.stdout.trim() === '' && notRoot(outcome) === undefined ? 'stopped' : 'unknown';
}

function notRoot({ stderr }: Exited): Partial<Failure> | undefined {
  if (!/\b(need to|must) be root\b|permission denied/i.test(stderr)) return undefined;
  return {
    means: 'Only root may ask multipath.',
    todo: 'Let Holdfast log in as root or use sudo on this host.',
  };
}

function failed(
  host: Reader,
  command: Command,
  outcome: Outcome,
  better?: Partial<Failure>,
): Answer<never> {
  return { kind: 'failed', failure: { ...outcomeFailure(host.name, command, outcome), ...better } };
}

/** Every 3 s: a lost path must show while the administrator still has the cable in hand. */
export const mapsProbe: Probe<HostMaps> = {
  id: 'multipath.maps',
  title: 'multipath maps',
  every: 3000,
  scope: 'host',
  read: readMaps,
};

const details: Tool<[], readonly IscsiSession[]> = {
  command: sessionDetailsCommand,
  parse: parseSessions,
  readableAt: [NO_SESSIONS],
};
const list: Tool<[], readonly IscsiSession[]> = { ...details, command: sessionListCommand };

/** The iSCSI sessions of a host: they tell which portal each path goes to. */
export const sessionsProbe: Probe<readonly IscsiSession[]> = {
  id: 'multipath.sessions',
  title: 'iSCSI sessions',
  every: 10_000,
  scope: 'host',
  read: async (host) => {
    const answer = await ask(host, details);
    // The long form asks iscsid for each session; the short one reads /sys alone.
    return answer.kind === 'failed' ? ask(host, list) : answer;
  },
};

/** Sizes, SCSI addresses and identities; slow to change. */
export const disksProbe: Probe<KernelDisks> = {
  id: 'multipath.disks',
  title: 'SCSI disks and maps in the kernel',
  every: 10_000,
  scope: 'host',
  read: (host) => ask(host, { command: kernelDisksCommand, parse: parseKernelDisks }),
};
