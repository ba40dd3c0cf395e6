import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { AuthContext, Connection, ServerChannel } from 'ssh2';

/** How a server of a test behaves. */
export interface ServerOptions {
  /** Left out: everybody is let in. */
  readonly authenticate?: (context: AuthContext) => void;
  /** Left out: a real shell runs the line. */
  readonly exec?: (line: string, channel: ServerChannel, client: Connection) => void;
  /** How many connections are closed without a word before one is served. */
  readonly turnAway?: number;
  /** How many sessions may be open at once; left out: any number. */
  readonly maxSessions?: number;
}

/** An SSH server in this process, for what a real sshd cannot be made to do. */
export interface TestServer {
  readonly port: number;
  /** The lines that were to be run, oldest first. */
  readonly lines: readonly string[];
  /** The most sessions that were ever open at once. */
  readonly mostSessions: () => number;
  readonly sockets: readonly Socket[];
  /** A config for `ssh -F` without anything of the tester's own; it accepts the server's key. */
  readonly sshConfigFile: string;
  readonly stop: () => void;
}

const hostKey = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const lines: string[] = [];
  const sockets: Socket[] = [];
  let sessions = 0;
  let most = 0;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (options.authenticate) options.authenticate(context);
      else context.accept();
    });
    client.on('session', (accept, reject) => {
      if (sessions >= (options.maxSessions ?? Infinity)) {
        reject();
        return;
      }
      sessions += 1;
      most = Math.max(most, sessions);
      const session = accept();
      session.on('close', () => (sessions -= 1));
      session.on('exec', (acceptExec, _rejectExec, { command }) => {
        lines.push(command);
        (options.exec ?? runLine)(command, acceptExec(), client);
      });
    });
  });
  const listener = createServer((socket) => {
    sockets.push(socket);
    if (sockets.length <= (options.turnAway ?? 0)) socket.destroy();
    else server.injectSocket(socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = addressOf(listener.address());
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-server-'));
  const sshConfigFile = join(folder, 'config');
  writeFileSync(
    sshConfigFile,
    [
      'Host *',
      '  User tester',
      `  IdentityFile ${folder}/none`,
      '  IdentityAgent none',
      `  UserKnownHostsFile ${folder}/known_hosts`,
      '  GlobalKnownHostsFile none',
      '  StrictHostKeyChecking accept-new',
      '',
    ].join('\n'),
  );
  return {
    port,
    lines,
    mostSessions: () => most,
    sockets,
    sshConfigFile,
    stop: () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The address of a server that listens. */
export function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (typeof address === 'object' && address !== null) return address;
  throw new Error('the server does not listen');
}

/** Runs a line as a login shell would. */
export function runLine(line: string, channel: ServerChannel): void {
  const child = spawn('sh', ['-c', line]);
  child.stdin.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.on('data', (chunk: Buffer) => channel.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
  child.on('close', (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}
