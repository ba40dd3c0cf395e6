import { resolve } from 'node:path';
import type { Asker } from '../../core/ask.js';
import type { Connector } from '../../core/connection.js';
import { FailureError, type Failure } from '../../core/failure.js';
import type { Cluster } from '../../core/fleet.js';
import type { Plan } from '../../core/plan.js';
import type { Registry } from '../../core/registry.js';
import { count } from '../../core/text.js';
import type { JournalFolder } from '../../engine/run/journal-file.js';
import { hostsOf } from '../../engine/run/run-hosts.js';
import { lookAtRuns } from '../../engine/run/run-look.js';
import { RunSecrets, secretsToAsk, type SecretValues } from '../../engine/run/run-secrets.js';
import type { GivenSecrets } from '../../engine/run/given-secrets.js';
import type { Changes, Made, Offered, RunRequest, RunResult } from '../../ui/index.js';
import { storageProtection } from '../../tools/protection.js';
import { reasonOf } from '../errors.js';
import { Stop } from '../exit.js';
import { writeAnswers } from './answers.js';
import { planFrom } from './deliver.js';
import { judgedCase } from './judged.js';
import { writePlan } from './plan-file.js';
import { entriesOf, reachThrough, readersOf } from './reach.js';
import { newRunId } from './run-id.js';
import { runJob } from './run-job.js';
import { askSecrets } from './secrets.js';
import { surroundings } from './surroundings.js';

/** What the console's changes are carried out with. */
export interface ChangesDeps {
  readonly clusters: readonly Cluster[];
  /**
   * What a cluster protects at this moment: the console may be open for weeks, and the list is
   * lengthened from elsewhere. Rejects where that cannot be told; nothing is changed then.
   */
  readonly neverTouch: (cluster: Cluster) => Promise<readonly string[]>;
  readonly registry: Registry;
  /** The one that the console watches through, so that a password is asked for once. */
  readonly connector: Connector;
  readonly secrets: GivenSecrets;
  /** Asks for what a plan needs and nobody gave. */
  readonly asker: Asker;
  readonly folder: JournalFolder;
  /** What leaving in the middle of a run means. */
  readonly leaving: (run: string) => string;
}

/** The console's changes, and the end of them. */
export interface ConsoleChanges extends Changes {
  /** Closes all connections; gives the run that was still being carried out. */
  readonly close: () => string | undefined;
}

/** How the console changes the hosts of its clusters: as the commands do, over connections of its own. */
export function consoleChanges(deps: ChangesDeps): ConsoleChanges {
  const { registry, secrets } = deps;
  const { kinds, recoveries, wizards } = registry;
  const leaving = new AbortController();
  const open = new Set<() => void>();
  let running: string | undefined;

  /** Connects, works, and closes; whoever leaves closes as well. */
  const connected = async <T>(
    { cluster, names = [], signal, tell }: Connecting,
    work: (reached: Awaited<ReturnType<typeof reachThrough>>) => Promise<T>,
  ): Promise<T> => {
    const entries = entriesOf(cluster, names);
    const both = AbortSignal.any([signal, leaving.signal]);
    let tried = 0;
    const all = count(entries.length, 'host');
    tell?.(`connecting to ${all}`);
    const reached = await reachThrough(deps.connector, entries, both, () => {
      tried += 1;
      tell?.(`connecting: ${tried} of ${all} answered`);
    });
    open.add(reached.close);
    try {
      return await work(reached);
    } finally {
      open.delete(reached.close);
      reached.close();
    }
  };

  const secretsFor = async (
    { run, plan, secrets: typed = {} }: RunRequest,
    doing: 'apply' | 'resume',
  ): Promise<SecretValues> => {
    const kept = await new RunSecrets(deps.folder.folder, run).read();
    const wanted = secretsToAsk(plan, kept, doing);
    return askSecrets(plan, wanted, new Map(Object.entries(typed)), deps.asker);
  };

  const runOn = async (
    request: RunRequest,
    tell: Parameters<Changes['carryOut']>[1],
    signal: AbortSignal,
  ): Promise<RunResult> => {
    const { run, plan, doing } = request;
    const cluster = await clusterToChange(deps, plan.cluster);
    if (doing === 'apply') requireWords(plan, request.words);
    const given = doing === 'undo' ? new Map() : await secretsFor(request, doing);
    // Stopping is for between two steps: it does not cut a connection.
    const way = { cluster, names: hostsOf(plan), signal: leaving.signal };
    return connected(way, async ({ hosts, failures }) => {
      const [failure] = failures.values();
      if (failure) return { end: { kind: 'failed', failure: untouched(failure) } };
      return runJob(
        { run, plan, cluster, kinds, folder: deps.folder, doing, given },
        { hosts, secrets },
        tell,
        signal,
      );
    });
  };

  return {
    kinds,
    recoveries: recoveries.map(offered),
    wizards: wizards.map(offered),
    gather: ({ cluster: name, recovery: id, subject }, tell, signal) =>
      attempt(`recovery ${id}`, async () => {
        const cluster = await clusterToChange(deps, name);
        const recovery = recoveries.find((one) => one.id === id);
        if (!recovery) throw new Error(`there is no recovery ${id}`);
        return connected({ cluster, signal, tell }, async (reached) => {
          tell(`looking at ${subject} on ${count(reached.hosts.size, 'host')}`);
          const hosts = readersOf(cluster, reached);
          const protection = storageProtection(cluster.neverTouch);
          return judgedCase(await recovery.gather(subject, hosts), { kinds, protection, hosts });
        });
      }),
    look: ({ cluster: name, wizard: id, hosts: names }, tell, signal) =>
      attempt(`wizard ${id}`, async () => {
        const cluster = await clusterToChange(deps, name);
        const wizard = wizards.find((one) => one.id === id);
        if (!wizard) throw new Error(`there is no wizard ${id}`);
        return connected({ cluster, names, signal, tell }, ({ hosts, failures }) => {
          if (failures.size > 0) throw new FailureError(silentHosts([...failures]));
          tell(`looking at ${count(hosts.size, 'host')}`);
          const readers = [...hosts.values()];
          return wizard.begin(readers, surroundings(cluster, readers));
        });
      }),
    saveAnswers: (wizard, answers) =>
      attempt('the answers', async () => {
        const path = resolve(`holdfast-answers-${wizard}.yaml`);
        await writeAnswers(path, wizard, answers);
        return path;
      }),
    pastRuns: () => lookAtRuns(deps.folder),
    plan: (draft, { secrets: given = [], ...about }) => {
      try {
        for (const secret of given) secrets.add(secret);
        const made = planFrom(draft, about, kinds);
        if (secrets.within(made)) throw new FailureError(secretWithin(about.origin.id));
        return { ok: true, made };
      } catch (error) {
        return { ok: false, failure: failureOf(error, about.origin.id) };
      }
    },
    save: (plan) =>
      attempt('the plan', async () => {
        const path = resolve(`holdfast-plan-${plan.id.slice(0, 8)}.json`);
        await writePlan(path, plan, secrets);
        return path;
      }),
    newRun: () => newRunId(new Date()),
    carryOut: async (request, tell, signal) => {
      running = request.run;
      const ended = await attempt(`run ${request.run}`, () => runOn(request, tell, signal));
      running = undefined;
      const result: RunResult = ended.ok
        ? ended.made
        : { end: { kind: 'failed', failure: ended.failure } };
      // What was begun before stays known, even where this time nothing could be done.
      const state = result.state ?? (await deps.folder.read(request.run));
      return state ? { ...result, state } : result;
    },
    leaving: deps.leaving,
    close: () => {
      leaving.abort();
      for (const close of open) close();
      return running;
    },
  };
}

/** Which hosts are connected to: all of the cluster, unless some are named. */
interface Connecting {
  readonly cluster: Cluster;
  readonly names?: Iterable<string>;
  readonly signal: AbortSignal;
  readonly tell?: (says: string) => void;
}

function offered({ id, title, says, next }: Offered): Offered {
  return { id, title, says, ...(next !== undefined && { next }) };
}

function silentHosts(failures: readonly (readonly [string, Failure])[]): Failure {
  return {
    what: failures.map(([host, { what }]) => `${host}: ${what}`).join('; '),
    where: count(failures.length, 'host'),
    means:
      'What stands on a disk may be known to that host alone, so nothing is planned without a look at every host that it may concern.',
    todo: 'Make it reachable and look again; or go back and leave it out, if it does not matter.',
  };
}

function secretWithin(where: string): Failure {
  return {
    what: 'the plan would hold a secret that was given',
    where,
    means: 'A plan can be read by others, so none is made.',
    todo: 'Give answers that do not repeat it.',
  };
}

/** A cluster of this name whose hosts may be changed, with what it protects now. */
async function clusterToChange(
  { clusters, neverTouch }: ChangesDeps,
  name: string,
): Promise<Cluster> {
  const cluster = clusters.find((one) => one.name === name);
  const what = cluster ? 'it is read-only' : 'it is not among the clusters that are watched';
  if (cluster?.readOnly === false) return { ...cluster, neverTouch: await neverTouch(cluster) };
  throw new FailureError({
    what,
    where: `the cluster ${name}`,
    means: 'Nothing was changed.',
    todo: 'Read-only mode cannot be left from inside: start the console without it.',
  });
}

/** The screen asks for the words; that it did is not taken on trust. */
function requireWords({ confirmations }: Plan, words: readonly string[]): void {
  const missing = confirmations.find(({ word }) => !words.includes(word));
  if (!missing) return;
  throw new FailureError({
    what: `${missing.word} was not typed`,
    where: 'the confirmation',
    means: `Nothing was changed: ${missing.accepts}, and nobody has accepted that.`,
    todo: 'Review the plan again and type the word.',
  });
}

function untouched(failure: Failure): Failure {
  return { ...failure, means: `${failure.means} Nothing was changed.`.trim() };
}

async function attempt<T>(where: string, work: () => Promise<T>): Promise<Made<T>> {
  try {
    return { ok: true, made: await work() };
  } catch (error) {
    return { ok: false, failure: failureOf(error, where) };
  }
}

function failureOf(error: unknown, where: string): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof Stop) {
    const [what = '', ...more] = error.lines;
    return { what, where, means: more.join(' '), todo: '' };
  }
  return {
    what: reasonOf(error),
    where,
    means: 'Holdfast could not go on with it.',
    todo: '`holdfast runs` shows what was begun and what is done.',
  };
}
