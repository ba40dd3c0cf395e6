import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../errors.js';

/** A change takes milliseconds; a lock this old, in ms, was left by a process that died. */
const ABANDONED = 10_000;
const BETWEEN_TRIES = 20;

/** Does something while no other Holdfast does the same to this file. */
export async function whileLocked<T>(file: string, doIt: () => T): Promise<T> {
  const lock = `${file}.lock`;
  while (!take(lock)) {
    clearAbandoned(lock);
    await pause(BETWEEN_TRIES);
  }
  try {
    return doIt();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function clearAbandoned(lock: string): void {
  try {
    if (Date.now() - statSync(lock).mtimeMs < ABANDONED) return;
    // By renaming, so that of two processes that see it only one takes it away.
    const aside = `${lock}.${process.pid}`;
    renameSync(lock, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
