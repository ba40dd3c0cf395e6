import { parsed, type Parsed } from '../../../core/parsed.js';
import type { ChunksHealth } from '../tools/chunks-health.js';
import type { Goal, Goals } from '../tools/goals.js';
import { readTables, wholeNumber, type Row } from './tables.js';

/** A genuine output: MooseFS 3.0.117, one chunkserver of three stopped. */
export const mooseMatrixSample = `all chunks matrix:|goal/copies/chunks:|1|0|3
all chunks matrix:|goal/copies/chunks:|1|1|5
all chunks matrix:|goal/copies/chunks:|2|1|5
all chunks matrix:|goal/copies/chunks:|2|2|3
all chunks matrix:|goal/copies/chunks:|3|2|8
all chunks matrix:|chunkclass missing:|3
all chunks matrix:|chunkclass endangered:|5
all chunks matrix:|chunkclass undergoal:|8
all chunks matrix:|chunkclass stable:|8
all chunks matrix:|chunkclass overgoal:|0
all chunks matrix:|chunkclass pending deletion:|0
all chunks matrix:|chunkclass to be removed:|0
`;

/** Goals and copies go no further; the last means 10 or more. */
const MOST = 10;

/** Chunks that should have so many copies and have so many. */
interface Field {
  /** Copies asked for; 0: deleted, about to go. */
  readonly goal: number;
  readonly copies: number;
  readonly chunks: number;
}

/**
 * `mfscli -SIC`: only fields of the matrix that are not zero are printed, and then sums by class,
 * which say nothing more. MooseFS 4 counts redundancy instead of copies: level N is 1 + N copies or
 * N parity parts more than it takes, and a chunk without enough parts is `missing`.
 */
function readMatrix(text: string): Parsed<readonly Field[]> {
  const result = readTables(text, ['matrix'], 'the matrix of `mfscli -SIC`', readField);
  return result.ok ? parsed(result.value.flat(), result.unread) : result;
}

function readField({ fields }: Row): readonly Field[] | undefined {
  const [what = ''] = fields;
  if (what.startsWith('chunkclass ')) return [];
  const levels = what === 'redundancy level target/current/chunks:';
  if (what !== 'goal/copies/chunks:' && !levels) return undefined;
  const copiesOf = (word: string | undefined): number =>
    word === 'missing' || word === 'deleted' ? 0 : wholeNumber(word) + (levels ? 1 : 0);
  const [goal = Number.NaN, copies = Number.NaN] = fields.slice(1, 3).map(copiesOf);
  const chunks = wholeNumber(fields[3]);
  const fits = goal <= MOST && copies <= MOST && chunks >= 0;
  return fits ? [{ goal, copies, chunks }] : undefined;
}

/** The chunks by goal, in the terms of `chunks-health`: what is safe, and what is to be done. */
export function parseMooseHealth(text: string): Parsed<ChunksHealth> {
  const matrix = readMatrix(text);
  return matrix.ok ? parsed(healthOf(matrix.value), matrix.unread) : matrix;
}

/** The matrix laid open: its goals, and how it stands with their chunks. */
export function parseMooseMatrix(text: string): Parsed<ChunksHealth & Goals> {
  const matrix = readMatrix(text);
  if (!matrix.ok) return matrix;
  const goals = goalsOf(matrix.value).map(goalNamed);
  return parsed({ ...healthOf(matrix.value), goals }, matrix.unread);
}

function healthOf(matrix: readonly Field[]): ChunksHealth {
  const goals = goalsOf(matrix);
  const sum = (goal: number, of: (copies: number) => boolean): number =>
    matrix
      .filter((field) => field.goal === goal && of(field.copies))
      .reduce((total, { chunks }) => total + chunks, 0);
  const by = (parts: (goal: number, copies: number) => number) =>
    goals.map((goal) => ({
      goal: String(goal),
      counts: Array.from({ length: MOST + 1 }, (_, n) =>
        sum(goal, (copies) => Math.max(0, parts(goal, copies)) === n),
      ),
    }));
  return {
    availability: goals.map((goal) => ({
      goal: String(goal),
      safe: sum(goal, (copies) => copies > 1),
      endangered: sum(goal, (copies) => copies === 1),
      lost: sum(goal, (copies) => copies === 0),
    })),
    replication: by((goal, copies) => goal - copies),
    deletion: by((goal, copies) => copies - goal),
    copies: by((_, copies) => copies),
  };
}

/** The goals that have chunks. MooseFS names none: a goal is a number of copies. */
export function parseMooseGoals(text: string): Parsed<Goals> {
  const matrix = readMatrix(text);
  if (!matrix.ok) return matrix;
  return parsed({ goals: goalsOf(matrix.value).map(goalNamed) }, matrix.unread);
}

function goalsOf(matrix: readonly Field[]): readonly number[] {
  return [...new Set(matrix.map(({ goal }) => goal))]
    .filter((goal) => goal > 0)
    .sort((a, b) => a - b);
}

function goalNamed(goal: number): Goal {
  const definition = goal === 1 ? '1 copy' : `${goal} copies, or as much redundancy by parity`;
  const shape = { servers: goal, survives: goal - 1 };
  return { id: goal, name: String(goal), definition, shape };
}
