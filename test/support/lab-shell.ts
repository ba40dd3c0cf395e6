import { execa } from 'execa';
import { quoteAll } from '../../source/core/quote.js';
import { signalCode, type Ending, type Shell } from '../../source/transport/shell.js';

/**
 * The shell of a machine of the lab, each script by an ssh of its own over a connection that they share:
 * the program's own transport goes on top, so that what is asked in one turn is one exec there too.
 *
 * @param ssh how ssh is called for the machine
 */
export function labShell([program = 'ssh', ...words]: readonly string[]): Shell {
  return {
    start: (script, listener) => {
      const child = execa(program, [...words, quoteAll(['sh', '-c', script])], {
        stdin: 'pipe',
        buffer: false,
        reject: false,
        encoding: 'buffer',
      });
      let heard = false;
      child.stdin.on('error', () => undefined);
      child.stdout.on('data', (chunk: Buffer) => {
        heard = true;
        listener.stdout(chunk);
      });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said = chunk.toString().trim();
        listener.stderr(chunk);
      });
      void child.then(({ exitCode, signal }) => {
        listener.end(endingOf(exitCode ?? signalCode(signal), heard, said));
      });
      return {
        write: (text) => void child.stdin.write(text),
        endInput: () => void child.stdin.end(),
        waiting: () => false,
        withdraw: () => false,
      };
    },
  };
}

/** With 255 ssh tells of itself: the way to the machine is lost, or there was none (ssh(1)). */
function endingOf(code: number, heard: boolean, reason: string): Ending {
  if (code !== 255) return { kind: 'exited', code };
  return heard ? { kind: 'cut', reason } : { kind: 'never', reason };
}
