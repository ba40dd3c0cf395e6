import type { Command, InMemoryFs } from 'just-bash';
import type { JustBash } from './just-bash.js';

/** just-bash has no jobs: what a script leaves behind with `setsid … &` is given to a command of our own. */
export function inBackground(script: string): string {
  return script.replace(
    /\bsetsid ([^\n]+?) <\/dev\/null >\/dev\/null 2>&1 & echo \$! >/g,
    'in-background $1 >',
  );
}

const AT_COMMAND = /(^|[;&|({]\s*|\b(?:then|do|else) +|\n\s*)/.source;
const EXEC = new RegExp(`${AT_COMMAND}exec (?=[^<>&\\d\\s])`, 'g');
const ARGUMENTS = new RegExp(`${AT_COMMAND}"\\$@"(?=[\\s;]|$)`, 'g');

/**
 * Two things that just-bash 3.4.2 does otherwise than a shell: what follows `exec` runs, and then the
 * script goes on; and `"$@"` as a command is taken for one word. What stands in single quotes is another
 * shell's, where `exec` stands at the end.
 */
export function asInShells(script: string): string {
  const parts = script.match(/'[^']*'|\\.|[^'\\]+/gs) ?? [];
  const told = parts.map((part) =>
    part.startsWith("'")
      ? part
      : part.replace(EXEC, '$1over-to ').replace(ARGUMENTS, '$1command "$@"'),
  );
  const now = told.join('');
  return now.includes('over-to ') ? `over-to() { command "$@"; exit $?; }\n${now}` : now;
}

let last = 5000;

/**
 * `in-background COMMAND…` starts something that nobody waits for, with a process number that /proc
 * knows while it runs, and prints it; `kill` ends it.
 */
export function backgroundCommands(
  { defineCommand }: JustBash,
  files: InMemoryFs,
  run: (argv: readonly string[], signal: AbortSignal) => Promise<unknown>,
): Command[] {
  const jobs = new Map<number, AbortController>();
  return [
    defineCommand('in-background', (argv) => {
      last += 1;
      const pid = last;
      const ending = new AbortController();
      jobs.set(pid, ending);
      files.mkdirSync(`/proc/${pid}`, { recursive: true });
      files.writeFileSync(`/proc/${pid}/cmdline`, argv.join('\0'));
      void run(argv, ending.signal).finally(() => {
        jobs.delete(pid);
        void files.rm(`/proc/${pid}`, { recursive: true, force: true });
      });
      return Promise.resolve({ stdout: `${pid}\n`, stderr: '', exitCode: 0 });
    }),
    defineCommand('kill', (argv) => {
      const pid = Math.abs(Number(argv.findLast((word) => /^-?\d+$/.test(word)) ?? '0'));
      const job = jobs.get(pid);
      job?.abort();
      const stderr = job ? '' : `kill: (${pid}) - No such process\n`;
      return Promise.resolve({ stdout: '', stderr, exitCode: job ? 0 : 1 });
    }),
  ];
}
