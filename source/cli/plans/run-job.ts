import type { Failure } from '../../core/failure.js';
import type { Cluster } from '../../core/fleet.js';
import type { HostName } from '../../core/host.js';
import type { JournalLine } from '../../core/journal.js';
import type { Plan } from '../../core/plan.js';
import type { StepKinds } from '../../core/step.js';
import { systemClock } from '../../engine/clock.js';
import type { Journal, JournalFolder } from '../../engine/run/journal-file.js';
import { runState, type RunState } from '../../engine/run/run-state.js';
import { runPlan } from '../../engine/run/runner.js';
import type { RunDeps, RunEnd, RunEvent, RunHost } from '../../engine/run/runner.js';
import {
  RunSecrets,
  settleSecrets,
  withSecrets,
  type SecretValues,
} from '../../engine/run/run-secrets.js';
import { secretlessJournal } from '../../engine/run/given-secrets.js';
import { undoRun } from '../../engine/run/undo.js';
import { storageProtection } from '../../tools/protection.js';
import type { Reached } from './reach.js';
import { whoIsThis } from './state-folder.js';

/** What is to be done with which run, and where it is written down. */
export interface RunJob {
  readonly run: string;
  readonly plan: Plan;
  /** Whose hosts are changed, as it is configured now. */
  readonly cluster: Cluster;
  readonly kinds: StepKinds;
  readonly folder: JournalFolder;
  readonly doing: 'apply' | 'resume' | 'undo';
  /** Values of the plan's secrets that a person gave, by name. */
  readonly given?: SecretValues;
}

/**
 * Carries a plan out on hosts that are connected, or takes it back, with its journal; how it ended
 * and how it stands. Rejects where the journal cannot be had or written.
 */
export async function runJob(
  job: RunJob,
  { hosts, secrets }: Pick<Reached, 'hosts' | 'secrets'>,
  tell: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<{ readonly end: RunEnd; readonly state: RunState }> {
  const journal = secretlessJournal(await job.folder.open(job.run), secrets);
  try {
    const kept = new RunSecrets(job.folder.folder, job.run);
    const values = await valuesOf(job, kept);
    for (const value of values.values()) secrets.add(value);
    const state = await stateOf(job, journal);
    // Before the first step, so that a run that is killed can be gone on with.
    await kept.keep(values);
    const deps = depsFor(job, withAll(hosts, values), journal, tell, signal);
    const end = await (job.doing === 'undo' ? undoRun(state, deps) : runPlan(state, deps));
    if (end.kind === 'finished') await kept.drop();
    return { end, state: (await job.folder.read(job.run)) ?? state };
  } finally {
    await journal.close();
  }
}

/** What is taken back needs no secret; what it knows of them is still blotted out. */
async function valuesOf(
  { plan, doing, given = new Map<string, string>() }: RunJob,
  kept: RunSecrets,
): Promise<SecretValues> {
  const known = await kept.read();
  return doing === 'undo' ? known : settleSecrets(plan, known, given, doing);
}

function withAll(
  hosts: ReadonlyMap<HostName, RunHost>,
  values: SecretValues,
): ReadonlyMap<HostName, RunHost> {
  return new Map(
    [...hosts].map(([name, host]) => [
      name,
      { name, run: withSecrets(host, values).run, renew: host.renew },
    ]),
  );
}

/** The run as its journal tells it now that no other process writes it; a new one is begun. */
async function stateOf({ run, plan, folder, doing }: RunJob, journal: Journal): Promise<RunState> {
  if (doing === 'apply') {
    const at = new Date(systemClock.now()).toISOString();
    const begun: JournalLine = { at, kind: 'begun', run, plan, by: whoIsThis() };
    await journal.write(begun);
  }
  const state = (await folder.read(run)) ?? runState([]);
  if (!state) throw new Error(`the journal of run ${run} cannot be read back`);
  return state;
}

function depsFor(
  { kinds, cluster }: RunJob,
  hosts: ReadonlyMap<HostName, RunHost>,
  journal: Journal,
  tell: (event: RunEvent) => void,
  signal: AbortSignal,
): RunDeps {
  const host = (name: HostName): Promise<RunHost | Failure> =>
    Promise.resolve(
      hosts.get(name) ?? { what: 'it is not connected', where: name, means: '', todo: '' },
    );
  const protection = storageProtection(cluster.neverTouch);
  return { kinds, protection, host, journal, clock: systemClock, by: whoIsThis(), signal, tell };
}
