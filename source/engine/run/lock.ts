import { z } from 'zod';
import type { Failure } from '../../core/failure.js';
import type { Command, Host } from '../../core/host.js';

/**
 * One console at a time changes a host. The lock is a folder on the host, because making a folder
 * either succeeds or fails, for one asker only; /run is emptied by a restart, which also ends
 * whatever the lock protected. It outlives a crash of the console, and can be broken on purpose.
 */
const FOLDER = '/run/holdfast.lock';

/** Who holds a lock. */
const ownerSchema = z.object({ run: z.string(), by: z.string(), since: z.string() });

/** Who holds a lock, of which run, since when (ISO 8601). */
export type Owner = z.infer<typeof ownerSchema>;

/** What came of asking for a lock. */
export type Locked =
  | { readonly ok: true }
  /** Somebody else holds it; undefined: who it is cannot be read. */
  | { readonly ok: false; readonly owner: Owner | undefined; readonly failure: Failure };

function shell(script: string, args: readonly string[], effect: Command['effect']): Command {
  return { argv: ['sh', '-c', script, 'sh', ...args], effect, deadline: 10_000 };
}

/** Takes the lock of a host for a run; a lock that this run holds already is its own. */
export async function takeLock(host: Host, owner: Owner): Promise<Locked> {
  const text = JSON.stringify(owner);
  const script = `if mkdir -m 700 ${FOLDER} 2>/dev/null; then printf '%s\\n' "$1" > ${FOLDER}/owner; fi; cat ${FOLDER}/owner`;
  const outcome = await host.run(shell(script, [text], 'changes'));
  const held = outcome.kind === 'exited' ? readOwner(outcome.stdout) : undefined;
  if (held?.run === owner.run) return { ok: true };
  const reason =
    outcome.kind === 'exited'
      ? outcome.stderr.trim() || 'its owner cannot be read'
      : outcome.reason;
  return { ok: false, owner: held, failure: refused(host.name, held, reason) };
}

/** A host's lock as it is now. */
export type LockLook =
  | { readonly kind: 'free' }
  /** Without an owner: who it is cannot be read. */
  | { readonly kind: 'held'; readonly owner?: Owner }
  | { readonly kind: 'not known'; readonly because: string };

/**
 * Gives a lock back; one that another run holds stays.
 *
 * @returns whether the run is known not to hold it any more
 */
export async function releaseLock(host: Host, run: string): Promise<boolean> {
  const look = await lockOwner(host);
  if (look.kind === 'not known') return false;
  if (look.kind === 'free' || look.owner?.run !== run) return true;
  await breakLock(host);
  return (await lockOwner(host)).kind === 'free';
}

/** Takes a lock away from whoever holds it. */
export async function breakLock(host: Host): Promise<void> {
  await host.run(shell(`rm -rf ${FOLDER}`, [], 'changes'));
}

/** Whether a host is locked, and by whom. */
export async function lockOwner(host: Host): Promise<LockLook> {
  const script = `if [ -d ${FOLDER} ]; then cat ${FOLDER}/owner; echo; echo held; fi`;
  const outcome = await host.run(shell(script, [], 'reads'));
  if (outcome.kind !== 'exited') return { kind: 'not known', because: outcome.reason };
  if (outcome.stdout.trim() === '') {
    if (outcome.code === 0) return { kind: 'free' };
    return { kind: 'not known', because: outcome.stderr.trim() };
  }
  const owner = readOwner(outcome.stdout.split('\n')[0] ?? '');
  return owner ? { kind: 'held', owner } : { kind: 'held' };
}

function readOwner(text: string): Owner | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function refused(host: string, held: Owner | undefined, reason: string): Failure {
  if (held === undefined) {
    return {
      what: `its lock cannot be taken: ${reason}`,
      where: host,
      means: 'Nothing was changed there.',
      todo: `Look at ${FOLDER} on the host; \`holdfast unlock ${host}\` takes it away.`,
    };
  }
  return {
    what: `${held.by} is changing it since ${held.since} (run ${held.run})`,
    where: host,
    means: 'Two consoles that change one host at a time would undo each other’s checks.',
    todo: `Wait, or resume that run; if it is dead, \`holdfast unlock ${host}\` takes its lock away.`,
  };
}
