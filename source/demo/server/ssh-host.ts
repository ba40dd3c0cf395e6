import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { timingSafeEqual } from 'node:crypto';
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2';
import { hasAddress } from '../fleet/nics.js';
import { letsIn } from '../fleet/packet-filter.js';
import type { Machine } from '../fleet/state.js';
import type { KeyPair } from './keys.js';
import { serveSession, type Answerer } from './session.js';

/** sshd's MaxSessions. */
const MOST_SESSIONS = 10;

/** The SSH server of one simulated machine. */
export interface SshHost {
  readonly port: number;
  /** Takes up the machine's reach: dead, hung or up. */
  readonly follow: () => void;
  readonly close: () => Promise<void>;
}

/** Starts the server of a machine on a free port of 127.0.0.1. */
export async function startSshHost(
  machine: Machine,
  answerer: Answerer,
  keys: { readonly host: KeyPair; readonly client: ParsedKey },
): Promise<SshHost> {
  const sockets = new Set<Socket>();
  /** Accepted while hung: nothing was said to them yet. */
  const held = new Set<Socket>();
  const ssh = new ssh2.Server({ hostKeys: [keys.host.private] }, (connection) => {
    serve(connection, machine, answerer, keys.client);
  });
  const net = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      held.delete(socket);
    });
    // What a firewall drops is never answered, on connections that are new; nor what has no way in.
    if (!letsIn(machine, 22) || !hasAddress(machine, machine.address)) return;
    if (machine.reach === 'hung') held.add(socket);
    else ssh.injectSocket(socket);
  });
  const port = await listen(net, 0);

  const follow = () => {
    switch (machine.reach) {
      case 'dead':
        net.close();
        for (const socket of sockets) socket.destroy();
        return;
      case 'hung':
        for (const socket of sockets) socket.pause();
        return;
      case 'up':
        if (!net.listening) void listen(net, port).catch(() => undefined);
        for (const socket of held) ssh.injectSocket(socket);
        held.clear();
        for (const socket of sockets) socket.resume();
    }
  };
  return {
    port,
    follow,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        if (net.listening) net.close(() => resolve());
        else resolve();
      }),
  };
}

function listen(net: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    net.once('error', reject);
    net.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      net.removeListener('error', reject);
      net.unref();
      resolve(portOf(net.address()));
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function serve(
  connection: Connection,
  machine: Machine,
  answerer: Answerer,
  allowed: ParsedKey,
): void {
  let sessions = 0;
  connection.on('error', () => connection.end());
  connection.on('authentication', (context) => {
    if (isAllowed(context, allowed)) context.accept();
    else context.reject(['publickey']);
  });
  connection.on('ready', () => {
    connection.on('session', (accept, reject) => {
      if (sessions >= MOST_SESSIONS) {
        reject();
        return;
      }
      sessions += 1;
      const session = accept();
      session.on('close', () => {
        sessions -= 1;
      });
      serveSession(session, machine, answerer);
    });
  });
}

/** The one key of this demo, and a signature that proves it. */
function isAllowed(context: AuthContext, allowed: ParsedKey): boolean {
  if (context.method !== 'publickey') return false;
  const known = allowed.getPublicSSH();
  if (context.key.algo !== allowed.type || context.key.data.length !== known.length) return false;
  if (!timingSafeEqual(context.key.data, known)) return false;
  if (context.signature === undefined || context.blob === undefined) return true;
  // Its types promise a boolean; a key of the wrong kind makes it return an Error.
  const verified: unknown = allowed.verify(context.blob, context.signature, context.hashAlgo);
  return verified === true;
}
