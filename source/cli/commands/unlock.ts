import { clean } from '../../core/text.js';
import { breakLock, lockOwner, type LockLook } from '../../engine/run/lock.js';
import { note, say, type Context } from '../context.js';
import { EXIT, Stop, usage, type ExitCode } from '../exit.js';
import { agree } from '../plans/confirm.js';
import { entriesOf, noteSilent, reach, type Reached } from '../plans/reach.js';
import { runsFolder } from '../plans/state-folder.js';
import { clusterToChange } from '../plans/writable.js';
import { untilInterrupted } from './status.js';

/** The options of `holdfast unlock`. */
export interface UnlockOptions {
  readonly yes?: boolean;
  /** The run whose lock is overridden although it may still be needed. */
  readonly force?: string;
}

/** The word by which a lock is named whose owner cannot be read. */
const UNKNOWN = 'unknown';

/**
 * `holdfast unlock`: takes the lock of a host away from whoever holds it. It is refused while a
 * process of this machine carries the run out; `--force RUN` overrides that and names what.
 */
export async function unlock(
  context: Context,
  name: string,
  options: UnlockOptions,
): Promise<ExitCode> {
  const cluster = await clusterToChange(context);
  const abort = new AbortController();
  let reached: Reached | undefined;
  const work = async (): Promise<ExitCode> => {
    reached = await reach(context, entriesOf(cluster, [name]), abort.signal);
    noteSilent(context, reached);
    const host = reached.hosts.get(name);
    if (!host) return EXIT.alert;
    const lock = await lockOwner(host);
    if (lock.kind === 'free') {
      say(context, `${clean(name)} is not locked.\n`);
      return EXIT.fine;
    }
    if (lock.kind === 'not known') {
      throw new Stop(EXIT.alert, [`${clean(name)}: its lock cannot be looked at: ${lock.because}`]);
    }
    say(context, lockText(name, lock));
    await mayBreak(context, lock, options.force);
    await agree(context, 'Take this lock away?', [], options);
    await breakLock(host);
    const after = await lockOwner(host);
    if (after.kind !== 'free') {
      throw new Stop(EXIT.alert, [`${clean(name)}: the lock is still there.`]);
    }
    say(context, `${clean(name)} is not locked any more.\n`);
    return EXIT.fine;
  };
  return untilInterrupted(work(), () => {
    abort.abort();
    reached?.close();
  });
}

type Held = Extract<LockLook, { kind: 'held' }>;

function lockText(name: string, { owner }: Held): string {
  if (!owner) return `${clean(name)} is locked; by whom cannot be read.\n`;
  return `${clean(name)} is locked by ${clean(owner.by)} since ${clean(owner.since)}, for run ${clean(owner.run)}.\n`;
}

async function mayBreak(
  context: Context,
  { owner }: Held,
  force: string | undefined,
): Promise<void> {
  const run = owner?.run ?? UNKNOWN;
  if (force !== undefined && force !== run) {
    throw usage(`The lock is that of run ${clean(run)}, not of ${clean(force)}. It stays.`);
  }
  const refusal = await whyNot(context, owner?.run);
  if (refusal === undefined) return;
  if (force === undefined) {
    throw usage(refusal, `To override that: --force ${clean(run)}`);
  }
  note(context, `Overridden by --force ${clean(run)}: ${refusal}`);
}

/** Why a lock should stay: its run is under way, or its steps are half done. */
async function whyNot(context: Context, run: string | undefined): Promise<string | undefined> {
  if (run === undefined) return 'Who holds it cannot be read, so it may still be needed.';
  const folder = runsFolder(context.io.env);
  if (await folder.isRunning(run)) return `Run ${run} is being carried out now.`;
  const state = await folder.read(run);
  if (!state) return `Run ${clean(run)} is not one of this machine, so it may still be under way.`;
  if (state.finished) return undefined;
  const way = state.direction === 'back' ? 'undo' : 'resume';
  return `Run ${run} is not finished; \`holdfast ${way} ${run}\` goes on with it.`;
}
