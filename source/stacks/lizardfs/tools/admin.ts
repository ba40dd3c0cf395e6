import { outcomeFailure, type Failure } from '../../../core/failure.js';
import { reads, type Command, type Millis, type Outcome, type Reader } from '../../../core/host.js';
import type { Parsed } from '../../../core/parsed.js';
import type { Answer } from '../../../core/probe.js';
import { readOutput } from '../../../core/tool.js';
import { parseMooseClasses } from '../moosefs/classes.js';
import { parseMooseDisks } from '../moosefs/disks.js';
import { parseMooseMasters, parseMooseStatus } from '../moosefs/masters.js';
import { parseMooseGoals, parseMooseHealth } from '../moosefs/matrix.js';
import { mfscliCommand, mfscliTrouble, type Run } from '../moosefs/mfscli.js';
import { parseMooseMissing } from '../moosefs/missing.js';
import { parseMooseMounts } from '../moosefs/mounts.js';
import { parseMooseServers } from '../moosefs/servers.js';
import { parseMooseSummary } from '../moosefs/summary.js';
import { parseChunkservers } from './chunkservers.js';
import { parseChunksHealth } from './chunks-health.js';
import { parseDefectiveFiles, type DefectiveFiles } from './defective-files.js';
import { parseDisks } from './disks.js';
import { parseGoals } from './goals.js';
import { parseInfo } from './info.js';
import { parseMetadataServers } from './metadata-servers.js';
import { parseMetadataStatus } from './metadata-status.js';
import { parseMounts } from './mounts.js';
import { placeName, refusedAt, WENT_SILENT, type Part, type Place } from './question.js';

/**
 * The administration tools, newest name first. LizardFS's and SaunaFS's speak alike; MooseFS has
 * `mfscli`, which answers the same questions in tables of its own.
 */
export const ADMIN_TOOLS = ['lizardfs-admin', 'saunafs-admin', 'lizardfs-probe', 'mfscli'] as const;

/** The tool of MooseFS. */
export const MFSCLI = 'mfscli';

/** A question to the administration tool. */
export interface Query<T> {
  readonly words: readonly string[];
  readonly parse: (text: string) => Parsed<T>;
  /** In ms. The tool itself gives up on a server that says nothing after 5 s. */
  readonly deadline: Millis;
  /** The tool asks several servers, prints as it goes, and stops at the first that is silent. */
  readonly goesAround: boolean;
  readonly moose: Moose<T>;
}

/** The same question to mfscli. */
interface Moose<T> {
  readonly run: Run;
  /** The option for this alone, as people type it. */
  readonly option: string;
  readonly parse: (text: string) => Parsed<T>;
}

type Spec<T> = Pick<Query<T>, 'parse' | 'moose'> & { readonly goesAround?: boolean };

function query<T>(word: string, spec: Spec<T>): Query<T> {
  const { goesAround = false, ...rest } = spec;
  return { words: [word], deadline: goesAround ? 12_000 : 8000, goesAround, ...rest };
}

/** The questions that the probes ask. */
export const queries = {
  info: query('info', {
    parse: parseInfo,
    moose: { run: 'master', option: '-SIG', parse: parseMooseSummary },
  }),
  chunkservers: query('list-chunkservers', {
    parse: parseChunkservers,
    moose: { run: 'master', option: '-SCS', parse: parseMooseServers },
  }),
  disks: query('list-disks', {
    parse: parseDisks,
    moose: { run: 'disks', option: '-SHD', parse: parseMooseDisks },
    goesAround: true,
  }),
  health: query('chunks-health', {
    parse: parseChunksHealth,
    moose: { run: 'master', option: '-SIC', parse: parseMooseHealth },
  }),
  metadataServers: query('list-metadataservers', {
    parse: parseMetadataServers,
    moose: { run: 'master', option: '-SIM', parse: parseMooseMasters },
    goesAround: true,
  }),
  goals: query('list-goals', {
    parse: parseGoals,
    moose: { run: 'master', option: '-SSC', parse: parseMooseGoals },
  }),
  /** All goals that there are; of MooseFS `goals` are only those in use, which cost no run of their own. */
  classes: query('list-goals', {
    parse: parseGoals,
    moose: { run: 'classes', option: '-SSC', parse: parseMooseClasses },
  }),
  mounts: query('list-mounts', {
    parse: parseMounts,
    moose: { run: 'master', option: '-SMS', parse: parseMooseMounts },
  }),
  status: query('metadataserver-status', {
    parse: parseMetadataStatus,
    moose: { run: 'master', option: '-SIM', parse: parseMooseStatus },
  }),
  /** mfscli's cannot be limited, and has only those that cannot be read. */
  defectiveFiles: {
    words: ['list-defective-files', '--limit=200'],
    parse: parseDefectiveFiles,
    deadline: 8000,
    goesAround: false,
    moose: { run: 'missing', option: '-SMF', parse: parseMooseMissing },
  } satisfies Query<DefectiveFiles>,
};

/** The command of a question: `lizardfs-admin info --porcelain 10.0.0.1 9421`. */
export function adminCommand(
  admin: string,
  { words, deadline, moose }: Query<unknown>,
  place: Place,
): Command<'reads'> {
  if (admin === MFSCLI) return mfscliCommand(moose.run, place);
  return reads([admin, ...words, '--porcelain', place.host, String(place.port)], deadline);
}

/** The same as people type it. */
export function typedCommand(
  admin: string,
  asked: Query<unknown>,
  place: Place,
): readonly string[] {
  if (admin !== MFSCLI) return adminCommand(admin, asked, place).argv;
  return [MFSCLI, '-H', place.host, '-P', String(place.port), asked.moose.option];
}

/** Asks a metadata server. Never rejects. */
export async function askAdmin<T>(
  host: Reader,
  admin: string,
  asked: Query<T>,
  place: Place,
): Promise<Part<T>> {
  const { moose } = asked;
  const command = adminCommand(admin, asked, place);
  const outcome = await host.run(command);
  if (admin === MFSCLI) return readMoose(host, moose, { command, outcome, place });
  if (outcome.kind === 'exited' && outcome.code === 0) {
    return toPart(readOutput(host, command, asked.parse(outcome.stdout)), () =>
      outcomeFailure(host.name, command, outcome),
    );
  }
  const failure = explain(host, command, outcome, place, asked.goesAround);
  const printed = outcome.kind === 'unreachable' ? '' : outcome.stdout;
  if (!asked.goesAround || printed === '') return { state: 'failed', failure };
  const rest = asked.parse(printed);
  if (!rest.ok) return { state: 'failed', failure };
  return { state: 'partial', value: rest.value, unread: rest.unread, failure };
}

function toPart<T>(answer: Answer<T>, failure: () => Failure): Part<T> {
  if (answer.kind === 'value') {
    return { state: 'known', value: answer.value, unread: answer.unread };
  }
  return { state: 'failed', failure: answer.kind === 'failed' ? answer.failure : failure() };
}

function readMoose<T>(
  host: Reader,
  moose: Moose<T>,
  { command, outcome, place }: { command: Command; outcome: Outcome; place: Place },
): Part<T> {
  const trouble = mfscliTrouble(host, command, outcome, place);
  if (!trouble) {
    const printed = outcome.kind === 'exited' ? outcome.stdout : '';
    return toPart(readOutput(host, command, moose.parse(printed)), () =>
      outcomeFailure(host.name, command, outcome),
    );
  }
  const { failure, rest = '' } = trouble;
  const read = rest === '' ? undefined : moose.parse(rest);
  if (read?.ok !== true) return { state: 'failed', failure };
  return { state: 'partial', value: read.value, unread: read.unread, failure };
}

/** What the tool's own words mean. All its failures exit 1, and only stderr tells them apart. */
function explain(
  host: Reader,
  command: Command,
  outcome: Outcome,
  place: Place,
  goesAround: boolean,
): Failure {
  const failure = outcomeFailure(host.name, command, outcome);
  if (outcome.kind !== 'exited') return failure;
  const said = outcome.stderr;
  const name = placeName(place);
  if (said.includes("Can't connect to 0.0.0.0: ")) {
    return {
      ...failure,
      what: `the name ${place.host} could not be resolved`,
      means: 'The tool prints 0.0.0.0 for a name that it does not know.',
      todo: 'Look at /etc/hosts and the resolver of this host.',
    };
  }
  const refused = /Can't connect to (\S+?): /.exec(said)?.[1];
  if (refused !== undefined) {
    return {
      ...failure,
      what: refusedAt(refused),
      means: 'The connection was refused, or the host is not reachable.',
      todo: 'Look whether the daemon runs there and whether a firewall is between.',
    };
  }
  if (said.includes('connection reset by peer')) {
    return {
      ...failure,
      what: `${name} does not answer this question`,
      means:
        'A shadow closes the connection at nearly every question, and so does a port of another kind.',
      todo: 'Ask the master.',
    };
  }
  if (said.includes('timeout')) {
    return {
      ...failure,
      what: goesAround ? WENT_SILENT : `${name} hangs`,
      means:
        'It accepts connections and does not answer: the process is stopped, or waits for a disk.',
      todo: 'Look at the process and the kernel log on its host.',
    };
  }
  return failure;
}
