import type { Millis } from '../../core/host.js';
import { compareGenerations, type Relation } from './generations.js';
import type { LogKind, LogLine } from './read/kernel-log.js';
import type { End, Pair } from './view.js';

/** Why two sides do not talk, as far as the evidence of both goes. */
export interface Verdict {
  /** Both sides have data that the other has not: proven. */
  readonly split: boolean;
  /** What proved it. */
  readonly by: 'identifiers' | 'log' | undefined;
  /** The first end's data to the second's; undefined if not both were read. */
  readonly relation: Relation | undefined;
  /** When DRBD found it out, or the link was lost, by our clock; undefined if not known. */
  readonly splitAt: Millis | undefined;
  readonly lostAt: Millis | undefined;
  /** What DRBD said when it refused the peer: settings or secrets that differ. */
  readonly refused: string | undefined;
}

/**
 * Judges a pair that is out of touch. The identifiers of both sides are newer than the log and
 * decide; a log that ends in an unresolved split brain decides where one side could not be read.
 */
export function verdictOf(pair: Pair): Verdict {
  const relation = relationOf(pair);
  const logs = pair.ends.map((end) => readLog(end));
  const logged = logs.some(({ split }) => split);
  const byLog = relation === undefined && logged;
  return {
    split: relation === 'split' || byLog,
    by: relation === 'split' ? 'identifiers' : byLog ? 'log' : undefined,
    relation,
    splitAt: newest(logs.map(({ splitAt }) => splitAt)),
    lostAt: newest(logs.map(({ lostAt }) => lostAt)),
    refused: logs.find(({ refused }) => refused !== undefined)?.refused,
  };
}

/** Over all volumes: one that is split splits the resource. */
function relationOf({ ends: [a, b] }: Pair): Relation | undefined {
  if (!a || !b) return undefined;
  const relations = a.link.volumes.flatMap((legA): readonly Relation[] => {
    const legB = b.link.volumes.find(({ volume }) => volume === legA.volume);
    if (!legA.generations || !legB?.generations) return [];
    return [compareGenerations(legA.generations, legB.generations)];
  });
  return (
    relations.find((relation) => relation === 'split') ??
    relations.find((r) => r !== 'same') ??
    relations[0]
  );
}

interface LogStory {
  readonly split: boolean;
  readonly splitAt: Millis | undefined;
  readonly lostAt: Millis | undefined;
  readonly refused: string | undefined;
}

function readLog(end: End): LogStory {
  let story: LogStory = {
    split: false,
    splitAt: undefined,
    lostAt: undefined,
    refused: undefined,
  };
  for (const line of linesAbout(end)) story = told(story, line, clockOf(end, line));
  return story;
}

function told(story: LogStory, line: LogLine, at: Millis | undefined): LogStory {
  const kind: LogKind = line.kind;
  switch (kind) {
    case 'split brain':
      return { ...story, split: true, splitAt: at, refused: undefined };
    case 'split brain solved':
    case 'in touch':
      return { split: false, splitAt: undefined, lostAt: undefined, refused: undefined };
    case 'link lost':
      // Giving up on a peer also shuts the link: the first loss is the one that matters.
      return story.split || story.lostAt !== undefined ? story : { ...story, lostAt: at };
    case 'refused':
      return { ...story, refused: messageOf(line) };
    case 'new generation':
    case 'other':
      return story;
  }
}

/** The lines about this end's resource or one of its minors, oldest first; none about another peer. */
export function linesAbout({ replica, link }: End): readonly LogLine[] {
  const minors = new Set(replica.volumes.map(({ minor }) => minor));
  return (replica.on.log?.value.lines ?? []).filter(({ resource, minor, peer, kind }) => {
    const another = peer !== null && link.named !== null && peer !== link.named;
    // A generation that a peer tells of is that of the data here too.
    if (another && kind !== 'new generation') return false;
    return resource === replica.resource || (minor !== null && minors.has(minor));
  });
}

/** When a line was logged, by our clock: the log counts from boot, and the uptime was read with it. */
export function clockOf({ replica }: End, { at }: LogLine): Millis | undefined {
  const { log } = replica.on;
  const uptime = log?.value.uptime ?? null;
  if (at === null || !log || uptime === null) return undefined;
  return log.at - (uptime - at) * 1000;
}

function messageOf({ text }: LogLine): string {
  return text.replace(/^(?:<\d+>)?\s*(?:\[[^\]]*\]\s*)?/, '').trim();
}

function newest(times: readonly (Millis | undefined)[]): Millis | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}
