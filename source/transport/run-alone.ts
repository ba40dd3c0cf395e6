import { aloneScript } from '../core/alone.js';
import { ERROR_CAP, OUTPUT_CAP } from '../core/batch.js';
import type { Command, Outcome } from '../core/host.js';
import { givenUp, lastLine, newMark } from './batcher.js';
import type { Ending, Shell } from './shell.js';
import { Wait } from './wait.js';

/** A command that has an exec of its own. */
export interface Lone {
  readonly outcome: Promise<Outcome>;
  readonly ended: () => boolean;
  /** Nobody waits for it any more, and it may still run. */
  readonly held: () => boolean;
}

/**
 * Runs one command in an exec of its own. Its input is sent only once it has begun, so that a
 * secret goes to it and to nothing before it (a login script, sudo).
 */
export function runAlone(shell: Shell, command: Command, signal: AbortSignal | undefined): Lone {
  const mark = newMark();
  const stdout = new Stream(mark, OUTPUT_CAP);
  const stderr = new Stream(mark, ERROR_CAP);
  let ended = false;
  const wait: Wait = new Wait(command.deadline, signal, (why) => {
    if (started.withdraw()) {
      ended = true;
      return { kind: 'unreachable', reason: `${givenUp(command, why)}; it was not started` };
    }
    return { kind: 'lost', why, reason: givenUp(command, why), stdout: stdout.text };
  });
  const started = shell.start(aloneScript(command.argv, mark), {
    stdout: (chunk) => {
      stdout.push(chunk);
    },
    stderr: (chunk) => {
      if (!stderr.push(chunk)) return;
      if (command.input !== undefined) started.write(command.input);
      started.endInput();
    },
    end: (ending) => {
      ended = true;
      wait.settle(outcomeOf(ending, stdout, stderr));
    },
  });
  return { outcome: wait.outcome, ended: () => ended, held: () => wait.over && !ended };
}

function outcomeOf(ending: Ending, stdout: Stream, stderr: Stream): Outcome {
  switch (ending.kind) {
    case 'never':
      return { kind: 'unreachable', reason: ending.reason };
    case 'cut':
      return { kind: 'lost', why: 'connection', reason: ending.reason, stdout: stdout.text };
    case 'exited': {
      if (!stdout.begun && !stderr.begun) {
        const said = lastLine(stderr.before);
        const reason = `the shell on the host ended with exit code ${ending.code}${said && `: ${said}`}`;
        return { kind: 'unreachable', reason };
      }
      return {
        kind: 'exited',
        code: ending.code,
        stdout: stdout.text,
        stderr: stderr.text,
        ...(stdout.full && { capped: true }),
      };
    }
  }
}

/** One stream of a command: what comes after the mark, up to a cap. */
class Stream {
  readonly #mark: Buffer;
  readonly #cap: number;
  readonly #kept: Buffer[] = [];
  #size = 0;
  #before = Buffer.alloc(0);
  begun = false;

  constructor(mark: string, cap: number) {
    this.#mark = Buffer.from(`${mark}\n`);
    this.#cap = cap;
  }

  /** Adds a piece; true when the mark was in it. */
  push(chunk: Buffer): boolean {
    if (this.begun) {
      this.#keep(chunk);
      return false;
    }
    this.#before = Buffer.concat([this.#before, chunk]);
    const at = this.#before.indexOf(this.#mark);
    if (at < 0) {
      // Of a long noise only the end can hold the beginning of the mark.
      this.#before = this.#before.subarray(-16_384);
      return false;
    }
    this.begun = true;
    this.#keep(this.#before.subarray(at + this.#mark.length));
    return true;
  }

  #keep(chunk: Buffer): void {
    const part = chunk.subarray(0, this.#cap - this.#size);
    this.#size += part.length;
    if (part.length > 0) this.#kept.push(part);
  }

  get full(): boolean {
    return this.#size >= this.#cap;
  }

  get before(): string {
    return this.#before.toString();
  }

  get text(): string {
    return Buffer.concat(this.#kept).toString();
  }
}
