import type { Fleet, Machine } from '../fleet/state.js';

/** A machine's files, as far as programs look at them. */
export interface Files {
  /** A file's text; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  isFolder(path: string): Promise<boolean>;
  /** `user:group` */
  ownerOf(path: string): string;
  setOwner(path: string, owner: string): void;
  /** Writes a file, with the folders above it. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** The names in a folder; none where there is no such folder. */
  list(path: string): Promise<readonly string[]>;
}

/** One run of a simulated program. */
export interface Call {
  readonly args: readonly string[];
  readonly fleet: Fleet;
  readonly machine: Machine;
  /** The machine's files; a machine without a shell has none. */
  readonly files?: Files;
  /** Runs another program on the same machine; a machine without a shell cannot. */
  readonly run?: (argv: readonly string[]) => Promise<Ran>;
  /** What was given on standard input. */
  readonly input: string;
  /** Aborted when whoever asked is gone. */
  readonly signal: AbortSignal;
}

/** How a run ended. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** A simulated program. */
export type Program = (call: Call) => Ran | Promise<Ran>;

/** A run that went well. */
export function printed(stdout: string, exit = 0): Ran {
  return { stdout, stderr: '', exit };
}

/** A run that failed with a message. */
export function failed(exit: number, stderr: string, stdout = ''): Ran {
  return { stdout, stderr, exit };
}

/** Several runs one after the other, as one. */
export function joined(runs: readonly Ran[]): Ran {
  return {
    stdout: runs.map(({ stdout }) => stdout).join(''),
    stderr: runs.map(({ stderr }) => stderr).join(''),
    exit: runs.find(({ exit }) => exit !== 0)?.exit ?? 0,
  };
}

/** Arguments taken apart: flags in their order, values of `--key=value`, and the rest. */
export interface Arguments {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly words: readonly string[];
}

/**
 * Takes arguments apart.
 *
 * @param valued the flags whose value is the next argument
 */
export function readArguments(
  args: readonly string[],
  valued: ReadonlySet<string> = new Set(),
): Arguments {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const equals = arg.indexOf('=');
    if (!arg.startsWith('-') || arg === '-') words.push(arg);
    else if (valued.has(arg)) values.set(arg, args[(i += 1)] ?? '');
    else if (arg.startsWith('--') && equals > 0)
      values.set(arg.slice(0, equals), arg.slice(equals + 1));
    else flags.add(arg);
  }
  return { flags, values, words };
}
