import type { Finding } from '../../../core/finding.js';
import { count, grouped } from '../../../core/text.js';
import { chunksNode } from '../nodes.js';
import { waiting, type ChunksHealth } from '../tools/chunks-health.js';
import type { Goal, GoalShape } from '../tools/goals.js';
import type { Context } from './context.js';

/** The chunks of one goal, from all reports. */
export interface GoalState {
  readonly goal: string;
  readonly definition?: string;
  readonly shape?: GoalShape;
  readonly safe: number;
  readonly endangered: number;
  readonly lost: number;
  readonly total: number;
  /** Chunks that have parts to be made. */
  readonly toReplicate: number;
  /** Chunks that have parts to be deleted. */
  readonly toDelete: number;
  /** Its chunks have one copy each by intention: all of them count as endangered, always. */
  readonly single: boolean;
}

/** The goals in use: those that have any chunk. */
export function goalsInUse(
  health: ChunksHealth,
  goals: readonly Goal[] = [],
): readonly GoalState[] {
  const byName = new Map(goals.map((goal) => [goal.name, goal]));
  const backlog = (list: ChunksHealth['replication']): ReadonlyMap<string, number> =>
    new Map(list.map((entry) => [entry.goal, waiting(entry)]));
  const replication = backlog(health.replication);
  const deletion = backlog(health.deletion);
  // A goal stands in a report once; in outputs put together by hand the last one holds.
  const availability = new Map(health.availability.map((entry) => [entry.goal, entry]));
  return [...availability.values()].flatMap(({ goal, safe, endangered, lost }) => {
    const total = safe + endangered + lost;
    const { definition, shape } = byName.get(goal) ?? {};
    if (total === 0) return [];
    return [
      {
        goal,
        ...(definition !== undefined && { definition }),
        ...(shape && { shape }),
        safe,
        endangered,
        lost,
        total,
        toReplicate: replication.get(goal) ?? 0,
        toDelete: deletion.get(goal) ?? 0,
        // Without definitions the names say it: the master's own goals are called by their copies.
        single: shape ? shape.survives === 0 : goal === '1',
      },
    ];
  });
}

/**
 * The chunks of a goal below it that are neither endangered nor lost: those are reported by
 * themselves, and the replication report counts them again.
 */
export function merelyUndergoal(state: GoalState): number {
  const worse = (state.single ? 0 : state.endangered) + state.lost;
  return Math.max(0, state.toReplicate - worse);
}

/**
 * What is wrong with the chunks, goal by goal.
 *
 * @param servers how many chunkservers are connected; undefined: not known
 */
export function chunkFindings(
  states: readonly GoalState[],
  servers: number | undefined,
  context: Context,
): readonly Finding[] {
  return states.flatMap((state) => {
    const found: Finding[] = [];
    const heals = state.shape && servers !== undefined && servers >= state.shape.servers;
    if (state.lost > 0) found.push(lost(state, context));
    if (state.endangered > 0 && !state.single) {
      found.push({ ...endangered(state, context), ...(heals && { heals }) });
    }
    if (merelyUndergoal(state) > 0) {
      found.push({ ...undergoal(state, servers, context), ...(heals && { heals }) });
    }
    if (state.single) found.push(single(state, context));
    return found;
  });
}

type Common = Pick<Finding, 'subject' | 'hosts' | 'evidence' | 'remedies' | 'about'>;

function common({ goal }: GoalState, context: Context): Common {
  return {
    subject: `goal ${goal}`,
    hosts: [],
    evidence: context.quote(
      (line) =>
        [`AVA ${goal} `, `REP ${goal} `].some((start) => line.startsWith(start)) ||
        line.startsWith(`all chunks matrix:|goal/copies/chunks:|${goal}|`),
    ),
    remedies: ['lizardfs.missing-chunks'],
    about: [chunksNode(goal)],
  };
}

function lost(state: GoalState, context: Context): Finding {
  return {
    ...common(state, context),
    code: 'LIZARDFS_CHUNKS_LOST',
    severity: 'alert',
    title: 'chunks cannot be read',
    says: `${grouped(state.lost)} of ${count(state.total, 'chunk')} with goal ${state.goal} cannot be read.`,
    means: 'Too few of their parts are on servers and disks that answer. Reading them hangs.',
    todo: `Bring back the chunkservers and disks that are away. Files: \`${context.words.defectiveFiles}\` (it may lag an hour).`,
    // Whatever brought it about: data that cannot be read is never only a line under its cause.
    ownCause: true,
  };
}

function endangered(state: GoalState, context: Context): Finding {
  return {
    ...common(state, context),
    code: 'LIZARDFS_CHUNKS_ENDANGERED',
    severity: 'alert',
    title: 'chunks endangered',
    says: `${grouped(state.endangered)} of ${count(state.total, 'chunk')} with goal ${state.goal} have nothing to spare.`,
    means: 'They can be read; the next server or disk that fails takes them away.',
    todo: 'Leave the other servers and disks alone until the copies are made again.',
  };
}

function undergoal(state: GoalState, servers: number | undefined, context: Context): Finding {
  const needs = state.shape?.servers;
  const short = needs !== undefined && servers !== undefined && servers < needs;
  return {
    ...common(state, context),
    code: 'LIZARDFS_CHUNKS_UNDERGOAL',
    severity: 'warning',
    title: 'chunks below goal',
    says: `${grouped(merelyUndergoal(state))} of ${count(state.total, 'chunk')} with goal ${state.goal} have fewer copies than asked for.`,
    means: short
      ? `The goal needs ${count(needs, 'chunkserver')} and ${servers} are connected, so they stay below it.`
      : 'They outlive one more loss. The master makes the missing copies by itself.',
    todo: short ? 'Bring back a chunkserver or add one.' : 'Wait; look again if the number stays.',
  };
}

function single(state: GoalState, context: Context): Finding {
  return {
    ...common(state, context),
    code: 'LIZARDFS_GOAL_ONE',
    severity: 'notice',
    title: 'only one copy',
    says: `${count(state.total, 'chunk')} with goal ${state.goal} are kept in one copy.`,
    means:
      'It looks stable and is not safe: any disk or server that fails takes some of them away.',
    todo: `Give what matters a higher goal: \`${context.words.setGoal}\`.`,
    // It holds on a healthy cluster as well: no disk or server beneath is the reason.
    ownCause: true,
  };
}
