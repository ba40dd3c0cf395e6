import { randomBytes } from 'node:crypto';
import { batchScript } from '../core/batch.js';
import { FrameReader } from '../core/frames.js';
import type { Command, Outcome } from '../core/host.js';
import { briefCommand, quote, quoteAll } from '../core/quote.js';
import { clockTime, duration } from '../core/units.js';
import { Job } from './job.js';
import { Round } from './round.js';
import type { Ending, Shell } from './shell.js';
import { Wait } from './wait.js';

/** The kernel takes no argument of 128 KiB or more (MAX_ARG_STRLEN), and the script is one. */
const SCRIPT_CAP = 100_000;
/** More than these would make the host busy at once; they go out as several execs. */
const MOST_COMMANDS = 48;

/** A word that no output contains by chance. */
export function newMark(): string {
  return `h${randomBytes(12).toString('hex')}`;
}

/**
 * Sends the reading commands that were asked in one turn of the event loop as one exec, and gives
 * each its own outcome as soon as it is there.
 *
 * The window is `setImmediate` and not a microtask: probes are asynchronous functions that await a
 * few promises before they ask, so a batch that closed with the microtasks of the first one would
 * miss most of the others. By the check phase all of them have asked, and no time has passed.
 */
export class Batcher {
  readonly #shell: Shell;
  #window = new Map<string, Job>();
  readonly #rounds = new Set<Round>();
  readonly #roundOf = new WeakMap<Job, Round>();
  #overdue = new Map<string, Job>();

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** How many execs are held by commands that nobody waits for any more. */
  get held(): number {
    return [...this.#rounds].filter((round) => round.held).length;
  }

  /** What to answer if the same command was awaited in vain before and has not ended. */
  stillOut(command: Command): Outcome | undefined {
    const hung = this.#overdue.get(quoteAll(command.argv));
    return hung && stillOut(hung);
  }

  ask(command: Command, signal: AbortSignal | undefined): Promise<Outcome> {
    const key = quoteAll(command.argv);
    if (this.#window.size === 0) setImmediate(() => this.#send());
    const job = this.#window.get(key) ?? new Job(key, command.argv);
    this.#window.set(key, job);
    const wait = new Wait(command.deadline, signal, (why) => this.#giveUp(job, command, why));
    job.waits.push(wait);
    return wait.outcome;
  }

  /** Undefined: it has not begun behind others that run, and its time has not either. */
  #giveUp(job: Job, command: Command, why: 'deadline' | 'stopped'): Outcome | undefined {
    const round = this.#roundOf.get(job);
    if (round?.waiting !== false) {
      queueMicrotask(() => this.#withdraw());
      return { kind: 'unreachable', reason: `${givenUp(command, why)}; it was not started` };
    }
    if (why === 'deadline' && job.queued && round.heard) return undefined;
    if (why === 'deadline' && !job.done) {
      job.overdue = true;
      this.#overdue.set(job.key, job);
      queueMicrotask(() => job.given && round.passOver(job));
    }
    return { kind: 'lost', why, reason: givenUp(command, why), stdout: job.stdout };
  }

  /** What nobody waits for, and has not been started, need not be. */
  #withdraw(): void {
    for (const round of this.#rounds) {
      if (!round.jobs.every((job) => job.given) || round.started?.withdraw() !== true) continue;
      this.#rounds.delete(round);
      for (const job of round.jobs) this.#forget(job);
    }
  }

  #send(): void {
    const jobs = [...this.#window.values()].filter((job) => {
      if (job.given) this.#forget(job);
      return !job.given;
    });
    this.#window = new Map();
    for (const share of shares(jobs)) this.#start(share);
  }

  #start(jobs: readonly Job[]): void {
    const mark = newMark();
    const frames = new FrameReader(mark);
    const round = new Round(jobs);
    let complaint = '';
    const script = batchScript(
      jobs.map((job) => job.argv),
      mark,
    );
    for (const job of jobs) this.#roundOf.set(job, round);
    this.#rounds.add(round);
    const started = this.#shell.start(script, {
      stdout: (chunk) => {
        for (const frame of frames.push(chunk)) {
          round.heard = true;
          const job = frame.part === 'begun' ? undefined : jobs[frame.index];
          const outcome = job?.take(frame);
          if (!job || !outcome) continue;
          this.#finish(job, outcome);
          round.ended();
        }
      },
      stderr: (chunk) => {
        if (complaint.length < 2000) complaint += chunk.toString();
      },
      end: (ending) => {
        this.#rounds.delete(round);
        for (const job of jobs) {
          if (job.done) continue;
          this.#finish(job, withoutAnswer(ending, round.heard, complaint, job.stdout));
        }
      },
    });
    round.start(started);
  }

  #finish(job: Job, outcome: Outcome): void {
    job.settle(outcome);
    this.#forget(job);
  }

  #forget(job: Job): void {
    job.done = true;
    if (this.#overdue.get(job.key) === job) this.#overdue.delete(job.key);
  }
}

/** What is said of a command whose answer was awaited no longer. */
export function givenUp(command: Command, why: 'deadline' | 'stopped'): string {
  return why === 'stopped' ? 'stopped' : `no answer in ${duration(command.deadline / 1000)}`;
}

function stillOut(job: Job): Outcome {
  const since = `${clockTime(job.asked)}, ${duration((Date.now() - job.asked) / 1000)} ago`;
  const reason = `\`${briefCommand(job.argv)}\` has not ended since it was asked at ${since}; it is not started a second time`;
  return { kind: 'lost', why: 'deadline', reason, stdout: job.stdout };
}

/** The end of an exec came before a command's frames. */
function withoutAnswer(ending: Ending, heard: boolean, complaint: string, stdout: string): Outcome {
  switch (ending.kind) {
    case 'never':
      return { kind: 'unreachable', reason: ending.reason };
    case 'cut':
      return { kind: 'lost', why: 'connection', reason: ending.reason, stdout };
    case 'exited': {
      const said = lastLine(complaint);
      const reason = `the shell on the host ended with exit code ${ending.code}${said && `: ${said}`}`;
      // Not one frame: the script never ran (no such shell, sudo refused, an account that is closed).
      if (!heard && ending.code !== 0) return { kind: 'unreachable', reason };
      return { kind: 'lost', why: 'connection', reason, stdout };
    }
  }
}

/** The last line of a text that says anything. */
export function lastLine(text: string): string {
  return (
    text
      .trimEnd()
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}

/** Jobs in shares that each fit one exec. */
function shares(jobs: readonly Job[]): readonly (readonly Job[])[] {
  const made: Job[][] = [];
  let room = 0;
  for (const job of jobs) {
    // Quoted twice: as words of the script, and the script as one word of the line.
    const size = quote(job.key).length + 16;
    const last = made.at(-1);
    if (last && size <= room && last.length < MOST_COMMANDS) {
      last.push(job);
      room -= size;
    } else {
      made.push([job]);
      room = SCRIPT_CAP - size;
    }
  }
  return made;
}
