import type { Client, ClientChannel } from 'ssh2';
import { signalCode, type Ending, type Listener, type Shell, type Started } from './shell.js';

/** sshd allows 10 sessions on a connection (MaxSessions); two are left for others. */
const MOST = 8;

interface Waiting {
  readonly line: string;
  readonly listener: Listener;
  readonly input: Input;
}

/** What is to be written to a channel, held until it is open. */
class Input {
  #channel: ClientChannel | undefined;
  #held: string[] = [];
  #ended = false;

  attach(channel: ClientChannel): void {
    this.#channel = channel;
    for (const text of this.#held) channel.write(text);
    this.#held = [];
    if (this.#ended) channel.end();
  }

  write(text: string): void {
    if (this.#channel) this.#channel.write(text);
    else this.#held.push(text);
  }

  end(): void {
    this.#ended = true;
    this.#channel?.end();
  }
}

/** The channels of one connection: so many at a time, the others wait in line. */
export class Channels implements Shell {
  readonly #client: Client;
  #open = 0;
  #line: Waiting[] = [];
  #running = new Set<(ending: Ending) => void>();
  #gone: string | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  start(line: string, listener: Listener): Started {
    const input = new Input();
    const waiting: Waiting = { line, listener, input };
    this.#line.push(waiting);
    queueMicrotask(() => this.#next());
    return {
      write: (text) => input.write(text),
      endInput: () => input.end(),
      waiting: () => this.#line.includes(waiting),
      withdraw: () => {
        const before = this.#line.length;
        this.#line = this.#line.filter((other) => other !== waiting);
        return this.#line.length < before;
      },
    };
  }

  /** The connection is gone: what runs is cut, what waits never starts. */
  lose(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    const line = this.#line;
    this.#line = [];
    for (const { listener } of line) listener.end({ kind: 'never', reason });
    for (const cut of [...this.#running]) cut({ kind: 'cut', reason });
  }

  #next(): void {
    while (this.#open < MOST || this.#gone !== undefined) {
      const waiting = this.#line.shift();
      if (!waiting) return;
      if (this.#gone !== undefined) waiting.listener.end({ kind: 'never', reason: this.#gone });
      else this.#run(waiting);
    }
  }

  #run({ line, listener, input }: Waiting): void {
    this.#open += 1;
    const end = (ending: Ending): void => {
      if (!this.#running.delete(end)) return;
      this.#open -= 1;
      listener.end(ending);
      this.#next();
    };
    this.#running.add(end);
    try {
      this.#client.exec(line, (error, channel) => {
        // An exec that was cut off by the end of the connection has been answered by `lose`.
        if (error) {
          end({ kind: 'never', reason: `no session on the host: ${error.message}` });
          return;
        }
        listen(channel, listener, end);
        input.attach(channel);
      });
    } catch (error) {
      // ssh2 throws when its socket can no longer be written to, before it says that it closed.
      end({ kind: 'never', reason: error instanceof Error ? error.message : 'not connected' });
    }
  }
}

function listen(channel: ClientChannel, listener: Listener, end: (ending: Ending) => void): void {
  channel.on('data', (chunk: Buffer) => listener.stdout(chunk));
  channel.stderr.on('data', (chunk: Buffer) => listener.stderr(chunk));
  channel.on('error', () => undefined);
  channel.on('close', (code?: number | null, signal?: string) => {
    // Standard error may have more to say after the channel's own stream has ended.
    const ended = () => end(endingOf(code, signal));
    if (channel.stderr.readableEnded) ended();
    else channel.stderr.once('end', ended);
  });
}

/** No code and no signal: the channel went away without a word, and how its process ended is unknown. */
function endingOf(code: number | null | undefined, signal: string | undefined): Ending {
  if (typeof code === 'number') return { kind: 'exited', code };
  if (code === null) return { kind: 'exited', code: signalCode(signal) };
  return { kind: 'cut', reason: 'the session ended without a word of how' };
}
