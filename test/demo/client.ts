import { readFileSync } from 'node:fs';
import ssh2, { type Client } from 'ssh2';
import { aloneScript } from '../../source/core/alone.js';
import { batchScript } from '../../source/core/batch.js';
import { FrameReader } from '../../source/core/frames.js';
import { quote } from '../../source/core/quote.js';
import type { Demo } from '../../source/demo/index.js';

export interface Ended {
  readonly exit?: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MARK = 'hf0123456789';

/** An SSH connection to one machine of a demo, by its own key. */
export async function connectTo(demo: Demo, name: string): Promise<DemoClient> {
  const entry = demo.cluster.hosts.find((host) => host.name === name);
  const client = new ssh2.Client();
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', () => resolve());
    client.on('error', reject);
  });
  client.connect({
    host: '127.0.0.1',
    port: entry?.port ?? 0,
    username: 'root',
    privateKey: readFileSync(demo.identityFile),
    readyTimeout: 5000,
  });
  await ready;
  client.setNoDelay(true);
  return new DemoClient(client);
}

/** Asks a machine of a demo as the transport does. */
export class DemoClient {
  constructor(readonly client: Client) {}

  /** Runs a line as the login shell would; its input is given and ended. */
  line(line: string, input = ''): Promise<Ended> {
    return new Promise((resolve, reject) => {
      this.client.exec(line, (error, channel) => {
        if (error) {
          reject(error);
          return;
        }
        const stdout: Buffer[] = [];
        const stderr: Buffer[] = [];
        let exit: number | undefined;
        channel.on('data', (piece: Buffer) => stdout.push(piece));
        channel.stderr.on('data', (piece: Buffer) => stderr.push(piece));
        channel.on('exit', (code: number) => {
          exit = code;
        });
        channel.on('close', () => {
          const text = (pieces: Buffer[]) => Buffer.concat(pieces).toString();
          resolve({
            ...(exit !== undefined && { exit }),
            stdout: text(stdout),
            stderr: text(stderr),
          });
        });
        channel.end(input);
      });
    });
  }

  /** Runs commands as one batch. */
  async batch(commands: readonly (readonly string[])[]): Promise<readonly Ended[]> {
    const { stdout } = await this.line(`exec sh -c ${quote(batchScript(commands, MARK))}`);
    const ended: { exit?: number; stdout: string; stderr: string }[] = commands.map(() => ({
      stdout: '',
      stderr: '',
    }));
    for (const { index, part, bytes } of new FrameReader(MARK).push(Buffer.from(stdout))) {
      const one = ended[index];
      if (!one) continue;
      if (part === 'exit') one.exit = Number(bytes.toString());
      else if (part !== 'begun') one[part] = bytes.toString();
    }
    return ended;
  }

  /** Runs one command in an exec of its own, with input. */
  alone(argv: readonly string[], input = ''): Promise<Ended> {
    return this.line(`exec sh -c ${quote(aloneScript(argv, MARK))}`, input);
  }

  close(): void {
    this.client.end();
  }
}
