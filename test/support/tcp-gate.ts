import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { addressOf } from './ssh-server.js';

/** A way to a port of this machine that a test can cut. */
export class TcpGate {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #waiting: Socket[] = [];
  #mode: 'passes' | 'stalls' | 'shut' = 'passes';

  private constructor(
    readonly to: number,
    readonly port: number,
    server: Server,
  ) {
    this.#server = server;
    server.on('connection', (socket) => this.#take(socket));
  }

  static async before(to: number): Promise<TcpGate> {
    const server = createServer({ pauseOnConnect: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpGate(to, addressOf(server.address()).port, server);
  }

  /** Ends all connections; new ones pass. */
  cut(): void {
    for (const socket of this.#open) socket.destroy();
    this.#open.clear();
  }

  /** Ends all connections; new ones wait until it opens. */
  stall(): void {
    this.#mode = 'stalls';
    this.cut();
  }

  /** Ends all connections, and turns new ones away. */
  shut(): void {
    this.#mode = 'shut';
    this.cut();
  }

  /** Lets everybody pass. */
  open(): void {
    this.#mode = 'passes';
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const socket of waiting) this.#pass(socket);
  }

  close(): void {
    this.shut();
    for (const socket of this.#waiting) socket.destroy();
    this.#server.close();
  }

  #take(socket: Socket): void {
    socket.on('error', () => undefined);
    if (this.#mode === 'shut') socket.resetAndDestroy();
    else if (this.#mode === 'stalls') this.#waiting.push(socket);
    else this.#pass(socket);
  }

  #pass(near: Socket): void {
    const far = connect(this.to, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    near.resume();
  }
}
