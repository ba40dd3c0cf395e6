import type { Exchange, Outcome } from '../../core/host.js';
import type { Tone } from '../../core/pane.js';
import type { Probe, Reading } from '../../core/probe.js';
import { showCommand } from '../../core/quote.js';
import type { LogEntry } from './world.js';

/**
 * What was done on the hosts. A question that is asked again and again keeps one entry, with its
 * newest answer: the log shows what is going on, not a heap of the same lines.
 */
export class CommandLog {
  readonly #entries = new Map<string, LogEntry>();
  #lastId = 0;

  all(): readonly LogEntry[] {
    return [...this.#entries.values()];
  }

  /** Writes down what a round of a probe asked. */
  read(probe: Probe<unknown>, readings: readonly Reading<unknown>[]): void {
    for (const { host, asked } of readings) {
      const [first] = asked;
      if (first === undefined) continue;
      const key = `${probe.id}@${host}`;
      const id = this.#entries.get(key)?.id ?? (this.#lastId += 1);
      const says = `read ${probe.title}`;
      this.#entries.set(key, { id, at: first.at, host, says, commands: asked.map(logged) });
    }
  }
}

function logged({ command, outcome, took }: Exchange): LogEntry['commands'][number] {
  const [ended, tone] = ending(outcome);
  return { line: showCommand(command.argv), ended, tone, took };
}

function ending(outcome: Outcome): readonly [string, Tone] {
  switch (outcome.kind) {
    case 'exited':
      return [
        `exit ${outcome.code}${outcome.capped === true ? ', output cut' : ''}`,
        outcome.code === 0 ? 'good' : 'notice',
      ];
    case 'unreachable':
      return [`not started: ${outcome.reason}`, 'warning'];
    case 'lost':
      return [outcome.reason, 'warning'];
  }
}
