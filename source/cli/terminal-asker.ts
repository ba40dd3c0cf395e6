import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Asker, SecretQuestion } from '../core/ask.js';
import type { HostName } from '../core/host.js';
import { clean } from '../core/text.js';
import type { Io } from './io.js';

/** An asker, and what it had to leave unanswered. */
export interface CommandAsker extends Asker {
  /** Lines that say what could not be asked, and why. */
  readonly unanswered: () => readonly string[];
}

/** Asks on the terminal where there is one; else answers nothing and remembers what was asked. */
export function askerFor(io: Io): CommandAsker {
  return io.stdin.isTTY === true ? terminalAsker(io) : silentAsker();
}

/** Questions come one at a time, on stderr, so that stdout stays what the command prints. */
function terminalAsker(io: Io): CommandAsker {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const turn = last.then(ask);
    last = turn;
    return turn;
  };
  return {
    hostKey: ({ host, target, type, fingerprint }) =>
      inTurn(async () => {
        io.err(`\n${clean(host)} (${clean(target)}) is not in known_hosts. Its key is\n`);
        io.err(`  ${clean(type)} ${clean(fingerprint)}\n`);
        io.err('Compare it with `ssh-keygen -lf` on the host itself.\n');
        const answer = await readAnswer(io, 'Trust this key from now on? [y/N] ', false);
        return /^y(es)?$/i.test(answer?.trim() ?? '') ? 'accept' : 'refuse';
      }),
    secret: (question) => inTurn(() => readAnswer(io, secretPrompt(question), true)),
    unanswered: () => [],
  };
}

function secretPrompt({ host, prompt, attempt }: SecretQuestion): string {
  return `${clean(host)}: ${attempt > 0 ? 'that was wrong; ' : ''}${clean(prompt)}: `;
}

/** One line from the terminal, asked for on stderr; undefined when there is none (Ctrl-D). */
export function readAnswer(io: Io, prompt: string, hidden: boolean): Promise<string | undefined> {
  return new Promise((resolve) => {
    io.err(prompt);
    // With `terminal`, readline takes the echo over and writes it to `output`: to nowhere.
    const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
    const lines = createInterface({
      input: io.stdin,
      output: nowhere,
      terminal: hidden,
      historySize: 0,
    });
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('SIGINT', () => {
      lines.close();
      process.kill(process.pid, 'SIGINT');
    });
    lines.once('close', () => {
      if (hidden || answer === undefined) io.err('\n');
      resolve(answer);
    });
  });
}

function silentAsker(): CommandAsker {
  const wanted = new Map<HostName, string>();
  return {
    hostKey: ({ host, target, type, fingerprint }) => {
      wanted.set(host, `whether to trust the key of ${target} (${type} ${fingerprint})`);
      return Promise.resolve('refuse');
    },
    secret: ({ host, prompt }) => {
      wanted.set(host, `for the ${prompt}`);
      return Promise.resolve(undefined);
    },
    unanswered: () =>
      [...wanted].map(
        ([host, what]) =>
          `${clean(host)} asked ${clean(what)}; there is no terminal to ask on. ` +
          `Run \`holdfast hosts test ${clean(host)}\` on one.`,
      ),
  };
}
