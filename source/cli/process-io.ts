import { EXIT } from './exit.js';
import type { Io } from './io.js';
import { codeOf } from './errors.js';

/** The process's own streams. A reader that has gone away (`| head`) is no error. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', passOverGone);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdin: process.stdin,
    stdoutIsTTY: process.stdout.isTTY,
    env: process.env,
  };
}

function passOverGone(error: Error): void {
  // The command goes on to its end, so that its exit code stays what it found.
  if (codeOf(error) !== 'EPIPE') process.exitCode = EXIT.unreadable;
}

/** Ends the process when all that was written has left it. */
export async function leave(code: number): Promise<never> {
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit(code);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else stream.write('', () => resolve());
  });
}
