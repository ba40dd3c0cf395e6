/** How a process on a host ended, as far as the way to the host can tell. */
export type Ending =
  | { readonly kind: 'exited'; readonly code: number }
  /** The way was lost after it may have begun. */
  | { readonly kind: 'cut'; readonly reason: string }
  /** It was not started, and will not be. */
  | { readonly kind: 'never'; readonly reason: string };

/** Who hears of a process: never before `start` has returned, and nothing after `end`. */
export interface Listener {
  readonly stdout: (chunk: Buffer) => void;
  readonly stderr: (chunk: Buffer) => void;
  readonly end: (ending: Ending) => void;
}

/** A process on a host that was asked for; it may still wait for a free channel. */
export interface Started {
  /** Sends text to its standard input. */
  readonly write: (text: string) => void;
  /** Ends its standard input. */
  readonly endInput: () => void;
  /** Whether it still waits for a free channel. */
  readonly waiting: () => boolean;
  /** Takes it back if it still waits: true, and it is never started. */
  readonly withdraw: () => boolean;
}

/** A way to start POSIX shell scripts on a host: a channel of an SSH connection, or a child of ours. */
export interface Shell {
  readonly start: (script: string, listener: Listener) => Started;
}

/** A shell's exit code for a process that a signal ended: 128 and the signal's number. */
export function signalCode(signal: string | undefined): number {
  return 128 + (SIGNALS[signal?.replace(/^SIG/, '') ?? ''] ?? 0);
}

/** Those that RFC 4254 section 6.10 names, with their numbers on Linux. */
const SIGNALS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  ABRT: 6,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
};
