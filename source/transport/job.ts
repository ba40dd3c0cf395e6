import { OUTPUT_CAP } from '../core/batch.js';
import type { Frame } from '../core/frames.js';
import type { Millis, Outcome } from '../core/host.js';
import type { Wait } from './wait.js';

/** A command of a batch, and all who wait for its answer. */
export class Job {
  readonly asked: Millis = Date.now();
  readonly waits: Wait[] = [];
  readonly #parts: Partial<Record<Frame['part'], Buffer>> = {};
  done = false;
  /** Its answer was awaited in vain, and it may still run. */
  overdue = false;
  /** Its script has not come to it yet: as many others of the batch run as may at a time. */
  queued = false;

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

  /** The script has come to it: its deadlines count from now on. */
  begin(): void {
    if (!this.queued) return;
    this.queued = false;
    for (const wait of this.waits) wait.again();
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
