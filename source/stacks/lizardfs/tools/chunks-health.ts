import { parsed, type Parsed } from '../../../core/parsed.js';
import { naturals, readRecords } from './porcelain.js';

/** How available the chunks of a goal are. */
export interface Availability {
  readonly goal: string;
  /** Chunks that outlive the loss of one more part. */
  readonly safe: number;
  /** Chunks that can be read and would be lost with one part more; with goal 1 that is every chunk. */
  readonly endangered: number;
  /** Chunks that cannot be read now. */
  readonly lost: number;
}

/** How many chunks of a goal have work to be done. */
export interface Backlog {
  readonly goal: string;
  /** At index n the chunks with n parts to make (or to delete); the last means 10 or more. */
  readonly counts: readonly number[];
}

/** What `chunks-health` says. */
export interface ChunksHealth {
  readonly availability: readonly Availability[];
  readonly replication: readonly Backlog[];
  readonly deletion: readonly Backlog[];
  /** MooseFS: at index n the chunks with n copies now; the last means 10 or more. */
  readonly copies?: readonly Backlog[];
}

/** A genuine output, shortened to goals in use: LizardFS 3.13, a chunkserver just gone. */
export const chunksHealthSample = `AVA 1 0 4 2
AVA 2 3 4 0
AVA fast_and_safe 3 3 0
REP 1 4 2 0 0 0 0 0 0 0 0 0
REP 2 3 4 0 0 0 0 0 0 0 0 0
REP fast_and_safe 3 3 0 0 0 0 0 0 0 0 0
DEL 1 6 0 0 0 0 0 0 0 0 0 0
DEL 2 7 0 0 0 0 0 0 0 0 0 0
DEL fast_and_safe 6 0 0 0 0 0 0 0 0 0 0
`;

const FIELDS: Readonly<Record<string, number>> = { AVA: 3, REP: 11, DEL: 11 };

interface Line {
  readonly report: string;
  readonly goal: string;
  readonly numbers: readonly number[];
}

/**
 * `chunks-health --porcelain [--availability] [--replication] [--deletion]`: every goal is listed,
 * in use or not. Read from the right end, whatever a goal is called. A report that was not asked
 * for is an empty list.
 */
export function parseChunksHealth(text: string): Parsed<ChunksHealth> {
  const result = readRecords(text, 'AVA, REP or DEL, a goal and its numbers', readLine);
  if (!result.ok) return result;
  const of = (report: string): readonly Line[] => result.value.filter((l) => l.report === report);
  const backlog = ({ goal, numbers: counts }: Line): Backlog => ({ goal, counts });
  const availability = of('AVA').map(({ goal, numbers: [safe = 0, endangered = 0, lost = 0] }) => ({
    goal,
    safe,
    endangered,
    lost,
  }));
  const value = {
    availability,
    replication: of('REP').map(backlog),
    deletion: of('DEL').map(backlog),
  };
  return parsed(value, result.unread);
}

function readLine(line: string): Line | undefined {
  const words = line.split(' ');
  const report = words[0] ?? '';
  const fields = Object.hasOwn(FIELDS, report) ? FIELDS[report] : undefined;
  if (fields === undefined || words.length < fields + 2) return undefined;
  const numbers = naturals(words.slice(-fields));
  return numbers && { report, goal: words.slice(1, -fields).join(' '), numbers };
}

/** The chunks of a goal that have any work to be done. */
export function waiting(backlog: Backlog | undefined): number {
  return (backlog?.counts ?? []).slice(1).reduce((sum, n) => sum + n, 0);
}

/** The parts of a goal's chunks that are to be made or deleted, at least. */
export function partsWaiting(backlog: Backlog | undefined): number {
  return (backlog?.counts ?? []).reduce((sum, n, parts) => sum + n * parts, 0);
}
