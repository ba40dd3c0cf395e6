import { outcomeFailure, type Failure } from '../../../core/failure.js';
import { reads, type Command, type Millis, type Outcome, type Reader } from '../../../core/host.js';
import type { Parsed } from '../../../core/parsed.js';
import { readOutput } from '../../../core/tool.js';
import { parseChunkservers } from './chunkservers.js';
import { parseChunksHealth } from './chunks-health.js';
import { parseDefectiveFiles } from './defective-files.js';
import { parseDisks } from './disks.js';
import { parseGoals } from './goals.js';
import { parseInfo } from './info.js';
import { parseMetadataServers } from './metadata-servers.js';
import { parseMetadataStatus } from './metadata-status.js';
import { parseMounts } from './mounts.js';

/** The administration tools, newest name first; all of them speak alike. */
export const ADMIN_TOOLS = ['lizardfs-admin', 'saunafs-admin', 'lizardfs-probe'] as const;

/** Where clients and the tool reach a metadata server. */
export interface Place {
  /** An address or a name. */
  readonly host: string;
  readonly port: number;
}

/** The port for clients and for the tool. */
export const CLIENT_PORT = 9421;

/** `10.0.0.1:9421` */
export function placeName({ host, port }: Place): string {
  return `${host}:${port}`;
}

/** What became of one question among several. */
export type Part<T> =
  | { readonly state: 'known'; readonly value: T; readonly unread: readonly string[] }
  /** The tool failed underway: what it had printed until then. */
  | {
      readonly state: 'partial';
      readonly value: T;
      readonly unread: readonly string[];
      readonly failure: Failure;
    }
  | { readonly state: 'failed'; readonly failure: Failure };

/** The value of a part, be it only a part of it. */
export function valueOf<T>(part: Part<T>): T | undefined {
  return 'value' in part ? part.value : undefined;
}

/** Why a part is not whole; undefined where it is. */
export function failureOf(part: Part<unknown>): Failure | undefined {
  return 'failure' in part ? part.failure : undefined;
}

/** The lines of a part's answer that nobody understood. */
export function unreadOf(part: Part<unknown>): readonly string[] {
  return 'unread' in part ? part.unread : [];
}

/** A question to the administration tool. */
export interface Query<T> {
  readonly words: readonly string[];
  readonly parse: (text: string) => Parsed<T>;
  /** In ms. The tool itself gives up on a server that says nothing after 5 s. */
  readonly deadline: Millis;
  /** The tool asks several servers, prints as it goes, and stops at the first that is silent. */
  readonly goesAround: boolean;
}

function query<T>(
  words: readonly string[],
  parse: (text: string) => Parsed<T>,
  goesAround = false,
): Query<T> {
  return { words, parse, deadline: goesAround ? 12_000 : 8000, goesAround };
}

/** The questions that the probes ask. */
export const queries = {
  info: query(['info'], parseInfo),
  chunkservers: query(['list-chunkservers'], parseChunkservers),
  disks: query(['list-disks'], parseDisks, true),
  health: query(['chunks-health'], parseChunksHealth),
  metadataServers: query(['list-metadataservers'], parseMetadataServers, true),
  goals: query(['list-goals'], parseGoals),
  mounts: query(['list-mounts'], parseMounts),
  status: query(['metadataserver-status'], parseMetadataStatus),
  defectiveFiles: query(['list-defective-files', '--limit=200'], parseDefectiveFiles),
};

/** The command of a question: `lizardfs-admin info --porcelain 10.0.0.1 9421`. */
export function adminCommand(
  admin: string,
  { words, deadline }: Query<unknown>,
  place: Place,
): Command<'reads'> {
  return reads([admin, ...words, '--porcelain', place.host, String(place.port)], deadline);
}

/** What happened when one of several servers took the question and let the tool wait. */
export const WENT_SILENT = 'a server took the question and said nothing for 5 s';

/** What happened when a place refused the connection. */
export function refusedAt(place: string): string {
  return `nothing answers at ${place}`;
}

/** Asks a metadata server. Never rejects. */
export async function askAdmin<T>(
  host: Reader,
  admin: string,
  asked: Query<T>,
  place: Place,
): Promise<Part<T>> {
  const command = adminCommand(admin, asked, place);
  const outcome = await host.run(command);
  if (outcome.kind === 'exited' && outcome.code === 0) {
    const answer = readOutput(host, command, asked.parse(outcome.stdout));
    if (answer.kind === 'value') {
      return { state: 'known', value: answer.value, unread: answer.unread };
    }
    const failure =
      answer.kind === 'failed' ? answer.failure : outcomeFailure(host.name, command, outcome);
    return { state: 'failed', failure };
  }
  const failure = explain(host, command, outcome, place, asked.goesAround);
  const printed = outcome.kind === 'unreachable' ? '' : outcome.stdout;
  if (!asked.goesAround || printed === '') return { state: 'failed', failure };
  const rest = asked.parse(printed);
  if (!rest.ok) return { state: 'failed', failure };
  return { state: 'partial', value: rest.value, unread: rest.unread, failure };
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
