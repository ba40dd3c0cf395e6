import { outcomeFailure, type Failure } from './failure.js';
import type { Command, HostName, Outcome, Reader } from './host.js';
import type { Parsed } from './parsed.js';
import type { Answer } from './probe.js';
import { showCommand } from './quote.js';

/** One foreign command: how it is asked and what its answer means. */
export interface Tool<A extends readonly unknown[], T> {
  command(...args: A): Command<'reads'>;
  parse(stdout: string): Parsed<T>;
  /** Exit codes other than 0 at which stdout is still worth reading (`multipath` without dm: 1). */
  readonly readableAt?: readonly number[];
  /** What a failed run means, where the tool's own words are known; undefined for the general rule. */
  explain?(
    outcome: Outcome,
    host: HostName,
  ): { readonly absent: string } | { readonly failure: Failure } | undefined;
}

/** Asks a host by a tool: runs, judges the outcome, parses. Never rejects. */
export async function ask<A extends readonly unknown[], T>(
  host: Reader,
  tool: Tool<A, T>,
  ...args: A
): Promise<Answer<T>> {
  const command = tool.command(...args);
  const outcome = await host.run(command);
  const explained = tool.explain?.(outcome, host.name);
  if (explained) return toAnswer(explained);
  if (outcome.kind !== 'exited') {
    return { kind: 'failed', failure: outcomeFailure(host.name, command, outcome) };
  }
  if (outcome.code === 127) {
    return { kind: 'absent', because: `${command.argv[0] ?? ''} is not installed` };
  }
  if (outcome.code !== 0 && !tool.readableAt?.includes(outcome.code)) {
    return { kind: 'failed', failure: outcomeFailure(host.name, command, outcome) };
  }
  return readOutput(host, command, tool.parse(outcome.stdout));
}

function toAnswer(explained: { absent: string } | { failure: Failure }): Answer<never> {
  if ('absent' in explained) return { kind: 'absent', because: explained.absent };
  return { kind: 'failed', failure: explained.failure };
}

/** The answer that a parser's result makes. */
export function readOutput<T>(host: Reader, command: Command, result: Parsed<T>): Answer<T> {
  if (result.ok) return { kind: 'value', value: result.value, unread: result.unread };
  return {
    kind: 'failed',
    failure: {
      what: `the output of \`${showCommand(command.argv)}\` could not be read`,
      where: host.name,
      means: `Line ${result.line}: expected ${result.expected}.`,
      todo: 'Save the output and look at it with `holdfast inspect`.',
    },
  };
}
