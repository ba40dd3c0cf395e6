import { randomBytes } from 'node:crypto';
import { batchScript, OUTPUT_CAP } from '../core/batch.js';
import { FrameReader, type Frame } from '../core/frames.js';
import type { Command, Millis, Outcome } from '../core/host.js';
import { briefCommand, quote, quoteAll } from '../core/quote.js';
import { clockTime, duration } from '../core/units.js';
import type { Ending, Shell, Started } from './shell.js';
import { Wait } from './wait.js';

/** The kernel takes no argument of 128 KiB or more (MAX_ARG_STRLEN), and the script is one. */
const SCRIPT_CAP = 100_000;
/** More than these would make the host busy at once; they go out as several execs. */
const MOST_COMMANDS = 48;

/** A word that no output contains by chance. */
export function newMark(): string {
  return `h${randomBytes(12).toString('hex')}`;
}

/** A command of a batch, and all who wait for its answer. */
class Job {
  readonly asked: Millis = Date.now();
  readonly waits: Wait[] = [];
  readonly #parts: Partial<Record<Frame['part'], Buffer>> = {};
  done = false;
  /** The exec that it went out with; it may still wait for a channel. */
  started: Started | undefined;
  /** Its answer was awaited in vain, and it may still run. */
  overdue = false;

  constructor(
    readonly key: string,
    readonly argv: readonly string[],
  ) {}

  get given(): boolean {
    return this.waits.every((wait) => wait.over);
  }

  get stdout(): string {
    return this.#parts.stdout?.toString() ?? '';
  }

  /** Takes a frame; the outcome once all three are in. */
  take(frame: Frame): Outcome | undefined {
    // An exit code that is none was not written by the script: how the command ended stays unknown.
    if (frame.part === 'exit' && !/^\d{1,3}$/.test(frame.bytes.toString('latin1')))
      return undefined;
    this.#parts[frame.part] ??= frame.bytes;
    const { exit, stdout, stderr } = this.#parts;
    if (!exit || !stdout || !stderr) return undefined;
    return {
      kind: 'exited',
      code: Number(exit.toString('latin1')),
      stdout: stdout.toString(),
      stderr: stderr.toString(),
      ...(stdout.length >= OUTPUT_CAP && { capped: true }),
    };
  }

  settle(outcome: Outcome): void {
    this.done = true;
    for (const wait of this.waits) wait.settle(outcome);
  }
}

/** One exec and the jobs in it. */
interface Round {
  readonly jobs: readonly Job[];
  readonly started: Started;
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
  #rounds = new Set<Round>();
  #overdue = new Map<string, Job>();

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** How many execs are held by commands that nobody waits for any more. */
  get held(): number {
    return [...this.#rounds].filter(isHeld).length;
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

  #giveUp(job: Job, command: Command, why: 'deadline' | 'stopped'): Outcome {
    if (job.started?.waiting() !== false) {
      queueMicrotask(() => this.#withdraw());
      return { kind: 'unreachable', reason: `${givenUp(command, why)}; it was not started` };
    }
    if (why === 'deadline' && !job.done) {
      job.overdue = true;
      this.#overdue.set(job.key, job);
    }
    return { kind: 'lost', why, reason: givenUp(command, why), stdout: job.stdout };
  }

  /** What nobody waits for, and has not been started, need not be. */
  #withdraw(): void {
    for (const round of this.#rounds) {
      if (!round.jobs.every((job) => job.given) || !round.started.withdraw()) continue;
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
    let heard = false;
    let complaint = '';
    const script = batchScript(
      jobs.map((job) => job.argv),
      mark,
    );
    const started = this.#shell.start(script, {
      stdout: (chunk) => {
        for (const frame of frames.push(chunk)) {
          heard = true;
          const job = jobs[frame.index];
          const outcome = job?.take(frame);
          if (job && outcome) this.#finish(job, outcome);
        }
      },
      stderr: (chunk) => {
        if (complaint.length < 2000) complaint += chunk.toString();
      },
      end: (ending) => {
        this.#rounds.delete(round);
        for (const job of jobs) {
          if (!job.done) this.#finish(job, withoutAnswer(ending, heard, complaint, job.stdout));
        }
      },
    });
    for (const job of jobs) job.started = started;
    const round: Round = { jobs, started };
    this.#rounds.add(round);
    started.endInput();
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

function isHeld({ jobs, started }: Round): boolean {
  return !started.waiting() && jobs.every((job) => job.done || job.overdue);
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
