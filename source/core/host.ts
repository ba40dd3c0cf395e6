/** The name an administrator gave a host; unique in its cluster. */
export type HostName = string;

/** A time in milliseconds since 1970 (UTC), or a length in milliseconds. */
export type Millis = number;

/** What a command does to the host that runs it. */
export type Effect = 'reads' | 'changes' | 'destroys';

/** One program run on a host: an argument vector, never a line for a shell to take apart. */
export interface Command<E extends Effect = Effect> {
  readonly argv: readonly string[];
  readonly effect: E;
  /** Given on standard input, which is closed otherwise. Secrets travel only here. */
  readonly input?: string;
  /**
   * Names of the plan's secrets whose placeholders stand in `input`. Only the runner knows the values,
   * and puts them there as it sends the command.
   */
  readonly secrets?: readonly string[];
  /** How long its answer is awaited, in ms. Ours, not `timeout`'s: see docs/decisions/0002-deadlines.md. */
  readonly deadline: Millis;
}

/** How a run ended; it says what is known and never guesses. */
export type Outcome =
  | {
      readonly kind: 'exited';
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
      /** The output was longer than is kept: what stands here is only its beginning. */
      readonly capped?: boolean;
    }
  /** It never started. */
  | {
      readonly kind: 'unreachable';
      readonly reason: string;
      /** Only a person can let us in again (a changed host key, a refused login): what to do. */
      readonly final?: { readonly what: string; readonly means: string; readonly todo: string };
    }
  /** It started, and how it ended is not known. */
  | {
      readonly kind: 'lost';
      readonly why: 'deadline' | 'connection' | 'stopped';
      readonly reason: string;
      readonly stdout: string;
    };

/**
 * A host that runs commands of some effects. `Host<'reads'>` does not accept a command that
 * changes anything: the compiler holds that wall, so probes and panes cannot change a host.
 */
export interface Host<E extends Effect = Effect> {
  readonly name: HostName;
  /**
   * Runs a command; never rejects. Commands asked in the same turn of the event loop travel
   * together in one exec.
   */
  readonly run: (command: Command<E>, signal?: AbortSignal) => Promise<Outcome>;
}

/** A host that only answers. */
export type Reader = Host<'reads'>;

/** A reading command; the deadline defaults to 8 s. */
export function reads(argv: readonly string[], deadline: Millis = 8000): Command<'reads'> {
  return { argv, effect: 'reads', deadline };
}

/** One command and its answer, as kept for evidence and for the command log. */
export interface Exchange {
  readonly host: HostName;
  readonly command: Command;
  readonly outcome: Outcome;
  readonly at: Millis;
  /** How long the answer took, in ms. */
  readonly took: Millis;
}
