import { briefCommand } from './quote.js';
import type { Command, HostName, Outcome } from './host.js';

/** The one shape in which every failure reaches the user. */
export interface Failure {
  /** What happened. */
  readonly what: string;
  /** Where: a host, a file, a command. */
  readonly where: string;
  /** What it means. */
  readonly means: string;
  /** What to do. */
  readonly todo: string;
}

/** A failure as the lines of a plain message. */
export function failureLines(failure: Failure): readonly string[] {
  return [`${failure.where}: ${failure.what}`, failure.means, failure.todo].filter(
    (line) => line !== '',
  );
}

/** An error that carries a failure; thrown only where an exception is the language's own way. */
export class FailureError extends Error {
  constructor(readonly failure: Failure) {
    super(failureLines(failure).join('\n'));
    this.name = 'FailureError';
  }
}

/** What an outcome other than a clean exit means, for tools that know no better. */
export function outcomeFailure(host: HostName, command: Command, outcome: Outcome): Failure {
  const shown = briefCommand(command.argv);
  switch (outcome.kind) {
    case 'unreachable':
      return {
        what: outcome.reason,
        where: host,
        means: `\`${shown}\` was never started.`,
        todo: 'Holdfast tries again by itself; `holdfast hosts test` shows each step.',
      };
    case 'lost':
      return {
        what: outcome.reason,
        where: host,
        means: `\`${shown}\` was started; how it ended is not known.`,
        todo: 'A command that hangs often means a dead file system or a dead peer beneath it.',
      };
    case 'exited':
      return {
        what: `\`${shown}\` ended with exit code ${outcome.code}`,
        where: host,
        means: firstLine(outcome.stderr) || firstLine(outcome.stdout) || 'It printed nothing.',
        todo: outcome.code === 127 ? 'The program is not installed or not on the PATH.' : '',
      };
  }
}

function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}
