import type { Readable } from 'node:stream';
import type { ServerChannel, Session } from 'ssh2';
import { readAlone } from '../../core/alone.js';
import { readBatch, type Batch } from '../../core/batch.js';
import { printFrame } from '../../core/frames.js';
import { splitWords } from '../../core/quote.js';
import type { Machine } from '../fleet/state.js';
import type { Ran } from '../programs/program.js';
import type { MachineShell } from '../shell/machine-shell.js';
import { promptLoop } from './prompt.js';

/** What answers for a machine. */
export interface Answerer {
  readonly shell: MachineShell;
  /** Brings the fleet's time up to now. */
  readonly catchUp: () => void;
}

/** How long the input of a plain command is waited for, in ms. */
const INPUT_WAIT = 150;

/** Serves one session of a connection: an exec, or a prompt. */
export function serveSession(session: Session, machine: Machine, answerer: Answerer): void {
  const going = new AbortController();
  session.on('pty', (accept: (() => void) | undefined) => accept?.());
  session.on('env', (accept: (() => void) | undefined) => accept?.());
  session.on('signal', (accept: (() => void) | undefined) => {
    accept?.();
    going.abort();
  });
  session.on('close', () => going.abort());
  session.on('shell', (accept) => {
    const channel = accept();
    channel.on('close', () => going.abort());
    promptLoop(channel, machine, (line) => ask(machine, answerer, going.signal, line));
  });
  session.on('exec', (accept, _reject, info) => {
    const channel = accept();
    channel.on('close', () => going.abort());
    channel.on('error', () => going.abort());
    void execute(channel, machine, answerer, going.signal, info.command);
  });
}

async function ask(
  machine: Machine,
  answerer: Answerer,
  signal: AbortSignal,
  line: string,
): Promise<Ran> {
  answerer.catchUp();
  return garbled(machine, await answerer.shell.script(line, '', signal));
}

async function execute(
  channel: ServerChannel,
  machine: Machine,
  answerer: Answerer,
  signal: AbortSignal,
  line: string,
): Promise<void> {
  if (machine.latency > 0) await wait(machine.latency);
  answerer.catchUp();
  const script = scriptOf(line);
  const batch = script === undefined ? undefined : readBatch(script);
  const exit = batch
    ? await answerBatch(channel, machine, answerer, signal, batch)
    : await answerOne(channel, machine, answerer, signal, { line, script });
  if (signal.aborted || machine.reach !== 'up') return;
  channel.exit(exit);
  channel.end();
}

/** The script of `exec sh -c '…'`, which is how the transport sends everything. */
function scriptOf(line: string): string | undefined {
  if (!/^exec (?:env |sudo |sh )/.test(line)) return undefined;
  const words = splitWords(line);
  const flag = words.findLastIndex(({ word, quoted }) => word === '-c' && !quoted);
  return words[flag - 1]?.word === 'sh' ? words[flag + 1]?.word : undefined;
}

/** The commands of a batch run side by side; each says how it ended as soon as it did. */
async function answerBatch(
  channel: ServerChannel,
  machine: Machine,
  { shell }: Answerer,
  signal: AbortSignal,
  { mark, commands }: Batch,
): Promise<number> {
  const answers = commands.map(async (argv, index) => {
    const ran = garbled(machine, await shell.run(argv, '', signal));
    if (signal.aborted || machine.reach !== 'up') return;
    channel.write(
      Buffer.concat([
        printFrame(mark, index, 'x', String(ran.exit)),
        printFrame(mark, index, 'o', ran.stdout),
        printFrame(mark, index, 'e', ran.stderr),
      ]),
    );
  });
  await Promise.all(answers);
  return 0;
}

/** A command that has an exec of its own: it may read its input. */
async function answerOne(
  channel: ServerChannel,
  machine: Machine,
  { shell }: Answerer,
  signal: AbortSignal,
  asked: { readonly line: string; readonly script: string | undefined },
): Promise<number> {
  const alone = asked.script === undefined ? undefined : readAlone(asked.script);
  if (alone) {
    channel.write(`${alone.mark}\n`);
    channel.stderr.write(`${alone.mark}\n`);
  }
  const input = await inputOf(channel, alone ? undefined : INPUT_WAIT);
  const ran = alone
    ? await shell.run(alone.argv, input, signal)
    : await shell.script(asked.script ?? asked.line, input, signal);
  if (signal.aborted || machine.reach !== 'up') return 0;
  const { stdout, stderr, exit } = garbled(machine, ran);
  if (stdout !== '') channel.write(stdout);
  if (stderr !== '') channel.stderr.write(stderr);
  return exit;
}

/** What is sent on standard input, up to its end or until nothing is awaited any more. */
function inputOf(channel: Readable, patience: number | undefined): Promise<string> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const done = () => resolve(Buffer.concat(pieces).toString());
    channel.on('data', (piece: Buffer) => pieces.push(piece));
    channel.once('end', done);
    channel.once('close', done);
    if (patience !== undefined) setTimeout(done, patience).unref();
  });
}

/** Bytes that no tool prints: escape sequences, a broken character, a very long line. */
const NOISE = `\u001b[31m\u0007\u0000%PDF-1.4 \ufffd\u202e${'~'.repeat(300)}\n\u001b]0;noise\u0007\n`;

function garbled(machine: Machine, ran: Ran): Ran {
  return machine.garbled ? { stdout: NOISE + NOISE, stderr: '', exit: ran.exit } : ran;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
