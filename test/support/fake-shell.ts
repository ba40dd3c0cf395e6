import { readAlone, type Alone } from '../../source/core/alone.js';
import { readBatch, type Batch } from '../../source/core/batch.js';
import { printFrame } from '../../source/core/frames.js';
import type { Ending, Listener, Shell } from '../../source/transport/shell.js';

/** A process that a test plays. */
export interface Played {
  readonly line: string;
  readonly listener: Listener;
  /** What was written to its input. */
  readonly input: string[];
  inputEnded: boolean;
}

/** A shell whose processes are played by the test; they wait until told to go on. */
export class FakeShell implements Shell {
  readonly played: Played[] = [];
  readonly #onStart: (process: Played) => void;
  /** While true nothing starts: all wait for a channel. */
  full = false;

  constructor(onStart: (process: Played) => void = () => undefined) {
    this.#onStart = onStart;
  }

  start(line: string, listener: Listener) {
    const process: Played = { line, listener, input: [], inputEnded: false };
    let waiting = this.full;
    if (!waiting) {
      this.played.push(process);
      queueMicrotask(() => this.#onStart(process));
    }
    return {
      write: (text: string) => void process.input.push(text),
      endInput: () => void (process.inputEnded = true),
      waiting: () => waiting,
      withdraw: () => {
        const was = waiting;
        waiting = false;
        return was;
      },
    };
  }

  /** The process that was started as the nth, from 0. */
  process(nth: number): Played {
    const process = this.played[nth];
    if (!process) throw new Error(`process ${nth} was not started`);
    return process;
  }
}

export function batchOf({ line }: Played): Batch {
  const batch = readBatch(line);
  if (!batch) throw new Error(`not a batch: ${line}`);
  return batch;
}

export function aloneOf({ line }: Played): Alone {
  const alone = readAlone(line);
  if (!alone) throw new Error(`not a command alone: ${line}`);
  return alone;
}

/** Answers one command of a batch. */
export function answer(process: Played, index: number, stdout: string, code = 0): void {
  const { mark } = batchOf(process);
  process.listener.stdout(printFrame(mark, index, 'x', String(code)));
  process.listener.stdout(printFrame(mark, index, 'o', stdout));
  process.listener.stdout(printFrame(mark, index, 'e', ''));
}

export function end(process: Played, ending: Ending = { kind: 'exited', code: 0 }): void {
  process.listener.end(ending);
}
