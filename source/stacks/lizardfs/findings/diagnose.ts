import { quoteLines } from '../../../core/evidence.js';
import type { Evidence, Finding } from '../../../core/finding.js';
import type { Now } from '../../../core/probe.js';
import { picture, type Picture } from '../picture.js';
import { valueOf } from '../tools/question.js';
import { agreementFindings } from './agreement.js';
import { answerFindings } from './answers.js';
import { cleaned } from '../../../core/clean-finding.js';
import { chunkFindings, goalsInUse, type GoalState } from './chunks.js';
import type { Context } from './context.js';
import { diskFindings } from './disks.js';
import { masterFindings } from './masters.js';
import { downServers, fullInTotal, fullServers, noServers, silentServer } from './servers.js';

/** What is wrong with LizardFS, over all hosts together. */
export function diagnose(now: Now): readonly Finding[] {
  return diagnosePicture(picture(now));
}

/** The same for what is joined already. */
export function diagnosePicture(seen: Picture): readonly Finding[] {
  const quoteAll = (matches: (line: string) => boolean): readonly Evidence[] =>
    [...seen.tries, ...seen.locals].flatMap((reading) => quoteLines(reading, matches));
  return [
    ...masterFindings(seen, quoteAll),
    ...fromMaster(seen),
    ...agreementFindings(seen, quoteAll),
    ...answerFindings(seen, quoteAll),
  ].map(cleaned);
}

function fromMaster(seen: Picture): readonly Finding[] {
  const { cluster } = seen;
  if (!cluster) return [];
  const context: Context = {
    at: seen.now.at,
    hostAt: seen.hostAt,
    quote: (matches) => quoteLines(cluster, matches),
    words: seen.words,
  };
  const view = cluster.value;
  const servers = valueOf(view.chunkservers)?.servers ?? [];
  const disks = valueOf(view.disks)?.disks ?? [];
  const info = valueOf(view.info);
  const states = goalStates(seen);
  const lost = states.reduce((sum, state) => sum + state.lost, 0);
  const connected = valueOf(view.chunkservers)?.servers.filter((s) => s.connected).length;
  return [
    ...noServers(servers, seen),
    ...downServers(servers, context, lost),
    ...silentServer(servers, view.disks, context),
    ...diskFindings(disks, context),
    ...chunkFindings(states, connected, context),
    ...fullServers(servers, context),
    ...(info ? fullInTotal(info, context) : []),
  ];
}

/** The goals that have chunks, with their definitions where those are known. */
export function goalStates({ cluster }: Picture): readonly GoalState[] {
  const health = cluster && valueOf(cluster.value.health);
  if (!health) return [];
  return goalsInUse(health, valueOf(cluster.value.goals)?.goals);
}
