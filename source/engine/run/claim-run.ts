import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { FailureError } from '../../core/failure.js';

/** Who carries a run out at this moment, as its claim says: `4711 machine`. */
export interface Claim {
  readonly pid: number;
  readonly machine: string;
}

/**
 * Claims a run for this process, so that two consoles of one machine cannot resume it side by side:
 * to the hosts both would be the same run. A claim whose process is gone was left by a crash and is
 * taken over; one of another machine (a shared home) is believed.
 *
 * @returns what gives the claim back
 * @throws FailureError when another process has it
 */
export async function claimRun(path: string, run: string): Promise<() => Promise<void>> {
  const text = `${process.pid} ${hostname()}\n`;
  for (;;) {
    try {
      await writeFile(path, text, { flag: 'wx', mode: 0o600 });
      return () => rm(path, { force: true });
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    const stale = await readFile(path, 'utf8').catch(() => undefined);
    if (stale === undefined) continue;
    const claim = readClaim(stale);
    if (claim && isAlive(claim)) throw new FailureError(claimed(run, claim, path));
    await takeAway(path, stale);
  }
}

/** Whether a process carries a run out now. */
export async function isClaimed(path: string): Promise<boolean> {
  const claim = readClaim(await readFile(path, 'utf8').catch(() => ''));
  return claim !== undefined && isAlive(claim);
}

/** Of two processes that see a stale claim, one may have renewed it: what was moved is looked at. */
async function takeAway(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path);
  } catch (error) {
    if (!isCode(error, 'ENOENT') && !isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function readClaim(text: string): Claim | undefined {
  const [, pid, machine] = /^(\d+) (\S+)\n$/.exec(text) ?? [];
  return pid === undefined || machine === undefined ? undefined : { pid: Number(pid), machine };
}

function isAlive({ pid, machine }: Claim): boolean {
  if (machine !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process cannot be signalled, but it is there.
    return isCode(error, 'EPERM');
  }
}

function claimed(run: string, { pid, machine }: Claim, path: string) {
  return {
    what: `run ${run} is being carried out already`,
    where: `process ${pid} on ${machine}`,
    means: 'Two consoles that carry out one run would do its steps twice.',
    todo: `Wait for it, or end it. If it is gone for certain, take ${path} away.`,
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
