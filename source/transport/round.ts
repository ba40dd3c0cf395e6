import { AT_A_TIME } from '../core/batch.js';
import type { Job } from './job.js';
import type { Started } from './shell.js';

/**
 * One exec and the jobs in it, of which the script runs a few at a time, in their order: the first ones
 * at once, and one more for each that has ended or is given up.
 */
export class Round {
  /** The exec; it may still wait for a channel. */
  started: Started | undefined;
  /** The script runs: it has said something. */
  heard = false;
  #next = AT_A_TIME;
  readonly #passed = new Set<Job>();

  constructor(readonly jobs: readonly Job[]) {
    for (const job of jobs.slice(AT_A_TIME)) job.queued = true;
  }

  /** The exec was asked for. */
  start(started: Started): void {
    this.started = started;
    if (this.jobs.length <= AT_A_TIME) started.endInput();
  }

  get waiting(): boolean {
    return this.started?.waiting() !== false;
  }

  /** It runs only for commands that nobody waits for any more. */
  get held(): boolean {
    return !this.waiting && this.jobs.every((job) => job.done || job.overdue);
  }

  /** A job has ended: the script comes to the next one by itself. */
  ended(): void {
    if (this.#next >= this.jobs.length) return;
    this.jobs[this.#next]?.begin();
    this.#next += 1;
    // Nothing has to be let in any more.
    if (this.#next >= this.jobs.length) this.started?.endInput();
  }

  /** A job hangs: the script is told to let in another one beside it. Once for each job. */
  passOver(job: Job): void {
    if (job.queued || this.#passed.has(job) || this.#next >= this.jobs.length) return;
    this.#passed.add(job);
    this.started?.write('\n');
    this.ended();
  }
}
