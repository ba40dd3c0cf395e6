import type { Command, Exchange, Host, Millis, Reader } from '../core/host.js';
import { isKnown, type Answer, type Probe, type Reading } from '../core/probe.js';
import type { Clock } from './clock.js';

/** A reader that writes down what is asked and answered. */
export function recordingReader(
  host: Host,
  clock: Clock,
): { readonly reader: Reader; readonly asked: readonly Exchange[] } {
  const asked: Exchange[] = [];
  const run = async (command: Command<'reads'>, signal?: AbortSignal) => {
    const at = clock.now();
    const outcome = await host.run(command, signal);
    asked.push({ host: host.name, command, outcome, at, took: clock.now() - at });
    return outcome;
  };
  return { reader: { name: host.name, run }, asked };
}

/** Asks a probe of a host. A probe that throws is a mistake of ours, told as a failed reading. */
export async function readProbe<T>(
  probe: Probe<T>,
  host: Host,
  clock: Clock,
  before: Reading<unknown> | undefined,
): Promise<Reading<unknown>> {
  const { reader, asked } = recordingReader(host, clock);
  const answer = await probe.read(reader).catch((error: unknown) => thrown(probe, host, error));
  return nextReading({ probe, host: host.name, asked }, answer, before, clock.now());
}

function thrown(probe: Probe<unknown>, host: Host, error: unknown): Answer<never> {
  const means = error instanceof Error ? error.message : String(error);
  return {
    kind: 'failed',
    failure: {
      what: `reading ${probe.title} stumbled over its own code`,
      where: host.name,
      means,
      todo: 'This is a mistake in Holdfast. Please report it with the command log.',
    },
  };
}

/** What is known after an answer: a failed round leaves the value of the round before, as stale. */
export function nextReading(
  origin: Pick<Reading<unknown>, 'probe' | 'host' | 'asked'>,
  answer: Answer<unknown>,
  before: Reading<unknown> | undefined,
  at: Millis,
): Reading<unknown> {
  switch (answer.kind) {
    case 'value': {
      const { value, unread, partial } = answer;
      return { ...origin, kind: 'fresh', at, value, unread, ...(partial && { partial }) };
    }
    case 'absent':
      return { ...origin, kind: 'absent', at, because: answer.because };
    case 'failed': {
      const { failure } = answer;
      if (before === undefined || !isKnown(before)) {
        return { ...origin, kind: 'failed', at, failure };
      }
      const { value, unread } = before;
      return { ...origin, kind: 'stale', at: before.at, value, unread, failure, failedAt: at };
    }
  }
}
