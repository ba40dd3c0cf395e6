import type { HostEntry } from '../core/fleet.js';
import type { Failure } from '../core/failure.js';
import { quote } from '../core/quote.js';
import { lastLine, newMark } from './batcher.js';
import { runAlone } from './run-alone.js';
import type { Secrets } from './secrets.js';
import type { Listener, Shell, Started } from './shell.js';

/** How long the way to root may take; PAM waits 2 s after a wrong password. */
const PATIENCE = 20_000;
const ATTEMPTS = 3;

/** A shell whose scripts run as they should, or why there is none. */
export type Became =
  | { readonly ok: true; readonly shell: Shell; readonly says: string }
  | { readonly ok: false; readonly failure: Failure; readonly final: boolean };

/** Starts scripts as the user who logged in. A login shell reads the line, so `exec sh` comes first. */
export function plainShell(lines: Shell): Shell {
  return through(lines, (script) => `exec sh -c ${quote(script)}`);
}

/** `sudo -n` never asks: it works or says why not. */
function sudoShell(lines: Shell): Shell {
  return through(lines, (script) => `exec env LC_ALL=C sudo -n -- sh -c ${quote(script)}`);
}

function through(lines: Shell, line: (script: string) => string): Shell {
  return { start: (script, listener) => lines.start(line(script), listener) };
}

/**
 * `sudo -S` with a prompt that nothing else prints. The password is sent when that prompt is seen
 * and never otherwise: where sudo does not ask, it would reach the program's own input. A second
 * prompt means that it was wrong; sudo's input is ended then, so that one wrong password is counted
 * once by what locks accounts.
 */
function passwordShell(lines: Shell, password: string, asked: () => void): Shell {
  return {
    start: (script, listener) => {
      const prompt = newMark();
      let prompts = 0;
      let passed = false;
      let endWanted = false;
      let seen = '';
      const line = `exec env LC_ALL=C sudo -S -p ${prompt} -- sh -c ${quote(script)}`;
      const heard: Listener = {
        stdout: (chunk) => {
          passed = true;
          if (endWanted) started.endInput();
          endWanted = false;
          listener.stdout(chunk);
        },
        stderr: (chunk) => {
          if (passed) {
            listener.stderr(chunk);
            return;
          }
          seen += chunk.toString('latin1');
          for (let at = seen.indexOf(prompt); at >= 0; at = seen.indexOf(prompt)) {
            seen = seen.slice(at + prompt.length);
            prompts += 1;
            asked();
            if (prompts === 1) started.write(`${password}\n`);
            else started.endInput();
          }
          seen = seen.slice(-prompt.length);
          listener.stderr(withoutPrompt(chunk, prompt));
        },
        end: (ending) => listener.end(ending),
      };
      const started: Started = lines.start(line, heard);
      return {
        ...started,
        // Ended before sudo has read the password, its input would hold none.
        endInput: () => {
          if (passed) started.endInput();
          else endWanted = true;
        },
      };
    },
  };
}

function withoutPrompt(chunk: Buffer, prompt: string): Buffer {
  const text = chunk.toString('latin1');
  return text.includes(prompt) ? Buffer.from(text.replaceAll(prompt, '\n'), 'latin1') : chunk;
}

/** Finds out how commands become root on a host, and asks for a password if sudo wants one. */
export async function becomeRoot(
  entry: HostEntry,
  lines: Shell,
  who: string,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<Became> {
  const plain = plainShell(lines);
  if (entry.become === 'none') return { ok: true, shell: plain, says: 'not asked for' };
  if ((await userId(plain, signal)).uid === '0') {
    return { ok: true, shell: plain, says: 'logged in as root' };
  }
  const quiet = sudoShell(lines);
  const first = await userId(quiet, signal);
  if (first.uid === '0') return { ok: true, shell: quiet, says: 'by sudo, without a password' };
  const hopeless = sudoFailure(entry, first.said);
  if (hopeless || entry.become === 'sudo' || signal.aborted || first.unknown) {
    return {
      ok: false,
      failure: hopeless ?? refusal(entry, first.said, signal),
      final: !first.unknown && !signal.aborted,
    };
  }
  return withPassword(entry, lines, who, secrets, signal);
}

async function withPassword(
  entry: HostEntry,
  lines: Shell,
  who: string,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<Became> {
  const key = `sudo ${who}`;
  let said = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const prompt = `sudo password of ${who}`;
    const password = await secrets.get(key, { host: entry.name, kind: 'sudo', prompt, attempt });
    if (password === undefined) {
      return { ok: false, failure: noPassword(entry), final: true };
    }
    let prompts = 0;
    const shell = passwordShell(lines, password, () => (prompts += 1));
    const tried = await userId(shell, signal);
    if (tried.uid === '0') return { ok: true, shell, says: 'by sudo, with a password' };
    said = tried.said;
    const hopeless = sudoFailure(entry, said);
    if (hopeless || prompts === 0 || tried.unknown || signal.aborted) {
      const final = !tried.unknown && !signal.aborted;
      return { ok: false, failure: hopeless ?? refusal(entry, said, signal), final };
    }
    secrets.wrong(key, password);
  }
  return { ok: false, failure: wrongPassword(entry, said), final: true };
}

/** Who a shell's commands run as, or what was said instead of an answer. */
interface UserId {
  readonly uid?: string;
  readonly said: string;
  /** It could not be found out: the connection went away, or nothing answered. */
  readonly unknown: boolean;
}

async function userId(shell: Shell, signal: AbortSignal): Promise<UserId> {
  const command = { argv: ['id', '-u'], effect: 'reads', deadline: PATIENCE } as const;
  const outcome = await runAlone(shell, command, signal).outcome;
  switch (outcome.kind) {
    case 'exited':
      return { uid: outcome.stdout.trim(), said: lastLine(outcome.stderr), unknown: false };
    case 'unreachable':
      // Of `the shell … ended with exit code 1: sudo: …` what sudo itself said is enough.
      return { said: outcome.reason.replace(/^.*?: (?=sudo|\w+ is not)/, ''), unknown: false };
    case 'lost':
      return { said: outcome.reason, unknown: true };
  }
}

/** Refusals of sudo that no password mends. Texts of sudo 1.7 to 1.9 and sudo-rs under LC_ALL=C. */
function sudoFailure(entry: HostEntry, said: string): Failure | undefined {
  const where = entry.name;
  if (/not in the sudoers|not allowed to (?:run|execute)|may not run sudo|I'm sorry/i.test(said)) {
    return {
      what: 'sudo does not allow this user to run commands as root',
      where,
      means: said,
      todo: 'Allow it in sudoers (visudo), or log in as root: `user = root` for this host.',
    };
  }
  if (/must have a tty|terminal is required to run/i.test(said)) {
    return {
      what: 'sudo wants a terminal',
      where,
      means: `${said}. Holdfast gives none, because tools change their output on one.`,
      todo: 'Take `requiretty` out of sudoers for this user: `Defaults:USER !requiretty`.',
    };
  }
  if (/exit code 127|sudo.{0,20}(?:not found|No such file)/i.test(said)) {
    return {
      what: 'sudo is not installed',
      where,
      means: said,
      todo: 'Install sudo on the host, or log in as root.',
    };
  }
  return undefined;
}

function refusal(entry: HostEntry, said: string, signal: AbortSignal): Failure {
  const where = entry.name;
  if (signal.aborted) return { what: 'stopped', where, means: '', todo: '' };
  const asks =
    /password is required|terminal is required|authentication is required|no tty present/;
  if (entry.become === 'sudo' && asks.test(said)) {
    return {
      what: 'sudo asks for a password',
      where,
      means: 'This host is set to `become: sudo`, which never asks.',
      todo: 'Set `become: sudo-password` for it, or NOPASSWD in sudoers.',
    };
  }
  return {
    what: 'commands could not become root',
    where,
    means: said,
    todo: 'Try `sudo -v` in a session on the host; `holdfast hosts test` shows each step.',
  };
}

function wrongPassword(entry: HostEntry, said: string): Failure {
  return {
    what: `sudo refused the password ${ATTEMPTS} times`,
    where: entry.name,
    means: said,
    todo: 'Try `sudo -v` in a session on the host: the account may be locked by now.',
  };
}

function noPassword(entry: HostEntry): Failure {
  return {
    what: 'sudo asks for a password, and none was given',
    where: entry.name,
    means: 'Without root most storage tools answer nothing, or a part of the truth.',
    todo: 'Connect again and give it, or set `become: none` to see what an ordinary user may.',
  };
}
