import type { Command, Host, HostName, Outcome } from '../core/host.js';
import { count } from '../core/text.js';
import { Batcher } from './batcher.js';
import { runAlone, type Lone } from './run-alone.js';
import type { Shell } from './shell.js';

/**
 * How many channels may be held by commands that hang. A connection has 8; the others stay free
 * for commands that answer.
 */
const MOST_HELD = 4;

/** A host that runs commands through a shell: those that only read together, others alone. */
export function shellHost(name: HostName, shell: Shell): Host {
  const batcher = new Batcher(shell);
  const lone = new Set<Lone>();

  const alone = async (command: Command, signal?: AbortSignal): Promise<Outcome> => {
    for (const other of lone) if (other.ended()) lone.delete(other);
    const run = runAlone(shell, command, signal);
    lone.add(run);
    return run.outcome;
  };

  return {
    name,
    run: async (command: Command, signal?: AbortSignal): Promise<Outcome> => {
      if (signal?.aborted === true) {
        return { kind: 'unreachable', reason: 'stopped before it was started' };
      }
      const together = command.effect === 'reads' && command.input === undefined;
      const hung = together ? batcher.stillOut(command) : undefined;
      if (hung) return hung;
      const held = batcher.held + [...lone].filter((run) => run.held()).length;
      if (held >= MOST_HELD) {
        const reason = `${count(held, 'earlier command')} on this host have not ended; no more are started until one does`;
        return { kind: 'unreachable', reason };
      }
      return together ? batcher.ask(command, signal) : alone(command, signal);
    },
  };
}
