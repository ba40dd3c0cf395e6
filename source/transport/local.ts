import { execa } from 'execa';
import { signalCode, type Ending, type Listener, type Shell, type Started } from './shell.js';

/**
 * This very machine. Lines run as children in a session of their own: Ctrl-C at our terminal does
 * not reach a command that is in the middle of a change, and nothing can ask on our terminal.
 */
export class LocalShell implements Shell {
  readonly #children = new Set<() => void>();

  start(line: string, listener: Listener): Started {
    const child = execa('sh', ['-c', line], {
      stdin: 'pipe',
      buffer: false,
      reject: false,
      detached: true,
      cleanup: false,
      encoding: 'buffer',
    });
    let over = false;
    const end = (ending: Ending) => {
      if (over) return;
      over = true;
      this.#children.delete(leave);
      listener.end(ending);
    };
    // What is left to itself goes on, as it would on a host whose connection was closed.
    const leave = () => {
      child.unref();
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      end({ kind: 'cut', reason: 'the connection was closed' });
    };
    this.#children.add(leave);
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => over || listener.stdout(chunk));
    child.stderr.on('data', (chunk: Buffer) => over || listener.stderr(chunk));
    void child.then((result) => {
      if (result.exitCode !== undefined) end({ kind: 'exited', code: result.exitCode });
      else if (result.signal !== undefined)
        end({ kind: 'exited', code: signalCode(result.signal) });
      else end({ kind: 'never', reason: result.shortMessage ?? 'no shell could be started' });
    });
    return {
      write: (text) => void child.stdin.write(text),
      endInput: () => void child.stdin.end(),
      waiting: () => false,
      withdraw: () => false,
    };
  }

  /** Lets go of everything that still runs. */
  close(): void {
    for (const leave of [...this.#children]) leave();
  }
}
