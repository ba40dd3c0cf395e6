import { randomBytes } from 'node:crypto';
import type { Reader } from '../../../../core/host.js';
import { lookAtClient, type FoundClient } from '../../mounting/look.js';
import { clusterProbe } from '../../probes/cluster.js';
import { askAdmin, queries } from '../../tools/admin.js';
import { valueOf } from '../../tools/question.js';
import type { Goal } from '../../tools/goals.js';

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly FoundClient[];
  /** The goals that the master knows; empty: nobody could ask it. */
  readonly goals: readonly Goal[];
  /** For the file of the test: made here, so that a plan is made of facts alone. */
  readonly token: string;
}

/** Looks at all hosts at a time, and asks the master for its goals. Never rejects. */
export async function look(hosts: readonly Reader[]): Promise<Found> {
  const [found, goals] = await Promise.all([
    Promise.all(hosts.map(lookAtClient)),
    Promise.all(hosts.map(goalsFrom)),
  ]);
  const known = goals.find((list) => list.length > 0) ?? [];
  return { hosts: found, goals: known, token: randomBytes(8).toString('hex') };
}

async function goalsFrom(host: Reader): Promise<readonly Goal[]> {
  const answer = await clusterProbe.read(host);
  if (answer.kind !== 'value') return [];
  const { admin, master } = answer.value;
  const place = { host: master.host, port: master.port };
  return valueOf(await askAdmin(host, admin, queries.classes, place))?.goals ?? [];
}
