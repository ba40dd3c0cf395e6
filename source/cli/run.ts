import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { FailureError, failureLines } from '../core/failure.js';
import { EXIT, Stop, type ExitCode } from './exit.js';
import type { Io } from './io.js';
import type { Parts } from './parts.js';
import { program } from './program.js';

/** Runs one command line to its end and gives the exit code. Never rejects. */
export async function run(argv: readonly string[], io: Io, parts: Parts): Promise<ExitCode> {
  let code: ExitCode = EXIT.fine;
  try {
    await program(io, parts, (ended) => (code = ended)).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, io, parts.version);
  }
}

/** Says on stderr why a command did not come to its end, and gives the exit code for it. */
export function explain(error: unknown, io: Io, version: string): ExitCode {
  if (error instanceof CommanderError) return explainUsage(error, io);
  if (error instanceof Stop) {
    io.err(error.lines.map((line) => `${line}\n`).join(''));
    return error.code;
  }
  if (error instanceof FailureError) {
    io.err(`${failureLines(error.failure).join('\n')}\n`);
    return EXIT.alert;
  }
  return explainBug(error, io, version);
}

function explainUsage(error: CommanderError, io: Io): ExitCode {
  // Help and version that were asked for have been printed; `(outputHelp)` was not asked for.
  if (error.exitCode === 0) return EXIT.fine;
  if (error.code !== 'commander.help') {
    const said = error.message.replace(/^error: /, '');
    io.err(`${said.slice(0, 1).toUpperCase()}${said.slice(1)}\n`);
    io.err('`holdfast --help` shows the commands, `holdfast COMMAND --help` their options.\n');
  }
  return EXIT.usage;
}

function explainBug(error: unknown, io: Io, version: string): ExitCode {
  const what = error instanceof Error ? error.message : String(error);
  const stack = (error instanceof Error ? error.stack : undefined) ?? what;
  io.err(`Holdfast itself failed: ${what}\n`);
  io.err('Nothing more was done. This is a fault of the program: please report it.\n');
  if (io.env.HOLDFAST_DEBUG === '1') io.err(`${stack}\n`);
  else io.err(`${keepDetails(stack, version)}\n`);
  return EXIT.bug;
}

/** Writes what a report needs to a file of its own; says where. */
function keepDetails(stack: string, version: string): string {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const path = join(tmpdir(), `holdfast-error-${stamp}-${process.pid}.txt`);
  const machine = `Node ${process.version}, ${process.platform} ${process.arch}`;
  try {
    writeFileSync(path, `Holdfast ${version}, ${machine}\n\n${stack}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
    return `The details for the report are in ${path}`;
  } catch {
    return 'HOLDFAST_DEBUG=1 shows the details for the report.';
  }
}
