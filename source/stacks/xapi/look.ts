import type { Exchange, Millis, Reader } from '../../core/host.js';
import { Now, type HostState, type Probe, type Reading } from '../../core/probe.js';
import { parseSurvey, surveyCommand } from '../../core/survey.js';
import { disksProbe } from './probes/disks.js';
import { localProbe } from './probes/local.js';
import { poolProbe } from './probes/pool.js';
import { storageProbe } from './probes/storage.js';
import { poolOf } from './probes/xe.js';

/** Asks all hosts everything that the pane knows, now: each for itself, one of each pool for the pool. */
export async function lookAtAll(hosts: readonly Reader[], clock: () => Millis): Promise<Now> {
  const states = await Promise.all(hosts.map((host) => stateOf(host, clock)));
  const locals = await Promise.all(hosts.map((host) => readOne(localProbe, host, clock)));
  const now = new Now(clock(), states, locals);
  const pools = new Map<string, Reader[]>();
  for (const host of hosts) {
    const pool = poolOf(now, host.name);
    if (pool !== undefined) pools.set(pool, [...(pools.get(pool) ?? []), host]);
  }
  const answers = [...pools.values()].map((members) => readPool(members, clock));
  return new Now(clock(), states, [...locals, ...(await Promise.all(answers)).flat()]);
}

/** The first member that can say all of it; of a pool that nobody answers for, what the last said. */
async function readPool(
  members: readonly Reader[],
  clock: () => Millis,
): Promise<readonly Reading<unknown>[]> {
  let readings: readonly Reading<unknown>[] = [];
  for (const host of members) {
    const probes = [poolProbe, storageProbe, disksProbe];
    readings = await Promise.all(probes.map((probe) => readOne<unknown>(probe, host, clock)));
    if (readings.every(({ kind }) => kind === 'fresh')) break;
  }
  return readings;
}

async function readOne<T>(probe: Probe<T>, host: Reader, clock: () => Millis): Promise<Reading<T>> {
  const asked: Exchange[] = [];
  const reader: Reader = {
    name: host.name,
    run: async (command, signal) => {
      const at = clock();
      const outcome = await host.run(command, signal);
      asked.push({ host: host.name, command, outcome, at, took: clock() - at });
      return outcome;
    },
  };
  const answer = await probe.read(reader);
  const base = { probe, host: host.name, at: clock(), asked };
  if (answer.kind !== 'value') return { ...base, ...answer };
  const { value, unread, partial } = answer;
  return { ...base, kind: 'fresh', value, unread, ...(partial && { partial }) };
}

/** What the host calls itself and where it is: by that the pool names its master. */
async function stateOf(host: Reader, clock: () => Millis): Promise<HostState> {
  const sent = clock();
  const outcome = await host.run(surveyCommand([]));
  const base = { name: host.name, target: host.name, since: clock(), stacks: ['xapi'] };
  if (outcome.kind !== 'exited' || outcome.code !== 0) return { ...base, phase: 'down' };
  const survey = parseSurvey(outcome.stdout, { sent, received: clock() });
  return { ...base, phase: 'up', survey };
}
