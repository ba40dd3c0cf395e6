/**
 * What the process ends with. 0 to 3 are the monitoring plugins' codes; 64 and more are those of
 * sysexits.h. See docs/decisions/0005-exit-codes.md.
 */
export const EXIT = {
  fine: 0,
  warning: 1,
  alert: 2,
  unknown: 3,
  /** The command line, or what it refers to, is not right. */
  usage: 64,
  /** A file or a text cannot be read as what it should be. */
  unreadable: 65,
  /** Something that this command needs is not installed here. */
  unavailable: 69,
  /** Holdfast itself failed. */
  bug: 70,
  interrupted: 130,
} as const;

/** One of the codes above. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a code and, on stderr, these lines: a person's fault or the world's, not ours. */
export class Stop extends Error {
  constructor(
    readonly code: ExitCode,
    readonly lines: readonly string[],
  ) {
    super(lines.join('\n'));
    this.name = 'Stop';
  }
}

/** A mistake on the command line. */
export function usage(...lines: readonly string[]): Stop {
  return new Stop(EXIT.usage, lines);
}
